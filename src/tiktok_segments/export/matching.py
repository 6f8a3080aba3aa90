"""Which column of an export is which canonical column, and what its numbers are in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tiktok_segments.containers.hints import Rows, valid_units
from tiktok_segments.export.aliases import AliasTable
from tiktok_segments.export.names.name_index import (
    UNSURE,
    Index,
    NameReading,
    fits,
    index_names,
    languages_of,
    named_columns,
)
from tiktok_segments.schema import NUMERIC_KINDS, READABLE

NAMING = ("account_id", "url", "video_url")
"""What tells whose a row is, best first."""


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
    others : mapping of str to tuple of int
        Canonical column to further columns of the file that carry names of it, best first, where
        the values can tell which one is better.
    addresses_tell : bool
        Whether the addresses lie on TikTok, so that one of another platform is of its account.
    joined : mapping of int to int
        A matched column that is empty in some rows to the one that holds the same measure there.
    table : AliasTable
        The known names, by which rows that name the columns again are told.
    """

    positions: dict[str, tuple[int, ...]]
    per_video: bool
    missing: dict[str, str]
    factors: Mapping[int, float] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    languages: frozenset[str] = frozenset()
    lost_units: tuple[str, ...] = ()
    unsure_units: tuple[str, ...] = ()
    others: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    addresses_tell: bool = False
    joined: Mapping[int, int] = field(default_factory=dict)
    table: AliasTable = field(default=AliasTable({}), repr=False, compare=False)

    def selected(self) -> list[int]:
        """Positions of all columns that are matched or could be."""
        claims = [*self.positions.values(), *self.others.values()]
        return sorted({position for claim in claims for position in claim})

    def factor(self, canonical: str) -> float:
        """Return what the plain numbers of a matched column are to be multiplied by."""
        return self.factors.get(self.positions[canonical][0], 1.0)


def match_columns(
    names: Sequence[str],
    table: AliasTable,
    overrides: Mapping[str, str] | None = None,
    units: Mapping[str, str] | None = None,
    rows: Rows | None = None,
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
    rows : {"videos", "accounts"}, optional
        What a row is; by default the names tell.

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
    index = index_names(names, table)
    claims: dict[str, list[NameReading]] = {}
    missing = {}
    for canonical, source in (overrides or {}).items():
        claim = named_columns(source, canonical, names, index)
        if claim:
            claims[canonical] = claim
        else:
            missing[canonical] = source
    per_video = _is_per_video(index, table) if rows is None else rows == "videos"
    if per_video:
        _claim(table.video, index, claims)
    _claim(table.profile, index, claims)
    if _is_index(names, claims):
        claims["nickname"] = [NameReading(0, None)]
    factors, settled = _settle_units(claims, units or {})
    return Matching(
        {canonical: tuple(one.position for one in claim) for canonical, claim in claims.items()},
        per_video,
        missing,
        factors,
        settled,
        languages_of(index, table),
        tuple(canonical for canonical in units or {} if canonical not in claims),
        tuple(
            canonical
            for canonical, claim in claims.items()
            if claim[0].unit == UNSURE and canonical not in (units or {})
        ),
        _others(table, index, claims, overrides or {}, per_video=per_video),
        table=table,
    )


def _is_index(names: Sequence[str], claims: Mapping[str, object]) -> bool:
    """Say whether the first column may name the rows, without a name of its own.

    R and pandas write the names of rows so.
    """
    naming = {"account_id", "url", "nickname", "video_url"}
    return bool(names) and not names[0].strip() and "followers" in claims and not naming & {*claims}


def _is_per_video(index: Index, table: AliasTable) -> bool:
    measured = ("video_likes", "video_comments", "video_views")
    aliases = {alias for name in measured for alias in table.video.get(name, ())}
    return not table.video_signs.isdisjoint(index) and not aliases.isdisjoint(index)


def _claim(
    aliases: Mapping[str, Sequence[str]], index: Index, claims: dict[str, list[NameReading]]
) -> None:
    """Give each canonical column the first of its names that is there and still free."""
    taken = {one.position for claim in claims.values() for one in claim}
    for canonical, keys in aliases.items():
        if canonical in claims:
            continue
        found = []
        for key in filter(index.__contains__, keys):  # of some thousand names a file has a few
            free = [
                one for one in index[key] if one.position not in taken and fits(canonical, one.unit)
            ]
            if _has_owner(canonical):
                free = [one for one in free if one.is_tiktok] or free
            free = [one for one in free if not one.is_part] or free
            if free:
                # Beside "followers" a column "followers (k)" says the same once more.
                found.append([one for one in free if one.unit is None] or free[:1])
        if found:
            ours = filter(_is_tiktoks, found) if _has_owner(canonical) else iter(())
            claims[canonical] = next(ours, found[0])
            taken.update(one.position for one in claims[canonical])


def _has_owner(canonical: str) -> bool:
    return canonical == "account_id" or READABLE[canonical].kind in NUMERIC_KINDS


def _is_tiktoks(claim: Sequence[NameReading]) -> bool:
    """Say whether a column is TikTok's by its name, where it may be of another or all platforms."""
    return all(one.is_tiktok for one in claim)


def _others(
    table: AliasTable,
    index: Index,
    claims: Mapping[str, Sequence[NameReading]],
    overrides: Mapping[str, str],
    *,
    per_video: bool,
) -> dict[str, tuple[int, ...]]:
    """Return the columns that nothing claims and that carry another name of a matched one."""
    taken = {one.position for claim in claims.values() for one in claim}
    sections = [table.video, table.profile] if per_video else [table.profile]
    others: dict[str, tuple[int, ...]] = {}
    for canonical, keys in (pair for section in sections for pair in section.items()):
        if canonical not in claims or canonical in overrides or not _values_tell(canonical):
            continue
        if canonical == "account_id" and claims[canonical][0] in index.get(keys[0], ()):
            continue  # which is called as we call it
        free = [
            one
            for key in filter(index.__contains__, keys)
            for one in index[key]
            if one.position not in taken and one.unit is None
        ]
        if _has_owner(canonical) and _is_tiktoks(claims[canonical]):
            free = [one for one in free if one.is_tiktok]
        if free:
            others[canonical] = tuple(dict.fromkeys(one.position for one in free))
    return others


def _values_tell(canonical: str) -> bool:
    return _has_owner(canonical) or canonical in {"url", "nickname", "platform"}


def _settle_units(
    claims: Mapping[str, Sequence[NameReading]], said: Mapping[str, str]
) -> tuple[dict[int, float], dict[str, str]]:
    factors: dict[int, float] = {}
    settled: dict[str, str] = {}
    for canonical, claim in claims.items():
        if READABLE[canonical].kind not in NUMERIC_KINDS:
            continue
        valid = valid_units(canonical)
        unit = said.get(canonical) or claim[0].unit
        if unit is None or unit == UNSURE:
            settled[canonical] = f"{next(iter(valid))}, as nothing says otherwise"
            continue
        how = f"by data.units.{canonical}" if canonical in said else "by its name"
        settled[canonical] = f"{unit}, {how}"
        if valid[unit] != 1:
            factors.update(dict.fromkeys((one.position for one in claim), valid[unit]))
    return factors, settled
