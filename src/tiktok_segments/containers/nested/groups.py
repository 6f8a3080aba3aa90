"""Groups of accounts under keys of their own, each a list, a map by account, or a table."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from tiktok_segments.containers.columns.flatten import KEY, PROBED, are_alike, leaf_names
from tiktok_segments.containers.header import is_read
from tiktok_segments.containers.nested.context import (
    names_itself,
    tell_by_keys,
    with_told,
)
from tiktok_segments.containers.nested.evidence import are_accounts, claims, own_columns
from tiktok_segments.containers.nested.handles import name_handles_alike
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

_FEW = 50
"""Values of an object of which two may be groups beside others; of more, most must be."""
_MOSTLY = 0.8
_COMMON = 0.5
"""Share of the keys in groups, of those that can come again, beyond which they are no accounts."""

Read = Callable[[Any], list[Any]]
"""Returns the records of accounts that a part of a document holds."""


@dataclass(frozen=True)
class Groups:
    """The records of all groups of an object.

    Parameters
    ----------
    records : list
        With what the groups' keys tell of them.
    notes : tuple of str
        Which groups were left out.
    """

    records: list[Any]
    notes: tuple[str, ...] = ()


def find_groups(node: Mapping[str, Any], select: Select, read: Read) -> Groups | None:
    """Find the records of an object's values where two or more of them hold accounts.

    Parameters
    ----------
    node : mapping
        An object of a document.
    select : callable
        Chooses the columns to read by their names.
    read : callable
        Returns the records of accounts that a value holds.

    Returns
    -------
    Groups or None
        None where the values are records, or parts of one, and no groups of them.

    Raises
    ------
    InputError
        If the values may be groups of accounts as well as accounts with parts; it names no file.

    Examples
    --------
    >>> select = lambda names: [i for i, n in enumerate(names) if n in {"account_id", "followers"}]
    >>> read = lambda part: [{"account_id": key, **part[key]} for key in part]
    >>> node = {"DE": {"ana": {"followers": 1}}, "US": {"ben": {"followers": 2}}}
    >>> find_groups(node, select, read).records
    [{'account_id': 'ana', 'followers': 1}, {'account_id': 'ben', 'followers': 2}]
    """
    parts = {key: value for key, value in node.items() if isinstance(value, dict | list) and value}
    turned = _read_within_accounts(parts, select)
    if turned:
        return Groups(turned)
    if len(parts) < 2 or (_is_record(node, select) and not are_alike(list(parts.values()))):
        return None
    groups = {key: _read(part, select, read) for key, part in islice(parts.items(), PROBED)}
    found = sum(map(bool, groups.values()))
    if found < 2 or (len(parts) > _FEW and found < _MOSTLY * len(groups)):
        return None
    for key, part in islice(parts.items(), PROBED, None):
        groups[key] = _read(part, select, read)
    groups = {key: records for key, records in groups.items() if records}
    if _share_keys([parts[key] for key in groups]) and not _tell(groups):
        _check_are_parts({key: parts[key] for key in groups})
        return None
    return _put_together(groups, select)


def _is_record(part: Any, select: Select) -> bool:
    return is_read(leaf_names([part]), select)


def _read(part: Any, select: Select, read: Read) -> list[Any]:
    """Return the records of a group; none where it is a record itself."""
    alone = isinstance(part, dict) and not are_alike(list(part.values()))
    return [] if alone and _is_record(part, select) else read(part)


def _share_keys(parts: Sequence[Any]) -> bool:
    """Whether objects of objects have their keys in common, as the parts of records do.

    Examples
    --------
    >>> _share_keys([{"numbers": {"fans": 1}}, {"numbers": {"fans": 2}}])
    True
    >>> _share_keys([{"ana": {"fans": 1}}, {"ben": {"fans": 2}}])
    False
    """
    maps = [part for part in parts if isinstance(part, dict)]
    if len(maps) < len(parts) or not all(isinstance(v, dict) for one in maps for v in one.values()):
        return False
    different = len({key for one in maps for key in one})
    all_keys, most = sum(map(len, maps)), max(map(len, maps))
    return all_keys - different > _COMMON * (all_keys - most)


def _check_are_parts(maps: Mapping[str, Any]) -> None:
    """Refuse objects whose keys may be accounts that come again as well as parts of accounts."""
    inner = list(dict.fromkeys(key for one in maps.values() for key in one))
    if max(map(len, maps.values())) < 2 or all(map(NO_ACCOUNT.fullmatch, maps)):
        return
    raise InputError(
        f"the objects under {list_names(list(maps))} have keys in common: "
        f"{list_names(inner)}. These may be accounts of several groups, or parts of one "
        f"account each.\nGive a list of records, one for each account; or one file for each group."
    )


def _tell(keys: Collection[str]) -> bool:
    """Whether keys are days, or platforms."""
    return all(map(day_of, keys)) or all(map(platform_of, keys))


def _read_within_accounts(parts: Mapping[str, Any], select: Select) -> list[Any]:
    """Return records that accounts hold under days or platforms; none where they do not.

    Examples
    --------
    >>> select = lambda names: [i for i, n in enumerate(names) if n in {"account_id", "followers"}]
    >>> _read_within_accounts({"ana": {"2024-05-01": {"followers": 1}}}, select)
    [{'account_id': 'ana', 'collected_at': '2024-05-01', 'followers': 1}]
    """
    first = list(islice(parts.values(), PROBED))
    if not first or not all(isinstance(part, dict) and _tell(part) for part in first):
        return []
    if not all(isinstance(part, dict) and _tell(part) for part in parts.values()):
        return []
    records = {key: list(part.values()) for key, part in parts.items()}
    names = leaf_names(record for some in islice(records.values(), PROBED) for record in some)
    if not are_accounts(list(parts), names, select):
        return []
    own = own_columns(names, select)
    return [
        record
        for key, part in parts.items()
        for record in with_told(
            tell_by_keys({inner: [one] for inner, one in part.items()}, own), {KEY: key}
        )
    ]


def _put_together(groups: Mapping[str, list[Any]], select: Select) -> Groups:
    """Put the records of groups one behind the other; those beside the accounts are left out."""
    names = {key: leaf_names(records[:PROBED]) for key, records in groups.items()}
    of_videos = [key for key, some in names.items() if claims(some, select) & VIDEO_COLUMNS.keys()]
    others = of_videos if len(of_videos) < len(groups) else []
    if not any(names_itself(key, records) for key, records in groups.items()):
        others += set_aside(key for key in groups if key not in others)
    kept = {key: records for key, records in groups.items() if key not in others}
    own = own_columns([name for key in kept for name in names[key]], select)
    named = name_handles_alike(kept, names, select)
    return Groups(tell_by_keys(named, own), tuple(left_aside(key, kept) for key in others))
