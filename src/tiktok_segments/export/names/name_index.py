"""What the columns of a file may be called, and the units that their names say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tiktok_segments.cells.folding import normalise
from tiktok_segments.containers.hints import valid_units
from tiktok_segments.export.aliases import AliasTable
from tiktok_segments.export.names.owners import without_owner
from tiktok_segments.export.names.paths import endings
from tiktok_segments.export.names.twice import said_twice
from tiktok_segments.export.names.unit_names import LOCAL_UNITS, unit_of_name
from tiktok_segments.schema import NUMERIC_KINDS, READABLE


@dataclass(frozen=True)
class NameReading:
    """One way to read a column's name: what it is called, and the unit that it says.

    Parameters
    ----------
    position : int
        Of the column.
    unit : str or None
        As its name has it.
    is_part : bool
        Whether the name says more, as whose followers they are: a column called so plainly is
        meant before.
    is_tiktok : bool
        Whether the name says that it is TikTok's: one that does not may be of all platforms.
    """

    position: int
    unit: str | None
    is_part: bool = False
    is_tiktok: bool = False


UNNAMED = "(no name)"
"""What a column without a name is called in messages and settings; the first of several."""

UNSURE = "mil"
"""A unit that is a thousand in Spanish and Portuguese, and short for a million elsewhere."""

_TIKTOK = re.compile(r"tik[\s_]?tok|(?:^|[^a-z])tt(?:[^a-z]|$)", re.IGNORECASE)
_ID = re.compile(r"(?<![a-z])id(?![a-z])", re.IGNORECASE)
_AGAIN = re.compile(r"^(?P<name>.+?)(?P<mark>\.|\.{3})\d{1,3}$")
"""What pandas and R call the second column of a name: Followers.1, Followers...3."""
_RATE_OF_TIKTOK = re.compile(r"\btik[\s_]?tok[\s_./:|\-\u2013]+(?=er(?![a-z]))", re.IGNORECASE)
_CHANGE = re.compile(r"\+\s*/\s*[-\u2212\u2013]|\u00b1|[(\[]\s*[+\-\u2212]\s*[)\]]|\u0394|\u2206")
"""What a column is called that holds how much something has changed."""
_AVERAGE = re.compile(r"^\s*[\u00d8\u00f8\u2300\u2205][\s.\-]+")
_FOOTNOTE = re.compile(r"(?<=\w)[\s]*[\u00b9\u00b2\u00b3\u2070-\u2079\u2020\u2021]+\s*$")
_ANSWERS = re.compile(
    r"\s*[(\[]\s*(?:y(?:es)?\s*[/|,]\s*no?|t(?:rue)?\s*[/|,]\s*f(?:alse)?|0\s*[/|,]\s*1|1\s*[/|,]\s*0|"
    r"ja?\s*/\s*n(?:ein|ee|ej)?|o(?:ui)?\s*/\s*n(?:on)?|s(?:[i\u00ed]|im)?\s*/\s*n(?:o|[a\u00e3]o)?|"
    r"\u0434\u0430\s*/\s*\u043d\u0435\u0442|\u662f\s*/\s*\u5426|[01]\s*=[^()\[\]]*)\s*[)\]]\s*$",
    re.IGNORECASE,
)
"""The answers that a column's name gives to choose from."""

Index = dict[str, list[NameReading]]
"""Columns by what they may be called, normalised."""


def index_names(names: Sequence[str], table: AliasTable) -> Index:
    """Return the columns by what they may be called: without their unit, and as they stand."""
    index: Index = {}
    known = table.known
    parts: list[tuple[str, NameReading]] = []
    for position, whole in enumerate(_without_numbers(names)):
        if _CHANGE.search(whole):
            continue
        # A number of TikTok's is no better than a handle.
        ours = _TIKTOK.search(whole) is not None and not _ID.search(whole)
        name = _plain(whole)
        base, unit = ("handle", None) if name.strip() == "@" else unit_of_name(name)
        key = normalise(base)
        readings = {key: _local(unit, table.languages.get(key, frozenset()))}
        if readings[key] is None or "%" not in name:  # which is no part of a name
            readings.setdefault(normalise(name), None)
        if unit and readings[key] is None:
            del readings[key]
        if known.isdisjoint(readings) and (twice := said_twice(base, table)):
            readings = {twice: _local(unit, table.languages.get(twice, frozenset()))}
        for key, said in readings.items():
            if key:
                index.setdefault(key, []).append(NameReading(position, said, is_tiktok=ours))
        if known.isdisjoint(readings):
            within = next((key for key in endings(name) if key in known), None)
            if within is not None:
                parts.append((within, NameReading(position, None, is_part=True, is_tiktok=ours)))
            elif unit not in LOCAL_UNITS and (plainer := without_owner(base, table)):
                parts.append((plainer, NameReading(position, unit, is_part=True, is_tiktok=ours)))
    for key, reading in parts:
        index.setdefault(key, []).append(reading)
    return index


def _without_numbers(names: Sequence[str]) -> list[str]:
    """Call columns alike that a program numbered, as their names were the same.

    Examples
    --------
    >>> _without_numbers(["Fans", "Fans.1", "v.1", "Likes...2", "Likes...3"])
    ['Fans', 'Fans', 'v.1', 'Likes', 'Likes']
    """
    found = [_AGAIN.match(name) for name in names]
    there = set(names)
    numbered = Counter(one["name"] for one in found if one and one["mark"] == "...")
    return [
        one["name"] if one and (one["name"] in there or numbered[one["name"]] > 1) else name
        for name, one in zip(names, found, strict=True)
    ]


def _plain(name: str) -> str:
    """Write a name without footnote marks, answers to choose from and a sign for an average.

    Nor is it said whose rate it is where a name without blanks would be another: TikTok ER.
    """
    name = _FOOTNOTE.sub("", _RATE_OF_TIKTOK.sub("", name))
    return _ANSWERS.sub("", _AVERAGE.sub("average ", name))


def _local(unit: str | None, languages: frozenset[str]) -> str | None:
    """Return a unit that a name says, where it is one in the name's language."""
    if unit is None or unit not in LOCAL_UNITS:
        return unit
    meant = {LOCAL_UNITS[unit][code] for code in languages & LOCAL_UNITS[unit].keys()}
    if meant:
        return meant.pop()
    return unit if unit == UNSURE else None


def named_columns(
    source: str, canonical: str, names: Sequence[str], index: Index
) -> list[NameReading]:
    """Return the columns that a user names, with their units where these can be the column's."""
    blank = next((place for place, name in enumerate(names) if not name.strip()), None)
    if source == UNNAMED and source not in names and blank is not None:
        return [NameReading(blank, None)]
    name = _plain(source)
    keys = (normalise(unit_of_name(name)[0]), normalise(name))
    found = [one for key in keys for one in index.get(key, ())]
    exact = [one for one in found if names[one.position] == source]
    if not found and source in names:  # a name that stands for nothing by itself
        return [NameReading(names.index(source), None)]
    found = exact[:1] or found
    return [one if fits(canonical, one.unit) else NameReading(one.position, None) for one in found]


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
