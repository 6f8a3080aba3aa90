"""The journal of a forgetting: everything ready first, then changed; a killed one is finished.

Until the journal is there, nothing was changed, and what was prepared is thrown away by the next
call. From then on the next call does the rest, from whatever step on.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from tiktok_segments.accounts.privacy.forgotten import FILE, Forgotten, new_list, read_forgotten
from tiktok_segments.errors import InputError
from tiktok_segments.files import write_whole
from tiktok_segments.tracking.relocation import PATIENCE
from tiktok_segments.tracking.store import store_lock
from tiktok_segments.upkeep.forgetting.search import WORK, Cell, Found, find_traces, quoted
from tiktok_segments.upkeep.forgetting.words import Name

JOURNAL = "journal.json"


@dataclass(frozen=True)
class _Change:
    """A file, and the one in the folder of the journal that takes its place.

    Its path is from the project's folder on, which may be moved or copied before the rest is done.
    """

    path: str
    content: str


def forget(
    store: Path,
    root: Path,
    accounts: Iterable[Name],
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Found:
    """Take an account out of the project, and keep later exports from bringing it back.

    Parameters
    ----------
    store : Path
        A SQLite store of MLflow's.
    root : Path
        The project's folder.
    accounts : iterable of Name
        Its handle, and its pseudonym where there is a key.
    progress : callable
        Called with the number of files that were looked at, and of all.

    Returns
    -------
    Found
        Where it was.

    Raises
    ------
    InputError
        If the store cannot be read, or something cannot be written; nothing is changed then, or
        the next call does the rest.
    """
    names = list(accounts)
    with store_lock():
        _finish(store, root)
        folder = root / "outputs" / WORK
        folder.mkdir(parents=True)
        changes: list[_Change] = []

        def take(file: Path, content: bytes) -> None:
            place = file.relative_to(root) if file.is_relative_to(root) else file
            change = _Change(str(place), f"{len(changes)}.new")
            write_whole(folder / change.content, content)
            changes.append(change)

        found = find_traces(store, root, names, progress, take)
        gone = read_forgotten(root / FILE) or new_list()
        for name in names:
            gone = gone.with_account(name.handle)
        gone.write(folder / FILE)
        plain = {
            "files": [asdict(change) for change in changes],
            "cells": [asdict(cell) for cell in found.cells],
        }
        write_whole(folder / JOURNAL, json.dumps(plain))
        _finish(store, root)
    return found


def finish_pending(store: Path, root: Path) -> bool:
    """Do the rest of a forgetting that was killed, or throw away what it had prepared.

    Returns
    -------
    bool
        Whether there was a rest to do.

    Raises
    ------
    InputError
        If something cannot be written.
    """
    with store_lock():
        return _finish(store, root)


def _finish(store: Path, root: Path) -> bool:
    folder = root / "outputs" / WORK
    journal = folder / JOURNAL
    if not journal.exists():
        shutil.rmtree(folder, ignore_errors=True)
        return False
    plain = json.loads(journal.read_text(encoding="utf-8"))
    # First the list: whatever is read from now on does not bring the account back.
    gone = read_forgotten(folder / FILE)
    if gone is not None:
        _join(gone, read_forgotten(root / FILE)).write(root / FILE)
    for change in (_Change(**one) for one in plain["files"]):
        path, content = root / change.path, folder / change.content
        for cut in path.parent.glob(f".{path.name}.*"):  # of a kill in the middle of a file
            cut.unlink()
        if path.exists():
            write_whole(path, content.read_bytes())
    _rewrite(store, [Cell(**one) for one in plain["cells"]])
    journal.unlink()  # the last of what leads here: what is left is thrown away
    shutil.rmtree(folder)
    return True


def _join(gone: Forgotten, before: Forgotten | None) -> Forgotten:
    if before is None or before.salt != gone.salt:
        return gone
    return Forgotten(gone.salt, gone.hashes | before.hashes)


def _rewrite(file: Path, cells: list[Cell]) -> None:
    """Write cells anew in one transaction; leave nothing of the old ones in free pages."""
    try:
        with closing(sqlite3.connect(file, timeout=PATIENCE)) as store:
            store.execute("PRAGMA secure_delete = ON")
            with store:
                for cell in cells:
                    place = f"{quoted(cell.table)} SET {quoted(cell.column)} = ?"
                    store.execute(f"UPDATE {place} WHERE rowid = ?", (cell.text, cell.row))
            store.execute("VACUUM")
            store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as error:
        raise InputError(
            f"The store {file} cannot be written: {error}.\n"
            "The account is not forgotten yet. Call this again when the store is free."
        ) from error
