"""How SQLite keeps the journal of a transaction: in a file that stays while the process runs.

By default SQLite makes and deletes a file for each of the nine transactions of a run, which is a
twentieth of tracking it, and more on file systems that remember what was deleted. A file that stays
is as safe: its first bytes are overwritten when a transaction is done
(https://sqlite.org/pragma.html#pragma_journal_mode).
"""

import atexit
import sqlite3
from contextlib import closing, suppress
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

DEFAULT, KEPT = "delete", "persist"


@cache
def keep_journal(store: Path) -> None:
    """Have the connections of this process keep the journal of a store; it is deleted at the end.

    Parameters
    ----------
    store : Path
        A SQLite file.
    """
    place = store.resolve()
    if not _stores:
        event.listen(Engine, "connect", _keep)
    _stores.add(place)
    atexit.register(_delete, place)


_stores: set[Path] = set()
"""Stores whose journal is kept."""


def _keep(connection: Any, _record: object) -> None:
    """Set a new connection's journal mode, unless somebody has chosen another for the store."""
    if not isinstance(connection, sqlite3.Connection):
        return
    with suppress(sqlite3.Error):  # what is wrong with a store is told by the first statement
        file = connection.execute("PRAGMA database_list").fetchone()[2]
        if Path(file).resolve() in _stores and _mode(connection) == DEFAULT:
            _mode(connection, KEPT)


def _delete(store: Path) -> None:
    address = f"{store.as_uri()}?mode=rw"  # which makes no store that is not there
    with suppress(sqlite3.Error), closing(sqlite3.connect(address, uri=True)) as connection:
        if _mode(connection) == DEFAULT:
            _mode(connection, KEPT)
            _mode(connection, DEFAULT)  # SQLite deletes the file, as soon as nobody writes


def _mode(connection: sqlite3.Connection, new: str = "") -> str:
    """Return the journal mode, set anew where one is given."""
    setting = f" = {new}" if new else ""
    return str(connection.execute(f"PRAGMA journal_mode{setting}").fetchone()[0])
