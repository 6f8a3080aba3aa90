"""Connections to the MLflow store, which is made where it is missing."""

import logging
import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path

import mlflow
from alembic.script import ScriptDirectory
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
from mlflow.store import db_migrations
from sqlalchemy.exc import SQLAlchemyError

from tiktok_segments import terminal
from tiktok_segments.errors import InputError
from tiktok_segments.tracking.relocation import (
    artifact_folder,
    follow_move,
    readdress,
    tell_unknown,
)
from tiktok_segments.tracking.run_names import NOTE, VIEW, VIEW_TAG, write_view
from tiktok_segments.tracking.store import (
    check_server,
    experiment_name,
    is_server,
    model_name,
    project_root,
    sqlite_address,
    store_address,
    store_file,
    store_lock,
)
from tiktok_segments.tracking.store_errors import name_store_error

ABOUT_EXPERIMENT = """\
Influencer segments of TikTok profiles: each run is one clustering, each sweep many of them with a
verdict and a best run.

- **Start with a sweep's description**: whether there are groups at all, which k, and why.
- A sweep unfolds to its runs under *Training runs*; the name of its best one ends in *(best)*.
- A run that was profiled has its report under *Artifacts*, `segments/report.html`.
- Silhouette and its like compare k within one feature set and scaler only.
- The model in use is the version of `{model}` with the alias *champion*.
"""
"""What the UI shows as the experiment's description."""

_experiments: dict[tuple[str, str], str] = {}
"""Id of each experiment this process has opened, by the store's address and its own name."""


def connect() -> str:
    """Point MLflow at the tracking store, making the store and the experiment where missing.

    ``MLFLOW_TRACKING_URI`` decides; without it the store is ``mlflow.db`` at the project's root,
    which is where a bare ``mlflow ui`` there looks. Artifacts are in ``mlruns/`` beside it, also
    after it was moved or copied. Several processes may do this at once: one makes the store, the
    others wait for it. Which experiment it is, ``MLFLOW_EXPERIMENT_NAME`` decides.

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
    known = address, experiment_name()
    if known in _experiments and mlflow.get_tracking_uri() == address:
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
        _experiments[known] = str(mlflow.set_experiment(known[1]).experiment_id)
    except (MlflowException, SQLAlchemyError) as error:
        reason = str(error).strip().splitlines()[0]
        if "out-of-date database schema" in reason:
            raise InputError(_outdated(address)) from error
        unusable = f"The MLflow store {address} cannot be used: {reason[:300]}"
        raise InputError(name_store_error(error) or unusable) from error
    return address


def _has_todays_tables(file: Path) -> bool:
    """Say whether the tables of a store are those of the MLflow that is installed.

    MLflow changes tables of an older version at once, in steps between which it can be killed,
    wherever one of today's is missing.
    """
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as store:
            row = store.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error:
        return True  # no store of MLflow's yet, or not to be read: MLflow says which
    today = ScriptDirectory(str(Path(db_migrations.__file__).parent)).get_current_head()
    return row is None or row[0] == today


def _outdated(address: str) -> str:
    if store_file(address) is None:
        return (
            "The tables of the MLflow store are of another version of MLflow than the one that is "
            "installed.\nAfter a backup, bring them up to date: mlflow db upgrade ADDRESS"
        )
    return (
        f"The tables of the MLflow store {address} are of another version of MLflow than the one "
        "that is installed.\nBring them up to date, after a backup of its own: "
        "python scripts/store.py upgrade"
    )


def look() -> None:
    """Point MLflow at a tracking store that is there, to read only: nothing is made in it."""
    logging.getLogger("mlflow").setLevel(logging.WARNING)
    mlflow.set_tracking_uri(store_address())


def _make_experiment(address: str) -> None:
    """Make the experiment where it is missing, and before it the tables of a new store."""
    file = store_file(address)
    if file is not None and file.exists():
        if not _has_todays_tables(file):
            raise InputError(_outdated(address))
        follow_move(file, project_root(), may_write="?" not in address)
    elif file is not None and "?" not in address:  # whose options may forbid to write
        for words in tell_unknown(file):
            terminal.console(stderr=True).print(
                f"There was no store at {file}; a new one is made. {words}",
                markup=False,
                soft_wrap=True,
            )
        _make_store(file)
    name = experiment_name()
    if mlflow.get_experiment_by_name(name) is not None:
        return
    folder = artifact_folder(file) if file else project_root() / "mlruns"
    artifacts = folder.as_uri() if not is_server(address) else None
    try:
        about = ABOUT_EXPERIMENT.format(model=model_name())
        tags = {NOTE: about, VIEW_TAG: write_view()}
        mlflow.create_experiment(name, artifact_location=artifacts, tags=tags)
    except MlflowException:
        # On a server, which no lock of this machine covers, another client may have been first.
        if mlflow.get_experiment_by_name(name) is None:
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
    MlflowClient(tracking_uri=sqlite_address(draft)).search_experiments(max_results=1)
    # MLflow has the experiment Default keep its artifacts in whatever the current folder is.
    readdress(draft, Path.cwd() / "mlruns", artifact_folder(file))
    draft.replace(file)


def experiment_id() -> str:
    """Return the id of the experiment, which :func:`connect` has made where it was missing."""
    known = mlflow.get_tracking_uri(), experiment_name()
    if known not in _experiments:
        _experiments[known] = str(mlflow.set_experiment(known[1]).experiment_id)
    return _experiments[known]


def words_of_loss() -> str:
    """Return what is to be said where nothing is found, a line; empty where nothing was lost."""
    file = store_file(mlflow.get_tracking_uri())
    return "".join(f"\n{sentence}" for sentence in tell_unknown(file)) if file else ""


def run_page(run_id: str, artifact: str = "") -> str:
    """Return the address of a run's page within the UI, or of one of its artifacts there."""
    page = f"#/experiments/{experiment_id()}/runs/{run_id}"
    return f"{page}/artifacts/{artifact}" if artifact else page


def training_runs_page(server: str) -> str:
    """Return the address of the experiment's training runs, which the UI does not open by itself.

    Parameters
    ----------
    server : str
        Where the UI is, such as ``http://127.0.0.1:5000``.

    Returns
    -------
    str
        Of the view with verdict, k and scores, where the experiment has it.
    """
    page = f"{server.rstrip('/')}/#/experiments/{experiment_id()}/runs"
    has_view = VIEW_TAG in client().get_experiment(experiment_id()).tags
    view = f"&viewStateShareKey={VIEW}" if has_view else ""
    return f"{page}?workflowType=machine_learning{view}"


def client() -> MlflowClient:
    """Return the client of the store that MLflow is pointed at: one for all calls."""
    return _client(mlflow.get_tracking_uri())


@cache
def _client(address: str) -> MlflowClient:
    return MlflowClient(address)
