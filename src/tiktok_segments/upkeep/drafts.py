"""Drafts: a copy of a store to work on, beside the store that it is to replace."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tiktok_segments.upkeep.backup import DATABASE, copy_database


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

    Raises
    ------
    StoreError
        If the disk has no room for it.
    """
    place = file.with_name(f".{file.name}.draft")
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    try:
        copy_database(store, place / DATABASE)
        yield place / DATABASE
    finally:
        shutil.rmtree(place, ignore_errors=True)
