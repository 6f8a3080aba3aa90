"""Physical lines of the records of delimited text, cheaply where no field spans lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv


@dataclass(frozen=True)
class Lines:
    """Where records start.

    Parameters
    ----------
    starts : ndarray of shape (n_records,)
        First physical line of each record that was parsed, the header being the first record.
    broken : ndarray of shape (n_broken,)
        First physical line of each ragged record.
    blank : ndarray of shape (n_records,)
        Which parsed records have nothing in any field.
    last : int
        First line of the last record.
    """

    starts: np.ndarray
    broken: np.ndarray
    blank: np.ndarray
    last: int


def record_lines(
    text: bytes,
    delimiter: str,
    n_columns: int,
    table: pa.Table,
    broken: Sequence[pa.csv.InvalidRow],
) -> Lines:
    """Number the records of delimited text by physical line.

    A file with as many line ends as records has one line for each, and nothing more is read.
    Otherwise the file is parsed once more, in batches, and a record's line is one more than the
    line ends in the fields before it: the parser's own reading of the quotes, not a second one.

    Parameters
    ----------
    text : bytes
        The text without trailing line ends.
    delimiter : str
        Between fields.
    n_columns : int
        Fields of the header.
    table : pyarrow.Table
        The parsed records, header first; possibly a part of the columns.
    broken : sequence of pyarrow.csv.InvalidRow
        The ragged records that the table lacks, each with its number from 1.

    Returns
    -------
    Lines
        Lines from 1.
    """
    n_records = table.num_rows + len(broken)
    ends = text.count(b"\n") or text.count(b"\r")
    maybe_blank = empty_rows(table)
    if ends + 1 == n_records and not maybe_blank.any():
        span = np.ones(table.num_rows, dtype=np.int64)
        blank = maybe_blank
    else:
        span, blank = _scan(text, delimiter, n_columns)
    is_broken = np.zeros(n_records, dtype=bool)
    spans = np.ones(n_records, dtype=np.int64)
    for row in broken:
        is_broken[row.number - 1] = True
        spans[row.number - 1] += row.text.count("\n")
    spans[~is_broken] = span
    starts = np.cumsum(spans) - spans + 1
    return Lines(starts[~is_broken], starts[is_broken], blank, int(starts[-1]))


def empty_rows(table: pa.Table) -> np.ndarray:
    """Rows whose every field is empty, as a mask of shape (n_rows,)."""
    empty = np.ones(table.num_rows, dtype=bool)
    for column in table.columns:
        if not empty.any():
            break
        empty &= pc.equal(pc.binary_length(column), 0).to_numpy()
    return empty


def lines_spanned(table: pa.Table, newline: str) -> np.ndarray:
    """Lines that each row spans, of shape (n_rows,), from all columns of the text."""
    spans = np.ones(table.num_rows, dtype=np.int64)
    for column in table.columns:
        spans += pc.count_substring(column, newline).to_numpy()
    return spans


def block_sizes(text: bytes) -> tuple[int, int]:
    """Bytes to parse at once: a few megabytes, or all where one row is longer than that."""
    return 2**22, min(max(2 * len(text), 2**22), 2**31 - 1)


def _scan(text: bytes, delimiter: str, n_columns: int) -> tuple[np.ndarray, np.ndarray]:
    """Lines that each well-formed record spans, and which records are blank, from all columns."""
    small, large = block_sizes(text)
    try:
        return _scan_blocks(text, delimiter, n_columns, small)
    except pa.ArrowInvalid:
        return _scan_blocks(text, delimiter, n_columns, large)


def _scan_blocks(
    text: bytes, delimiter: str, n_columns: int, block_size: int
) -> tuple[np.ndarray, np.ndarray]:
    newline = "\n" if b"\n" in text else "\r"
    names = [str(position) for position in range(n_columns)]
    reader = pa.csv.open_csv(
        pa.BufferReader(text),
        read_options=pa.csv.ReadOptions(column_names=names, block_size=block_size),
        parse_options=pa.csv.ParseOptions(
            delimiter=delimiter,
            newlines_in_values=True,
            ignore_empty_lines=False,
            invalid_row_handler=lambda row: "skip",
        ),
        convert_options=pa.csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), check_utf8=False
        ),
    )
    spans, blanks = [], []
    for batch in reader:
        table = pa.Table.from_batches([batch])
        spans.append(lines_spanned(table, newline))
        blanks.append(empty_rows(table))
    return np.concatenate(spans), np.concatenate(blanks)
