"""The records of one file as batches, told from its first bytes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Protocol

from tiktok_segments.export.compression import GZIP
from tiktok_segments.export.containers import KNOWN_BINARY, check_text
from tiktok_segments.export.delimited_batches import DelimitedBatches
from tiktok_segments.export.errors import NotStreamableError
from tiktok_segments.export.json_batches import JsonLinesBatches
from tiktok_segments.export.json_records import is_json_lines
from tiktok_segments.export.parquet_batches import ParquetBatches
from tiktok_segments.export.records import Records, Select
from tiktok_segments.export.text_source import CHUNK, TextSource

PROBED = 8
"""Chunks that tell whether JSON is one record a line."""


class RecordBatches(Protocol):
    """One file's records, which can be asked for again and again.

    Attributes
    ----------
    name : str
        The file's, for messages.
    names : list of str
        Its columns.
    rows : int or None
        Its records, where that is known beforehand.
    """

    name: str
    names: list[str]
    rows: int | None

    def batches(self) -> Iterator[Records]:
        """Give the records from the first on; ``warnings`` come with the last batch."""
        ...


def open_records(
    path: Path, select: Select, *, batch_rows: int, chunk: int = CHUNK
) -> RecordBatches:
    """Open one file of a kind that can be read in batches.

    Parameters
    ----------
    path : Path
        Parquet; CSV, TSV or JSON Lines, plain or gzip.
    select : callable
        Chooses the columns to read.
    batch_rows : int
        Rows of a batch of Parquet.
    chunk : int
        Bytes of a batch of text, about.

    Returns
    -------
    RecordBatches
        In the order of the file.

    Raises
    ------
    NotStreamableError
        If it is of another kind.
    InputError
        If it is no text, or has no header.
    """
    with path.open("rb") as file:
        magic = file.read(4)
    if magic == b"PAR1":
        return ParquetBatches(path, select, batch_rows)
    source = TextSource(path, chunk)
    text = next(source.chunks(), b"")
    if not text or text.startswith((b"PAR1", b"PK\x03\x04", GZIP, *KNOWN_BINARY)):
        raise NotStreamableError("no plain text")
    check_text(text, source.name)
    if text.lstrip()[:1] not in (b"{", b"["):
        return DelimitedBatches(source, select)
    head = b"".join(islice(source.chunks(), PROBED)).decode("utf-8", errors="ignore")
    if not is_json_lines(head):
        raise NotStreamableError("JSON that is one document")
    return JsonLinesBatches(source, select)
