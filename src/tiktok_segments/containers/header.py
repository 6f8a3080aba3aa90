"""The row that names the columns, wherever it stands among the first rows of a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tiktok_segments.containers.columns.group_titles import (
    Row,
    name_columns,
    names_go_on,
    plain_key,
)
from tiktok_segments.containers.hints import Positions
from tiktok_segments.containers.records import Select

LOOKED_AT, LEAST_KNOWN = 30, 2
"""Rows among which the header is looked for; columns it must name: account and followers."""


@dataclass(frozen=True)
class Header:
    """The columns' names and where they stand.

    Parameters
    ----------
    names : list of str
        One for each column.
    row : int
        Number of the row, from 1.
    known : int
        How many different ones of the names are known.
    """

    names: list[str]
    row: int
    known: int


def find_header(rows: Sequence[Row], select: Select, at: int | None = None) -> Header | None:
    """Find the row under which most columns are known; among equals the first one.

    Parameters
    ----------
    rows : sequence of sequence of str
        The first rows of a table, at most :data:`LOOKED_AT` are looked at.
    select : callable
        Chooses the columns to read by their names.
    at : int, optional
        The header's row, from 1, where it is known.

    Returns
    -------
    Header or None
        The first row with a text in it where no row names at least :data:`LEAST_KNOWN` columns;
        None where there is no such row.

    Examples
    --------
    >>> known = {"handle", "fans"}
    >>> select = lambda names: [place for place, name in enumerate(names) if name in known]
    >>> find_header([["Our creators", ""], [], ["handle", "fans"], ["ana", "12"]], select)
    Header(names=['handle', 'fans'], row=3, known=2)
    """
    if at is not None:
        return _header(rows, at - 1, select) if any(map(str.strip, rows[at - 1])) else None
    best: Header | None = None
    for place in range(min(len(rows), LOOKED_AT)):
        least = max(best.known + 1 if best else 0, LEAST_KNOWN)
        if _most_possible(rows, place) < least:
            continue
        header = _header(rows, place, select)
        if header.known >= least:
            best = header
    if best is not None:
        return _header(rows, best.row, select) if names_go_on(rows, best.row, select) else best
    widths = [sum(bool(cell.strip()) for cell in row) for row in rows[:LOOKED_AT]]
    for least in (2, 1):  # a title is one cell
        for place, width in enumerate(widths):
            if width >= least:
                return _header(rows[place:], 0, select, place)
    return None


def _header(rows: Sequence[Row], place: int, select: Select, before: int = 0) -> Header:
    """Name the columns by a row; titles of groups make none of the row's names less known."""
    names = name_columns(rows, place, select)
    plain = [cell.strip() for cell in rows[place]]
    known = max(count_known(names, select), count_known(plain, select))
    return Header(names, before + place + 1, known)


def count_known(names: Sequence[str], select: Select) -> int:
    """How many different names among those of a table's columns are known."""
    return len(known_keys(names, select))


def known_keys(names: Sequence[str], select: Select) -> set[str]:
    """Return the letters and digits of the names that are known.

    Examples
    --------
    >>> sorted(known_keys(["Fans", "fans ", "x"], lambda names: [0, 1]))
    ['fans']
    """
    return {plain_key(names[position]) for position in select(names)}


def has_handle(names: Sequence[str], select: Select) -> bool:
    """Whether a column is known as the account, and better than by the platform's number.

    A canonical name is the best there is for its column: put beside the others it is one known
    column more where none of them is known for it, else it takes another's place.

    Examples
    --------
    >>> aliases = ("account_id", "username")
    >>> select = lambda names: next(([names.index(a)] for a in aliases if a in names), [])
    >>> has_handle(["username", "fans"], select), has_handle(["fans"], select)
    (True, False)
    """
    return _has("account_id", names, select)


def is_read(names: Sequence[str], select: Select) -> bool:
    """Whether columns are known as an account, be it by its number or address, and its followers.

    Examples
    --------
    >>> canonical = ("account_id", "url", "followers")
    >>> select = lambda names: [names.index(name) for name in canonical if name in names]
    >>> is_read(["account_id", "followers"], select), is_read(["followers"], select)
    (True, False)
    """
    if not _has("followers", names, select):
        return False
    if has_handle(names, select) or _has("url", names, select):
        return True
    known, number = len(select(names)), "platform_id"
    if len(select([*names, number])) == known:
        return False
    return len(select([*names, "account_id", number])) < known + 2


def tells_nothing(names: Sequence[str], select: Select) -> bool:
    """Whether columns tell neither an account nor its followers, as those of a codebook.

    Examples
    --------
    >>> select = lambda names: [names.index(n) for n in ("account_id", "followers") if n in names]
    >>> tells_nothing(["variable", "meaning"], select)
    True
    """
    return not (has_handle(names, select) or _has("followers", names, select))


def known_columns(names: Sequence[str], select: Select) -> int:
    """How many different columns are known, by the last part of their names."""
    return len({names[position].rpartition(".")[2] for position in select(names)})


def _has(canonical: str, names: Sequence[str], select: Select) -> bool:
    found = select(names)
    if isinstance(found, Positions) and canonical != "account_id":  # which a number may be
        return canonical in found.claimed
    more = len(select([*names, canonical])) > len(found)
    return not more or plain_key(canonical) in known_keys(names, select)


def _most_possible(rows: Sequence[Row], place: int) -> int:
    """How many columns a row can name at most: numbers name none."""
    cells = {*rows[place], *(rows[place - 1] if place else ())}
    n_cells = sum(any(map(str.isalpha, cell)) for cell in cells)
    return min(n_cells, len(rows[place])) if any(map(str.strip, rows[place])) else 0
