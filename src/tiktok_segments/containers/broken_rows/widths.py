"""Rows of another number of fields than the header's whose difference means nothing."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from numpy.typing import ArrayLike

from tiktok_segments.containers.records import NOTE_ROW, rejections

_HEAD, _ROWS = 2**18, 1000
"""Bytes and rows from the header on that tell which fields are left out."""
_FEW = 2
"""Fields up to which a row that lacks all but the first may be an account's."""
_MANY = 3
"""Rows that end early in the same way, at least, for it to be the writer's way."""


def least_width(head: bytes, delimiter: str, names: Sequence[str]) -> int:
    r"""Return how many fields a row must have where a writer leaves out empty ones at its end.

    Excel does so from the sixteenth row on. A missing field is an empty one if its column has no
    name; or if several of the first rows end early, and half of the others have nothing in the
    columns that these lack. So a row that was cut off is still told from one that ends early.

    Parameters
    ----------
    head : bytes
        The text from the header on.
    delimiter : str
        One character.
    names : list of str
        The columns'.

    Examples
    --------
    >>> least_width(b"id,fans,,\n", ",", ["id", "fans", "", ""])
    2
    >>> rows = b"a,1,\nb,2,\nc,3,x\nd,4\ne,5\nf,6\n"
    >>> least_width(b"id,fans,notes\n" + rows, ",", ["id", "fans", "notes"])
    2
    >>> least_width(b"id,fans,notes\n" + rows[:-8], ",", ["id", "fans", "notes"])
    3
    """
    width = len(names)
    while width and not names[width - 1].strip():
        width -= 1
    rows = _first_rows(head, delimiter)
    full = [row for row in rows if len(row) >= width]
    least = width
    while least > _FEW and sum(not any(row[least - 1 : width]) for row in full) * 2 >= len(full):
        least -= 1
    n_short = sum(least <= len(row) < width for row in rows)
    return least if min(n_short, len(full)) >= _MANY else width


def mend_widths(
    broken: Sequence[pa.csv.InvalidRow],
    lines: Sequence[int],
    delimiter: str,
    widths: tuple[int, int],
) -> tuple[pa.Table, np.ndarray, pd.DataFrame]:
    """Give rows the header's number of fields where what they have too much or lack is empty.

    Parameters
    ----------
    broken : sequence of pyarrow.csv.InvalidRow
        Rows with another number.
    lines : sequence of int
        Where they start.
    delimiter : str
        One character.
    widths : tuple of int
        Fields that a row must have, as :func:`least_width` says; and columns.

    Returns
    -------
    Table, ndarray of shape (n_rows,), DataFrame
        The rows that are mended, without empty ones; where they start; and those that are rejected.
    """
    least, width = widths
    good: list[list[str]] = []
    starts: list[int] = []
    bad: list[int] = []
    for place, row in enumerate(broken):
        fields = next(_parse(row.text, delimiter), [])
        if not least <= len(fields) == row.actual_columns or any(fields[width:]):
            bad.append(place)
        elif any(fields):
            good.append([*fields, *[""] * (width - len(fields))][:width])
            starts.append(lines[place])
    columns = zip(*good, strict=True) if good else [[]] * width
    table = pa.table(
        {str(position): pa.array(column, pa.string()) for position, column in enumerate(columns)}
    )
    rejected = _list_ragged(
        [lines[place] for place in bad],
        [broken[place].text for place in bad],
        [broken[place].actual_columns for place in bad],
        width,
    )
    return table, np.array(starts, dtype=np.int64), rejected


def _first_rows(head: bytes, delimiter: str) -> list[list[str]]:
    """Return the rows below the header that tell the writer's way, without a cut or empty one."""
    text = head[:_HEAD].decode(errors="replace")
    rows = list(islice(_parse(text, delimiter), 1, _ROWS))
    whole = rows[:-1] if len(head) > _HEAD else rows
    return [row for row in whole if any(row)]


def _parse(text: str, delimiter: str) -> Iterator[list[str]]:
    """Give the rows of a text, up to one that cannot be read."""
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error:
        return


def most_common_width(head: bytes, delimiter: str, width: int) -> int:
    r"""Return how many fields the parser should expect: more where rows end with delimiters.

    Parameters
    ----------
    head : bytes
        The text from the header on.
    delimiter : str
        One character.
    width : int
        Columns.

    Examples
    --------
    >>> most_common_width(b"id,fans\na,1,\nb,2,\nc,3\n", ",", 2)
    3
    """
    rows = _first_rows(head, delimiter)
    found = Counter(len(row) for row in rows if not any(row[width:]))
    return max(found.most_common(1)[0][0], width) if found else width


def wide_rows(
    table: pa.Table, starts: np.ndarray, keep: np.ndarray, width: int, delimiter: str
) -> tuple[pd.DataFrame, np.ndarray]:
    """Reject rows with something in fields behind the last column.

    Parameters
    ----------
    table : Table
        All fields.
    starts, keep : ndarray of shape (n_rows,)
        Where the rows start, and which of them are looked at.
    width : int
        Columns.
    delimiter : str
        One character.

    Returns
    -------
    DataFrame, ndarray of shape (n_rows,)
        The rejected rows, and a mask of them.
    """
    filled = np.zeros(table.num_rows, dtype=bool)
    for column in table.columns[width:]:
        filled |= pc.greater(pc.binary_length(column), 0).to_numpy()
    filled &= keep
    rows = table.filter(pa.array(filled)).to_pylist() if filled.any() else []
    texts = [delimiter.join(row.values()) for row in rows]
    return _list_ragged(starts[filled], texts, [table.num_columns] * len(rows), width), filled


def _list_ragged(
    lines: ArrayLike, texts: Sequence[str], counts: Sequence[int], expected: int
) -> pd.DataFrame:
    """List rows of another number of fields than the header, as rejected."""
    frame = rejections(lines, texts, "wrong number of fields")
    if not texts:
        return frame
    alone = [n == 1 and " " in text.strip() for n, text in zip(counts, texts, strict=True)]
    frame["rule"] = frame["rule"].mask(pd.Series(alone) & (expected > _FEW), NOTE_ROW)
    found = pd.Series(list(counts), dtype="int64").astype(str)
    frame["value"] = f"{expected} fields expected, found " + found + ": " + frame.value
    return frame
