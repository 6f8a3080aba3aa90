"""The way back: a store as a backup has it, tried in another place first."""

import filecmp
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tiktok_segments.errors import InputError, StoreError
from tiktok_segments.files import write_whole
from tiktok_segments.tracking.relocation import BUSY_TIMEOUT, artifact_folder, readdress
from tiktok_segments.tracking.store import store_lock
from tiktok_segments.upkeep.backup import DATABASE, Backup, check_database
from tiktok_segments.upkeep.drafts import draft_of
from tiktok_segments.upkeep.named_files import (
    holds_model,
    named_folders,
    reading,
    recorded_root,
    require_quiet,
)
from tiktok_segments.wording import counted


@dataclass(frozen=True)
class Restored:
    """What a store holds after it was restored.

    Attributes
    ----------
    runs, models : int
        How many of each.
    unknown : int
        Folders of runs and models that were made after the backup: they lie where they lay, and
        the store does not know them any more.
    before : Backup or None
        The store as it was; None where there was nothing, or nobody asked for it.
    """

    runs: int
    models: int
    unknown: int
    before: Backup | None


def restore_store(backup: Path, file: Path, save: Callable[[], Backup] | None = None) -> Restored:
    """Make a store what a backup says it was.

    The backup is tried first: its database is read whole, and every model it names has to be
    there. Then missing artifacts are put back, which takes nothing away; last, the database is
    exchanged in one transaction. Killed on the way, the store is as it was or as the backup has
    it, and the same command can be given again.

    Parameters
    ----------
    backup : Path
        A folder that :func:`~tiktok_segments.upkeep.backup.back_up` made.
    file : Path
        The SQLite file of the store; it need not be there.
    save : callable, optional
        Makes a backup of what is there; called once the other one is found to be whole.

    Returns
    -------
    Restored
        What is there now.

    Raises
    ------
    InputError
        If the backup is none, lacks files, or runs are going on in the store.
    StoreError
        If the store cannot be written.
    """
    source = backup.absolute() / DATABASE
    if not source.exists():
        raise InputError(f"{backup} is no backup: it holds no {DATABASE}.")
    if file.exists() and source.samefile(file):
        raise InputError(f"{backup} is the store itself; say the folder of a backup.")
    check_database(source)
    folders = _folders_of(source)
    there = require_quiet(file) if file.exists() else []
    before = save() if file.exists() and save is not None else None
    for stored, relative in folders.values():
        _put_back(stored, artifact_folder(file) / relative)
    with store_lock(), reading(source) as old, draft_of(old, file) as draft:
        readdress(draft, recorded_root(source), artifact_folder(file))
        exchange(draft, file)
    return Restored(
        runs=sum(kind == "run" for kind, _ in folders),
        models=sum(kind == "model" for kind, _ in folders),
        unknown=len({(each.kind, each.owner) for each in there} - set(folders)),
        before=before,
    )


def _folders_of(source: Path) -> dict[tuple[str, str], tuple[Path, Path]]:
    """Return where a backup's artifacts lie, and their place in a store, by kind and owner.

    Refuses a backup that lacks the files of a model whose run finished.
    """
    recorded, beside = recorded_root(source), artifact_folder(source)
    found, lost = {}, []
    for each in named_folders(source):
        if each.path is None or not each.path.is_relative_to(recorded):
            raise InputError(
                f"The backup {source.parent} names artifacts elsewhere: {each.address}."
            )
        relative = each.path.relative_to(recorded)
        found[each.kind, each.owner] = (beside / relative, relative)
        if each.kind == "model" and each.must_hold_files and not holds_model(beside / relative):
            lost.append(each.owner)
    if lost:
        raise InputError(
            f"The backup {source.parent} is not whole: the files of "
            f"{counted(len(lost), 'model')} are gone or damaged, as of {lost[0]}. "
            "Nothing was restored."
        )
    return found


def _put_back(stored: Path, place: Path) -> None:
    """Put back what a folder of a backup holds and the store's lacks or has another content of."""
    for path in sorted(stored.rglob("*")):
        target = place / path.relative_to(stored)
        if path.is_dir():
            target.mkdir(parents=True, exist_ok=True)
        elif not target.exists() or not filecmp.cmp(path, target, shallow=False):
            write_whole(target, path.read_bytes())
            shutil.copystat(path, target)


def exchange(draft: Path, file: Path) -> None:
    """Write a database over another in one transaction.

    Raises
    ------
    StoreError
        If that cannot be written.
    """
    try:
        with (
            closing(sqlite3.connect(draft)) as new,
            closing(sqlite3.connect(file, timeout=BUSY_TIMEOUT)) as store,
        ):
            new.backup(store)
    except sqlite3.Error as error:
        raise StoreError(f"The store {file} cannot be written: {error}.") from error
