"""Records of JSON, however they are nested or laid out, as columns or as a list."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from tiktok_segments.containers.columns.plain import as_arrow
from tiktok_segments.containers.columns.typed import without_type
from tiktok_segments.containers.header import LOOKED_AT, find_header, is_read
from tiktok_segments.containers.records import Select, rejections

_DEPTH = 6
KEY = "account_id"
"""Column of the keys under which records without a handle lie."""
PROBED = 20
"""Entries that tell the shape of all."""
_MOST_COLUMNS = 2_000
_LOOKED_AT = 1_000
"""Values of an object that tell whether all are records."""
_ALIKE = 0.5
"""Share of the keys that records of one kind have in common."""
_NAMED = ("name", "label", "title", "field", "key")
_MOSTLY = 0.8
"""Share of values that are records, where the others are something about them."""


def part_entries(
    entries: list[Any], lines: np.ndarray
) -> tuple[list[dict[str, Any]], np.ndarray, pd.DataFrame]:
    """Part the records, with their lines, from the entries that are none, as rejected.

    Examples
    --------
    >>> import numpy as np
    >>> part_entries([{"fans": 1}, "gone"], np.array([1, 2]))[0]
    [{'fans': 1}]
    """
    is_record = np.fromiter((isinstance(e, dict) for e in entries), bool, len(entries))
    records = [entry for entry in entries if isinstance(entry, dict)]
    others = [
        e if isinstance(e, str) else json.dumps(e) for e in entries if not isinstance(e, dict)
    ]
    return records, lines[is_record], rejections(lines[~is_record], others, "not a record")


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
        if dict in kinds:
            column = column.map(without_type).astype(object)
            kinds = set(map(type, column.array))
        if dict in kinds and depth < _DEPTH:
            objects = [cell if isinstance(cell, dict) else {} for cell in column]
            inner = pd.DataFrame(objects, dtype=object)
            flat += _flatten(inner, f"{prefix}{name}.", depth + 1)
        if kinds & {str, bool} or not kinds & {dict, list}:
            flat.append((f"{prefix}{name}", _plain(column) if kinds & {dict, list} else column))
    return flat


def leaf_names(records: Iterable[Any]) -> list[str]:
    """Return what the columns of a few records would be called, the first thousands of them.

    Examples
    --------
    >>> leaf_names([{"a": {"b": 1}, "tags": ["x"]}, {"c": 2}])
    ['a.b', 'c']
    """
    leaves = chain.from_iterable(_leaves(record, "", 0) for record in records)
    return list(dict.fromkeys(islice(leaves, PROBED * _MOST_COLUMNS)))[:_MOST_COLUMNS]


def _leaves(record: Any, prefix: str, depth: int) -> Iterator[str]:
    for key, value in record.items() if isinstance(record, dict) else ():
        inner = without_type(value)
        if isinstance(inner, dict) and depth < _DEPTH:
            yield from _leaves(inner, f"{prefix}{key}.", depth + 1)
        elif not isinstance(inner, list):
            yield f"{prefix}{key}"


def _plain(column: pd.Series) -> pd.Series:
    """A list or an object among plain values is shown as JSON, to be rejected in its row."""
    return column.map(lambda cell: json.dumps(cell) if isinstance(cell, list | dict) else cell)


def by_column(node: Mapping[str, Any]) -> Iterator[tuple[list[Any], Sequence[str] | None]]:
    """Give the records of an object whose values are columns, or that holds names and rows apart.

    Yields
    ------
    records : list
        As pandas' orients columns, list and split have them.
    keys : sequence of str or None
        The index, where there is one.

    Examples
    --------
    >>> list(by_column({"columns": ["fans", "likes"], "index": [7], "data": [[1, 2]]}))
    [([{'fans': 1, 'likes': 2}], ['7'])]
    """
    values = list(node.values())
    objects = 1 < len(values) <= _MOST_COLUMNS and all(isinstance(value, dict) for value in values)
    if objects and all(value.keys() == values[0].keys() for value in values):
        index = list(values[0])
        yield [{name: node[name][key] for name in node} for key in index], index
    lists = {name: value for name, value in node.items() if isinstance(value, list) and value}
    columns = {
        name: value for name, value in lists.items() if not isinstance(value[0], list | dict)
    }
    if len(columns) > 1 and len({len(value) for value in columns.values()}) == 1:
        cells = zip(*columns.values(), strict=True)
        yield [dict(zip(columns, row, strict=True)) for row in cells], None
    for rows in lists.values():
        for names in lists.values() if isinstance(rows[0], list) else ():
            texts = list(map(_as_text, names))
            if len(names) == len(rows[0]) and all(texts):
                yield _name_cells(texts, rows), _as_keys(node.get("index"), len(rows))


def name_rows(rows: list[Any], select: Select) -> list[Any]:
    """Return lists of cells as records, named by the header among the first of them.

    Examples
    --------
    >>> name_rows([["a", "b"], [1, 2]], lambda names: [0, 1] if "a" in names else [])
    [{'a': 1, 'b': 2}]
    """
    cells = [[_as_text(cell) for cell in row] for row in rows[:LOOKED_AT]]
    header = find_header(cells, select)
    if header is None or not is_read(header.names, select):
        return []
    return _name_cells(header.names, rows[header.row :])


def _name_cells(names: list[str], rows: list[Any]) -> list[Any]:
    return [dict(zip(names, row, strict=False)) if isinstance(row, list) else row for row in rows]


def _as_keys(index: Any, n_rows: int) -> list[str] | None:
    fits = isinstance(index, list) and len(index) == n_rows
    return list(map(_as_text, index)) if fits else None


def _as_text(name: Any) -> str:
    if isinstance(name, dict):  # as databases describe a column; nothing where it is none
        found = (name[key] for key in _NAMED if isinstance(name.get(key), str))
        return next(found, "")
    return " ".join(map(str, name)) if isinstance(name, list) else str(name)


def list_values(node: Mapping[str, Any]) -> tuple[list[Any], list[str]]:
    """Return an object's values, lists taken apart, and the key of each.

    Examples
    --------
    >>> list_values({"ana": [{"fans": 1}, {"fans": 2}], "bob": {"fans": 3}})
    ([{'fans': 1}, {'fans': 2}, {'fans': 3}], ['ana', 'ana', 'bob'])
    """
    lists = [value if isinstance(value, list) else [value] for value in node.values()]
    keys = [key for key, some in zip(node, lists, strict=True) for _ in some]
    return [record for some in lists for record in some], keys


def with_keys(records: Iterable[Any], keys: Iterable[str]) -> list[Any]:
    """Give each record its key as its account."""
    return [
        {KEY: key, **record} if isinstance(record, dict) else record
        for key, record in zip(keys, records, strict=True)
    ]


def are_alike(values: Sequence[Any]) -> bool:
    """Whether most values are records of one kind, or lists of them.

    Their keys are much the same as those that more than half of the values have.

    Examples
    --------
    >>> are_alike([{"fans": 1, "likes": 2}, {"fans": 3}]), are_alike([{"id": 1}, {"fans": 2}])
    (True, False)
    """
    keys = [_keys(value) for value in values[:_LOOKED_AT]]
    counts = Counter(chain.from_iterable(keys))
    common = {key for key, count in counts.items() if 2 * count > len(keys)}
    n_alike = sum(len(some & common) >= _ALIKE * len(some | common) for some in keys if some)
    return bool(common) and n_alike >= _MOSTLY * len(keys)


def _keys(value: Any) -> set[str]:
    """Return the keys of a record, or of the first records of a list."""
    records = value[:PROBED] if isinstance(value, list) else [value]
    return {key for record in records if isinstance(record, dict) for key in record}
