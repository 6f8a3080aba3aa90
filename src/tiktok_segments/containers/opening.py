"""Which container a file is, told from its first bytes, never from its name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path

from tiktok_segments.containers.delimited import DelimitedRecords
from tiktok_segments.containers.encoding import CHUNK
from tiktok_segments.containers.hints import Hints
from tiktok_segments.containers.json_records import JsonLinesBatches, is_json_lines, read_json
from tiktok_segments.containers.layout import judge_text
from tiktok_segments.containers.parquet import ParquetRecords
from tiktok_segments.containers.records import NotStreamableError, RecordBatches, Records, Select
from tiktok_segments.containers.side_files import SUPPORTED
from tiktok_segments.containers.sources import GZIP, ZIP, read_bytes, unpack
from tiktok_segments.containers.text import TextFile, WholeText
from tiktok_segments.errors import InputError

_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
_KNOWN_BINARY = {
    b"\xd0\xcf\x11\xe0": "an old Excel file (.xls) or a locked workbook",
    b"%PDF": "a PDF",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"SQLite format 3": "an SQLite database",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"Rar!": "a RAR archive",
    b"\x28\xb5\x2f\xfd": "a Zstandard archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
}
_PARQUET = b"PAR1"
_JSON = re.compile(rb"\s*(?:\{|\[(?!\s*(?!true|false|null|NaN|Infinity)[A-Za-z]))")
"""How JSON begins: a title in brackets, such as [Export], does not."""
_PROBED = 8
"""Chunks that tell whether JSON is one record a line."""
_PROBED_BYTES = 1 << 20
"""Bytes of a file in memory that do."""


@dataclass(frozen=True)
class BatchSize:
    """How large a batch of a file beyond memory is.

    Parameters
    ----------
    rows : int
        Rows of a batch of Parquet: what pandas costs for each batch is then little beside what it
        does.
    chunk : int
        Bytes of a batch of text, about.
    """

    rows: int = 131_072
    chunk: int = CHUNK


def open_records(
    path: Path, select: Select, hints: Hints, *, size: BatchSize | None = None
) -> list[RecordBatches]:
    """Open the records of one file of whatever kind.

    Parameters
    ----------
    path : Path
        The file.
    select : callable
        Chooses the columns to read.
    hints : Hints
        What the user says about it.
    size : BatchSize, optional
        Reads Parquet, CSV, TSV and JSON Lines (these plain or gzip) in batches of this size. By
        default a file is one batch.

    Returns
    -------
    list of RecordBatches
        One item, or one for each file in a zip archive.

    Raises
    ------
    NotStreamableError
        If a size is given and the file is of a kind that must be read whole.
    InputError
        If the file cannot be opened, is empty, damaged or not of a known kind.
    """
    if size is not None:
        return [_open_stream(path, select, hints, size)]
    return open_contents(read_bytes(path), path.name, select, hints)


def read_text(path: Path) -> str:
    """Read a small text in whatever encoding, such as a list that somebody wrote.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    str
        Without a byte order mark and without line ends behind the last line.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    return WholeText(read_bytes(path), path.name).text.decode()


def open_contents(data: bytes, name: str, select: Select, hints: Hints) -> list[RecordBatches]:
    """Open the records of a file's contents, as :func:`open_records` does without a size.

    Parameters
    ----------
    data : bytes
        The file's contents.
    name : str
        The file's name, for messages.
    select : callable
        Chooses the columns to read.
    hints : Hints
        What the user says about it.

    Returns
    -------
    list of RecordBatches
        One batch each.

    Raises
    ------
    InputError
        As open_records.
    """
    unpacked = unpack(data, name)
    del data
    opened = [_open_part(contents, part, select, hints) for part, contents in unpacked.parts]
    return [with_notes(opened[0], unpacked.notes), *opened[1:]]


def with_notes(records: RecordBatches, notes: Sequence[str]) -> RecordBatches:
    """Add to what a reader should know of a file's records; it comes with the last batch."""
    return _Noted(records, notes) if notes else records


class _Noted:
    """Records with notes, as :class:`~.records.RecordBatches`."""

    def __init__(self, records: RecordBatches, notes: Sequence[str]) -> None:
        self._records, self._notes = records, notes
        self.name, self.names, self.place = records.name, records.names, records.place
        self.rows: int | None = records.rows

    def batches(self) -> Iterator[Records]:
        """Give the records from the first on."""
        before: Records | None = None
        for batch in self._records.batches():
            if before is not None:
                yield before
            before = batch
        if before is not None:
            yield replace(before, warnings=[*before.warnings, *self._notes])


def _open_part(data: bytes, name: str, select: Select, hints: Hints) -> RecordBatches:
    """Open one file whose gzip or zip is undone already."""
    if not data:
        raise InputError(f"{name} is empty.\nExport it again.")
    if data.startswith(_PARQUET):
        return ParquetRecords(data, name, select)
    if data.startswith(ZIP):
        from tiktok_segments.containers.excel.workbook import read_workbook  # a tenth of a second

        return read_workbook(data, name, select, hints.sheet, hints.header)
    for magic, kind in _KNOWN_BINARY.items():
        if data.startswith(magic):
            raise InputError(f"{name} is {kind}, which is not read.\n{SUPPORTED}")
    source = WholeText(
        data, name, hints.encoding, partial(judge_text, select=select, header=hints.header)
    )
    _check_text(source.text, name)
    if not _JSON.match(source.text):
        return DelimitedRecords(source, select, hints.header)
    lines = is_json_lines(source.text[:_PROBED_BYTES].decode("utf-8", errors="ignore"))
    kind = "JSON Lines" if lines else "JSON"
    return _named(read_json(source.text, name, select, source.warnings), kind, source.encoding)


def _open_stream(path: Path, select: Select, hints: Hints, size: BatchSize) -> RecordBatches:
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except OSError as error:
        raise NotStreamableError(str(error)) from error
    if magic == _PARQUET:
        return ParquetRecords(path, path.name, select, size.rows)
    source = TextFile(
        path, size.chunk, hints.encoding, partial(judge_text, select=select, header=hints.header)
    )
    text = next(source.chunks(), b"")
    if not text or text.startswith((_PARQUET, ZIP, GZIP, *_KNOWN_BINARY)):
        raise NotStreamableError("no plain text")
    _check_text(text, source.name)
    if not _JSON.match(text):
        return DelimitedRecords(source, select, hints.header)
    head = b"".join(islice(source.chunks(), _PROBED)).decode("utf-8", errors="ignore")
    if not is_json_lines(head):
        raise NotStreamableError("JSON that is one document")
    return _named(JsonLinesBatches(source, select), "JSON Lines", source.encoding)


def _named(records: RecordBatches, kind: str, encoding: str) -> RecordBatches:
    records.place = replace(records.place, kind=f"{kind}, {encoding}")
    return records


def _check_text(text: bytes, name: str) -> None:
    """Refuse what is no text of an export, by its beginning.

    Raises
    ------
    InputError
        If it is blank, a web page, or full of control characters.
    """
    if not text.strip():
        raise InputError(f"{name} holds nothing but blanks.\nExport it again.")
    if text.lstrip()[:1] == b"<":
        raise InputError(f"{name} is a web page or XML, not an export.\n{SUPPORTED}")
    head = text[: 2**16]
    control = _CONTROL.search(head)
    # A few of them are damage in some rows; many are no text at all.
    if control and len(_CONTROL.findall(head)) > max(8, 0.02 * len(head)):
        line = head.count(b"\n", 0, control.start()) + 1
        raise InputError(
            f"{name} is not text: byte 0x{control.group()[0]:02X} at line {line}.\n{SUPPORTED}"
        )
