"""While a sweep is under way, SQLite keeps its transactions in a log beside the store.

Without the log the disk confirms four writes for each of the nine transactions of a run, which is a
fifth of the time to log it, and a reader, such as MLflow's UI, keeps them waiting. With it they are
confirmed as they are moved to the store; what a power failure undoes is never half a transaction,
and the files of the runs are no safer.

The last process of this project that has the store open makes one file of it again, which can be
copied, and read where nothing can be written. All processes share memory and know the log by the
store's name, so that there is none where they might not: https://sqlite.org/wal.html.
"""

import atexit
import os
import re
import sqlite3
from contextlib import closing, suppress
from functools import cache
from pathlib import Path
from typing import Any
from weakref import ref

from sqlalchemy import Connection, Engine, event

DEFAULT, WAL = "delete", "wal"
"""Journal modes of SQLite."""

LOCAL = frozenset({"btrfs", "ext2", "ext3", "ext4", "f2fs", "overlay", "tmpfs", "xfs", "zfs"})
"""File systems of one machine, on which SQLite's log is known to work, as Linux names them."""

MOUNTS = Path("/proc/self/mountinfo")

LOG_PAGES = 25_000
"""Size of the log, 100 MB or some 600 runs, at which it is moved to the store in between.

SQLite's own 1,000 would have processes side by side do so every few seconds, in which versions
before 3.51.3 can, very rarely, lose a page: https://sqlite.org/wal.html#walresetbug.
"""


@cache
def follow_wal(store: Path) -> None:
    """Prepare this process's connections for the log of a store, and end the log when it ends.

    Parameters
    ----------
    store : Path
        A SQLite file, which need not be there yet.
    """
    if not _stores:
        event.listen(Engine, "connect", _set_up)
        event.listen(Engine, "engine_connect", _remember)
    place = store.resolve()
    _stores.add(place)
    atexit.register(end_wal, place)


def start_wal(store: Path) -> None:
    """Keep the transactions of a store in a log from now on, where that is safe.

    Parameters
    ----------
    store : Path
        A SQLite file; unless :func:`follow_wal` was told of it, it is left as it is.
    """
    if store.exists() and store.stat().st_nlink == 1 and file_system(store) in LOCAL:
        _switch(store, DEFAULT, WAL)


def end_wal(store: Path) -> None:
    """Move what is in a store's log to the store, and do without it unless others have it open.

    Parameters
    ----------
    store : Path
        As in :func:`start_wal`.
    """
    _switch(store, WAL, DEFAULT)


def file_system(path: Path, mounts: Path = MOUNTS) -> str:
    """Return the kind of file system that a file is on, as Linux names it.

    Parameters
    ----------
    path : Path
        The file, which need not be there.
    mounts : Path
        Linux's table of what is mounted where, as ``proc_pid_mountinfo(5)`` describes it.

    Returns
    -------
    str
        Such as ``ext4``. Nothing where it cannot be told, and for a file that is mounted by itself,
        as containers do it: it has another name elsewhere.

    Examples
    --------
    >>> file_system(Path("/proc/self/status")) in ("proc", "")
    True
    """
    kinds = {}
    try:
        for line in os.fsdecode(mounts.read_bytes()).removesuffix("\n").split("\n"):
            mount, _, device = line.partition(" - ")
            # Blanks and the like are written as octal numbers.
            point = re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), mount.split(" ")[4])
            kinds[point] = device.split(" ")[0]
    except (OSError, IndexError):
        return ""
    place = path.resolve()
    if str(place) in kinds:  # its log would be beside each of its names
        return ""
    return next((kinds[str(folder)] for folder in place.parents if str(folder) in kinds), "")


_stores: set[Path] = set()
"""Stores that :func:`follow_wal` was told of; others are not ours to change."""

_engines: "list[ref[Engine]]" = []
"""Where this process's connections come from: SQLite changes no mode beside one that is open."""


def _remember(connection: Connection) -> None:
    if connection.engine not in [engine() for engine in _engines]:
        _engines.append(ref(connection.engine))


def _set_up(connection: Any, _entry: object) -> None:
    """Have a new connection sync the log, where there is one, no more often than it needs."""
    if not isinstance(connection, sqlite3.Connection):
        return
    with suppress(sqlite3.Error):  # what is wrong with a store is told by the first statement
        file = connection.execute("PRAGMA database_list").fetchone()[2]
        if Path(file).resolve() in _stores and _mode(connection) == WAL:
            connection.execute("PRAGMA synchronous = normal")
            connection.execute(f"PRAGMA wal_autocheckpoint = {LOG_PAGES}")


def _switch(store: Path, old: str, new: str) -> None:
    """Set a store's journal mode; where others have it open, SQLite leaves it as it is."""
    place = store.resolve()
    if place not in _stores:
        return
    for engine in list(_engines):
        if opened := engine():
            opened.dispose()  # connections that nobody uses are closed, and made anew when needed
    address = f"{place.as_uri()}?mode=rw"  # which makes no store that is not there
    with (
        suppress(sqlite3.Error),
        closing(sqlite3.connect(address, uri=True, timeout=0)) as connection,
    ):
        if _mode(connection) == old:
            connection.execute("PRAGMA wal_checkpoint(truncate)")  # succeeds beside readers, too
            connection.execute(f"PRAGMA journal_mode = {new}")


def _mode(connection: sqlite3.Connection) -> str:
    return str(connection.execute("PRAGMA journal_mode").fetchone()[0])
