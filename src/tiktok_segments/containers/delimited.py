"""CSV and TSV to records, with the physical line of every row."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from tiktok_segments.containers.broken_rows.mends import find_mends
from tiktok_segments.containers.broken_rows.quotes import QuoteCheck, check_last_quote
from tiktok_segments.containers.broken_rows.widths import (
    least_width,
    mend_widths,
    most_common_width,
    wide_rows,
)
from tiktok_segments.containers.layout import LineNumbering, read_head
from tiktok_segments.containers.records import (
    NotStreamableError,
    Place,
    Records,
    Select,
    put_together,
)
from tiktok_segments.containers.second_table import cut_second_table
from tiktok_segments.containers.text import Text
from tiktok_segments.errors import InputError, reason

_KINDS = {
    ",": "CSV with commas", ";": "CSV with semicolons", "\t": "TSV", "|": "CSV with bars",
}  # fmt: skip


class DelimitedRecords:
    """The rows of delimited text, as :class:`~.records.RecordBatches`.

    The header is looked for among the first lines, and the delimiter with it. A text in memory is
    one batch.

    Parameters
    ----------
    source : WholeText or TextFile
        The text.
    select : callable
        Chooses the columns to read; the line and the delimiter under which it finds most win.
    header : int, optional
        The header's line, from 1, where the user says it.

    Raises
    ------
    InputError
        If there is no header.
    """

    rows: int | None = None

    def __init__(self, source: Text, select: Select, header: int | None = None) -> None:
        self._source = source
        self.name = source.name
        head = read_head(source, header)
        self._mends = find_mends(head, self.name, select, header)
        layout, head = self._mends.layout, self._mends.apply(head)
        self.names, self._delimiter = layout.names, layout.delimiter
        rows, above = head[layout.start :], head[: layout.start].decode(errors="replace")
        self._least = least_width(rows, layout.delimiter, layout.names)
        width = most_common_width(rows, layout.delimiter, len(layout.names))
        self._fields = [str(position) for position in range(width)]
        self._quotes = 0
        kind = f"{_KINDS.get(layout.delimiter, 'delimited text')}{self._mends}, {source.encoding}"
        self.place = Place(f"line {layout.line:,}{source.read_as}", "data.header=N", kind, above)
        self._skipped, self._before_header = layout.line - 1, layout.start
        self._notes = layout.notes(self.name) if header is None else []
        self._select, self._said = select, header is not None
        self._positions = sorted(select(self.names))

    def batches(self) -> Iterator[Records]:
        """Give the rows from the first on; those with too many or too few fields are rejected.

        Raises
        ------
        NotStreamableError
            If a row of a file is longer than a chunk, a quote may be left open in it, or its lines
            end as on old machines.
        InputError
            If a quote is opened in a text in memory and never closed.
        """
        if self._source.text is not None:
            yield self._read_whole(self._source.text)
            return
        numbering = LineNumbering(self._skipped, "\n")
        try:
            yield from self._read(numbering, self._source.chunk)
        except pa.ArrowInvalid as error:
            raise NotStreamableError(str(error)) from error
        if self._quotes % 2 or not self._source.lines:
            raise NotStreamableError("a quote may be left open, or lines end in another way")

    @property
    def _quoted(self) -> bool:
        """Whether a cell may be quoted, among those that were read so far."""
        return self._quotes > 0

    def _read_whole(self, text: bytes) -> Records:
        """Read in blocks of a few megabytes, or in one where a row is longer than that."""
        text = self._mends.apply(text)
        for block in (self._source.chunk, min(max(2 * len(text), self._source.chunk), 2**31 - 1)):
            numbering = LineNumbering(self._skipped, "\n" if self._source.lines else "\r")
            try:
                records = put_together(list(self._read(numbering, block)))
            except pa.ArrowInvalid as error:
                why = reason(error)
                continue
            rows = text[self._before_header :]
            if self._quoted and rows.count(b'"') % 2:
                check_last_quote(rows, numbering, self.name)
            first, said = self._skipped + 1, self._said
            return cut_second_table(records, text, first, self._delimiter, self._select, said=said)
        raise InputError(
            f"{self.name} cannot be read as delimited text: {why}.\n"
            "A quote that is never closed is the usual cause; export the file again."
        )

    def _read(self, numbering: LineNumbering, block: int) -> Iterator[Records]:
        ragged: list[pa.csv.InvalidRow] = []
        for batch in self._open(ragged, block):
            yield self._records(pa.Table.from_batches([batch]), ragged, numbering)
        last = self._records(self._nothing(), ragged, numbering)
        last.warnings.extend([*self._source.warnings, *self._notes])
        yield last

    def _open(self, ragged: list[pa.csv.InvalidRow], block: int) -> pa.csv.CSVStreamingReader:
        def note(row: pa.csv.InvalidRow) -> str:
            ragged.append(row)
            return "skip"

        names = self._fields
        return pa.csv.open_csv(
            pa.PythonFile(_Readable(self._checked()), mode="r"),
            # Rows are numbered in one thread only.
            read_options=pa.csv.ReadOptions(
                column_names=names, use_threads=False, block_size=block
            ),
            parse_options=pa.csv.ParseOptions(
                delimiter=self._delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=note,
            ),
            convert_options=pa.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), check_utf8=False
            ),
        )

    def _checked(self) -> Iterator[bytes]:
        """Chunks from the header on, mended, in which no quote swallows rows."""
        check = QuoteCheck(self.name, self._delimiter, len(self.names), self._skipped + 1)
        skip, self._quotes = self._before_header, 0
        for chunk in self._source.chunks():
            mended = self._mends.apply(chunk)
            part = mended[skip:]
            skip -= min(skip, len(mended))
            check.feed(part)
            self._quotes += part.count(b'"')
            yield part

    def _nothing(self) -> pa.Table:
        return pa.table({name: pa.array([], pa.string()) for name in self._fields})

    def _records(
        self, table: pa.Table, ragged: list[pa.csv.InvalidRow], numbering: LineNumbering
    ) -> Records:
        keep = ~_empty_rows(table)
        at_start = numbering.record == 1
        starts, broken, lines = numbering.advance(table, ragged, quoted=self._quoted)
        if at_start and broken and broken[0].number == 1:
            broken, lines = broken[1:], lines[1:]
        elif at_start and len(keep):
            keep[0] = False
        read, width = [str(position) for position in self._positions], len(self.names)
        wide, filled = wide_rows(table, starts, keep, width, self._delimiter)
        keep &= ~filled
        table, starts, rejected = table.select(read).filter(pa.array(keep)), starts[keep], wide
        if broken:
            mended, places, narrow = mend_widths(
                broken, lines, self._delimiter, (self._least, width)
            )
            both = pd.concat([wide, narrow]) if len(wide) else narrow
            rejected = both.sort_values("line", kind="stable", ignore_index=True)
            starts = np.concatenate([starts, places])
            order = np.argsort(starts, kind="stable")
            table, starts = (
                pa.concat_tables([table, mended.select(read)]).take(order),
                starts[order],
            )
        return Records(
            self.names,
            dict(zip(self._positions, table.columns, strict=True)),
            starts,
            rejected=rejected,
            may_hold_nul=self._source.holds_nul,
            guarded=True,
        )


class _Readable(io.RawIOBase):
    """Chunks as a file that can be read on.

    Parameters
    ----------
    chunks : iterator of bytes
        The text.
    """

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        """Whether it can be read: it can."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return at most so many of the next bytes; none at the end."""
        # Of fewer bytes than asked for the parser's reader may take the last ones for the end.
        parts, wanted = [], size if size >= 0 else sys.maxsize
        while wanted:
            if not self._rest:
                self._rest = memoryview(next(filter(None, self._chunks), b""))
            if not self._rest:
                break
            taken, self._rest = self._rest[:wanted], self._rest[wanted:]
            parts.append(taken)
            wanted -= len(taken)
        return bytes(parts[0]) if len(parts) == 1 else b"".join(parts)


def _empty_rows(table: pa.Table) -> np.ndarray:
    """Rows whose every field is empty, as a mask of shape (n_rows,)."""
    empty = np.ones(table.num_rows, dtype=bool)
    for column in table.columns:
        if not empty.any():
            break
        empty &= pc.equal(pc.binary_length(column), 0).to_numpy()
    return empty
