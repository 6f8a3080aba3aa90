"""Rows of another number of fields than the header's whose difference means nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv

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
    text = head[:_HEAD].decode(errors="replace")
    rows = [row for row in islice(_parse(text, delimiter), 1, _ROWS) if any(row)]
    rows = rows[:-1] if len(head) > _HEAD else rows
    full = [row for row in rows if len(row) >= width]
    least = width
    while least > _FEW and sum(not any(row[least - 1 : width]) for row in full) * 2 >= len(full):
        least -= 1
    n_short = sum(least <= len(row) < width for row in rows)
    return least if min(n_short, len(full)) >= _MANY else width


def mend_widths(
    broken: Sequence[pa.csv.InvalidRow], lines: Sequence[int], delimiter: str, least: int
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
    least : int
        Fields that a row must have, as :func:`least_width` says.

    Returns
    -------
    Table, ndarray of shape (n_rows,), DataFrame
        The rows that are mended, without empty ones; where they start; and those that are rejected.
    """
    width = broken[0].expected_columns
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
    rejected = _list_ragged([broken[place] for place in bad], [lines[place] for place in bad])
    return table, np.array(starts, dtype=np.int64), rejected


def _parse(text: str, delimiter: str) -> Iterator[list[str]]:
    """Give the rows of a text, up to one that cannot be read."""
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error:
        return


def _list_ragged(broken: Sequence[pa.csv.InvalidRow], lines: Sequence[int]) -> pd.DataFrame:
    """List rows of another number of fields than the header, as rejected."""
    if not broken:
        return rejections([], [], "")
    counts = pd.Series([row.actual_columns for row in broken], dtype="int64")
    frame = rejections(lines, [row.text for row in broken], "wrong number of fields")
    expected = broken[0].expected_columns
    alone = [row.actual_columns == 1 and " " in row.text.strip() for row in broken]
    frame["rule"] = frame["rule"].mask(pd.Series(alone) & (expected > _FEW), NOTE_ROW)
    frame["value"] = f"{expected} fields expected, found " + counts.astype(str) + ": " + frame.value
    return frame
