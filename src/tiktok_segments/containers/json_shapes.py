"""Where the records lie in JSON as tools write it: in envelopes, under keys, column by column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain, islice
from typing import Any

import numpy as np

from tiktok_segments.containers.columns.flatten import (
    KEY,
    PROBED,
    are_alike,
    by_column,
    leaf_names,
    list_values,
    name_rows,
    with_keys,
)
from tiktok_segments.containers.header import has_handle, is_read, known_columns
from tiktok_segments.containers.records import Select

_DEPTH = 4
_MOST_BRANCHES = 50
"""Values of one object that are looked into; more of them are no envelope."""
_FEW = 4
"""Values of an object that may be alike by chance, and no records."""
_NO_ACCOUNT = re.compile(
    r"(data|result|response|user|user_?info|item|profile|record|account|creator|author|payload"
    r"|content|body|list|row|info|stat|stats_?v2|page)s?[ _-]*\d{0,5}|\d{1,5}",
    re.IGNORECASE,
)
"""Keys that are words of envelopes, or numbers of rows."""


@dataclass(frozen=True)
class Unfolding:
    """Where in each entry, such as a line of JSON Lines, its records lie.

    Parameters
    ----------
    path : tuple of str
        Keys that lead from the entry to an object, which is a record, or to a list of them.
    keyed : bool
        Whether the records are the values of that object.
    with_key : bool
        Whether the key of each is its account.
    """

    path: tuple[str, ...] = ()
    keyed: bool = False
    with_key: bool = False

    def unfold(self, entries: list[Any], lines: np.ndarray) -> tuple[list[Any], np.ndarray]:
        """Return the records of entries, each with its entry's line; others stay as they are.

        Examples
        --------
        >>> pages = [{"data": [{"fans": 1}, {"fans": 2}]}, {"error": "gone"}]
        >>> records, lines = Unfolding(("data",)).unfold(pages, np.array([1, 2]))
        >>> records, lines.tolist()
        ([{'fans': 1}, {'fans': 2}, {'error': 'gone'}], [1, 1, 2])
        """
        if self == Unfolding():
            return entries, lines
        parts = [self.of(entry) for entry in entries]
        return list(chain.from_iterable(parts)), np.repeat(lines, [len(part) for part in parts])

    def of_all(self, entries: Sequence[Any]) -> list[Any]:
        """Return the records of entries."""
        return list(chain.from_iterable(map(self.of, entries)))

    def of(self, entry: Any) -> list[Any]:
        """Return the records of one entry; itself where there is nothing at the path."""
        node = entry
        for key in self.path:
            node = node.get(key) if isinstance(node, dict) else None
        if self.keyed and isinstance(node, dict):
            records, keys = list_values(node)
            return with_keys(records, keys) if self.with_key else records
        if isinstance(node, dict):
            return [node]
        return node if isinstance(node, list) else [entry]


def find_unfolding(entries: Iterable[Any], select: Select) -> Unfolding:
    """Look into the first entries for records, where they are none themselves.

    Parameters
    ----------
    entries : iterable
        The first :data:`PROBED` objects are looked at.
    select : callable
        Chooses the columns to read by their names.

    Returns
    -------
    Unfolding
        The one under which most columns are known, then most records. Entries that tell an account
        and its followers are records as they are, whatever lies within them.
    """
    sample = list(islice((entry for entry in entries if isinstance(entry, dict)), PROBED))
    best, most = Unfolding(), (0, 0)
    select = _remembering(select)
    if not sample or is_read(leaf_names(sample), select):
        return best
    for one in _unfoldings(sample, ()):
        records = one.of_all(sample)
        keys = [key for entry in sample for key in _at(entry, one.path)]
        if one.keyed and _are_accounts(keys, leaf_names(records[:PROBED]), select):
            one = replace(one, with_key=True)
            records = one.of_all(sample)
        known = known_columns(leaf_names(records[:PROBED]), select), len(records)
        if known > most and _tell_accounts(records, select):
            best, most = one, known
    return best


def _at(entry: Any, path: Sequence[str]) -> Mapping[str, Any]:
    for key in path:
        entry = entry.get(key) if isinstance(entry, dict) else None
    return entry if isinstance(entry, dict) else {}


def _unfoldings(nodes: Sequence[Any], path: tuple[str, ...]) -> Iterator[Unfolding]:
    objects = [node for node in nodes if isinstance(node, dict)]
    keys = dict.fromkeys(key for node in objects for key in node)
    if path:
        yield Unfolding(path)
    for key in list(keys)[:_MOST_BRANCHES] if len(path) < _DEPTH else ():
        inner = [node[key] for node in objects if isinstance(node.get(key), dict | list)]
        if 2 * len(inner) > len(nodes):
            yield from _unfoldings(inner, (*path, key))
    various = len(objects) == 1 or len(keys) > max(map(len, objects), default=0)
    if various and are_alike([value for node in objects for value in node.values()]):
        yield Unfolding(path, keyed=True)


@dataclass(frozen=True)
class Entries:
    """Some records of a document.

    Parameters
    ----------
    entries : list
        The records, or what holds them.
    keys : sequence of str, optional
        Under which they lie.
    path : tuple of str
        Keys that lead to them.
    plain : bool
        Whether they are records as they are, and nothing that holds them.
    """

    entries: list[Any]
    keys: Sequence[str] | None = None
    path: tuple[str, ...] = ()
    plain: bool = False

    def settle(self, select: Select) -> tuple[tuple[bool, int, int], list[Any]]:
        """Return how good these records are, and the records themselves, with keys if needed."""
        inner = Unfolding() if self.plain else find_unfolding(self.entries, select)
        entries = self.entries if inner == Unfolding() else inner.of_all(self.entries)
        names = leaf_names(entries[:PROBED])
        keys = self.keys if inner == Unfolding() else None
        if keys is not None and _are_accounts(keys, names, select):
            entries, names = with_keys(entries, keys), [KEY, *names]
        rank = (_tell_accounts(entries, select), known_columns(names, select), len(entries))
        return rank, entries


def find_records(document: Any, select: Select) -> tuple[list[Any], tuple[str, ...]]:
    """Find the records of a document: those of which most columns are known, then most records.

    Parameters
    ----------
    document : object
        What JSON holds.
    select : callable
        Chooses the columns to read by their names.

    Returns
    -------
    entries : list
        The records; the document itself where there are none of accounts.
    path : tuple of str
        Keys that lead to them.

    Examples
    --------
    >>> select = lambda names: [i for i, n in enumerate(names) if n in {"account_id", "followers"}]
    >>> find_records({"ana": {"followers": 1}, "bob": {"followers": 2}}, select)[0]
    [{'account_id': 'ana', 'followers': 1}, {'account_id': 'bob', 'followers': 2}]
    >>> find_records({"account_id": {"0": "ana"}, "followers": {"0": 1}}, select)[0]
    [{'account_id': 'ana', 'followers': 1}]
    """
    select = _remembering(select)
    settled = [(one.settle(select), one.path) for one in _candidates(document, (), select)]
    if settled:
        (rank, entries), path = max(settled, key=lambda one: one[0][0])
        if rank[0] or (rank[1] and isinstance(document, dict)):
            return entries, path
    return document if isinstance(document, list) else [document], ()


def _candidates(node: Any, path: tuple[str, ...], select: Select) -> Iterator[Entries]:
    if isinstance(node, list):
        if any(isinstance(entry, dict) for entry in node[:PROBED]):
            yield Entries(node, path=path)
        elif node and all(isinstance(row, list) for row in node):
            yield Entries(list(chain.from_iterable(node)), path=path)
            yield Entries(name_rows(node, select), path=path)
    if not isinstance(node, dict) or len(path) > _DEPTH:
        return
    values = list(node.values())
    envelope = len(values) == 1 and _NO_ACCOUNT.fullmatch(next(iter(node)))
    alike = are_alike(values)
    if alike and not envelope:
        yield Entries(*list_values(node), path)
    yield from (Entries(rows, keys, path) for rows, keys in by_column(node))
    if len(values) <= (_FEW if alike else _MOST_BRANCHES):
        for key, value in node.items():
            yield from _candidates(value, (*path, key), select)
    if not alike or len(values) <= _FEW:
        yield Entries([node], path=path, plain=True)


def _are_accounts(keys: Sequence[str], names: list[str], select: Select) -> bool:
    """Whether keys name the accounts of records that lack a handle."""
    named = any(not _NO_ACCOUNT.fullmatch(key) for key in keys)
    return named and not has_handle(names, select) and is_read([KEY, *names], select)


def _tell_accounts(records: Sequence[Any], select: Select) -> bool:
    """Whether one of the first records by itself tells an account and its followers."""
    kinds = dict.fromkeys(tuple(leaf_names([record])) for record in records[:PROBED])
    return any(is_read(names, select) for names in kinds)


def _remembering(select: Select) -> Select:
    """Choose columns once for the same names, which come again and again while shapes are tried."""
    choose = lru_cache(maxsize=1_000)(select)
    return lambda names: choose(tuple(names))
