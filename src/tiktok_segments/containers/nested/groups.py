"""Accounts beside each other under keys of their own: which are meant, as one list of records."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import chain, islice
from typing import Any

from tiktok_segments.containers.columns.flatten import KEY, PROBED, leaf_names
from tiktok_segments.containers.nested.context import (
    lacking_columns,
    name_themselves,
    tell_by_keys,
    value_at,
)
from tiktok_segments.containers.nested.evidence import (
    are_accounts,
    claims,
    handle_of,
    tell_accounts,
)
from tiktok_segments.containers.nested.keys import (
    NO_ACCOUNT,
    day_of,
    left_aside,
    platform_of,
    set_aside,
)
from tiktok_segments.containers.records import Select
from tiktok_segments.containers.side_files import list_names
from tiktok_segments.errors import InputError
from tiktok_segments.schema import VIDEO_COLUMNS

_COMMON = 0.5
"""Share of the keys in groups, of those that can come again, beyond which they are no accounts."""


def join_groups(
    groups: Mapping[str, list[Any]], select: Select
) -> tuple[list[Any], tuple[str, ...]]:
    """Put the records of groups one behind the other; those beside the accounts are left out.

    Where groups differ in the column of the account, one column has them all.

    Parameters
    ----------
    groups : mapping of str to list
        The records under each key.
    select : callable
        Chooses the columns to read by their names.

    Returns
    -------
    records : list
        With what the groups' keys tell of them.
    notes : tuple of str
        Which groups were left out.

    Examples
    --------
    >>> aliases = ("account_id", "user", "handle")
    >>> select = lambda names: next(([names.index(a)] for a in aliases if a in names), [])
    >>> join_groups({"DE": [{"user": "ana"}], "US": [{"handle": "ben"}]}, select)[0]
    [{'account_id': 'ana', 'user': 'ana'}, {'account_id': 'ben', 'handle': 'ben'}]
    >>> join_groups({"accounts": [{"user": "ana"}], "removed": [{"user": "ben"}]}, select)[1]
    ("the records under 'removed' are not read, only those under 'accounts'",)
    """
    names = {key: leaf_names(records[:PROBED]) for key, records in groups.items()}
    of_videos = [key for key, some in names.items() if claims(some, select) & VIDEO_COLUMNS.keys()]
    others = of_videos if len(of_videos) < len(groups) else []
    if not name_themselves(groups):
        others += set_aside(key for key in groups if key not in others)
    kept = {key: records for key, records in groups.items() if key not in others}
    handles = {key: handle_of(names[key], select) for key in kept}
    if len(set(handles.values())) > 1:
        kept = {key: _with_account(records, handles[key]) for key, records in kept.items()}
    lacking = lacking_columns([name for key in kept for name in names[key]], select)
    return tell_by_keys(kept, lacking), tuple(left_aside(key, kept) for key in others)


def _with_account(records: list[Any], handle: str) -> list[Any]:
    """Give records their handle as their account; nothing where they have it, or none is known."""
    if handle in {"", KEY}:
        return records
    path = handle.split(".")
    return [
        {KEY: account, **record} if (account := value_at(record, path)) else record
        for record in records
    ]


def leave_aside(node: dict[str, Any], select: Select) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Part an object from lists of accounts that are not meant beside what else it holds.

    Parameters
    ----------
    node : dict
        An object of a document.
    select : callable
        Chooses the columns to read by their names.

    Returns
    -------
    kept : dict
        The object without these lists.
    notes : tuple of str
        Which lists were left out.

    Examples
    --------
    >>> select = lambda names: [i for i, n in enumerate(names) if n in {"account_id", "followers"}]
    >>> similar = [{"account_id": "cat", "followers": 3}]
    >>> leave_aside({"account_id": "ana", "followers": 1, "similar": similar}, select)[0]
    {'account_id': 'ana', 'followers': 1}
    """
    keys = [key for key, value in node.items() if isinstance(value, dict | list) and value]
    if tell_accounts([node], select):
        keys.append("")  # the object is an account itself
    aside = [
        key
        for key in set_aside(keys)
        if isinstance(node[key], list)
        and tell_accounts(node[key], select)
        and not name_themselves({key: node[key]})
    ]
    kept = {key: value for key, value in node.items() if key not in aside}
    read = [key for key, value in kept.items() if isinstance(value, dict | list)]
    return kept, tuple(left_aside(key, read) for key in aside)


def are_parts(values: Mapping[str, Any]) -> bool:
    """Whether objects, each of which holds accounts by itself, are parts of records and no groups.

    Parts of records have their keys in common.

    Parameters
    ----------
    values : mapping of str to object
        What holds accounts, by key.

    Raises
    ------
    InputError
        If the keys in common may be accounts that come again as well; it names no file.

    Examples
    --------
    >>> are_parts({"user1": {"numbers": {"fans": 1}}, "user2": {"numbers": {"fans": 2}}})
    True
    >>> are_parts({"DE": {"ana": {"fans": 1}}, "US": {"ben": {"fans": 2}}})
    False
    """
    if _tell(values) or not _share_keys(list(values.values())):
        return False
    if max(map(len, values.values())) > 1 and not all(map(NO_ACCOUNT.fullmatch, values)):
        common = list(dict.fromkeys(chain.from_iterable(values.values())))
        raise InputError(
            f"the objects under {list_names(list(values))} have keys in common: "
            f"{list_names(common)}. These may be accounts of several groups, or parts of one "
            f"account each.\nGive a list of records, one for each account; or one file for each "
            f"group."
        )
    return True


def _share_keys(values: Sequence[Any]) -> bool:
    """Whether objects of objects have most of those keys in common that can come again."""
    if not all(isinstance(value, dict) for value in values):
        return False
    if not all(isinstance(inner, dict) for value in values for inner in value.values()):
        return False
    different = len(set(chain.from_iterable(values)))
    all_keys, most = sum(map(len, values)), max(map(len, values))
    return all_keys - different > _COMMON * (all_keys - most)


def _tell(keys: Collection[str]) -> bool:
    """Whether keys are days, or platforms."""
    return all(map(day_of, keys)) or all(map(platform_of, keys))


def read_within_accounts(parts: Mapping[str, Any], select: Select) -> list[Any]:
    """Return records that accounts hold under days or platforms; none where they do not.

    Parameters
    ----------
    parts : mapping of str to object
        What an object holds under each key.
    select : callable
        Chooses the columns to read by their names.

    Examples
    --------
    >>> select = lambda names: [i for i, n in enumerate(names) if n in {"account_id", "followers"}]
    >>> read_within_accounts({"ana": {"2024-05-01": {"followers": 1}}}, select)
    [{'account_id': 'ana', 'collected_at': '2024-05-01', 'followers': 1}]
    """
    if not parts or not all(isinstance(part, dict) and _tell(part) for part in parts.values()):
        return []
    first = islice(parts.values(), PROBED)
    names = leaf_names(record for part in first for record in part.values())
    if not are_accounts(parts, names, select):
        return []
    lacking = lacking_columns(names, select)
    told = {
        key: tell_by_keys({inner: [record] for inner, record in part.items()}, lacking)
        for key, part in parts.items()
    }
    return tell_by_keys(told, {KEY})
