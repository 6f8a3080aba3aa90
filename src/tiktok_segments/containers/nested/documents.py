"""Where the records of a whole document lie: in envelopes, under keys, column by column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
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
from tiktok_segments.containers.header import known_columns
from tiktok_segments.containers.nested.context import find_context, lacking_columns, tell_by_keys
from tiktok_segments.containers.nested.evidence import are_accounts, remembering, tell_accounts
from tiktok_segments.containers.nested.groups import (
    are_parts,
    join_groups,
    leave_aside,
    read_within_accounts,
)
from tiktok_segments.containers.nested.keys import NO_ACCOUNT
from tiktok_segments.containers.nested.unfolding import DEPTH, MOST_BRANCHES, find_unfolding
from tiktok_segments.containers.records import Select

_FEW = 4
"""Values of an object that may be alike by chance, and no records."""
_FEW_GROUPS = 50
"""Values of an object of which two may be groups beside others; of more, most must be."""
_MOSTLY = 0.8

Notes = tuple[str, ...]
"""What was left out."""


@dataclass(frozen=True)
class DocumentRecords:
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


def find_records(document: Any, select: Select) -> DocumentRecords:
    """Find the records of a document: those of which most columns are known, then most records.

    Parameters
    ----------
    document : object
        What JSON holds.
    select : callable
        Chooses the columns to read by their names.

    Returns
    -------
    DocumentRecords
        The records; the document itself where there are none of accounts.

    Raises
    ------
    InputError
        If an object's values may be groups of accounts as well as accounts with parts; it names no
        file.

    Examples
    --------
    >>> select = lambda names: [i for i, n in enumerate(names) if n in {"account_id", "followers"}]
    >>> find_records({"ana": {"followers": 1}, "bob": {"followers": 2}}, select).entries
    [{'account_id': 'ana', 'followers': 1}, {'account_id': 'bob', 'followers': 2}]
    >>> find_records({"account_id": {"0": "ana"}, "followers": {"0": 1}}, select).entries
    [{'account_id': 'ana', 'followers': 1}]
    >>> groups = {"DE": {"ana": {"followers": 1}}, "US": {"ben": {"followers": 2}}}
    >>> find_records(groups, select).entries
    [{'account_id': 'ana', 'followers': 1}, {'account_id': 'ben', 'followers': 2}]
    """
    best = _Search(document, remembering(select)).best()
    if best and (best.rank[0] or (best.rank[1] and isinstance(document, dict))):
        return best
    return DocumentRecords(document if isinstance(document, list) else [document])


@dataclass(frozen=True)
class _Search:
    """The search through a document, or through a part of one that lies deep within."""

    document: Any
    select: Select
    within: int = 0

    def best(self) -> DocumentRecords | None:
        return max(self._look(self.document, ()), key=lambda one: one.rank, default=None)

    def _look(
        self, node: Any, path: tuple[str, ...], notes: Notes = ()
    ) -> Iterator[DocumentRecords]:
        """Give what a node may hold, the first of those that are equally good first."""
        if isinstance(node, list):
            if any(isinstance(entry, dict) for entry in node[:PROBED]):
                yield self._unfold(node, None, path, notes)
            elif node and all(isinstance(row, list) for row in node):
                yield self._unfold(list(chain.from_iterable(node)), None, path, notes)
                yield self._unfold(name_rows(node, self.select), None, path, notes)
        depth = len(path) + self.within
        if not isinstance(node, dict) or depth > DEPTH:
            return
        groups = self._read_groups(node, depth)
        if groups:
            records, others = groups
            yield self._settle(records, leaf_names(records[:PROBED]), path, (*others, *notes))
            return
        node, left_out = leave_aside(node, self.select)
        if left_out:
            yield from self._look(node, path, (*left_out, *notes))
            return
        values = list(node.values())
        envelope = len(values) == 1 and NO_ACCOUNT.fullmatch(next(iter(node)))
        alike = are_alike(values)
        if alike and not envelope:
            yield self._unfold(*list_values(node), path, notes)
        for rows, keys in by_column(node):
            yield self._unfold(rows, keys, path, notes)
        if len(values) <= (_FEW if alike else MOST_BRANCHES):
            for key, value in node.items():
                yield from self._look(value, (*path, key), notes)
        if not alike or len(values) <= _FEW:
            yield self._settle([node], leaf_names([node]), path, notes)

    def _unfold(
        self, entries: list[Any], keys: Sequence[str] | None, path: tuple[str, ...], notes: Notes
    ) -> DocumentRecords:
        """Return the records that entries are or hold, with what their keys tell of them."""
        inner = find_unfolding(entries, self.select)
        records = inner.of_all(entries) if inner else entries
        names = leaf_names(records[:PROBED])
        if keys is not None and not inner and are_accounts(keys, names, self.select):
            records, names = with_keys(records, keys), [KEY, *names]
        elif keys is not None:
            groups: dict[str, list[Any]] = {}
            for key, entry in zip(keys, entries, strict=True):
                groups.setdefault(key, []).extend(inner.of(entry))
            records = tell_by_keys(groups, lacking_columns(names, self.select))
        return self._settle(records, names, path, (*notes, *inner.notes))

    def _settle(
        self, records: list[Any], names: list[str], path: tuple[str, ...], notes: Notes
    ) -> DocumentRecords:
        """Return records, which have such names themselves, with what is around them."""
        known = known_columns(names, self.select)
        rank = (tell_accounts(records, self.select), known, len(records))
        put_on = find_context([self.document], path, names, self.select)
        return DocumentRecords(put_on(records, self.document), path, rank, notes)

    def _read_groups(self, node: Mapping[str, Any], depth: int) -> tuple[list[Any], Notes] | None:
        """Return the records of an object's values where two or more of them hold accounts.

        None where the values are records, or parts of one, and no groups of them.
        """
        parts = {
            key: value for key, value in node.items() if isinstance(value, dict | list) and value
        }
        within = read_within_accounts(parts, self.select)
        if within:
            return within, ()
        if len(parts) < 2 or self._is_account(node, parts):
            return None
        read = ((key, self._read(part, depth + 1)) for key, part in parts.items())
        first = dict(islice(read, PROBED))
        found = sum(map(bool, first.values()))
        if found < 2 or (len(parts) > _FEW_GROUPS and found < _MOSTLY * len(first)):
            return None
        groups = {key: records for key, records in chain(first.items(), read) if records}
        if are_parts({key: parts[key] for key in groups}):
            return None
        return join_groups(groups, self.select)

    def _read(self, part: Any, depth: int) -> list[Any]:
        """Return the records of accounts in a part of the document; none where it is one itself."""
        if isinstance(part, dict) and self._is_account(part, part):
            return []
        found = _Search(part, self.select, depth).best()
        return found.entries if found and found.rank[0] else []

    def _is_account(self, node: Mapping[str, Any], parts: Mapping[str, Any]) -> bool:
        """Whether an object tells an account itself, and its parts are no records of one kind."""
        return tell_accounts([node], self.select) and not are_alike(list(parts.values()))
