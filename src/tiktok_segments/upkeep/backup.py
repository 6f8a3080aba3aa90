"""Backups: a copy of a store that is a store itself, also while a sweep writes to it."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, count
from pathlib import Path

from tiktok_segments.errors import InputError, StoreError
from tiktok_segments.tracking.relocation import artifact_folder, readdress
from tiktok_segments.upkeep.named_files import named_folders, reading, size_of

DATABASE = "mlflow.db"
"""Name of a backup's database."""

PARTIAL = ".partial"
"""Ending of a backup's folder until it is whole."""


@dataclass(frozen=True)
class Backup:
    """A copy of a store.

    Attributes
    ----------
    folder : Path
        Where it lies: ``mlflow.db``, and ``mlruns`` beside it.
    runs, models : int
        How many of each it holds.
    size : int
        Bytes.
    running : int
        Runs that had not ended: of those, what was there.
    missing : tuple of str
        Ids of finished runs and of models whose artifacts were not there to be copied.
    """

    folder: Path
    runs: int
    models: int
    size: int
    running: int
    missing: tuple[str, ...]


def back_up(file: Path, folder: Path, progress: Callable[[int, int], None] | None = None) -> Backup:
    """Copy a store and the artifacts it names, whole or not at all.

    The database is copied first, by SQLite's own online backup, which others may write beside;
    then the folders that this copy names, so that a run it says has finished is there as it
    finished.

    Parameters
    ----------
    file : Path
        The SQLite file of a store.
    folder : Path
        Where the copy is to lie; not there yet.
    progress : callable, optional
        Called with the number of folders copied, and of all.

    Returns
    -------
    Backup
        What was copied.

    Raises
    ------
    InputError
        If the folder is there already, artifacts lie elsewhere than beside the store, or the store
        cannot be read.
    StoreError
        If the disk is full or broken, or the folder cannot be written.
    """
    folder = folder.absolute()
    if folder.exists():
        raise InputError(f"{folder} is there already; say another with output=FOLDER.")
    needed = file.stat().st_size + size_of(artifact_folder(file))
    folder.parent.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder.parent).free
    if needed > free:
        raise InputError(
            f"The backup needs up to {needed / 1e6:,.0f} MB, and {folder.parent} has "
            f"{free / 1e6:,.0f} MB left; say another place with output=FOLDER."
        )
    draft = folder.with_name(folder.name + PARTIAL)
    shutil.rmtree(draft, ignore_errors=True)  # of a backup that was killed
    draft.mkdir()
    try:
        backup = _copy(file, draft, folder, progress)
        draft.rename(folder)
    except OSError as error:
        # Of a tree of files, shutil collects what befell each.
        reason = error.args[0][0][2] if isinstance(error, shutil.Error) else error.strerror
        raise StoreError(f"The backup {folder} cannot be written: {reason}.") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)  # nothing of it is left where it was renamed
    return backup


def _copy(
    file: Path, draft: Path, folder: Path, progress: Callable[[int, int], None] | None
) -> Backup:
    database = draft / DATABASE
    with reading(file) as store:
        copy_database(store, database)
    named = named_folders(database)
    beside, missing = artifact_folder(file), []
    elsewhere = [each for each in named if not each.path or not each.path.is_relative_to(beside)]
    if elsewhere:
        raise InputError(
            f"{len(elsewhere)} of {len(named)} folders of artifacts lie elsewhere than beside the "
            f"store, as {elsewhere[0].address}.\nCopy them there by their own means; this backup "
            "holds local ones only."
        )
    for number, each in enumerate(named, start=1):
        if each.path is None or not each.path.exists():
            if each.must_hold_files:
                missing.append(each.owner)
        else:
            shutil.copytree(each.path, artifact_folder(database) / each.path.relative_to(beside))
        if progress is not None:
            progress(number, len(named))
    artifact_folder(database).mkdir(exist_ok=True)
    readdress(database, beside, artifact_folder(folder / DATABASE))
    check_database(database)
    return Backup(
        folder=folder,
        runs=sum(each.kind == "run" for each in named),
        models=sum(each.kind == "model" for each in named),
        size=size_of(draft),
        running=sum(each.kind == "run" and each.status == "RUNNING" for each in named),
        missing=tuple(missing),
    )


def copy_database(store: sqlite3.Connection, file: Path) -> None:
    """Copy a database by SQLite's own online backup, which others may write beside.

    Parameters
    ----------
    store : Connection
        What is copied.
    file : Path
        The copy.

    Raises
    ------
    StoreError
        If the disk has no room for it.
    """
    try:
        with closing(sqlite3.connect(file)) as copy:
            store.backup(copy)
    except sqlite3.Error as error:
        # Else it is the store that cannot be read.
        if getattr(error, "sqlite_errorcode", None) != sqlite3.SQLITE_FULL:
            raise
        raise StoreError(
            f"The disk of {file.parent.parent} is full: a copy of the store does not fit on it."
        ) from error


def check_database(file: Path) -> None:
    """Refuse a database that SQLite finds damaged.

    Raises
    ------
    InputError
        If it is.
    """
    with reading(file) as store:
        (found,) = store.execute("PRAGMA quick_check").fetchone()
    if found != "ok":
        raise InputError(f"The database {file} is damaged: {found}.")


def default_folder(root: Path, now: datetime) -> Path:
    """Return where a backup goes if nothing is said: a new folder of its time below the project.

    Two of one second are told apart by a number.

    Examples
    --------
    >>> default_folder(Path("/p"), datetime(2026, 11, 29, 6, 0, 5)).as_posix()
    '/p/outputs/backups/2026-11-29T06-00-05'
    """
    first = root / "outputs" / "backups" / now.strftime("%Y-%m-%dT%H-%M-%S")
    others = (first.with_name(f"{first.name}-{number}") for number in count(2))
    return next(folder for folder in chain([first], others) if not folder.exists())
