"""Names in two rows: titles of groups, and below them what tells the columns of a group apart."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tiktok_segments.containers.platform_names import OTHERS, SHORT, TIKTOK
from tiktok_segments.containers.records import Select

_OWN = re.compile(TIKTOK, re.IGNORECASE)
_OTHER = re.compile(rf"{OTHERS}|^\W*(?:{SHORT})\W*$", re.IGNORECASE)
_VALUE = re.compile(r"(?!20\d\d$)[\d.,\s%]+$")
"""A number that is no year."""

Row = Sequence[str]


def names_go_on(rows: Sequence[Row], place: int, select: Select) -> bool:
    """Say whether a row names the columns that titles in the row above it stand over.

    So are then and now of one measure told apart. Where the row names the account, there is no
    title above that; where the account's name stands above, it is empty there.

    Parameters
    ----------
    rows : sequence of sequence of str
        The first rows of a table.
    place : int
        Which of them, from 0.
    select : callable
        Chooses the columns to read by their names.

    Returns
    -------
    bool
        False where it is a row of values.

    Examples
    --------
    >>> select = lambda names: [place for place, name in enumerate(names) if name == "Handle"]
    >>> names_go_on([["Handle", "Fans", ""], ["", "2024", "2025"]], 1, select)
    True
    >>> names_go_on([["Handle", "Fans", ""], ["ana", "2024", "note"]], 1, select)
    False
    """
    if place >= len(rows):
        return False
    width = max(len(rows[place]), len(rows[place - 1]))
    names, titles = (_row_above(rows, below, width) for below in (place + 1, place))
    first = next((n for n in range(width) if names[n] or titles[n]), width)
    if not any(
        name and not title
        for name, title in zip(names[first + 1 :], titles[first + 1 :], strict=True)
    ):
        return False
    if any(_VALUE.match(name) for name in names):
        return False
    return not names[first] if titles[first] else bool(select([names[first]]))


def plain_key(name: str) -> str:
    """Return the letters and digits of a name, in one spelling."""
    return re.sub(r"[\W_]+", "", name).casefold()


def name_columns(rows: Sequence[Row], place: int, select: Select) -> list[str]:
    """Return the names in a row, told apart by the titles of groups in the row above it.

    A merged cell holds its text in its first row and column: so a name may stand in the row above,
    and a group's title stands over the first of its columns. The title is put before a name where
    the two together are a known name of something else, where the group is another platform's, and
    where the name comes again under another title, but for the one under TikTok's.

    Examples
    --------
    >>> rows = [["", "TikTok", "Instagram"], ["Handle", "Fans", "Fans"]]
    >>> name_columns(rows, 1, lambda names: [])
    ['Handle', 'Fans', 'Instagram Fans']
    """
    own = [cell.strip() for cell in rows[place]]
    above = _row_above(rows, place, len(own))
    if not _parts_columns(above) and all(own):
        return own
    names = [name or above[column] for column, name in enumerate(own)]
    groups = _fill_merged(above, own) if any(above[1:]) else [""] * len(own)
    higher = _row_above(rows, place - 1, len(own))
    if _parts_columns(higher):
        # A name that stands in the row above has its group's title in the one above that.
        upper = _fill_merged(higher, names)
        groups = [
            g if name else upper[i] for i, (g, name) in enumerate(zip(groups, own, strict=True))
        ]
    titles: dict[str, set[str]] = {}
    for group, name in zip(groups, names, strict=True):
        titles.setdefault(plain_key(name), set()).add(plain_key(group))
    return [
        f"{group} {name}"
        if group and name and name != group and _needs_group(group, name, titles, select)
        else name
        for group, name in zip(groups, names, strict=True)
    ]


def _row_above(rows: Sequence[Row], place: int, width: int) -> list[str]:
    above = [cell.strip() for cell in rows[place - 1][:width]] if place > 0 else []
    return above + [""] * (width - len(above))


def _parts_columns(row: Sequence[str]) -> bool:
    """Whether a row may hold titles of groups: one stands for several columns, not for all."""
    filled = [cell for cell in row if cell]
    return any(row[1:]) and len(set(filled)) < len(row)


def _fill_merged(titles: Sequence[str], names: Sequence[str]) -> list[str]:
    """Write titles on to the right; over an empty cell of the names' row there is no title."""
    filled, last = [], ""
    for title, name in zip(titles, names, strict=True):
        last = (title or last) if name else ""
        filled.append(last)
    return filled


def _needs_group(group: str, name: str, titles: dict[str, set[str]], select: Select) -> bool:
    if _OWN.search(group):
        return bool(select([f"{group} {name}"])) and not select([name])
    if _OTHER.search(group) or len(titles[plain_key(name)]) > 1 or name[0].isdigit():
        return True
    joined = f"{group} {name}"
    return bool(select([joined])) and len(select([name, joined])) == len(select([name])) + 1
