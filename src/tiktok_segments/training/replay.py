"""A logged run made again in this process, and compared with what was logged."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from tiktok_segments.accounts.dataset import Dataset
from tiktok_segments.registry.restoration import accounts_of_run, require_finished
from tiktok_segments.tracking import Run, model_loading
from tiktok_segments.tracking.provenance import code_version
from tiktok_segments.tracking.run_names import DATA_SHA256, INERTIA_STEPS, LABELS, ROWS
from tiktok_segments.training.computing import SpaceCache, compute
from tiktok_segments.training.run import train
from tiktok_segments.training.settings import read_task
from tiktok_segments.training.task import Computed
from tiktok_segments.training.timings import PREFIX
from tiktok_segments.validation.results import CERTAINTY, ROWS_USED, diagnostic_metrics

DECIDING = ("data", "labels", "metric")
"""Kinds of rows that must agree; versions are shown to explain where those do not."""


@dataclass(frozen=True)
class Replay:
    """What came out of a run made again.

    Attributes
    ----------
    run_id : str
        The logged run.
    config : dict
        The plain content of its configuration.
    table : DataFrame of shape (n_facts, 5)
        ``kind`` (data, labels, metric, code, library), ``name``, ``logged``, ``again``, ``same``.
    """

    run_id: str
    config: dict[str, Any]
    table: pd.DataFrame

    @property
    def identical(self) -> bool:
        """Whether data, labels and every metric are the same to the last digit."""
        deciding = self.table[self.table["kind"].isin(DECIDING)]
        return bool((deciding["same"] == "yes").all())


def replay(run_id: str, asked: Mapping[str, Any] | None) -> Replay:
    """Make a logged run again, without logging anything, and compare.

    Parameters
    ----------
    run_id : str
        A finished training run.
    asked : mapping or None
        Where its file is now, if it was moved.

    Returns
    -------
    Replay
        Fact by fact what was logged and what came out.

    Raises
    ------
    InputError
        If there is no such run, it did not finish, or its data cannot be read.
    """
    run = require_finished(run_id)
    config, dataset = accounts_of_run(run_id, asked, same=False)
    again, rows = _compute_again(config, dataset, run), str(dataset.n_accounts)
    facts: dict[str, tuple[Mapping[str, object], Mapping[str, object]]] = {
        "data": (
            {"sha256": run.data.params[DATA_SHA256], ROWS: run.data.params.get(ROWS, rows)},
            {"sha256": dataset.sha256, ROWS: rows},
        ),
        "labels": ({"sha256": run.data.tags.get(LABELS, "")}, {"sha256": again.labels_sha256}),
        "metric": (_without_seconds(run.data.metrics), _metrics(again)),
        "code": ({name: run.data.tags.get(name, "") for name in code_version()}, code_version()),
        "library": (model_loading.logged_versions(run_id), model_loading.versions()),
    }
    tables = [compare(kind, *both) for kind, both in facts.items()]
    return Replay(run_id, config, pd.concat(tables, ignore_index=True))


def _compute_again(config: dict[str, Any], dataset: Dataset, run: Run) -> Computed:
    """Compute a run again, and its diagnostics where it has them."""
    examined = ROWS_USED in run.data.metrics
    task = read_task(config, dataset.frame, examined)
    return compute(replace(task, drawn=False), SpaceCache(dataset.accounts))


def _metrics(computed: Computed) -> dict[str, float]:
    metrics = dict(computed.metrics)
    if computed.inertias:
        metrics[INERTIA_STEPS] = computed.inertias[-1]
    if computed.diagnostics is not None:
        metrics |= diagnostic_metrics(computed.diagnostics, computed.rows_used)
    return metrics


def _without_seconds(metrics: Mapping[str, float]) -> dict[str, float]:
    """Leave out what is not of the run alone: its time, and the certainty of a sweep's verdict."""
    return {
        name: value
        for name, value in metrics.items()
        if not name.startswith(PREFIX) and name != CERTAINTY
    }


def compare(kind: str, logged: Mapping[str, object], again: Mapping[str, object]) -> pd.DataFrame:
    """Compare what was logged with what came out, name by name.

    Parameters
    ----------
    kind : str
        Of what.
    logged, again : mapping
        Values by name.

    Returns
    -------
    DataFrame of shape (n_names, 5)
        A name that one side lacks is not the same.

    Examples
    --------
    >>> compare("metric", {"a": 0.1, "b": 1.0}, {"a": 0.1 + 2**-50, "b": 1.0})["same"].to_list()
    ['no', 'yes']
    """
    names = list(dict.fromkeys([*logged, *again]))
    return pd.DataFrame(
        {
            "kind": kind,
            "name": names,
            "logged": [_write(logged.get(name)) for name in names],
            "again": [_write(again.get(name)) for name in names],
            "same": ["yes" if logged.get(name) == again.get(name) else "no" for name in names],
        }
    )


def _write(value: object) -> str:
    """Return a value with all its digits; a digest by its beginning."""
    text = "" if value is None else repr(value) if isinstance(value, float) else str(value)
    return text[:12] + "..." if len(text) > 40 else text


def say_outcome(outcome: Replay) -> str:
    """Say whether the run came out the same, and what differs."""
    differing = outcome.table[outcome.table["same"] == "no"]
    names = ", ".join(f"{kind} {name}" for kind, name in differing[["kind", "name"]].to_numpy())
    if not outcome.identical:
        data = outcome.table[outcome.table["kind"] == "data"].set_index("name")
        gone = data.loc["sha256", "same"] == "yes" and data.loc[ROWS, "same"] == "no"
        why = "\nThe file is the same, but accounts of it were forgotten since." if gone else ""
        return f"NOT identical. What differs: {names}.{why}"
    if names:
        return f"Identical: data, labels and every metric, although there differ: {names}."
    return "Identical: data, labels and every metric, code and libraries."


def log_again(outcome: Replay) -> str:
    """Log the run made again as a training run of its own; return its id."""
    return str(train(outcome.config)["run_id"])
