"""Where in each entry of a list, or each line, its records lie."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Any

import numpy as np

from tiktok_segments.containers.columns.flatten import KEY, PROBED, are_alike, leaf_names
from tiktok_segments.containers.header import is_read, known_columns
from tiktok_segments.containers.nested.context import (
    PutOn,
    find_context,
    lacking_columns,
    node_at,
    tell_by_keys,
    value_at,
)
from tiktok_segments.containers.nested.evidence import are_accounts, remembering, tell_accounts
from tiktok_segments.containers.nested.keys import left_aside, set_aside
from tiktok_segments.containers.records import Select

DEPTH = 4
"""Keys on the way to records."""

MOST_BRANCHES = 50
"""Values of one object that are looked into; more of them are no envelope."""


@dataclass(frozen=True)
class Unfolding:
    """Where in each entry, such as a line of JSON Lines, its records lie.

    Parameters
    ----------
    path : tuple of str
        Keys that lead from the entry to an object, which is a record, or to a list of them.
    keyed : bool
        Whether the records are the values of that object.
    tells : frozenset of str
        Columns that the keys of those values may tell.
    put_on : callable, optional
        Returns the records of an entry with what is around them.
    aside : frozenset of str
        Keys beside those of the records whose lists are not meant.

    Notes
    -----
    It is true where entries are anything else than records as they are.
    """

    path: tuple[str, ...] = ()
    keyed: bool = False
    tells: frozenset[str] = frozenset()
    put_on: PutOn | None = None
    aside: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return self != Unfolding()

    def unfold(self, entries: list[Any], lines: np.ndarray) -> tuple[list[Any], np.ndarray]:
        """Return the records of entries, each with its entry's line; others stay as they are.

        Examples
        --------
        >>> pages = [{"data": [{"fans": 1}, {"fans": 2}]}, {"error": "gone"}]
        >>> records, lines = Unfolding(("data",)).unfold(pages, np.array([1, 2]))
        >>> records, lines.tolist()
        ([{'fans': 1}, {'fans': 2}, {'error': 'gone'}], [1, 1, 2])
        """
        if not self:
            return entries, lines
        parts = [self.of(entry) for entry in entries]
        return list(chain.from_iterable(parts)), np.repeat(lines, [len(part) for part in parts])

    def of_all(self, entries: Sequence[Any]) -> list[Any]:
        """Return the records of entries."""
        return list(chain.from_iterable(map(self.of, entries)))

    def of(self, entry: Any) -> list[Any]:
        """Return the records of one entry; itself where there is nothing at the path."""
        node = value_at(entry, self.path)
        if isinstance(node, dict):
            records = self._of_keys(node) if self.keyed else [node]
        else:
            records = node if isinstance(node, list) else [entry]
        return self.put_on(records, entry) if self.put_on else records

    def _of_keys(self, node: dict[str, Any]) -> list[Any]:
        node = {key: value for key, value in node.items() if key not in self.aside}
        if KEY not in self.tells and any(isinstance(value, list) for value in node.values()):
            # What is beside the lists is plain.
            node = {key: value for key, value in node.items() if isinstance(value, dict | list)}
        groups = {key: value if isinstance(value, list) else [value] for key, value in node.items()}
        return tell_by_keys(groups, self.tells)

    @property
    def notes(self) -> tuple[str, ...]:
        """What is left out."""
        read = self.path[-1:] or ("the other keys",)
        return tuple(left_aside(key, read) for key in sorted(self.aside))


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
    select = remembering(select)
    if not sample or is_read(leaf_names(sample), select):
        return Unfolding()
    found = [_with_key(one, sample, select) for one in _unfoldings(sample, ())]
    found.sort(key=lambda one: _known(one.of_all(sample), select), reverse=True)
    best = next((one for one in found if tell_accounts(one.of_all(sample), select)), None)
    if best is None:
        return Unfolding()
    names = leaf_names(best.of_all(sample)[:PROBED])
    put_on = find_context(sample, best.path, names, select)
    return replace(best, put_on=put_on, tells=best.tells or lacking_columns(names, select))


def _known(records: Sequence[Any], select: Select) -> tuple[int, int]:
    return known_columns(leaf_names(records[:PROBED]), select), len(records)


def _with_key(one: Unfolding, sample: Sequence[Any], select: Select) -> Unfolding:
    """Take the keys for the accounts of the records below them, where these have no other."""
    keys = [key for entry in sample for key in node_at(entry, one.path)]
    if one.keyed and are_accounts(keys, leaf_names(one.of_all(sample)[:PROBED]), select):
        return replace(one, tells=frozenset({KEY}), aside=frozenset())
    return one


def _unfoldings(nodes: Sequence[Any], path: tuple[str, ...]) -> Iterator[Unfolding]:
    objects = [node for node in nodes if isinstance(node, dict)]
    keys = dict.fromkeys(key for node in objects for key in node)
    inner = {
        key: [node[key] for node in objects if isinstance(node.get(key), dict | list)]
        for key in keys
    }
    holding = [key for key in keys if inner[key]]
    lists = {key for key in holding if any(map(_is_list, inner[key]))}
    aside = lists.intersection(set_aside(holding))
    if path:
        yield Unfolding(path)
    for key in list(keys)[:MOST_BRANCHES] if len(path) < DEPTH else ():
        if key not in aside and 2 * len(inner[key]) > len(nodes):
            for one in _unfoldings(inner[key], (*path, key)):
                yield replace(one, aside=one.aside | aside)
    various = len(objects) == 1 or len(keys) > max(map(len, objects), default=0)
    alike = various and are_alike([value for node in objects for value in node.values()])
    if not alike and len(lists) == len(holding) > len(aside) + 1:
        alike = are_alike([node[key] for node in objects for key in holding if node.get(key)])
    if alike:
        yield Unfolding(path, keyed=True, aside=frozenset(aside))


def _is_list(value: Any) -> bool:
    """Whether a value is a list of objects."""
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)
