"""Physical lines of the records of delimited text."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv


class Numbering:
    """The physical lines on which the records of delimited text start, batch by batch.

    A record's line is one more than the line ends in the fields before it: the parser's own reading
    of the quotes, not a second one.

    Parameters
    ----------
    skipped : int
        Lines before the first record.
    newline : str
        What ends a line.

    Attributes
    ----------
    record, line : int
        Number and first line of the next record.
    last : int
        First line of the last record so far.
    """

    def __init__(self, skipped: int, newline: str) -> None:
        self.record = 1
        self.line = self.last = 1 + skipped
        self.skipped = skipped
        self._newline = newline

    def advance(
        self, table: pa.Table, ragged: list[pa.csv.InvalidRow]
    ) -> tuple[np.ndarray, list[pa.csv.InvalidRow], list[int]]:
        """Number a batch's records, and take the ragged ones among them out of the list."""
        spans = lines_spanned(table, self._newline)
        broken: list[pa.csv.InvalidRow] = []
        lines: list[int] = []
        before = np.zeros(len(spans) + 1, dtype=np.int64)
        while ragged and ragged[0].number <= self.record + len(spans) + len(broken):
            row = ragged.pop(0)
            place = row.number - self.record - len(broken)
            lines.append(int(self.line + spans[:place].sum() + before[: place + 1].sum()))
            before[place] += 1 + row.text.count(self._newline)
            broken.append(row)
        starts = self.line + np.cumsum(spans) - spans + np.cumsum(before)[: len(spans)]
        self.last = max([self.last, *starts[-1:].tolist(), *lines[-1:]])
        self.record += len(spans) + len(broken)
        self.line += int(spans.sum() + before.sum())
        return starts, broken, lines


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
