"""Columns of whatever a file holds, as columns of one plain type that cells are read from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

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
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):  # of several types, or too large
        array = _spelled(column)
    whole = array if isinstance(array, pa.ChunkedArray) else pa.chunked_array([array])
    return plain_column(whole)


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


def plain_column(column: pa.ChunkedArray) -> pa.ChunkedArray:
    r"""Cells of a type that few files have, as one that all readers of cells know.

    Parameters
    ----------
    column : pyarrow.ChunkedArray
        Of any type but lists and structs.

    Returns
    -------
    pyarrow.ChunkedArray
        Half floats as floats; bytes, times of day, spans of time and nothing at all as texts, with
        bytes that are no text missing; encoded values as they are; all else as it stands.

    Examples
    --------
    >>> plain_column(pa.chunked_array([[b"ana", b"\xff"]])).to_pylist()
    ['ana', None]
    """
    kind, of = column.type, pa.types
    if isinstance(kind, pa.BaseExtensionType):
        chunks = [chunk.storage for chunk in column.chunks]
        return plain_column(pa.chunked_array(chunks, kind.storage_type))
    if of.is_run_end_encoded(kind):
        chunks = [pc.run_end_decode(chunk) for chunk in column.chunks]
        return plain_column(pa.chunked_array(chunks, kind.value_type))
    if of.is_dictionary(kind) and not of.is_string(kind.value_type):
        return plain_column(column.cast(kind.value_type))
    if of.is_float16(kind):
        return column.cast(pa.float32())
    if of.is_null(kind) or of.is_time(kind) or of.is_string_view(kind):
        return column.cast(pa.string())
    if of.is_duration(kind) or of.is_interval(kind):
        return _texts(column, str)
    if of.is_binary(kind) or of.is_large_binary(kind) or _is_other_binary(kind):
        return _decode(column)
    return column


def _is_other_binary(kind: pa.DataType) -> bool:
    return bool(pa.types.is_fixed_size_binary(kind) or pa.types.is_binary_view(kind))


def _decode(column: pa.ChunkedArray) -> pa.ChunkedArray:
    try:
        return column.cast(pa.binary()).cast(pa.string())
    except pa.ArrowException:  # some are no text
        return _texts(column, _decoded)


def _decoded(cell: bytes) -> str | None:
    try:
        return cell.decode()
    except UnicodeDecodeError:
        return None


def _texts(column: pa.ChunkedArray, spell: Callable[[Any], str | None]) -> pa.ChunkedArray:
    cells = (None if cell is None else spell(cell) for cell in column.to_pylist())
    return pa.chunked_array([pa.array(cells, pa.string())])
