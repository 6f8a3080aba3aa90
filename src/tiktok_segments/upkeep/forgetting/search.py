"""Where the project keeps an account: outputs, files of runs and models, rows of the store."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tiktok_segments.accounts.privacy.forgotten import FILE as LIST
from tiktok_segments.tracking.artifacts import CONFIG
from tiktok_segments.upkeep.forgetting.tables import without
from tiktok_segments.upkeep.forgetting.words import Name
from tiktok_segments.upkeep.named_files import reading, recorded_root

_KEY = re.compile(rb"^ *pseudonyms: '?([0-9a-f]{12})'?$", re.MULTILINE)

WORK = "forgetting"
"""Folder below the outputs: new contents and the journal, while an account is forgotten."""

BACKUPS = "backups"
"""Likewise: copies of the store, which are named and left as they are."""

EXPORTS = "data"
"""Folder of the project with exports, which are their owner's to change."""


@dataclass(frozen=True)
class Cell:
    """A cell of the store that names an account.

    Attributes
    ----------
    table, column : str
        Where.
    row : int
        SQLite's number of the row.
    text : str
        What it is to say instead.
    """

    table: str
    column: str
    row: int
    text: str


@dataclass(frozen=True)
class Found:
    """Where an account is kept.

    Attributes
    ----------
    files : tuple of Path
        Which are written anew.
    cells : tuple of Cell
        Of the store, likewise.
    named : tuple of Path
        Folders of backups, exports, and files that bear its name or are of no known kind: they
        hold it, and stay as they are.
    """

    files: tuple[Path, ...]
    cells: tuple[Cell, ...]
    named: tuple[Path, ...]


def find_keys(store: Path) -> set[str]:
    """Return the ids of the keys under which runs of a store have pseudonyms.

    Parameters
    ----------
    store : Path
        A SQLite store of MLflow's.

    Returns
    -------
    set of str
        As the runs' configurations have them.
    """
    configurations = recorded_root(store).rglob(CONFIG)
    return {key.decode() for file in configurations for key in _KEY.findall(file.read_bytes())}


def find_traces(
    store: Path,
    root: Path,
    accounts: Iterable[Name],
    progress: Callable[[int, int], None] = lambda done, total: None,
    take: Callable[[Path, bytes], None] = lambda file, content: None,
) -> Found:
    """Look for an account.

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
    take : callable
        Given each file that is to be written anew, with its new content.

    Returns
    -------
    Found
        Where it is.

    Raises
    ------
    InputError
        If the store cannot be read.
    """
    names = list(accounts)
    files = sorted(set(_kept_files(store, root)))
    changed, named = [], []
    for number, file in enumerate(files, start=1):
        data = file.read_bytes()
        content = data
        for name in names:
            content = without(file.name, content, name)
        if content != data:
            take(file, content)
            changed.append(file)
        if _is_named(file.name.encode() + b"\n" + content, names):
            named.append(file)
        progress(number, len(files))
    named += [place for place, file in _others(store, root) if _holds(file, names)]
    return Found(tuple(changed), tuple(_cells(store, names)), tuple(dict.fromkeys(named)))


def _kept_files(store: Path, root: Path) -> Iterator[Path]:
    outputs = root / "outputs"
    left = (outputs / BACKUPS, outputs / WORK)
    for folder in (outputs, recorded_root(store)):
        for file in folder.rglob("*"):
            if file.is_file() and not any(file.is_relative_to(one) for one in left):
                yield file


def _others(store: Path, root: Path) -> Iterator[tuple[Path, Path]]:
    """Give the files that are looked at and left as they are: of a backup its folder, exports."""
    own = {f"{store.name}{end}" for end in ("", "-wal", "-shm", "-journal")} | {LIST}
    beside = [file for file in root.glob("*") if file.is_file() and file.name not in own]
    beside += [file for file in (root / EXPORTS).rglob("*") if file.is_file()]
    yield from ((file, file) for file in sorted(beside))
    for backup in sorted((root / "outputs" / BACKUPS).glob("*")):
        yield from ((backup, file) for file in sorted(backup.rglob("*")) if file.is_file())


def _holds(file: Path, names: list[Name]) -> bool:
    data = file.read_bytes()
    return _is_named(data, names) or any(without(file.name, data, one) != data for one in names)


def _is_named(data: bytes, names: list[Name]) -> bool:
    lower = data.lower()
    return any(
        name.handle.encode() in lower and name.is_in(data.decode("utf-8", errors="replace"))
        for name in names
    )


def _cells(file: Path, names: list[Name]) -> Iterator[Cell]:
    with reading(file) as store:
        tables = [name for (name,) in store.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )]  # fmt: skip
        for table in tables:
            columns = [row[1] for row in store.execute(f"PRAGMA table_info({quoted(table)})")]
            for column in columns:
                yield from _of_column(store, table, column, names)


def _of_column(
    store: sqlite3.Connection, table: str, column: str, names: list[Name]
) -> Iterator[Cell]:
    own, place = quoted(table), quoted(column)
    alike = " OR ".join(f"instr(lower({place}), ?)" for _ in names)
    query = f"SELECT rowid, {place} FROM {own} WHERE typeof({place}) = 'text' AND ({alike})"  # noqa: S608
    for row, text in store.execute(query, [name.handle for name in names]).fetchall():
        kept = text
        for name in names:
            kept = name.erase(kept)
        if kept != text:
            yield Cell(table, column, int(row), kept)


def quoted(name: str) -> str:
    """Return a name of SQLite's as a statement has it."""
    return '"' + name.replace('"', '""') + '"'
