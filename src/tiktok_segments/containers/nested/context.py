"""What stands around records and is true of each: their key, and a day or platform beside them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tiktok_segments.containers.columns.flatten import KEY
from tiktok_segments.containers.nested.evidence import claims
from tiktok_segments.containers.nested.keys import (
    COLLECTED,
    PLATFORM,
    are_platforms,
    day_of,
    platform_of,
    time_of,
)
from tiktok_segments.containers.records import Select

_OF_KEY: Mapping[str, Callable[[str], str | None]] = {
    KEY: str,
    COLLECTED: day_of,
    PLATFORM: platform_of,
}
"""Columns that keys may tell, and what reads them."""
_OF_VALUE = {COLLECTED: time_of, PLATFORM: platform_of}
"""Columns that may stand beside records, and what reads their values."""
_ABOUT = re.compile(
    r"meta(?:[_-]?data)?|info|header|request|query|params|parameters|export|report|filters?|search",
    re.IGNORECASE,
)
"""Keys of objects that tell about what is beside them."""


@dataclass(frozen=True)
class Context:
    """Columns that the records of an entry have from what is around them.

    Parameters
    ----------
    constants : tuple of (str, str)
        Columns with the value that a key on the way to the records gives them.
    beside : tuple of (str, tuple of str)
        Columns with the keys that lead to their value from the entry.
    """

    constants: tuple[tuple[str, str], ...] = ()
    beside: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def put_on(self, records: list[Any], entry: Any) -> list[Any]:
        """Return records with the columns that they have from their entry.

        Examples
        --------
        >>> context = Context(beside=(("collected_at", ("date",)),))
        >>> context.put_on([{"fans": 1}], {"date": "2024-05-01", "accounts": [{"fans": 1}]})
        [{'collected_at': '2024-05-01', 'fans': 1}]
        """
        values = {column: value_at(entry, path) for column, path in self.beside}
        texts = {column: value for column, value in values.items() if isinstance(value, str)}
        return with_told(records, {**dict(self.constants), **texts})


def find_context(
    entries: Sequence[Any], path: Sequence[str], names: Sequence[str], select: Select
) -> Context:
    """Find what the keys on the way to records, and the values beside them, tell of them.

    Parameters
    ----------
    entries : sequence
        Some that hold records.
    path : sequence of str
        Keys that lead to the records.
    names : sequence of str
        The columns that the records have themselves, which need no other.
    select : callable
        Chooses the columns to read by their names.

    Returns
    -------
    Context
        Columns that the records lack.

    Examples
    --------
    >>> find_context([{"2024-05-01": []}], ["2024-05-01"], ["fans"], lambda names: [])
    Context(constants=(('collected_at', '2024-05-01'),), beside=())
    """
    lacking = lacking_columns(names, select)
    constants = {column: value for key in path for column, value in _tell(key, lacking).items()}
    lacking -= constants.keys()
    beside: dict[str, tuple[str, ...]] = {}
    for place in _places(entries, path):
        items = (item for entry in entries for item in node_at(entry, place).items())
        texts = {key: value for key, value in items if value and isinstance(value, str)}
        beside |= {
            column: (*place, key)
            for key, value in texts.items()
            for column in lacking & claims([key], select)
            if _OF_VALUE[column](value)
        }
    return Context(tuple(constants.items()), tuple(beside.items()))


def _places(entries: Sequence[Any], path: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Give the keys that lead to the objects around records, the nearest last.

    Examples
    --------
    >>> list(_places([{"meta": {"date": "2024-05-01"}, "users": []}], ["users"]))
    [('meta',), (), ('users',)]
    """
    for depth in range(len(path) + 1):
        place = tuple(path[:depth])
        around = dict.fromkeys(key for entry in entries for key in node_at(entry, place))
        yield from ((*place, key) for key in around if _ABOUT.fullmatch(key))
        yield place


def lacking_columns(names: Sequence[str], select: Select) -> frozenset[str]:
    """Return the columns that records lack, by their names, and may have from what is around them.

    Examples
    --------
    >>> sorted(lacking_columns(["platform", "fans"], lambda names: [1]))
    ['collected_at']
    """
    return frozenset(_OF_VALUE) - frozenset(names) - claims(names, select)


def tell_by_keys(groups: Mapping[str, list[Any]], columns: Collection[str]) -> list[Any]:
    """Return the records of all groups, with what their keys tell of them.

    Parameters
    ----------
    groups : mapping of str to list
        The records under each key.
    columns : collection of str
        Those that the keys may tell: the account, which each key is, or others that all keys are.

    Examples
    --------
    >>> groups = {"2024-05-01": [{"fans": 1}], "2024-05-02": [{"fans": 2}]}
    >>> tell_by_keys(groups, ["collected_at", "platform"])[1]
    {'collected_at': '2024-05-02', 'fans': 2}
    >>> tell_by_keys({"ana": [{"fans": 1}]}, ["account_id"])
    [{'account_id': 'ana', 'fans': 1}]
    """
    telling = set(columns)
    if not all(map(day_of, groups)):
        telling.discard(COLLECTED)
    if not are_platforms(groups) or any(names_itself(key, some) for key, some in groups.items()):
        telling.discard(PLATFORM)
    told = ((records, _tell(key, telling)) for key, records in groups.items())
    return [record for records, columns in told for record in with_told(records, columns)]


def _tell(key: str, columns: Collection[str]) -> dict[str, str]:
    values = {column: read(key) for column, read in _OF_KEY.items() if column in columns}
    return {column: value for column, value in values.items() if value is not None}


def names_itself(key: str, records: Sequence[Any]) -> bool:
    """Whether a key is the account of its only record, be it called after a platform.

    Examples
    --------
    >>> names_itself("instagram", [{"user": {"name": "Instagram"}}]), names_itself("DE", [{}])
    (True, False)
    """
    return len(records) == 1 and key.casefold() in map(str.casefold, _texts(records[0]))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, str):
        yield value


def with_told(records: list[Any], told: Mapping[str, Any]) -> list[Any]:
    """Give records columns; what they have themselves stays.

    Examples
    --------
    >>> with_told([{"fans": 1}, "gone"], {"collected_at": "2024-05-01"})
    [{'collected_at': '2024-05-01', 'fans': 1}, 'gone']
    """
    if not told:
        return records
    return [{**told, **record} if isinstance(record, dict) else record for record in records]


def value_at(entry: Any, path: Sequence[str]) -> Any:
    """Return what keys lead to; None where there is nothing.

    Examples
    --------
    >>> value_at({"data": {"fans": 1}}, ["data", "fans"]), value_at({"data": []}, ["data", "fans"])
    (1, None)
    """
    for key in path:
        entry = entry.get(key) if isinstance(entry, dict) else None
    return entry


def node_at(entry: Any, path: Sequence[str]) -> Mapping[str, Any]:
    """Return the object that keys lead to; an empty one where there is none.

    Examples
    --------
    >>> node_at({"data": {"user": {"fans": 1}}}, ["data", "user"])
    {'fans': 1}
    """
    found = value_at(entry, path)
    return found if isinstance(found, dict) else {}
