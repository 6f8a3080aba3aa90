"""Where the tracking store is, whether a server answers there, and who may make it.

Apart from :mod:`~tiktok_segments.tracking.run_log`, which takes seconds to import.
"""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from tiktok_segments.defaults import DEFAULT_NAME, VARIABLES, give_variable
from tiktok_segments.errors import InputError, StoreError

MODEL_NAMES = r"[\w.-](?:[\w .-]{0,98}[\w.-])?"
"""Names of registered models that stand in every address, filter and file name as they are."""

TIMEOUT = 5.0
"""Seconds that a tracking server has to answer."""

PATIENCE = 120.0
"""Seconds to wait for another process that is making the store."""


def project_root() -> Path:
    """Return the folder that outputs and the default store belong to."""
    return Path(os.environ["TIKTOK_SEGMENTS_ROOT"])


def store_address() -> str:
    """Return the address of the tracking store.

    ``MLFLOW_TRACKING_URI`` decides; without it the store is ``mlflow.db`` at the project's root.
    """
    return os.environ.get("MLFLOW_TRACKING_URI") or sqlite_address(project_root() / "mlflow.db")


def experiment_name() -> str:
    """Return the name of the experiment whose runs are seen and made.

    ``MLFLOW_EXPERIMENT_NAME`` decides, which ``tracking.experiment`` sets.
    """
    return os.environ.get(VARIABLES["experiment"]) or DEFAULT_NAME


def model_name() -> str:
    """Return the name of the registered model whose versions are seen and made.

    ``TIKTOK_SEGMENTS_MODEL`` decides, which ``tracking.model`` sets.

    Raises
    ------
    InputError
        If it cannot be the name of one.
    """
    name = os.environ.get(VARIABLES["model"]) or DEFAULT_NAME
    if not re.fullmatch(MODEL_NAMES, name):
        raise InputError(
            f"{name} cannot name a registered model; give up to 100 letters, digits, '.', '_', "
            "'-' and, between them, spaces: tracking.model=client-a"
        )
    return name


def find_store(tracking: Mapping[str, Any]) -> None:
    """Take the experiment and the model that settings name; ask the server whether it is there.

    They hold for this process and for those that it starts.

    Parameters
    ----------
    tracking : mapping
        ``experiment`` and ``model``; what is None is left as the variables have it.

    Raises
    ------
    InputError
        If a name is empty, or the name of the model cannot be one.
    StoreError
        If no server answers.
    """
    for setting, variable in VARIABLES.items():
        if (name := tracking[setting]) is None:
            continue
        if not str(name).strip():
            raise InputError(
                f"tracking.{setting} is empty; give a name, as in tracking.{setting}=client-a, or "
                f"leave it out for that of {variable}, else {DEFAULT_NAME}."
            )
        give_variable(variable, str(name), DEFAULT_NAME)
    model_name()
    check_server()


def sqlite_address(file: Path) -> str:
    """Return the address of a SQLite store by its file, whatever the names of its folders.

    SQLAlchemy takes ``%`` and two digits for one character, and ``?`` for the end of the path.

    Examples
    --------
    >>> sqlite_address(Path("/data/100%25 #1?/mlflow.db"))
    'sqlite:////data/100%2525 #1%3F/mlflow.db'
    """
    return f"sqlite:///{str(file).replace('%', '%25').replace('?', '%3F')}"


def is_server(address: str) -> bool:
    """Say whether an address is that of a tracking server.

    Examples
    --------
    >>> is_server("http://127.0.0.1:5000"), is_server("sqlite:///mlflow.db")
    (True, False)
    """
    return address.startswith(("http://", "https://"))


def store_file(address: str) -> Path | None:
    """Return the file of a SQLite store, None for any other.

    Examples
    --------
    >>> store_file("sqlite:////data/mlflow.db").as_posix()
    '/data/mlflow.db'
    >>> store_file("sqlite:///file:runs.db?mode=ro&uri=true").as_posix()
    'runs.db'
    >>> store_file(sqlite_address(Path("/data/100%25 #1?/mlflow.db"))).as_posix()
    '/data/100%25 #1?/mlflow.db'
    >>> store_file("http://127.0.0.1:5000") is None
    True
    """
    if not address.startswith("sqlite:///"):
        return None
    path, _, _ = address.removeprefix("sqlite:///").partition("?")
    return Path(unquote(path).removeprefix("file:"))


@contextmanager
def store_lock() -> Iterator[None]:
    """Keep other processes from making or changing the store while this one does.

    A server and a database server do this themselves; of a SQLite store, MLflow makes the tables
    in several steps, between which another process finds half of them. Where the folder cannot be
    written there is nothing to make either, and no lock is taken.

    Raises
    ------
    StoreError
        If another process has been at it for two minutes.
    """
    file = store_file(store_address())
    if file is None:
        yield
        return
    from filelock import FileLock, Timeout

    lock = FileLock(f"{file}.lock", timeout=PATIENCE)
    try:
        lock.acquire()
    except Timeout:
        raise StoreError(
            f"Another process has been making the store {file} for {PATIENCE:.0f} seconds.\n"
            f"If none is running any more, delete {file}.lock."
        ) from None
    except OSError:
        if not file.exists():
            raise
    try:
        yield
    finally:
        lock.release()


def check_server() -> None:
    """Ask the tracking server, if there is to be one, whether it is there.

    MLflow itself would try again for most of a minute.

    Raises
    ------
    StoreError
        If no server answers.
    """
    address = store_address()
    if not is_server(address):
        return
    import requests

    try:
        requests.get(f"{address.rstrip('/')}/health", timeout=TIMEOUT)
    except requests.RequestException:
        raise StoreError(
            f"No MLflow tracking server answers at {address}.\n"
            "Start it, or unset MLFLOW_TRACKING_URI to use the project's own store."
        ) from None
