"""What names tell of records in JSON: whether they are accounts, and which columns they are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any

from tiktok_segments.containers.columns.flatten import KEY, PROBED, leaf_names
from tiktok_segments.containers.header import has_handle, is_read
from tiktok_segments.containers.hints import Positions
from tiktok_segments.containers.nested.keys import NO_ACCOUNT, day_of
from tiktok_segments.containers.records import Select


def are_accounts(keys: Collection[str], names: list[str], select: Select) -> bool:
    """Whether keys name the accounts of records that lack a handle.

    Examples
    --------
    >>> select = lambda names: [i for i, n in enumerate(names) if n in {"account_id", "followers"}]
    >>> are_accounts(["ana", "ben"], ["followers"], select)
    True
    >>> are_accounts(["2024-05-01", "2024-05-02"], ["followers"], select)
    False
    """
    named = any(not NO_ACCOUNT.fullmatch(key) for key in keys)
    if not named or all(map(day_of, keys)):
        return False
    return not has_handle(names, select) and is_read([KEY, *names], select)


def tell_accounts(records: Sequence[Any], select: Select) -> bool:
    """Whether one of the first records by itself tells an account and its followers.

    Examples
    --------
    >>> select = lambda names: [i for i, n in enumerate(names) if n in {"account_id", "followers"}]
    >>> tell_accounts([{"error": "gone"}, {"account_id": "ana", "followers": 1}], select)
    True
    """
    kinds = dict.fromkeys(tuple(leaf_names([record])) for record in records[:PROBED])
    return any(is_read(names, select) for names in kinds)


def handle_of(names: Sequence[str], select: Select) -> str:
    """Return the column of the account; nothing where several may be it, or none.

    Examples
    --------
    >>> aliases = ("account_id", "user", "handle")
    >>> select = lambda names: next(([names.index(a)] for a in aliases if a in names), [])
    >>> handle_of(["handle", "fans"], select), handle_of(["fans"], select)
    ('handle', '')
    """
    read = [names[position] for position in select(names)]
    found = [name for name in read if has_handle([name], select)]
    return found[0] if len(found) == 1 else ""


def claims(names: Sequence[str], select: Select) -> frozenset[str]:
    """Return the canonical columns that names are known for; none where that is not told.

    Examples
    --------
    >>> sorted(claims(["fans"], lambda names: Positions([0], ["followers"])))
    ['followers']
    """
    found = select(names)
    return found.claimed if isinstance(found, Positions) else frozenset()


def remembering(select: Select) -> Select:
    """Choose columns once for the same names, which come again and again while shapes are tried.

    Examples
    --------
    >>> remembering(lambda names: [0] if "fans" in names else [])(["fans"])
    [0]
    """
    choose = lru_cache(maxsize=1_000)(select)
    return lambda names: choose(tuple(names))
