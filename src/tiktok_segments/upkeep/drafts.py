"""Drafts: a copy of a store to work on, beside the store that it is to replace."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tiktok_segments.upkeep.backup import DATABASE


@contextmanager
def draft_of(store: sqlite3.Connection, file: Path) -> Iterator[Path]:
    """Copy a database, by SQLite's online backup, into a hidden folder beside a store.

    The folder goes at the end. One that a killed command left goes before: the caller holds the
    store's lock, so that no other command can be at work in it.

    Parameters
    ----------
    store : Connection
        What is copied.
    file : Path
        The SQLite file of the store that the draft is for.

    Yields
    ------
    Path
        The copy.
    """
    place = file.with_name(f".{file.name}.draft")
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    try:
        with closing(sqlite3.connect(place / DATABASE)) as copy:
            store.backup(copy)
        yield place / DATABASE
    finally:
        shutil.rmtree(place, ignore_errors=True)
