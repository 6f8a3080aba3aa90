"""Files that a SQLite store names: the folders of its runs' and models' artifacts."""

import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tiktok_segments.errors import InputError
from tiktok_segments.tracking import connection
from tiktok_segments.tracking.artifacts import DESCRIPTION, MODEL_FILE
from tiktok_segments.tracking.holdings import Database, Server
from tiktok_segments.tracking.holdings.database import SET_ASIDE
from tiktok_segments.tracking.relocation import (
    artifact_folder,
    follow_move,
    local_path,
    open_store,
    tell_unknown,
)
from tiktok_segments.tracking.run_names import KIND
from tiktok_segments.tracking.store import (
    check_server,
    is_server,
    project_root,
    sqlite_address,
    store_address,
    store_file,
    store_lock,
)
from tiktok_segments.wording import counted

FOLDERS = (
    (
        "run",
        "SELECT runs.run_uuid, status, artifact_uri, COALESCE(tags.value, 'other') FROM runs "
        "LEFT JOIN tags ON tags.run_uuid = runs.run_uuid AND tags.key = :kind "
        "WHERE lifecycle_stage = 'active'",
    ),
    (
        "model",
        "SELECT model_id, COALESCE(runs.status, 'FINISHED'), artifact_location, 'model' "
        "FROM logged_models LEFT JOIN runs ON run_uuid = source_run_id",
    ),
)
"""What has a folder of its own, and where MLflow's schema says which."""

MAY_HAVE_NONE = ("forget", "other")
"""Kinds of runs that need not have a file: a forgetting in a server's database cannot log one, and
those that are not this project's, as the ones of ``mlflow run``, often do not."""


@dataclass(frozen=True)
class NamedFolder:
    """A folder of artifacts that a store names.

    Attributes
    ----------
    kind : {"run", "model"}
        What it belongs to.
    owner : str
        The run's or the model's id.
    status : str
        The run's, or that of the run a model is of.
    made_by : str
        Kind of run, ``other`` where it is none of this project's; ``model`` for a model.
    path : Path or None
        Where it is said to be; None where that is on another host.
    address : str
        The same, as it stands in the store.
    """

    kind: str
    owner: str
    status: str
    made_by: str
    path: Path | None
    address: str

    @property
    def must_hold_files(self) -> bool:
        """Whether it is a loss if it is empty: a run that was cut may have written none yet."""
        return self.status == "FINISHED" and self.made_by not in MAY_HAVE_NONE


def own_store(*, must_exist: bool = True) -> Path:
    """Return the file of the store that the commands use.

    Parameters
    ----------
    must_exist : bool, default True
        Whether one that is not there is refused.

    Returns
    -------
    Path
        Absolute.

    Raises
    ------
    InputError
        If it is no SQLite store, or it is not there and has to be.
    """
    address = store_address()
    file = store_file(address)
    if file is None:
        raise InputError(
            f"The store {address.split('@')[-1]} is kept by a server, which has copies of its own: "
            "pg_dump for PostgreSQL,\nand a copy of the artifacts' folder or bucket made after it; "
            "see docs/team-server.md."
        )
    if must_exist and not file.exists():
        lost = "".join(f"\n{sentence}" for sentence in tell_unknown(file))
        raise InputError(f"There is no store at {file} yet; a first run makes it.{lost}")
    return file.absolute()


def kept_store() -> Database | Server:
    """Return the store that the commands use, whatever keeps it.

    Raises
    ------
    InputError
        As :func:`own_store`, or if no server answers.
    StoreError
        If artifacts of a SQLite store lie elsewhere.
    """
    address = store_address()
    if store_file(address) is not None:
        return Database(sqlite_address(settled_store()))
    check_server()
    connection.look()
    return Server(address) if is_server(address) else Database(address)


def holds_model(folder: Path) -> bool:
    """Say whether a folder holds a model, whose file is whole as far as its end tells."""
    file = folder / MODEL_FILE
    return (folder / DESCRIPTION).exists() and (not file.exists() or zipfile.is_zipfile(file))


def settled_store() -> Path:
    """Return the file of the store that the commands use, whose addresses are right where it lies.

    A project that was moved or copied may see this command first.

    Raises
    ------
    InputError
        As :func:`own_store`.
    StoreError
        If artifacts of the store lie elsewhere.
    """
    file = own_store()
    with store_lock():
        follow_move(file, project_root())
    return file


@contextmanager
def reading(file: Path) -> Iterator[sqlite3.Connection]:
    """Open a SQLite store to read it.

    Raises
    ------
    InputError
        If it is none of MLflow's, or cannot be read.
    """
    try:
        with open_store(file) as store:
            yield store
    except sqlite3.Error as error:
        raise InputError(f"The store {file} cannot be read: {error}.\n{SET_ASIDE}") from error


def named_folders(file: Path) -> list[NamedFolder]:
    """Return the folders of artifacts that a store names.

    Parameters
    ----------
    file : Path
        The SQLite file of a store of MLflow's.

    Returns
    -------
    list of NamedFolder
        Of every run that is not deleted, then of every model.

    Raises
    ------
    InputError
        If the store cannot be read.
    """
    with reading(file) as store:
        return [
            NamedFolder(kind, owner, status, made_by, local_path(address), address)
            for kind, query in FOLDERS
            for owner, status, address, made_by in store.execute(query, {"kind": KIND}).fetchall()
            if address
        ]


def require_quiet(file: Path) -> list[NamedFolder]:
    """Return the folders that a store names, if no run is going on in it.

    Raises
    ------
    InputError
        If one is, or the store cannot be read.
    """
    folders = named_folders(file)
    if running := sum(each.kind == "run" and each.status == "RUNNING" for each in folders):
        raise InputError(
            f"{counted(running, 'run')} still under way in {file}; wait until they end, or stop "
            "them."
        )
    return folders


def recorded_root(file: Path) -> Path:
    """Return the folder ``mlruns`` that a store's addresses lead to, also after it was moved."""
    with reading(file) as store:
        addresses = store.execute("SELECT artifact_location FROM experiments").fetchall()
    paths = [local_path(address) for (address,) in addresses if address]
    roots = [path for path in paths if path is not None and path.name == "mlruns"]
    return roots[0] if roots else artifact_folder(file)


def size_of(folder: Path) -> int:
    """Return the bytes of all files below a folder, 0 where there is none."""
    found = 0
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):  # what a sweep beside this one has just taken away
            found += path.stat().st_size if path.is_file() else 0
    return found
