"""Nested records to columns with dotted names."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pandas as pd
import pyarrow as pa

from tiktok_segments.containers.records import Select

_DEPTH = 6


def flatten_records(
    records: Sequence[Any], select: Select
) -> tuple[list[str], dict[int, pa.ChunkedArray]]:
    """Lay out records as columns; a nested object becomes ``outer.inner``.

    Parameters
    ----------
    records : sequence of dict
        Ragged is fine: a key that a record lacks is missing there.
    select : callable
        Chooses the columns to convert from all names.

    Returns
    -------
    names : list of str
        Every flat column; a column of lists is left out, for it is no value of one account.
    columns : dict of int to pyarrow.ChunkedArray
        The selected columns by position in names.

    Examples
    --------
    >>> names, columns = flatten_records([{"a": {"b": "1"}}, {"c": "2"}], lambda names: [0, 1])
    >>> names, columns[0].to_pylist()
    (['a.b', 'c'], ['1', None])
    """
    objects = [record for record in records if isinstance(record, dict)]
    flat = _flatten(pd.DataFrame(objects, dtype=object), "", 0)
    names = [name for name, _ in flat]
    return names, {position: as_arrow(flat[position][1]) for position in select(names)}


def _flatten(frame: pd.DataFrame, prefix: str, depth: int) -> list[tuple[str, pd.Series]]:
    flat: list[tuple[str, pd.Series]] = []
    for position, name in enumerate(frame.columns):
        column = frame.iloc[:, position]
        kinds = set(map(type, column.array))
        if dict in kinds and depth < _DEPTH:
            objects = [cell if isinstance(cell, dict) else {} for cell in column]
            inner = pd.DataFrame(objects, dtype=object)
            flat += _flatten(inner, f"{prefix}{name}.", depth + 1)
        if kinds & {str, bool} or not kinds & {dict, list}:
            flat.append((f"{prefix}{name}", _plain(column) if kinds & {dict, list} else column))
    return flat


def _plain(column: pd.Series) -> pd.Series:
    """A list or an object among plain values is shown as JSON, to be rejected in its row."""
    return column.map(lambda cell: json.dumps(cell) if isinstance(cell, list | dict) else cell)


def as_arrow(column: pd.Series) -> pa.ChunkedArray:
    """One Arrow column; cells of mixed types become text.

    Parameters
    ----------
    column : Series
        Plain values: text, numbers, booleans, times or nothing.

    Returns
    -------
    pyarrow.ChunkedArray
        Of one type.
    """
    try:
        array = pa.array(column, from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
        array = pa.array(column.astype(str).where(column.notna(), None), type=pa.string())
    return array if isinstance(array, pa.ChunkedArray) else pa.chunked_array([array])


def flatten_table(table: pa.Table) -> pa.Table:
    """Flatten the struct columns of an Arrow table to dotted names, lists left out."""
    for _ in range(_DEPTH):
        if not any(pa.types.is_struct(field.type) for field in table.schema):
            break
        table = table.flatten()
    keep = [i for i, f in enumerate(table.schema) if not pa.types.is_nested(f.type)]
    return pa.Table.from_arrays(
        [table.column(i) for i in keep], names=[table.schema.field(i).name for i in keep]
    )
