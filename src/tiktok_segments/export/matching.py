"""Which column of an export is which canonical column, and what its numbers are in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tiktok_segments.containers.hints import valid_units
from tiktok_segments.export.aliases import AliasTable, normalise
from tiktok_segments.export.unit_names import LOCAL_UNITS, unit_of_name
from tiktok_segments.schema import NUMERIC_KINDS, READABLE


@dataclass(frozen=True)
class Matching:
    """What was matched in one file.

    Parameters
    ----------
    positions : dict of str to tuple of int
        Canonical column to the file's columns that claim it: several only where a name repeats.
    per_video : bool
        Whether a row is a video.
    missing : dict of str to str
        Overrides that name a column which is not there.
    factors : mapping of int to float
        Columns whose numbers are in another unit than single ones and fractions: the factor to it.
    units : mapping of str to str
        Canonical column of numbers to their unit and how it was settled, as in
        ``percent, by its name``.
    languages : frozenset of str
        Codes of the languages that most of the columns' names are of: one of them is theirs.
    lost_units : tuple of str
        Columns whose unit the user says and which are not there.
    unsure_units : tuple of str
        Columns whose name says a unit that may be thousands or millions.
    """

    positions: dict[str, tuple[int, ...]]
    per_video: bool
    missing: dict[str, str]
    factors: Mapping[int, float] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    languages: frozenset[str] = frozenset()
    lost_units: tuple[str, ...] = ()
    unsure_units: tuple[str, ...] = ()

    def selected(self) -> list[int]:
        """Positions of all matched columns."""
        return sorted({position for claim in self.positions.values() for position in claim})

    def factor(self, canonical: str) -> float:
        """Return what the plain numbers of a matched column are to be multiplied by."""
        return self.factors.get(self.positions[canonical][0], 1.0)


@dataclass(frozen=True)
class _Reading:
    """One way to read a column's name: what it is called, and the unit that it says."""

    position: int
    unit: str | None


_UNSURE = "mil"
"""A unit that is a thousand in Spanish and Portuguese, and short for a million elsewhere."""

_Index = dict[str, list[_Reading]]


def match_columns(
    names: Sequence[str],
    table: AliasTable,
    overrides: Mapping[str, str] | None = None,
    units: Mapping[str, str] | None = None,
) -> Matching:
    """Match a file's columns to canonical ones.

    Parameters
    ----------
    names : sequence of str
        The file's column names.
    table : AliasTable
        Known names.
    overrides : mapping of str to str, optional
        Canonical column to the name in this file; beats the table.
    units : mapping of str to str, optional
        Canonical column to the unit of its numbers; beats what the name says.

    Returns
    -------
    Matching
        No column of the file serves two canonical ones.

    Examples
    --------
    >>> from tiktok_segments.export.aliases import alias_table
    >>> matching = match_columns(["Account ID", "Followers (thousands)"], alias_table(None))
    >>> matching.positions, matching.factors, matching.units["followers"]
    ({'account_id': (0,), 'followers': (1,)}, {1: 1000.0}, 'thousands, by its name')
    """
    index = _index_names(names, table)
    claims: dict[str, list[_Reading]] = {}
    missing = {}
    for canonical, source in (overrides or {}).items():
        claim = _named(source, canonical, names, index)
        if claim:
            claims[canonical] = claim
        else:
            missing[canonical] = source
    per_video = _is_per_video(index, table)
    if per_video:
        _claim(table.video, index, claims)
    _claim(table.profile, index, claims)
    factors, settled = _settle_units(claims, units or {})
    return Matching(
        {canonical: tuple(one.position for one in claim) for canonical, claim in claims.items()},
        per_video,
        missing,
        factors,
        settled,
        _languages(index, table),
        tuple(canonical for canonical in units or {} if canonical not in claims),
        tuple(
            canonical
            for canonical, claim in claims.items()
            if claim[0].unit == _UNSURE and canonical not in (units or {})
        ),
    )


def _index_names(names: Sequence[str], table: AliasTable) -> _Index:
    """Return the columns by what they may be called: without their unit, and as they stand."""
    index: _Index = {}
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
                index.setdefault(key, []).append(_Reading(position, said))
    return index


def _local(unit: str | None, languages: frozenset[str]) -> str | None:
    """Return a unit that a name says, where it is one in the name's language."""
    if unit is None or unit not in LOCAL_UNITS:
        return unit
    meant = {LOCAL_UNITS[unit][code] for code in languages & LOCAL_UNITS[unit].keys()}
    if meant:
        return meant.pop()
    return unit if unit == _UNSURE else None


def _named(source: str, canonical: str, names: Sequence[str], index: _Index) -> list[_Reading]:
    """Return the columns that a user names, with their units where these can be the column's."""
    keys = (normalise(unit_of_name(source)[0]), normalise(source))
    found = [one for key in keys for one in index.get(key, ())]
    exact = [one for one in found if names[one.position] == source]
    found = exact[:1] or found
    return [one if _fits(canonical, one.unit) else _Reading(one.position, None) for one in found]


def _fits(canonical: str, unit: str | None) -> bool:
    if unit is None:
        return True
    if unit == _UNSURE:
        return READABLE[canonical].kind in {"count", "number"}
    return READABLE[canonical].kind in NUMERIC_KINDS and unit in valid_units(canonical)


def _is_per_video(index: _Index, table: AliasTable) -> bool:
    measured = ("video_likes", "video_comments", "video_views")
    aliases = {alias for name in measured for alias in table.video.get(name, ())}
    return not table.video_signs.isdisjoint(index) and not aliases.isdisjoint(index)


def _claim(
    aliases: Mapping[str, Sequence[str]], index: _Index, claims: dict[str, list[_Reading]]
) -> None:
    """Give each canonical column the first of its names that is there and still free."""
    taken = {one.position for claim in claims.values() for one in claim}
    for canonical, keys in aliases.items():
        if canonical in claims:
            continue
        for key in keys:
            free = [
                one
                for one in index.get(key, ())
                if one.position not in taken and _fits(canonical, one.unit)
            ]
            if free:
                # Beside "followers" a column "followers (k)" says the same once more.
                claims[canonical] = [one for one in free if one.unit is None] or free[:1]
                taken.update(one.position for one in claims[canonical])
                break


def _settle_units(
    claims: Mapping[str, Sequence[_Reading]], said: Mapping[str, str]
) -> tuple[dict[int, float], dict[str, str]]:
    factors: dict[int, float] = {}
    settled: dict[str, str] = {}
    for canonical, claim in claims.items():
        if READABLE[canonical].kind not in NUMERIC_KINDS:
            continue
        valid = valid_units(canonical)
        unit = said.get(canonical) or claim[0].unit
        if unit is None or unit == _UNSURE:
            settled[canonical] = f"{next(iter(valid))}, as nothing says otherwise"
            continue
        how = f"by data.units.{canonical}" if canonical in said else "by its name"
        settled[canonical] = f"{unit}, {how}"
        if valid[unit] != 1:
            factors.update(dict.fromkeys((one.position for one in claim), valid[unit]))
    return factors, settled


def _languages(index: _Index, table: AliasTable) -> frozenset[str]:
    """Return the languages that most names are of; English, which all use, where there is none."""
    counts = Counter(code for key in index for code in table.languages.get(key, ()))
    if set(counts) - {"en"}:
        del counts["en"]
    most = max(counts.values(), default=0)
    return frozenset(code for code, count in counts.items() if count == most)
