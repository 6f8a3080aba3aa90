"""What stands around records and is true of each: their key, and a day or platform beside them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from tiktok_segments.containers.columns.flatten import KEY
from tiktok_segments.containers.nested.evidence import claims
from tiktok_segments.containers.nested.keys import are_platforms, day_of, platform_of, time_of
from tiktok_segments.containers.records import Select

COLLECTED, PLATFORM = "collected_at", "platform"
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


PutOn = Callable[[list[Any], Any], list[Any]]
"""Returns the records of an entry, the second argument, with what is around them."""


def find_context(
    entries: Sequence[Any], path: Sequence[str], names: Sequence[str], select: Select
) -> PutOn:
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
    callable
        Returns records with the columns that they lack and have from what is around them in their
        entry.

    Examples
    --------
    >>> put_on = find_context([{"2024-05-01": []}], ["2024-05-01"], ["fans"], lambda names: [])
    >>> put_on([{"fans": 1}], {})
    [{'collected_at': '2024-05-01', 'fans': 1}]
    >>> from tiktok_segments.containers.hints import Positions
    >>> select = lambda names: Positions([0], {"collected_at"} if "date" in names else ())
    >>> put_on = find_context([{"date": "2024-05-01", "users": []}], ["users"], ["fans"], select)
    >>> put_on([{"fans": 1}], {"date": "2024-05-02", "users": [{"fans": 1}]})
    [{'collected_at': '2024-05-02', 'fans': 1}]
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

    def put_on(records: list[Any], entry: Any) -> list[Any]:
        values = {column: value_at(entry, keys) for column, keys in beside.items()}
        texts = {column: value for column, value in values.items() if isinstance(value, str)}
        return with_told(records, constants | texts)

    return put_on


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
    if COLLECTED in telling and not all(map(day_of, groups)):
        telling.remove(COLLECTED)
    if PLATFORM in telling and (not are_platforms(groups) or name_themselves(groups)):
        telling.remove(PLATFORM)
    told: list[Any] = []
    for key, records in groups.items():
        told += with_told(records, _tell(key, telling))
    return told


def _tell(key: str, columns: Collection[str]) -> dict[str, str]:
    return {
        column: value
        for column, read in _OF_KEY.items()
        if column in columns and (value := read(key)) is not None
    }


def name_themselves(groups: Mapping[str, list[Any]]) -> bool:
    """Whether a key is the account of its only record, be it called after a platform.

    Examples
    --------
    >>> name_themselves({"instagram": [{"user": {"name": "Instagram"}}], "DE": [{}]})
    True
    >>> name_themselves({"instagram": [{"user": {"name": "ana"}}], "DE": [{}]})
    False
    """
    return any(
        len(records) == 1 and key.casefold() in map(str.casefold, _texts(records[0]))
        for key, records in groups.items()
    )


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
