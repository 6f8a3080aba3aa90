"""A job's place in its sweep, wherever the job runs, and what the sweep keeps for all its jobs.

The runs of a sweep that are fitted on the sweep's own accounts have in common what became of the
rows of the export: their sweep keeps it for them. Runs on other accounts, where data or outliers
are swept, keep their own.
"""

import hashlib
import json
import os
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tiktok_segments.accounts.dataset import Dataset

KEPT = 4
"""So many data sets are described once for all runs of a process."""

VARIABLE = "TIKTOK_SEGMENTS_SWEEP"
"""The environment variable that tells a job its place; Hydra sets it for each job alone."""

ENVIRONMENT = "hydra.job.env_set."
"""Settings of Hydra under which a job is given environment variables, by any launcher."""


@dataclass(frozen=True)
class JobPlace:
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
    >>> JobPlace("ab12", 3, "").override()
    "+hydra.job.env_set.TIKTOK_SEGMENTS_SWEEP='ab12 3 '"
    """

    sweep_id: str
    job: int
    kept: str

    def override(self) -> str:
        """Return the override by which Hydra tells it to the job."""
        return f"+{ENVIRONMENT}{VARIABLE}='{self.sweep_id} {self.job} {self.kept}'"


def this_place() -> JobPlace | None:
    """Return the place of the job that is run now; None of a run outside of sweeps."""
    words = os.environ.get(VARIABLE)
    if words is None:
        return None
    sweep_id, job, kept = words.split(" ")
    return JobPlace(sweep_id, int(job), kept)


def keep_with_sweep(sweep_id: str, dataset: "Dataset") -> str:
    """Log what became of the rows of a sweep's data to the sweep's run.

    Parameters
    ----------
    sweep_id : str
        The sweep's run.
    dataset : Dataset
        What the configuration of the whole sweep describes.

    Returns
    -------
    str
        Its digest, by which the sweep's jobs know that it is kept.
    """
    from tiktok_segments.tracking import artifacts  # MLflow takes seconds to import

    artifacts.log_contents(sweep_id, _describe(dataset))
    return _digest(dataset)


def files_of_run(dataset: "Dataset") -> dict[str, str]:
    """Return what a run has to keep itself.

    Parameters
    ----------
    dataset : Dataset
        What it is fitted on.

    Returns
    -------
    dict of str to str
        Contents by name; nothing where the run's sweep keeps the same.
    """
    place = this_place()
    is_kept = place is not None and place.kept == _digest(dataset)
    return {} if is_kept else _describe(dataset)


@lru_cache(maxsize=KEPT)
def _describe(dataset: "Dataset") -> dict[str, str]:
    from tiktok_segments.tracking import artifacts

    return {
        artifacts.CLEANING: dataset.cleaning.to_csv(index=False),
        artifacts.REJECTED: dataset.rejected.to_csv(index=False),
        artifacts.INGEST: "\n".join(dataset.notes),
    }


@lru_cache(maxsize=KEPT)
def _digest(dataset: "Dataset") -> str:
    """Return one digest for the rows and what became of them."""
    content = json.dumps([dataset.sha256, _describe(dataset)])
    return hashlib.sha256(content.encode()).hexdigest()
