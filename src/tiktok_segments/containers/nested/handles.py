"""One name for the accounts of groups that call them differently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tiktok_segments.containers.columns.flatten import KEY
from tiktok_segments.containers.header import has_handle
from tiktok_segments.containers.nested.context import node_at
from tiktok_segments.containers.records import Select


def name_handles_alike(
    groups: Mapping[str, list[Any]], names: Mapping[str, Sequence[str]], select: Select
) -> dict[str, list[Any]]:
    """Give the records of groups that differ in it one name of their accounts.

    Parameters
    ----------
    groups : mapping of str to list
        The records under each key.
    names : mapping of str to sequence of str
        Their columns.
    select : callable
        Chooses the columns to read by their names.

    Returns
    -------
    dict of str to list
        The same records where one name stands for all groups, or nobody knows which it is.

    Examples
    --------
    >>> aliases = ("account_id", "user", "handle")
    >>> select = lambda names: next(([names.index(a)] for a in aliases if a in names), [])
    >>> groups = {"DE": [{"user": "ana"}], "US": [{"handle": "ben"}]}
    >>> names = {"DE": ["user"], "US": ["handle"]}
    >>> name_handles_alike(groups, names, select)["US"]
    [{'account_id': 'ben', 'handle': 'ben'}]
    """
    handles = {key: _handle(names[key], select) for key in groups}
    if len(set(handles.values())) < 2:
        return dict(groups)
    return {key: _named(records, handles[key]) for key, records in groups.items()}


def _handle(names: Sequence[str], select: Select) -> str:
    """Return the column of the account; nothing where several may be it."""
    read = [names[position] for position in select(names)]
    found = [name for name in read if has_handle([name], select)]
    return found[0] if len(found) == 1 else ""


def _named(records: list[Any], handle: str) -> list[Any]:
    if handle in {"", KEY}:
        return records
    *path, last = handle.split(".")
    return [
        {KEY: account, **record} if (account := node_at(record, path).get(last)) else record
        for record in records
    ]
