"""A sheet's rows with what stands behind their cells: merged values, links, formulas."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tiktok_segments.containers.excel.number_formats import with_sign
from tiktok_segments.containers.excel.sheet_parts import SheetParts
from tiktok_segments.containers.hints import Positions
from tiktok_segments.containers.records import Select
from tiktok_segments.errors import InputError

_PROFILE = re.compile(r"tiktok\.com/@[\w.]+/?(?:[?#]|$)", re.IGNORECASE)
_ADDRESSES = "profile_url"
_NEEDED = frozenset({"account_id", "url", "followers"})
_MOST, _DISTINCT = 0.5, 0.9
_STORE = (
    "Open it in Excel or LibreOffice and save it, which stores the results, or export it as CSV."
)


@dataclass(frozen=True)
class PlainRows:
    """Rows of a sheet as a file of plain values would have them.

    Parameters
    ----------
    names : list of str
        The columns'.
    rows : list of sequence
        All of one width, those before the header with them.
    notes : tuple of str
        What was done, and what could not be read.
    """

    names: list[str]
    rows: list[Sequence[Any]]
    notes: tuple[str, ...]


def make_plain(
    names: Sequence[str],
    rows: Sequence[Sequence[Any]],
    first: int,
    parts: SheetParts,
    select: Select,
    file: str,
) -> PlainRows:
    """Write merged values into each of their rows, links into a column, and signs of formats.

    Parameters
    ----------
    names : sequence of str
        The columns'.
    rows : sequence of sequence
        Of the sheet, padded to one width.
    first : int
        Rows up to the header's.
    parts : SheetParts
        What stands behind the cells.
    select : callable
        Chooses the columns to read.
    file : str
        For messages.

    Returns
    -------
    PlainRows
        The same where nothing stands behind the cells.

    Raises
    ------
    InputError
        If a column that is needed holds formulas whose results are not stored.

    Examples
    --------
    >>> parts = SheetParts(merged=[(1, 2, 1, 3)], links={(2, 2): "https://www.tiktok.com/@ana",
    ...                    (3, 2): "https://www.tiktok.com/@bea"})
    >>> rows = [("Platform", "Creator"), ("TikTok", "Ann"), (None, "Bea")]
    >>> plain = make_plain(rows[0], rows, 1, parts, lambda names: [], "a.xlsx")
    >>> plain.names, plain.rows[2]
    (['Platform', 'Creator', 'profile_url'], ['TikTok', 'Bea', 'https://www.tiktok.com/@bea'])
    """
    if not (parts.links or parts.merged or parts.uncomputed or parts.signs):
        return PlainRows([*names], [*rows], ())
    plain = [list(row) for row in rows]
    for left, top, _, bottom in parts.merged:
        if top > first and bottom > top and top <= len(plain):
            value = plain[top - 1][left - 1] if left <= len(plain[top - 1]) else None
            for row in plain[top:bottom]:
                if left <= len(row) and row[left - 1] is None and any(c is not None for c in row):
                    row[left - 1] = value
    for (number, column), sign in parts.signs.items():
        if first < number <= len(plain) and column <= len(plain[number - 1]):
            row = plain[number - 1]
            row[column - 1] = with_sign(row[column - 1], sign)
    named, notes = _with_links([*names], plain, first, parts)
    notes += _told_formulas(named, plain, first, parts, select, file)
    return PlainRows(named, [*plain], tuple(notes))


def _with_links(
    names: list[str], rows: list[list[Any]], first: int, parts: SheetParts
) -> tuple[list[str], list[str]]:
    """Add a column of the links to profiles, where most rows have one that their cell hides."""
    leading = {
        place: address
        for place, address in parts.links.items()
        if first < place[0] <= len(rows)
        and _PROFILE.search(address)
        and place[1] <= len(rows[place[0] - 1])
        and not _PROFILE.search(str(rows[place[0] - 1][place[1] - 1]))
    }
    filled = sum(any(cell is not None for cell in row) for row in rows[first:])
    by_column = Counter(column for _, column in leading).most_common(1)
    if not by_column or by_column[0][1] < _MOST * filled:
        return names, []
    column = by_column[0][0]
    distinct = {address for place, address in leading.items() if place[1] == column}
    if len(distinct) < _DISTINCT * by_column[0][1]:  # one link that was copied down
        return names, []
    width = max(map(len, rows))
    names = [*names, *[""] * (width - len(names))]
    same = [place for place, name in enumerate(names) if _key(name) == _key(_ADDRESSES)]
    for number, row in enumerate(rows, start=1):
        address = leading.get((number, column))
        if not same:
            row.append(address)
        elif address is not None:
            row[same[0]] = address
    where = names[column - 1]
    return (
        names if same else [*names, _ADDRESSES],
        [f"the addresses of the profiles are read from the links behind the cells of {where!r}"],
    )


def _key(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold()


def _told_formulas(
    names: Sequence[str],
    rows: Sequence[Sequence[Any]],
    first: int,
    parts: SheetParts,
    select: Select,
    file: str,
) -> list[str]:
    """Tell of formulas without results in columns that are read; refuse those that are needed."""
    counts = Counter(column - 1 for row, column in parts.uncomputed if row > first)
    read = select(names)
    told = []
    for column in sorted(set(counts) & set(read)):
        what = f"{counts[column]:,} cells of the column {names[column]!r} hold formulas whose "
        what += "results the file does not hold"
        empty = all(row[column] is None for row in rows[first:] if column < len(row))
        if empty and _is_needed(column, names, read, select):
            raise InputError(f"{file}: {what}.\n{_STORE}")
        told.append(f"{what}: they are read as empty. {_STORE}")
    return told


def _is_needed(column: int, names: Sequence[str], read: Sequence[int], select: Select) -> bool:
    without = [name if place != column else "" for place, name in enumerate(names)]
    left = select(without)
    if not (isinstance(read, Positions) and isinstance(left, Positions)):
        return False
    return bool((read.claimed - left.claimed) & _NEEDED)
