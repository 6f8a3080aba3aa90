"""Where the records of a whole document lie: in envelopes, under keys, column by column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

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
from tiktok_segments.containers.header import is_read, known_columns
from tiktok_segments.containers.nested.context import (
    find_context,
    names_itself,
    tell_by_keys,
)
from tiktok_segments.containers.nested.evidence import (
    are_accounts,
    own_columns,
    remembering,
    tell_accounts,
)
from tiktok_segments.containers.nested.groups import Groups, find_groups
from tiktok_segments.containers.nested.keys import NO_ACCOUNT, left_aside, set_aside
from tiktok_segments.containers.nested.unfolding import (
    DEPTH,
    MOST_BRANCHES,
    Unfolding,
    find_unfolding,
)
from tiktok_segments.containers.records import Select

_FEW = 4
"""Values of an object that may be alike by chance, and no records."""


@dataclass(frozen=True)
class Found:
    """The records of a document.

    Parameters
    ----------
    entries : list
        The records.
    path : tuple of str
        Keys that lead to them.
    rank : tuple of (bool, int, int)
        How good they are: whether they tell accounts, how many of their columns are known, and how
        many there are.
    notes : tuple of str
        What was left out.
    """

    entries: list[Any]
    path: tuple[str, ...] = ()
    rank: tuple[bool, int, int] = (False, 0, 0)
    notes: tuple[str, ...] = ()


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
    notes : tuple of str
        What was left out.
    """

    entries: list[Any]
    keys: Sequence[str] | None = None
    path: tuple[str, ...] = ()
    plain: bool = False
    notes: tuple[str, ...] = ()

    def settle(self, document: Any, select: Select) -> Found:
        """Return the records themselves, with keys and what is around them if needed."""
        inner = Unfolding() if self.plain else find_unfolding(self.entries, select)
        entries = self.entries if inner == Unfolding() else inner.of_all(self.entries)
        names = leaf_names(entries[:PROBED])
        keys = self.keys if inner == Unfolding() else None
        if keys is not None and are_accounts(keys, names, select):
            entries, names = with_keys(entries, keys), [KEY, *names]
        elif self.keys is not None:
            groups = {key: inner.of_all(some) for key, some in self._by_key(self.keys).items()}
            entries = tell_by_keys(groups, own_columns(names, select))
        rank = (tell_accounts(entries, select), known_columns(names, select), len(entries))
        entries = find_context([document], self.path, names, select).put_on(entries, document)
        return Found(entries, self.path, rank, (*self.notes, *inner.notes))

    def _by_key(self, keys: Sequence[str]) -> dict[str, list[Any]]:
        groups: dict[str, list[Any]] = {}
        for key, entry in zip(keys, self.entries, strict=True):
            groups.setdefault(key, []).append(entry)
        return groups


def find_records(document: Any, select: Select) -> Found:
    """Find the records of a document: those of which most columns are known, then most records.

    Parameters
    ----------
    document : object
        What JSON holds.
    select : callable
        Chooses the columns to read by their names.

    Returns
    -------
    Found
        The records; the document itself where there are none of accounts.

    Examples
    --------
    >>> select = lambda names: [i for i, n in enumerate(names) if n in {"account_id", "followers"}]
    >>> find_records({"ana": {"followers": 1}, "bob": {"followers": 2}}, select).entries
    [{'account_id': 'ana', 'followers': 1}, {'account_id': 'bob', 'followers': 2}]
    >>> find_records({"account_id": {"0": "ana"}, "followers": {"0": 1}}, select).entries
    [{'account_id': 'ana', 'followers': 1}]
    """
    select = remembering(select)
    best = _best(document, select)
    if best and (best.rank[0] or (best.rank[1] and isinstance(document, dict))):
        return best
    return Found(document if isinstance(document, list) else [document])


def _best(document: Any, select: Select, within: int = 0) -> Found | None:
    """Return the best records of a document, or of a part of it that lies deep within."""
    settled = [one.settle(document, select) for one in _candidates(document, (), select, within)]
    return max(settled, key=lambda found: found.rank, default=None)


def _groups(node: Any, select: Select, depth: int) -> Groups | None:
    def read(part: Any) -> list[Any]:
        found = _best(part, select, depth + 1)
        return found.entries if found and found.rank[0] else []

    return find_groups(node, select, read)


def _candidates(node: Any, path: tuple[str, ...], select: Select, within: int) -> Iterator[Entries]:
    if isinstance(node, list):
        if any(isinstance(entry, dict) for entry in node[:PROBED]):
            yield Entries(node, path=path)
        elif node and all(isinstance(row, list) for row in node):
            yield Entries(list(chain.from_iterable(node)), path=path)
            yield Entries(name_rows(node, select), path=path)
    depth = len(path) + within
    if not isinstance(node, dict) or depth > DEPTH:
        return
    groups = _groups(node, select, depth)
    if groups:
        yield Entries(groups.records, path=path, plain=True, notes=groups.notes)
        return
    aside = _aside(node, select)
    if aside:
        node = {key: value for key, value in node.items() if key not in aside}
        read = [key for key, value in node.items() if isinstance(value, dict | list)]
        notes = tuple(left_aside(key, read) for key in aside)
        for one in _candidates(node, path, select, within):
            yield replace(one, notes=(*one.notes, *notes))
        return
    values = list(node.values())
    envelope = len(values) == 1 and NO_ACCOUNT.fullmatch(next(iter(node)))
    alike = are_alike(values)
    if alike and not envelope:
        yield Entries(*list_values(node), path)
    yield from (Entries(rows, keys, path) for rows, keys in by_column(node))
    if len(values) <= (_FEW if alike else MOST_BRANCHES):
        for key, value in node.items():
            yield from _candidates(value, (*path, key), select, within)
    if not alike or len(values) <= _FEW:
        yield Entries([node], path=path, plain=True)


def _aside(node: Mapping[str, Any], select: Select) -> list[str]:
    """Return the keys of lists of accounts that are not meant beside what else an object holds."""
    keys = [key for key, value in node.items() if isinstance(value, dict | list) and value]
    if is_read(leaf_names([node]), select):
        keys.append("")  # the object is an account itself
    return [
        key
        for key in set_aside(keys)
        if isinstance(node[key], list)
        and tell_accounts(node[key], select)
        and not names_itself(key, node[key])
    ]
