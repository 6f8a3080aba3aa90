"""Which sweep a training run belongs to, and as which of its jobs, wherever the job runs."""

import os
from dataclasses import dataclass

VARIABLE = "TIKTOK_SEGMENTS_SWEEP"
"""The environment variable that tells a job its place; Hydra sets it for each job alone."""

ENVIRONMENT = "hydra.job.env_set."
"""Settings of Hydra under which a job is given environment variables, by any launcher."""


@dataclass(frozen=True)
class Place:
    """A job's place in a sweep.

    Attributes
    ----------
    sweep_id : str
        The sweep's run.
    job : int
        Number of the job, from 0.
    kept : str
        Digest of what the sweep keeps of its data for its runs; empty where it keeps nothing.

    Examples
    --------
    >>> Place("ab12", 3, "").override()
    "+hydra.job.env_set.TIKTOK_SEGMENTS_SWEEP='ab12 3 '"
    """

    sweep_id: str
    job: int
    kept: str

    def override(self) -> str:
        """Return the override by which Hydra tells it to the job."""
        return f"+{ENVIRONMENT}{VARIABLE}='{self.sweep_id} {self.job} {self.kept}'"


def this_place() -> Place | None:
    """Return the place of the job that is run now; None of a run outside of sweeps."""
    words = os.environ.get(VARIABLE)
    if words is None:
        return None
    sweep_id, job, kept = words.split(" ")
    return Place(sweep_id, int(job), kept)
