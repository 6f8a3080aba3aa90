"""While a sweep is under way, SQLite keeps its transactions in a log beside the store.

Without the log the disk confirms four writes for each of the nine transactions of a run, which is a
fifth of the time to log it, and a reader, such as MLflow's UI, keeps them waiting. With it they are
confirmed as they are moved to the store; what a power failure undoes is never half a transaction,
and the files of the runs are no safer.

When the last process is done the store is one file again, which can be copied, and read where
nothing can be written. The processes share memory, which not every file system gives them, so that
there is no log but on those that are known to: https://sqlite.org/wal.html.
"""

import atexit
import re
import sqlite3
from contextlib import closing, suppress
from functools import cache
from pathlib import Path
from typing import Any
from weakref import WeakSet

from sqlalchemy import Engine, event
from sqlalchemy.pool import ConnectionPoolEntry

DEFAULT, WAL = "delete", "wal"
"""Journal modes of SQLite."""

LOCAL = frozenset({"btrfs", "ext2", "ext3", "ext4", "f2fs", "overlay", "tmpfs", "xfs", "zfs"})
"""File systems of one machine, on which SQLite's log is known to work, as Linux names them."""

MOUNTS = Path("/proc/self/mountinfo")


@cache
def follow_wal(store: Path) -> None:
    """Have this process use a store's log as it is meant to be, and end it where it is the last.

    Parameters
    ----------
    store : Path
        A SQLite file, which need not be there yet.
    """
    if not _stores:
        event.listen(Engine, "connect", _follow)
    _stores.add(store.resolve())
    atexit.register(end_wal, store.resolve())


def start_wal(store: Path) -> None:
    """Keep the transactions of a store in a log from now on, where that is safe.

    Parameters
    ----------
    store : Path
        A SQLite file; unless :func:`follow_wal` was told of it, it is left as it is.
    """
    if file_system(store) in LOCAL:
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
    """Return the kind of file system that a file is on, as Linux names it; nothing elsewhere.

    Parameters
    ----------
    path : Path
        The file, which need not be there.
    mounts : Path
        Linux's table of what is mounted where, as ``proc_pid_mountinfo(5)`` describes it.

    Examples
    --------
    >>> file_system(Path("/proc/self/status")) in ("proc", "")
    True
    """
    kinds = {}
    with suppress(FileNotFoundError):
        for line in mounts.read_text(errors="surrogateescape").splitlines():
            mount, _, device = line.partition(" - ")
            point = re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), mount.split()[4])
            kinds[point] = device.split()[0]
    folders = map(str, path.resolve().parents)
    return next((kinds[folder] for folder in folders if folder in kinds), "")


_stores: set[Path] = set()
_entries: "WeakSet[ConnectionPoolEntry]" = WeakSet()
"""This process's connections to them, which SQLAlchemy opens anew when they were closed."""


def _follow(connection: Any, entry: ConnectionPoolEntry) -> None:
    """Remember a new connection, and where there is a log, sync it no more often than it needs."""
    if not isinstance(connection, sqlite3.Connection):
        return
    with suppress(sqlite3.Error):  # what is wrong with a store is told by the first statement
        file = connection.execute("PRAGMA database_list").fetchone()[2]
        if Path(file).resolve() in _stores:
            _entries.add(entry)
            if _mode(connection) == WAL:
                connection.execute("PRAGMA synchronous = normal")


def _switch(store: Path, old: str, new: str) -> None:
    """Set a store's journal mode; where others have it open, SQLite leaves it as it is."""
    if store.resolve() not in _stores:
        return
    for entry in list(_entries):
        entry.invalidate()
    address = f"{store.resolve().as_uri()}?mode=rw"  # which makes no store that is not there
    with (
        suppress(sqlite3.Error),
        closing(sqlite3.connect(address, uri=True, timeout=0)) as connection,
    ):
        if _mode(connection) == old:
            connection.execute("PRAGMA wal_checkpoint(truncate)")  # succeeds beside others, too
            connection.execute(f"PRAGMA journal_mode = {new}")


def _mode(connection: sqlite3.Connection) -> str:
    return str(connection.execute("PRAGMA journal_mode").fetchone()[0])
