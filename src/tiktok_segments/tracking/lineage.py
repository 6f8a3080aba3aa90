"""What MLflow knows about a run and about the sweep that chose it, for the report."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pandas as pd

from tiktok_segments.language import ENGLISH, Language
from tiktok_segments.tracking import artifacts, history, run_names
from tiktok_segments.tracking.run_names import JACCARD, POPULATION_TAG
from tiktok_segments.validation.run_verdict import UNFIT
from tiktok_segments.validation.run_verdict import VERDICTS as RUN_VERDICTS
from tiktok_segments.validation.structure_rule import VERDICTS as SWEEP_VERDICTS


@dataclass(frozen=True)
class Lineage:
    """A run's own record, and its sweep's.

    Attributes
    ----------
    run_id : str
        The training run.
    started : datetime
        When it started, in UTC.
    params, tags : mapping of str to str
        The run's.
    metrics : mapping of str to float
        The run's.
    sweep_id : str or None
        The sweep that it belongs to.
    sweep_tags : mapping of str to str
        The sweep's; empty where there is none.
    figures : mapping of str to bytes
        PNG figures by name: the sweep's, else the run's own.
    candidates : DataFrame or None
        The sweep's table of candidates, with the conditions that each passed or missed.
    versions : tuple of str
        Versions of the registered model that the run made, the newest first.
    drift : mapping or None
        The newest ``drift.json`` about the run's model; None where none was measured.
    """

    run_id: str
    started: datetime
    params: Mapping[str, str]
    tags: Mapping[str, str]
    metrics: Mapping[str, float]
    sweep_id: str | None
    sweep_tags: Mapping[str, str]
    figures: Mapping[str, bytes]
    candidates: pd.DataFrame | None
    versions: tuple[str, ...]
    drift: Mapping[str, Any] | None = None

    @property
    def verdict(self) -> str | None:
        """``separated``, ``continuum`` or ``none``; None where structure was not examined."""
        return self._verdict_of_sweep or self.tags.get(run_names.VERDICT)

    @property
    def _verdict_of_sweep(self) -> str | None:
        """The sweep's verdict on the run's accounts, of which it may have swept several sets."""
        population = self.tags.get(POPULATION_TAG)
        if self.sweep_tags.get(POPULATION_TAG, population) == population:
            return self.sweep_tags.get(run_names.VERDICT)
        return self.sweep_tags.get(f"{run_names.VERDICT}.{population}")

    @property
    def judged_alone(self) -> bool:
        """Whether the verdict is on this run's segments, and not on what its sweep tried."""
        return self.verdict is not None and self._verdict_of_sweep is None

    @property
    def is_best(self) -> bool:
        """Whether the run is the one that its sweep chose."""
        return self.sweep_tags.get(run_names.BEST_RUN_ID) == self.run_id

    def explain_verdict(self, k: int, language: Language = ENGLISH) -> tuple[str, str]:
        """Return what the verdict on ``k`` segments means: a heading and a text."""
        known = RUN_VERDICTS if self.judged_alone else SWEEP_VERDICTS
        heading, text = known.get(str(self.verdict), SWEEP_VERDICTS["untested"])
        if self.verdict == "none" and self.tags.get(run_names.UNFIT):
            heading, text = UNFIT
        return language.say(heading, k=k), language.say(text)

    def stability(self, cluster: int) -> float | None:
        """Return a cluster's Jaccard stability (0 to 1), None where it was not measured."""
        return self.metrics.get(f"{JACCARD}{cluster}")


def read_lineage(run_id: str) -> Lineage:
    """Read a run's record and that of its sweep.

    Parameters
    ----------
    run_id : str
        A training run.

    Returns
    -------
    Lineage
        What MLflow holds about both.

    Raises
    ------
    InputError
        If there is no such run.
    """
    run = history.get_run(run_id)
    sweep_id = run.data.tags.get(run_names.PARENT)
    return Lineage(
        run_id=run_id,
        started=datetime.fromtimestamp(run.info.start_time / 1000, tz=UTC),
        params=run.data.params,
        tags=run.data.tags,
        metrics=run.data.metrics,
        sweep_id=sweep_id,
        sweep_tags=history.get_run(sweep_id).data.tags if sweep_id else {},
        figures=artifacts.load_figures(sweep_id or run_id),
        candidates=artifacts.load_table(sweep_id, artifacts.CANDIDATES) if sweep_id else None,
        versions=tuple(history.model_versions(run_id)),
        drift=artifacts.load_document(run_id, artifacts.DRIFT),
    )
