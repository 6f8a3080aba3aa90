"""Where the project keeps an account: outputs, files of runs and models, rows of the store."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import BadZipFile, ZipFile

from tiktok_segments.accounts.privacy.forgotten import FILE as LIST
from tiktok_segments.tracking.artifacts import CONFIG
from tiktok_segments.tracking.holdings import (
    Cell,
    RemoteFile,
    Server,
    Store,
    fetch,
    folders_below,
)
from tiktok_segments.tracking.holdings.remote_files import is_reachable, is_there
from tiktok_segments.tracking.relocation import local_path
from tiktok_segments.tracking.store import store_file
from tiktok_segments.upkeep.forgetting.binary_tables import UnreadableError, readable
from tiktok_segments.upkeep.forgetting.contents import holds, write_without
from tiktok_segments.upkeep.forgetting.windows import is_named
from tiktok_segments.upkeep.forgetting.words import Name
from tiktok_segments.upkeep.named_files import recorded_root

_KEY = re.compile(rb"^ *pseudonyms: '?([0-9a-f]{12})'?$", re.MULTILINE)

WORK = "forgetting"
"""Folder below the outputs: new contents and the journal, while an account is forgotten."""

BACKUPS = "backups"
"""Likewise: copies of the store, which are named and left as they are."""

EXPORTS = "data"
"""Folder of the project with exports, which are their owner's to change."""


@dataclass(frozen=True)
class AccountTraces:
    """Where an account is kept.

    Attributes
    ----------
    files : tuple of Path or RemoteFile
        Which are written anew.
    cells : tuple of Cell
        Of the store, likewise.
    named : tuple of Path or RemoteFile
        Folders of backups, exports, and files that bear its name or are of no known kind: they
        hold it, and stay as they are.
    fixed : tuple of Cell
        Of the store, which no request to its server changes.
    unseen : tuple of str
        Addresses of artifacts that only the store's server hands out.
    unread : tuple of Path or RemoteFile
        Files, and folders of backups with files, that are not what their endings say: whether they
        hold the account nobody can tell.
    """

    files: tuple[Path | RemoteFile, ...]
    cells: tuple[Cell, ...]
    named: tuple[Path | RemoteFile, ...]
    fixed: tuple[Cell, ...] = ()
    unseen: tuple[str, ...] = ()
    unread: tuple[Path | RemoteFile, ...] = ()


def find_keys(store: Store, root: Path) -> set[str]:
    """Return the ids of the keys under which runs of a store have pseudonyms.

    Parameters
    ----------
    store : Store
        Which holds the runs.
    root : Path
        The project's folder.

    Returns
    -------
    set of str
        As the runs' configurations have them.

    Raises
    ------
    InputError
        If the store cannot be read.
    """
    local = (file for folder in _folders(store) for file in folder.rglob(CONFIG))
    remote = (
        copy
        for address in _addresses(store)
        for run in folders_below(address)
        if is_there(file := RemoteFile(address, f"{run}/artifacts/{CONFIG}"))
        for _, copy in fetch(address, file.path, root / "outputs" / WORK)
    )
    return {
        key.decode() for file in chain(local, remote) for key in _KEY.findall(file.read_bytes())
    }


def find_traces(
    store: Store,
    root: Path,
    names: list[Name],
    progress: Callable[[int, int], None],
    take: Callable[[Path | RemoteFile, Path], None],
) -> AccountTraces:
    """Look for an account, where nothing else is at work.

    Parameters
    ----------
    store : Store
        Which holds the runs.
    root : Path
        The project's folder.
    names : list of Name
        Its handle, and its pseudonym where there is a key.
    progress : callable
        Called with the number of files that were looked at, and of all; a folder that a server
        hands out counts as one.
    take : callable
        Given each file that is to be written anew, and where its new content is, which is its own.

    Returns
    -------
    AccountTraces
        Where it is.

    Raises
    ------
    InputError
        If the store cannot be read.
    """
    files = sorted({*_kept_files(store, root)})
    remote = [(address, name) for address in _addresses(store) for name in folders_below(address)]
    others = list(_others(store, root))
    total = len(files) + len(remote) + len(others)
    work = root / "outputs" / WORK
    batches: Iterator[Iterable[tuple[Path | RemoteFile, Path]]] = chain(
        ([(file, file)] for file in files),
        (fetch(address, name, work) for address, name in remote),
    )
    changed: list[Path | RemoteFile] = []
    named: list[Path | RemoteFile] = []
    unread: list[Path | RemoteFile] = []
    for number, batch in enumerate(batches, start=1):
        for place, file in batch:
            left = file
            try:
                if holds(file, names):
                    left = work / str(len(changed)) / file.name
                    write_without(file, left, names)
            except UnreadableError:
                unread.append(place)
            if is_named(left, names):
                named.append(place)
            if left != file:
                take(place, left)
                changed.append(place)
        progress(number, total)
    for number, (place, file) in enumerate(others, start=len(files) + len(remote) + 1):
        try:
            if _has(file, names, work):
                named.append(place)
        except UnreadableError:
            unread.append(place)
        if is_named(file, names):
            named.append(place)
        progress(number, total)
    cells = list(store.texts([form for name in names for form in name.forms], _eraser(names)))
    return AccountTraces(
        files=tuple(changed),
        cells=tuple(cell for cell in cells if not cell.fixed),
        named=tuple(dict.fromkeys(named)),
        fixed=tuple(cell for cell in cells if cell.fixed),
        unseen=tuple(address for address in store.roots() if not is_reachable(address)),
        unread=tuple(dict.fromkeys(unread)),
    )


def _has(file: Path, names: list[Name], work: Path) -> bool:
    """Say whether a file holds an account, and whether one within an archive does."""
    if not file.name.lower().endswith(".zip"):
        return holds(file, names)
    with ExitStack() as stack:
        # A member may be encrypted, or packed in a way that Python does not know.
        with readable(BadZipFile, OSError, EOFError, zlib.error, RuntimeError):
            archive = stack.enter_context(ZipFile(file))
        work.mkdir(parents=True, exist_ok=True)
        for member in archive.infolist():
            with TemporaryDirectory(dir=work) as folder:
                with readable(BadZipFile, OSError, EOFError, zlib.error, RuntimeError):
                    inner = Path(archive.extract(member, folder))
                if inner.is_file() and (_has(inner, names, work) or is_named(inner, names)):
                    return True
    return False


def _eraser(names: list[Name]) -> Callable[[str], str]:
    def erase(text: str) -> str:
        for name in names:
            text = name.erase(text)
        return text

    return erase


def _addresses(store: Store) -> list[str]:
    """Return the roots of artifacts that are not of this machine and can be reached."""
    roots = [address for address in store.roots() if local_path(address) is None]
    return [address for address in roots if is_reachable(address)]


def _folders(store: Store) -> list[Path]:
    """Return the roots of artifacts that are folders of this machine."""
    if isinstance(store, Server):
        return []
    own = [recorded_root(file)] if (file := store_file(store.address)) else []
    return own + [path for address in store.roots() if (path := local_path(address))]


def _kept_files(store: Store, root: Path) -> Iterator[Path]:
    outputs = root / "outputs"
    left = (outputs / BACKUPS, outputs / WORK)
    for folder in (outputs, *_folders(store)):
        for file in folder.rglob("*"):
            if file.is_file() and not any(file.is_relative_to(one) for one in left):
                yield file


def _others(store: Store, root: Path) -> Iterator[tuple[Path, Path]]:
    """Give the files that are looked at and left as they are: of a backup its folder, exports."""
    kept = store_file(store.address)
    own = {f"{kept.name}{end}" for end in ("", "-wal", "-shm", "-journal") if kept} | {LIST}
    beside = [file for file in root.glob("*") if file.is_file() and file.name not in own]
    # One without programs is what output= named.
    folders = {one for one in root.glob("[!.]*") if one.is_dir() and not any(one.rglob("*.py"))}
    folders = {*folders, root / EXPORTS} - {root / "outputs", root / "mlruns"}
    beside += [file for one in folders for file in one.rglob("*") if file.is_file()]
    yield from ((file, file) for file in sorted(beside))
    for backup in sorted((root / "outputs" / BACKUPS).glob("*")):
        yield from ((backup, one) for one in sorted(backup.rglob("*")) if one.is_file())
