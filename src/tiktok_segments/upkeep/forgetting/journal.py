"""The journal of a forgetting: everything ready first, then changed; a killed one is finished."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock

from tiktok_segments.accounts.privacy.forgotten import FILE, Forgotten, new_list, read_forgotten
from tiktok_segments.errors import InputError
from tiktok_segments.files import whole_file, write_whole
from tiktok_segments.tracking.holdings import Cell, RemoteFile, Store, replace_file
from tiktok_segments.tracking.store import PATIENCE, store_file, store_lock
from tiktok_segments.upkeep.forgetting.search import WORK, AccountTraces, find_traces
from tiktok_segments.upkeep.forgetting.words import Name

JOURNAL = "journal.json"


@dataclass(frozen=True)
class _Change:
    """A file, and the one in the folder of the journal that takes its place.

    Its path is from the project's folder on, which may be moved or copied before the rest is done;
    of a file that a server hands out, from the root of its artifacts on.
    """

    path: str
    content: str
    root: str | None = None


def look(
    store: Store,
    root: Path,
    accounts: Iterable[Name],
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> AccountTraces:
    """Look for an account, and change nothing.

    Parameters
    ----------
    store, root, accounts, progress
        As of :func:`forget`.

    Returns
    -------
    AccountTraces
        Where it is.

    Raises
    ------
    InputError
        If the store cannot be read.
    """
    with _alone(store, root):
        _finish(store, root)
        try:
            return find_traces(store, root, list(accounts), progress, _throw_away)
        finally:
            shutil.rmtree(root / "outputs" / WORK, ignore_errors=True)


def forget(
    store: Store,
    root: Path,
    accounts: Iterable[Name],
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> AccountTraces:
    """Take an account out of the project, and keep later exports from bringing it back.

    Until the journal is there, nothing was changed, and what was prepared is thrown away by the
    next call. From then on the next call does the rest, from whatever step on.

    Parameters
    ----------
    store : Store
        Which holds the runs.
    root : Path
        The project's folder.
    accounts : iterable of Name
        Its handle, and its pseudonym where there is a key.
    progress : callable
        Called with the number of files that were looked at, and of all.

    Returns
    -------
    AccountTraces
        Where it was.

    Raises
    ------
    InputError
        If the store cannot be read, or something cannot be written; nothing is changed then, or
        the next call does the rest.
    """
    names = list(accounts)
    with _alone(store, root):
        _finish(store, root)
        folder = root / "outputs" / WORK
        folder.mkdir(parents=True)
        changes: list[_Change] = []

        def take(file: Path | RemoteFile, content: Path) -> None:
            new = str(content.relative_to(folder))
            if isinstance(file, RemoteFile):
                changes.append(_Change(file.path, new, file.root))
            else:
                changes.append(_Change(str(_from(root, file)), new))

        found = find_traces(store, root, names, progress, take)
        gone = read_forgotten(root / FILE) or new_list()
        for name in names:
            gone = gone.with_account(name.handle)
        gone.write(folder / FILE)
        plain = {
            "store": _place(store, root),
            "files": [asdict(change) for change in changes],
            "cells": [asdict(cell) for cell in found.cells],
        }
        write_whole(folder / JOURNAL, json.dumps(plain))
        _finish(store, root)
    return found


def finish_pending(store: Store, root: Path) -> bool:
    """Do the rest of a forgetting that was killed, or throw away what it had prepared.

    Returns
    -------
    bool
        Whether there was a rest to do.

    Raises
    ------
    InputError
        If something cannot be written, or the rest is to be done in another store.
    """
    with _alone(store, root):
        return _finish(store, root)


@contextmanager
def _alone(store: Store, root: Path) -> Iterator[None]:
    """Keep other processes of this machine from the store, or of a server's from the journal."""
    if store_file(store.address) is not None:
        with store_lock():
            yield
        return
    lock = root / "outputs" / f".{WORK}.lock"
    lock.parent.mkdir(exist_ok=True)
    with FileLock(lock, timeout=PATIENCE):
        yield


def _place(store: Store, root: Path) -> str:
    """Return what tells a store from others, also after the project was moved."""
    file = store_file(store.address)
    return str(_from(root, file.absolute())) if file else store.label


def _from(root: Path, file: Path) -> Path:
    return file.relative_to(root) if file.is_relative_to(root) else file


def _finish(store: Store, root: Path) -> bool:
    folder = root / "outputs" / WORK
    journal = folder / JOURNAL
    if not journal.exists():
        shutil.rmtree(folder, ignore_errors=True)
        return False
    plain = json.loads(journal.read_text(encoding="utf-8"))
    if plain["store"] != _place(store, root):
        raise InputError(
            f"An account was being forgotten in the store {plain['store']} when that was cut off.\n"
            "Call forget there once more, by its MLFLOW_TRACKING_URI, before another store."
        )
    # First the list: whatever is read from now on does not bring the account back.
    gone = read_forgotten(folder / FILE)
    if gone is not None:
        _join(gone, read_forgotten(root / FILE)).write(root / FILE)
    try:
        for change in (_Change(**one) for one in plain["files"]):
            _put(change, folder / change.content, root)
        store.rewrite([Cell(**one) for one in plain["cells"]])
    except InputError as error:
        raise InputError(
            f"{error}\nThe account is not forgotten yet. Call this again when that is mended."
        ) from error
    journal.unlink()  # the last of what leads here: what is left is thrown away
    shutil.rmtree(folder)
    return True


def _throw_away(_: Path | RemoteFile, content: Path) -> None:
    content.unlink()


def _put(change: _Change, content: Path, root: Path) -> None:
    if change.root is not None:
        replace_file(RemoteFile(change.root, change.path), content)
        return
    path = root / change.path
    for cut in path.parent.glob(f".{path.name}.*"):  # of a kill in the middle of a file
        cut.unlink()
    if path.exists():
        with whole_file(path) as out, content.open("rb") as source:
            shutil.copyfileobj(source, out)


def _join(gone: Forgotten, before: Forgotten | None) -> Forgotten:
    if before is None or before.salt != gone.salt:
        return gone
    return Forgotten(gone.salt, gone.hashes | before.hashes)
