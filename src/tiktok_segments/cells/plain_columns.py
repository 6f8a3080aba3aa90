"""Columns of whatever a file holds, as columns of one plain type that cells are read from."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pyarrow as pa

_EXACT = 2**53
"""Whole floats below it have all their digits."""


def as_arrow(column: pd.Series) -> pa.ChunkedArray:
    """One Arrow column; cells of mixed types become text.

    Parameters
    ----------
    column : Series
        Plain values: text, numbers, booleans, times or nothing.

    Returns
    -------
    pyarrow.ChunkedArray
        Of one type; in texts each cell is spelled as it would be alone.

    Examples
    --------
    >>> as_arrow(pd.Series([pd.Timestamp("2025-02-01"), 4870, 5.0, None], dtype=object)).to_pylist()
    ['2025-02-01 00:00:00', '4870', '5', None]
    """
    try:
        array = pa.array(column, from_pandas=True)
        if _is_bent(column, array.type):
            array = _spelled(column)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
        array = _spelled(column)
    return array if isinstance(array, pa.ChunkedArray) else pa.chunked_array([array])


def _is_bent(column: pd.Series, kind: pa.DataType) -> bool:
    """Say whether Arrow has bent cells to another type: behind a date, a number is a time to it."""
    if column.dtype != object or not (pa.types.is_temporal(kind) or pa.types.is_floating(kind)):
        return False
    kinds = set(map(type, column[column.notna()]))
    return len(kinds) > 1 and (pa.types.is_temporal(kind) or bool in kinds)


def _spelled(column: pd.Series) -> pa.Array:
    return pa.array(column.map(_spell).where(column.notna(), None), type=pa.string())


def _spell(cell: Any) -> str:
    whole = isinstance(cell, float) and cell.is_integer() and abs(cell) < _EXACT
    return str(int(cell)) if whole else str(cell)
