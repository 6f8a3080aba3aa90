"""Another table below that of the accounts, with other columns, whose rows are no accounts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from tiktok_segments.containers.header import count_known, is_read
from tiktok_segments.containers.records import Select
from tiktok_segments.errors import InputError

_DIGIT = re.compile(r"\d")
_BETWEEN = 4
"""Rows between an empty row and the names of the next table, as its title."""


def find_second_table(
    rows: Sequence[Sequence[Any]], first: int, select: Select, file: str, *, said: bool = False
) -> int | None:
    """Find where the rows of accounts end because another table begins.

    Parameters
    ----------
    rows : sequence of sequence
        All cells of a sheet, row by row; an empty one is None.
    first : int
        Rows up to the header's.
    select : callable
        Chooses the columns to read by their names.
    file : str
        For messages.
    said : bool
        Whether the user says where the header is, and so which table is meant.

    Returns
    -------
    int or None
        Number of the row, from 0, that the other table's part begins with: the empty one.

    Raises
    ------
    InputError
        If the other table is one of accounts, with its columns elsewhere, and nobody says which.

    Examples
    --------
    >>> from tiktok_segments.containers.hints import Positions
    >>> select = lambda names: Positions([1] if names[1] == "posts" else [], ["videos"])
    >>> rows = [["user", "posts"], ["ana", 5], [None, None], ["hashtag", "posts"], ["#a", 7]]
    >>> find_second_table(rows, 1, select, "a.xlsx")
    2
    """
    own = [text.casefold() for text in _texts(rows[first - 1])] if first else []
    for empty in range(first + 1, len(rows) - 2):
        if any(cell is not None for cell in rows[empty]):
            continue
        for place in range(empty + 1, min(empty + 1 + _BETWEEN, len(rows) - 1)):
            names = _texts(rows[place])
            if not _names_columns(names, _texts(rows[place + 1]), select):
                continue
            if [name.casefold() for name in names] == own:
                break
            if is_read(names, select) and not said:
                raise InputError(
                    f"{file}: a second table of accounts begins in row {place + 1:,}, with other "
                    f"columns: {', '.join(filter(None, names))}.\n"
                    f"Say which one is meant: data.header={first} or data.header={place + 1}; or put "
                    "them into sheets of their own."
                )
            return empty
    return None


def _texts(row: Sequence[Any]) -> list[str]:
    return ["" if cell is None else str(cell).strip() for cell in row]


def _names_columns(row: Sequence[str], following: Sequence[str], select: Select) -> bool:
    """Whether a row names columns: words, one of them known, over cells of which some are numbers.

    Examples
    --------
    >>> _names_columns(["Source", "TikTok"], ["", ""], lambda names: [0])
    False
    """
    filled = [place for place, cell in enumerate(row) if cell.strip()]
    if len(filled) < 2 or any(_DIGIT.search(row[place]) for place in filled):
        return False
    below = [following[place] for place in filled if place < len(following)]
    numbers = sum(bool(_DIGIT.match(cell.strip())) for cell in below)
    return numbers > 0 and all(map(str.strip, below)) and count_known(row, select) > 0
