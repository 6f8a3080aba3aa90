"""What stands around records and is true of each: a day or platform as key or beside them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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

_BESIDE: Mapping[str, Callable[[str], str | None]] = {COLLECTED: time_of, PLATFORM: platform_of}
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
        told: dict[str, Any] = dict(self.constants)
        for column, path in self.beside:
            value = node_at(entry, path[:-1]).get(path[-1])
            if isinstance(value, str):
                told[column] = value
        return with_told(records, told) if told else records


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
    own = own_columns(names, select)
    told = (_told_by(key, _telling([key], own)) for key in path)
    constants = {column: value for one in told for column, value in one.items()}
    lacking = _BESIDE.keys() - own - constants.keys()
    beside: dict[str, tuple[str, ...]] = {}
    for place in _places(entries, path) if lacking else ():
        nodes = [node_at(entry, place) for entry in entries]
        plain = {key: value for node in nodes for key, value in node.items() if _is_text(value)}
        for key, value in plain.items():
            for column in lacking & claims([key], select):
                if _BESIDE[column](value):
                    beside[column] = (*place, key)
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
        keys = dict.fromkeys(key for entry in entries for key in node_at(entry, place))
        yield from ((*place, key) for key in keys if _ABOUT.fullmatch(key))
        yield place


def own_columns(names: Sequence[str], select: Select) -> frozenset[str]:
    """Return the columns that records have themselves, by their names and as they are known.

    Examples
    --------
    >>> sorted(own_columns(["fans", "likes"], lambda names: [0]))
    ['fans', 'likes']
    """
    return frozenset(names) | claims(names, select)


def tell_by_keys(groups: Mapping[str, Sequence[Any]], own: Collection[str]) -> list[Any]:
    """Return the records of all groups, with what their keys tell of them.

    Parameters
    ----------
    groups : mapping of str to sequence
        The records under each key.
    own : collection of str
        Columns that the records have themselves.

    Examples
    --------
    >>> groups = {"2024-05-01": [{"fans": 1}], "2024-05-02": [{"fans": 2}]}
    >>> tell_by_keys(groups, ["fans"])[1]
    {'collected_at': '2024-05-02', 'fans': 2}
    """
    telling = _telling(groups, own)
    if PLATFORM in telling and any(names_itself(key, some) for key, some in groups.items()):
        del telling[PLATFORM]
    if not telling:
        return [record for records in groups.values() for record in records]
    return [
        record
        for key, records in groups.items()
        for record in with_told(records, _told_by(key, telling))
    ]


def _telling(keys: Collection[str], own: Collection[str]) -> dict[str, Callable[[str], str | None]]:
    """Return the columns that keys tell and records do not have, and what reads them."""
    telling: dict[str, Callable[[str], str | None]] = {}
    if keys and COLLECTED not in own and all(map(day_of, keys)):
        telling[COLLECTED] = day_of
    if PLATFORM not in own and are_platforms(keys):
        telling[PLATFORM] = platform_of
    return telling


def _told_by(key: str, telling: Mapping[str, Callable[[str], str | None]]) -> dict[str, str]:
    return {column: value for column, of in telling.items() if (value := of(key))}


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


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def with_told(records: Iterable[Any], told: Mapping[str, Any]) -> list[Any]:
    """Give records columns; what they have themselves stays.

    Examples
    --------
    >>> with_told([{"fans": 1}, "gone"], {"collected_at": "2024-05-01"})
    [{'collected_at': '2024-05-01', 'fans': 1}, 'gone']
    """
    return [{**told, **record} if isinstance(record, dict) else record for record in records]


def node_at(entry: Any, path: Sequence[str]) -> Mapping[str, Any]:
    """Return the object that keys lead to; an empty one where there is none.

    Examples
    --------
    >>> node_at({"data": {"user": {"fans": 1}}}, ["data", "user"])
    {'fans': 1}
    """
    for key in path:
        entry = entry.get(key) if isinstance(entry, dict) else None
    return entry if isinstance(entry, dict) else {}
