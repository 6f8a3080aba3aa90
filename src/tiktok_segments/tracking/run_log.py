"""Runs and their contents, as MLflow's client opens, fills and closes them."""

import getpass
import json
import sys
import warnings
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from time import time_ns
from typing import Any

import mlflow
import pandas as pd
from mlflow.data.code_dataset_source import CodeDatasetSource
from mlflow.data.pandas_dataset import from_pandas
from mlflow.entities import DatasetInput, InputTag, Metric, Param, RunTag
from mlflow.exceptions import MlflowException

from tiktok_segments.accounts.dataset import Dataset
from tiktok_segments.tracking import artifacts, run_names
from tiktok_segments.tracking.connection import client, experiment_id
from tiktok_segments.tracking.interrupt import uninterrupted
from tiktok_segments.tracking.processes import this_process
from tiktok_segments.tracking.run_names import ERROR, INERTIA_STEPS, KIND, OWNER, PARENT
from tiktok_segments.validation.results import KDiagnostics, diagnostic_metrics

HEAD_ROWS = 100
"""Rows of a data set from which its record takes the types of the columns."""


def _now() -> int:
    """Return the time in milliseconds, as MLflow wants it."""
    return time_ns() // 1_000_000


def create_run(
    name: str,
    kind: str,
    parent_id: str | None = None,
    tags: Mapping[str, str] | None = None,
    started: int | None = None,
) -> str:
    """Open a run in MLflow, signed by this process; return its id.

    Every run is opened here, by :func:`~tiktok_segments.tracking.runs.record_run` or
    :func:`open_sweep_run`, which see to it that it is closed.

    Parameters
    ----------
    name : str
        Shown in the UI.
    kind : str
        Kept as the tag ``segmentation.kind``, such as ``train``, ``drift`` or ``compare``.
    parent_id : str or None
        The sweep run that it belongs to.
    tags : mapping of str to str or None
        Logged as the run is opened, beside those that say what it is and whose.
    started : int or None
        When, in milliseconds since 1970; now, if it is not given.
    """
    signed = {KIND: kind, OWNER: this_process(), **_origin(), **(tags or {})}
    if parent_id is not None:
        signed[PARENT] = parent_id
    run = client().create_run(
        experiment_id(), start_time=started or _now(), run_name=name, tags=signed
    )
    return str(run.info.run_id)


@cache
def _origin() -> dict[str, str]:
    """Return the tags from which the UI shows who started a run, and with what."""
    return {
        "mlflow.user": getpass.getuser(),
        "mlflow.source.name": sys.argv[0],
        "mlflow.source.type": "LOCAL",
    }


def close_run(run_id: str, status: str, reason: str | None = None) -> None:
    """End a run.

    Parameters
    ----------
    run_id : str
        A run that is open.
    status : str
        MLflow's ``FINISHED``, ``FAILED`` or ``KILLED``.
    reason : str or None
        Why it did not finish; kept as the tag ``segmentation.error``.
    """
    if reason is not None:
        client().set_tag(run_id, ERROR, reason)
    client().set_terminated(run_id, status)


def open_sweep_run(name: str) -> str:
    """Open a sweep run, which stays RUNNING until :func:`close_sweep_run`; return its id."""
    with uninterrupted():  # else a sweep would be open that nobody knows of
        return create_run(name, kind="sweep")


def close_sweep_run(sweep_id: str, status: str) -> None:
    """End a sweep run with MLflow's status ``FINISHED``, ``FAILED`` or ``KILLED``."""
    with uninterrupted():
        close_run(sweep_id, status)


def mark_best(run_id: str, is_best: bool) -> None:
    """Mark a run as the best one of its sweep, by its tag and in its name, or take it back."""
    name = client().get_run(run_id).info.run_name.removesuffix(run_names.BEST_MARK)
    if is_best:
        client().set_tag(run_id, run_names.BEST, "true")
    else:
        client().delete_tag(run_id, run_names.BEST)
    client().update_run(run_id, name=f"{name}{run_names.BEST_MARK if is_best else ''}")


def delete_run(run_id: str) -> None:
    """Put a run where MLflow keeps deleted ones."""
    client().delete_run(run_id)


def log_numbers(
    run_id: str,
    params: Mapping[str, Any] | None = None,
    metrics: Mapping[str, float] | None = None,
    tags: Mapping[str, str] | None = None,
    model_id: str | None = None,
) -> None:
    """Log parameters, metrics and tags to a run in one batch, the metrics to its model, too."""
    now = _now()
    client().log_batch(
        run_id,
        params=[Param(name, str(value)) for name, value in (params or {}).items()],
        metrics=[
            Metric(name, value, now, 0, model_id=model_id)
            for name, value in (metrics or {}).items()
        ],
        tags=[RunTag(name, value) for name, value in (tags or {}).items()],
    )


def log_curves(run_id: str, curves: Mapping[str, pd.Series]) -> None:
    """Log curves over k to a run: a metric for each name, its index k as the step."""
    now = _now()
    client().log_batch(
        run_id,
        metrics=[
            Metric(name, value, now, k)
            for name, curve in curves.items()
            for k, value in zip(curve.index.to_list(), curve.to_list(), strict=True)
        ],
    )


def log_passes(run_id: str, inertias: Sequence[float]) -> None:
    """Log the inertia that each pass over all accounts found, by the number of the pass."""
    if inertias:
        passes = pd.Series(inertias, index=range(1, len(inertias) + 1))
        log_curves(run_id, {INERTIA_STEPS: passes})


def log_diagnostics(
    run_id: str, diagnostics: KDiagnostics, rows_used: int, drawn: bool = True
) -> None:
    """Log a run's diagnostics as metrics, and its clusters' Jaccard coefficients as a figure.

    Parameters
    ----------
    run_id : str
        The training run.
    diagnostics : KDiagnostics
        Of its k.
    rows_used : int
        Accounts that the diagnostics were computed on; logged as ``structure_rows``.
    drawn : bool
        Whether figures are wanted.
    """
    log_numbers(run_id, metrics=diagnostic_metrics(diagnostics, rows_used))
    if drawn:
        from tiktok_segments import plots  # takes time to import, which figures=off spares

        artifacts.log_figures(run_id, {"stability": plots.draw_stability(diagnostics.jaccard)})


def log_dataset(run_id: str, dataset: Dataset) -> None:
    """Log the accounts as a run's input, with the whole file's SHA-256 as a tag."""
    entry = _dataset_input(dataset)
    try:
        client().log_inputs(run_id, datasets=[entry])
    except MlflowException as error:
        # MLflow looks for the data set and adds it in two steps: between them another run of the
        # same data may have added it. It is found the second time.
        if "unique" not in str(error).lower():
            raise
        client().log_inputs(run_id, datasets=[entry])


@lru_cache(maxsize=4)
def _dataset_input(dataset: Dataset) -> DatasetInput:
    """Return MLflow's record of a data set.

    It is made of the first rows, because MLflow infers the schema of every row in Python, some
    20 s a million rows; the profile says how many rows there are. MLflow's own digest covers the
    first rows only, too; the SHA-256 cut to the 36 characters that it has room for takes its place.
    """
    source, sha256 = dataset.source, dataset.sha256
    origin = CodeDatasetSource(tags={"generator": source}) if dataset.synthetic else source
    head = dataset.frame.head(HEAD_ROWS)
    name = "synthetic sample" if dataset.synthetic else Path(source).name[:100]
    with warnings.catch_warnings():
        # Both warn about things that hold here: a path is a path, and counts are never missing.
        warnings.filterwarnings("ignore", message="The specified dataset source can be interpreted")
        warnings.filterwarnings("ignore", message="Hint: Inferred schema contains integer column")
        accounts = from_pandas(head, source=origin, name=name, digest=sha256[:36]).to_dict()
    rows, columns = dataset.n_accounts, len(dataset.frame.columns)
    profile = {"num_rows": rows, "num_elements": rows * columns}
    record = mlflow.entities.Dataset(**{**accounts, "profile": json.dumps(profile)})
    labels = {"mlflow.data.context": "training", "sha256": sha256, "source": source}
    return DatasetInput(record, [InputTag(key, value) for key, value in labels.items()])
