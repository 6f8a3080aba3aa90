"""CSV and TSV in batches, with the physical line of every row."""

from __future__ import annotations

import io
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv

from tiktok_segments.export.delimited import (
    find_delimiter,
    list_ragged,
    read_header,
    without_separator_line,
)
from tiktok_segments.export.errors import NotStreamableError
from tiktok_segments.export.lines import empty_rows, lines_spanned
from tiktok_segments.export.records import Records, Select
from tiktok_segments.export.text_source import TextSource


class DelimitedBatches:
    """The rows of delimited text; see :class:`~tiktok_segments.export.batches.RecordBatches`.

    Parameters
    ----------
    source : TextSource
        The text.
    select : callable
        Chooses the columns to read; the delimiter under which it finds most wins.

    Raises
    ------
    InputError
        If there is no header.
    """

    rows: int | None = None

    def __init__(self, source: TextSource, select: Select) -> None:
        self.source = source
        self.name = source.name
        head = next(source.chunks(), b"")
        text, self.skipped, delimiter = without_separator_line(head)
        self._separator_line = len(head) - len(text)
        self.delimiter = delimiter or find_delimiter(text, self.name, select)
        self.names = read_header(text, self.name, self.delimiter)
        self.positions = sorted(select(self.names))

    def batches(self) -> Iterator[Records]:
        """Give the rows from the first on; ragged ones are among the rejected.

        Raises
        ------
        NotStreamableError
            If a row is longer than a chunk, the header is ragged, a quote may be left open, or
            lines end as on old machines.
        """
        ragged: list[pa.csv.InvalidRow] = []
        numbering = _Numbering(self.skipped)
        try:
            for batch in self._open(ragged):
                yield self._records(pa.Table.from_batches([batch]), ragged, numbering)
        except pa.ArrowInvalid as error:
            raise NotStreamableError(str(error)) from error
        if self.source.quotes % 2 or not self.source.lines:
            raise NotStreamableError("a quote may be left open, or lines end in another way")
        last = self._records(self._nothing(), ragged, numbering)
        last.warnings.extend(self.source.warnings)
        yield last

    def _open(self, ragged: list[pa.csv.InvalidRow]) -> pa.csv.CSVStreamingReader:
        def note(row: pa.csv.InvalidRow) -> str:
            ragged.append(row)
            return "skip"

        names = [str(position) for position in range(len(self.names))]
        return pa.csv.open_csv(
            pa.PythonFile(_Readable(self.source.chunks(), self._separator_line), mode="r"),
            # Rows are numbered in one thread only.
            read_options=pa.csv.ReadOptions(
                column_names=names, use_threads=False, block_size=self.source.chunk
            ),
            parse_options=pa.csv.ParseOptions(
                delimiter=self.delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=note,
            ),
            convert_options=pa.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), check_utf8=False
            ),
        )

    def _nothing(self) -> pa.Table:
        names = [str(position) for position in range(len(self.names))]
        return pa.table({name: pa.array([], pa.string()) for name in names})

    def _records(
        self, table: pa.Table, ragged: list[pa.csv.InvalidRow], numbering: _Numbering
    ) -> Records:
        keep = ~empty_rows(table)
        at_start = numbering.record == 1
        starts, broken, lines = numbering.advance(table, ragged)
        if at_start and len(keep):
            if broken and broken[0].number == 1:
                raise NotStreamableError("the header is ragged")
            keep[0] = False
        mask = pa.array(keep)
        return Records(
            self.names,
            {position: table.column(position).filter(mask) for position in self.positions},
            starts[keep],
            rejected=self._rejected(broken, lines),
            guarded=True,
        )

    def _rejected(self, broken: list[pa.csv.InvalidRow], lines: list[int]) -> pd.DataFrame:
        return list_ragged(broken, np.array(lines, dtype=np.int64))


class _Numbering:
    """Where the next record starts.

    Parameters
    ----------
    skipped : int
        Lines before the first record.
    """

    def __init__(self, skipped: int) -> None:
        self.record = 1
        self.line = 1 + skipped

    def advance(
        self, table: pa.Table, ragged: list[pa.csv.InvalidRow]
    ) -> tuple[np.ndarray, list[pa.csv.InvalidRow], list[int]]:
        """Number a batch's records, and take the ragged ones among them out of the list."""
        spans = lines_spanned(table, "\n")
        broken: list[pa.csv.InvalidRow] = []
        lines: list[int] = []
        before = np.zeros(len(spans) + 1, dtype=np.int64)
        while ragged and ragged[0].number <= self.record + len(spans) + len(broken):
            row = ragged.pop(0)
            place = row.number - self.record - len(broken)
            lines.append(int(self.line + spans[:place].sum() + before[: place + 1].sum()))
            before[place] += 1 + row.text.count("\n")
            broken.append(row)
        starts = self.line + np.cumsum(spans) - spans + np.cumsum(before)[: len(spans)]
        self.record += len(spans) + len(broken)
        self.line += int(spans.sum() + before.sum())
        return starts, broken, lines


class _Readable(io.RawIOBase):
    """Chunks as a file that can be read on.

    Parameters
    ----------
    chunks : iterator of bytes
        The text.
    skip : int
        Bytes of the first chunk to leave out.
    """

    def __init__(self, chunks: Iterator[bytes], skip: int) -> None:
        self._chunks = chunks
        self._rest = memoryview(next(chunks, b""))[skip:]

    def readable(self) -> bool:
        """Whether it can be read: it can."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return at most so many of the next bytes; none at the end."""
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return b""
            self._rest = memoryview(chunk)
        taken, self._rest = self._rest[:size], self._rest[size:]
        return bytes(taken)
