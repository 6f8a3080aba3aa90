"""Contents of files without an account, by what their endings say that they are."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import BinaryIO, cast

from pyarrow.parquet import ParquetWriter

from tiktok_segments.files import whole_file
from tiktok_segments.upkeep.forgetting.binary_tables import (
    digests_without,
    parquet_parts,
    readable,
    workbook_without,
)
from tiktok_segments.upkeep.forgetting.documents import document_without, page_without, text_without
from tiktok_segments.upkeep.forgetting.text_tables import csv_rows, json_rows
from tiktok_segments.upkeep.forgetting.windows import has_letters
from tiktok_segments.upkeep.forgetting.words import Name

_DAMAGES = OSError, EOFError, zlib.error
_FOREIGN = "surrogateescape"
"""What is no UTF-8 is kept as it is."""

_PACKED: dict[str, Callable[[bytes, Name], bytes]] = {
    "handles.npy": digests_without,
    ".xlsx": workbook_without,
}
"""Endings of what is no text, and is read as a whole."""

_ROWS: dict[str, Callable[[Iterable[str], Sequence[Name]], Iterator[tuple[str, str]]]] = {
    ".csv": csv_rows,
    ".jsonl": json_rows,
}
"""Of tables in text, which may be of any size."""

_TEXTS: dict[str, Callable[[str, Name], str]] = {
    ".json": document_without,
    ".html": page_without,
    ".txt": text_without,
    ".md": text_without,
    ".log": text_without,
    ".yaml": text_without,
}
"""Of texts that are read as a whole, where the letters of a name are in them."""


def holds(file: Path, accounts: Sequence[Name]) -> bool:
    """Say whether a file has something of an account that can be taken out of it.

    Parameters
    ----------
    file : Path
        Its ending says what it is. What is of no known kind has nothing.
    accounts : sequence of Name
        Whom to look for.

    Raises
    ------
    UnreadableError
        If it is not what its ending says, so that nobody can tell whether it holds the account.
    """
    kind = _kind(file)
    if kind == ".parquet":
        with closing(parquet_parts(file, accounts)) as parts:
            return any(kept is not part for part, kept in parts)
    if kind in _PACKED:
        return _whole_without(file, accounts) is not None
    if kind not in (*_ROWS, *_TEXTS):
        return False
    with _opened(file) as source, readable(*_DAMAGES):
        if not has_letters(source, accounts):
            return False
    if kind in _ROWS:
        with closing(_rows(file, accounts)) as rows:
            return any(kept != row for row, kept in rows)
    return _whole_without(file, accounts) is not None


def write_without(file: Path, target: Path, accounts: Sequence[Name]) -> None:
    """Write what is left of a file that holds an account.

    Parameters
    ----------
    file : Path
        Of which :func:`holds` says so.
    target : Path
        Where to; it appears whole or not at all.
    accounts : sequence of Name
        Whose rows go; elsewhere their names do.

    Raises
    ------
    UnreadableError
        If the file is not what its ending says.
    InputError
        If the target cannot be written.
    """
    kind = _kind(file)
    with whole_file(target) as out:
        if kind == ".parquet":
            writer = None
            for _, kept in parquet_parts(file, accounts):
                writer = writer or ParquetWriter(out, kept.schema)
                writer.write_batch(kept)
            if writer is not None:
                writer.close()
            return
        packed = _is_packed(file)
        sink = gzip.GzipFile("", "wb", fileobj=out, mtime=0) if packed else out
        if kind in _ROWS:
            for _, kept in _rows(file, accounts):
                sink.write(kept.encode("utf-8", _FOREIGN))
        else:
            sink.write(_whole_without(file, accounts) or b"")
        if packed:
            sink.close()


def _kind(file: Path) -> str:
    plain = file.name.lower().removesuffix(".gz")
    return next(
        (kind for kind in (*_PACKED, *_ROWS, *_TEXTS, ".parquet") if plain.endswith(kind)), ""
    )


def _is_packed(file: Path) -> bool:
    return file.name.lower().endswith(".gz")


def _opened(file: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(file)) if _is_packed(file) else file.open("rb")


def _whole_without(file: Path, accounts: Sequence[Name]) -> bytes | None:
    """Return what is left of a file that is read as a whole, None where it holds no account."""
    kind = _kind(file)
    with _opened(file) as source, readable(*_DAMAGES):
        data = source.read()
    kept = data
    for account in accounts:
        if kind in _PACKED:
            kept = _PACKED[kind](kept, account)
        else:
            text = kept.decode("utf-8", _FOREIGN)
            kept = _TEXTS[kind](text, account).encode("utf-8", _FOREIGN)
    return None if kept == data else kept


def _rows(file: Path, accounts: Sequence[Name]) -> Generator[tuple[str, str]]:
    """Give the rows of a table in text as they are, and without accounts."""
    kind = _kind(file)
    end = "" if kind == ".csv" else "\n"  # a text within JSON may hold other ends of lines
    with (
        io.TextIOWrapper(_opened(file), "utf-8", _FOREIGN, newline=end) as source,
        readable(*_DAMAGES, csv.Error),
    ):
        yield from _ROWS[kind](source, accounts)
