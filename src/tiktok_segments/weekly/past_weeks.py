"""The weeks before, as the store keeps them: what came in, and what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from itertools import islice
from typing import Any

import numpy as np

from tiktok_segments.tracking import artifacts, history, run_names
from tiktok_segments.tracking.history import Run
from tiktok_segments.tracking.named_model import NamedModel
from tiktok_segments.weekly.intake import Intake, unpack_handles
from tiktok_segments.weekly.judgement import PastIntakes
from tiktok_segments.weekly.limits import MEASURES, Limits

KIND = "weekly"

TAKEN_IN = ("kept", "replaced", "refused")
"""Outcomes of weeks whose export was used."""


@dataclass(frozen=True)
class PastWeek:
    """A week that is in the store.

    Attributes
    ----------
    run_id : str
        Its run.
    started : datetime
        When, in UTC.
    outcome : str
        What came out; ``failed`` also where it was killed.
    tags, params : mapping of str to str
        The run's.
    metrics : mapping of str to float
        The run's.
    """

    run_id: str
    started: datetime
    outcome: str
    tags: Mapping[str, str]
    params: Mapping[str, str]
    metrics: Mapping[str, float]

    @classmethod
    def of_run(cls, run: Run) -> "PastWeek":
        """Read a week off its run."""
        outcome = run.data.tags.get(run_names.OUTCOME, "")
        if not outcome:
            outcome = "running" if run.info.status == "RUNNING" else "failed"
        started = datetime.fromtimestamp(run.info.start_time / 1000, tz=UTC)
        tags, params, metrics = run.data.tags, run.data.params, run.data.metrics
        return cls(run.info.run_id, started, outcome, tags, params, metrics)

    @property
    def champion(self) -> str:
        """The version in use after it; empty where there was none."""
        return self.tags.get(run_names.CHAMPION_TAG, "")

    @property
    def reason(self) -> str:
        """Why it came out as it did, and why a doubtful export was accepted."""
        reason = self.tags.get(run_names.WEEK_REASON, "") or self.tags.get(run_names.ERROR, "")
        accepted = self.tags.get(run_names.ACCEPTED)
        return f"{reason} Accepted: {accepted}".strip() if accepted else reason

    @cached_property
    def document(self) -> dict[str, Any] | None:
        """What came in, and how unlike the weeks before it was; None where it was not read."""
        return artifacts.load_document(self.run_id, artifacts.INTAKE)

    @property
    def intake(self) -> Intake:
        """What came in."""
        document = self.document or {}
        content = artifacts.load_bytes(self.run_id, artifacts.HANDLES)
        return Intake.of_document(document["intake"], unpack_handles(content))


def past_weeks(limit: int = 200) -> list[PastWeek]:
    """Return the weeks that are in the store, the newest first."""
    return [PastWeek.of_run(run) for run in history.runs_of_kind(KIND, limit)]


def find_copy(weeks: Sequence[PastWeek], sha256: str) -> PastWeek | None:
    """Return the newest week that took in a file of these very bytes, None where none did."""
    same = (week for week in weeks if week.params.get(run_names.DATA_SHA256) == sha256)
    return next((week for week in same if week.outcome in TAKEN_IN), None)


def read_before(
    weeks: Sequence[PastWeek], version: str, model: NamedModel | None, limits: Limits
) -> PastIntakes:
    """Collect what an export is judged by.

    Parameters
    ----------
    weeks : sequence of PastWeek
        The newest first.
    version : str
        The champion's; empty where there is none.
    model : NamedModel or None
        The champion.
    limits : Limits
        How many weeks are looked at.

    Returns
    -------
    PastIntakes
        Weeks of this champion; where none was, what its baseline tells of the accounts that it
        was fitted on.
    """
    # Each document is asked of the store: of no more weeks than are looked at.
    used = list(islice((w for w in weeks if w.outcome in TAKEN_IN and w.document), limits.weeks))
    last = [(week, week.intake) for week in used]
    same = tuple(intake for week, intake in last if week.champion == version)
    usual = {
        name: tuple(
            float(change[name])
            for week in used
            if name in (change := (week.document or {}).get("change", {}))
        )
        for name in MEASURES
    }
    if not same and model is not None:
        same = (_fitted_on(model),)
    return PastIntakes(same, tuple(intake for _, intake in last), usual)


def _fitted_on(model: NamedModel) -> Intake:
    columns = model.baseline["columns"]
    edges = {name: column["edges"] for name, column in columns.items()}
    return Intake(
        source=str(model.facts[run_names.DATA_SOURCE]),
        sha256=str(model.facts[run_names.DATA_SHA256]),
        rows=int(model.baseline["accounts"]),
        accounts=int(model.baseline["accounts"]),
        rejected=0,
        columns=tuple(model.columns),
        unmatched=(),
        units={},
        # Deciles: the middle one is the median, where equal values have not made them fewer.
        medians={name: float(e[len(e) // 2]) for name, e in edges.items() if len(e) % 2},
        collected=None,
        handles=np.empty(0, dtype=np.uint64),
    )
