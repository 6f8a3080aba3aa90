"""The MLflow store: connecting to it, its client, and what is logged to its runs."""

import getpass
import json
import logging
import sys
import warnings
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from time import time_ns
from typing import Any

import mlflow
import pandas as pd
from mlflow import MlflowClient
from mlflow.data.code_dataset_source import CodeDatasetSource
from mlflow.data.pandas_dataset import from_pandas
from mlflow.entities import DatasetInput, InputTag, Metric, Param, RunTag
from mlflow.exceptions import MlflowException
from sqlalchemy.exc import SQLAlchemyError

from tiktok_segments.accounts.dataset import Dataset
from tiktok_segments.errors import InputError
from tiktok_segments.interrupt import uninterrupted
from tiktok_segments.ownership import OWNER, this_process
from tiktok_segments.relocation import artifact_folder, follow_move, readdress
from tiktok_segments.store import (
    check_server,
    is_server,
    project_root,
    store_address,
    store_file,
    store_lock,
)

EXPERIMENT = "tiktok-influencer-segments"
"""Name of the MLflow experiment, and of the registered model."""

KIND, BEST, ERROR = "segmentation.kind", "segmentation.best", "segmentation.error"
BEST_RUN_ID, REASON = "segmentation.best_run_id", "segmentation.reason"
VERDICT = "segmentation.verdict"
JOB = "segmentation.job"
"""Number of a run among those of its sweep."""
DRIFT = "segmentation.drift"
DATA_SHA256 = "data_sha256"
"""Param of a run: SHA-256 of the file that its accounts are from."""
UNFIT = "segmentation.unfit"
"""Why the features of a run are not fit for k-means; not there where they are."""

HEAD_ROWS = 100
"""Rows of a data set from which its record takes the types of the columns."""

_experiments: dict[str, str] = {}
"""Id of the experiment, by the address of the store; of every store this process has opened."""


def connect() -> str:
    """Point MLflow at the tracking store, making the store and the experiment where missing.

    ``MLFLOW_TRACKING_URI`` decides; without it the store is ``mlflow.db`` at the project's root,
    which is where a bare ``mlflow ui`` there looks. Artifacts are in ``mlruns/`` beside it, also
    after it was moved or copied. Several processes may do this at once: one makes the store, the
    others wait for it.

    Returns
    -------
    str
        The tracking address.

    Raises
    ------
    InputError
        If the store cannot be used, its artifacts lie elsewhere, or no tracking server answers.
    """
    address = store_address()
    if address in _experiments and mlflow.get_tracking_uri() == address:
        return address
    check_server()
    logging.getLogger("mlflow").setLevel(logging.WARNING)  # no word for each table it makes
    logging.getLogger("alembic").setLevel(logging.WARNING)
    # It prints a traceback for what is told here in a line.
    logging.getLogger("mlflow.store.db.utils").setLevel(logging.CRITICAL)
    try:
        mlflow.set_tracking_uri(address)
        with store_lock():
            _make_experiment(address)
        _experiments[address] = str(mlflow.set_experiment(EXPERIMENT).experiment_id)
    except (MlflowException, SQLAlchemyError) as error:
        reason = str(error).strip().splitlines()[0]
        raise InputError(f"The MLflow store {address} cannot be used: {reason[:300]}") from error
    return address


def _make_experiment(address: str) -> None:
    """Make the experiment where it is missing, and before it the tables of a new store."""
    file = store_file(address)
    if file is not None and file.exists():
        follow_move(file, EXPERIMENT, project_root(), may_write="?" not in address)
    elif file is not None and "?" not in address:  # whose options may forbid to write
        _make_store(file)
    if mlflow.get_experiment_by_name(EXPERIMENT) is not None:
        return
    folder = artifact_folder(file) if file else project_root() / "mlruns"
    artifacts = folder.as_uri() if not is_server(address) else None
    try:
        mlflow.create_experiment(EXPERIMENT, artifact_location=artifacts)
    except MlflowException:
        # On a server, which no lock of this machine covers, another client may have been first.
        if mlflow.get_experiment_by_name(EXPERIMENT) is None:
            raise


def _make_store(file: Path) -> None:
    """Make a SQLite store with all tables, so that it appears whole.

    MLflow makes them in dozens of steps; killed between two, it could not open the store again.
    """
    draft = file.with_name(f"{file.name}.draft")
    draft.unlink(missing_ok=True)  # of a process that was killed here
    for name in (file.name, draft.name):
        for remains in ("-journal", "-wal", "-shm"):
            # Of a store that was deleted after a kill: SQLite would put them into the new one.
            file.with_name(f"{name}{remains}").unlink(missing_ok=True)
    MlflowClient(tracking_uri=f"sqlite:///{draft}").search_experiments(max_results=1)
    # MLflow has the experiment Default keep its artifacts in whatever the current folder is.
    readdress(draft, Path.cwd() / "mlruns", artifact_folder(file))
    draft.replace(file)


def experiment_id() -> str:
    """Return the id of the experiment, which :func:`connect` has made where it was missing."""
    address = mlflow.get_tracking_uri()
    if address not in _experiments:
        _experiments[address] = str(mlflow.set_experiment(EXPERIMENT).experiment_id)
    return _experiments[address]


def client() -> MlflowClient:
    """Return the client of the store that MLflow is pointed at: one for all calls."""
    return _client(mlflow.get_tracking_uri())


@cache
def _client(address: str) -> MlflowClient:
    return MlflowClient(address)


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

    Every run is opened here, by :func:`~tiktok_segments.tracking_runs.record_run` or
    :func:`open_sweep`, which see to it that it is closed.

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
        signed["mlflow.parentRunId"] = parent_id
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


def open_sweep(name: str) -> str:
    """Open a sweep run, which stays RUNNING until :func:`close_sweep`; return its id."""
    with uninterrupted():  # else a sweep would be open that nobody knows of
        return create_run(name, kind="sweep")


def close_sweep(sweep_id: str, status: str) -> None:
    """End a sweep run with MLflow's status ``FINISHED``, ``FAILED`` or ``KILLED``."""
    with uninterrupted():
        close_run(sweep_id, status)


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
    with warnings.catch_warnings():
        # Both warn about things that hold here: a path is a path, and counts are never missing.
        warnings.filterwarnings("ignore", message="The specified dataset source can be interpreted")
        warnings.filterwarnings("ignore", message="Hint: Inferred schema contains integer column")
        accounts = from_pandas(head, source=origin, name="profiles", digest=sha256[:36]).to_dict()
    rows, columns = dataset.frame.shape
    profile = {"num_rows": rows, "num_elements": rows * columns}
    record = mlflow.entities.Dataset(**{**accounts, "profile": json.dumps(profile)})
    labels = {"mlflow.data.context": "training", "sha256": sha256, "source": source}
    return DatasetInput(record, [InputTag(key, value) for key, value in labels.items()])
