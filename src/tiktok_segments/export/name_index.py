"""What the columns of a file may be called, and the units that their names say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tiktok_segments.cells.folding import normalise
from tiktok_segments.containers.hints import valid_units
from tiktok_segments.export.aliases import AliasTable
from tiktok_segments.export.unit_names import LOCAL_UNITS, unit_of_name
from tiktok_segments.schema import NUMERIC_KINDS, READABLE


@dataclass(frozen=True)
class Reading:
    """One way to read a column's name: what it is called, and the unit that it says."""

    position: int
    unit: str | None


UNSURE = "mil"
"""A unit that is a thousand in Spanish and Portuguese, and short for a million elsewhere."""

Index = dict[str, list[Reading]]
"""Columns by what they may be called, normalised."""


def index_names(names: Sequence[str], table: AliasTable) -> Index:
    """Return the columns by what they may be called: without their unit, and as they stand."""
    index: Index = {}
    known = table.known
    paths: list[tuple[str, Reading]] = []
    for position, name in enumerate(names):
        base, unit = unit_of_name(name)
        key = normalise(base)
        readings = {key: _local(unit, table.languages.get(key, frozenset()))}
        if readings[key] is None or "%" not in name:  # which is no part of a name
            readings.setdefault(normalise(name), None)
        if unit and readings[key] is None:
            del readings[key]
        for key, said in readings.items():
            if key:
                index.setdefault(key, []).append(Reading(position, said))
        if known.isdisjoint(readings):
            within = next((key for key in endings(name) if key in known), None)
            if within is not None:
                paths.append((within, Reading(position, None)))
    for key, reading in paths:
        index.setdefault(key, []).append(reading)
    return index


def _local(unit: str | None, languages: frozenset[str]) -> str | None:
    """Return a unit that a name says, where it is one in the name's language."""
    if unit is None or unit not in LOCAL_UNITS:
        return unit
    meant = {LOCAL_UNITS[unit][code] for code in languages & LOCAL_UNITS[unit].keys()}
    if meant:
        return meant.pop()
    return unit if unit == UNSURE else None


def named_columns(source: str, canonical: str, names: Sequence[str], index: Index) -> list[Reading]:
    """Return the columns that a user names, with their units where these can be the column's."""
    keys = (normalise(unit_of_name(source)[0]), normalise(source))
    found = [one for key in keys for one in index.get(key, ())]
    exact = [one for one in found if names[one.position] == source]
    found = exact[:1] or found
    return [one if fits(canonical, one.unit) else Reading(one.position, None) for one in found]


def fits(canonical: str, unit: str | None) -> bool:
    """Say whether the numbers of a canonical column can be in a unit, as they can in none named."""
    if unit is None:
        return True
    if unit == UNSURE:
        return READABLE[canonical].kind in {"count", "number"}
    return READABLE[canonical].kind in NUMERIC_KINDS and unit in valid_units(canonical)


def languages_of(index: Index, table: AliasTable) -> frozenset[str]:
    """Return the languages that most names are of; English, which all use, where there is none."""
    counts = Counter(code for key in index for code in table.languages.get(key, ()))
    if set(counts) - {"en"}:
        del counts["en"]
    most = max(counts.values(), default=0)
    return frozenset(code for code, count in counts.items() if count == most)


_PATH = re.compile(r"[./]")
_WRAPPERS = frozenset(
    {
        "data", "payload", "response", "result", "results", "item", "items", "body", "list",
        "record", "records", "node", "nodes", "edges", "info", "profile", "profiles", "account",
        "accounts", "tiktok", "attributes", "fields", "user", "users", "userinfo", "creator",
        "creators", "influencer", "influencers", "output", "json", "content", "entity", "row",
    }
)  # fmt: skip
"""Objects that say nothing about the names inside them."""


def endings(path: str) -> Iterator[str]:
    """Give what a dotted path may be called, the longest first.

    A name below objects keeps the last of them, unless that only wraps what is inside.

    Parameters
    ----------
    path : str
        As in ``data.userInfo.stats.followerCount``.

    Yields
    ------
    str
        Normalised.

    Examples
    --------
    >>> list(endings("data.items.user.username"))
    ['itemsuserusername', 'userusername', 'username']
    """
    parts = [part for part in _PATH.split(path) if part]
    for start in range(1, len(parts) - 1):
        yield normalise("".join(parts[start:]))
    if len(parts) > 1 and all(normalise(part) in _WRAPPERS for part in parts[:-1]):
        yield normalise(parts[-1])
