"""Another table below that of the accounts, with other columns, whose rows are no accounts."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa

from tiktok_segments.containers.header import count_known, is_read
from tiktok_segments.containers.records import Records, Select
from tiktok_segments.errors import InputError

_DIGIT = re.compile(r"\d")
_BETWEEN = 4
"""Rows between an empty row and the names of the next table, as its title."""

_EMPTY_LINE = re.compile(rb"\n[,;|\t \"]*\r?(?=\n)")
_MOST_EMPTY, _FOLLOWING = 50, 20_000
"""Empty lines that are looked below, and bytes that are looked at there."""


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
    own = _texts(rows[first - 1]) if first else []
    for empty in range(first + 1, len(rows) - 2):
        if any(cell is not None for cell in rows[empty]):
            continue
        place = _header_below(rows, empty, own, select)
        if place is None:
            continue
        if not said:
            _check_is_other(_texts(rows[place]), first, place + 1, select, file)
        return empty
    return None


def cut_second_table(
    records: Records, text: bytes, first: int, delimiter: str, select: Select, *, said: bool
) -> Records:
    r"""Leave out the records of delimited text that are another table's.

    Parameters
    ----------
    records : Records
        Of all of the text.
    text : bytes
        All of it.
    first : int
        The header's line, from 1.
    delimiter : str
        One character.
    select : callable
        Chooses the columns to read by their names.
    said : bool
        Whether the user says where the header is, and so which table is meant.

    Returns
    -------
    Records
        With a warning where some are left out.

    Raises
    ------
    InputError
        As :func:`find_second_table`.

    Examples
    --------
    >>> import numpy as np
    >>> from tiktok_segments.containers.hints import Positions
    >>> select = lambda names: Positions([1] if names[1] == "posts" else [], ["videos"])
    >>> records = Records(["user", "posts"], {0: pa.chunked_array([["ana", "hashtag", "a"]])},
    ...                   np.array([2, 4, 5]))
    >>> text = b"user,posts\nana,5\n,\nhashtag,posts\na,7"
    >>> cut_second_table(records, text, 1, ",", select, said=False).lines.tolist()
    [2]
    """
    own = [name.strip() for name in records.names]
    for number, found in enumerate(_EMPTY_LINE.finditer(text)):
        if number == _MOST_EMPTY:
            break
        following = text[found.end() : found.end() + _FOLLOWING].decode(errors="replace")
        lines = following.split("\n")[: _BETWEEN + 2]
        rows = [_fields(line, delimiter) for line in lines]
        place = _header_below(rows, 0, own, select)
        line = text.count(b"\n", 0, found.start()) + 2
        if place is None or line <= first or text.count(b'"', 0, found.start()) % 2:
            continue
        if not said:
            _check_is_other(_texts(rows[place]), first, line + place, select, "the text")
        kept = records.lines < line
        note = f"another table begins below line {line - 1:,}; its rows are not read"
        return replace(
            records,
            columns={at: one.filter(pa.array(kept)) for at, one in records.columns.items()},
            lines=records.lines[kept],
            rejected=records.rejected[records.rejected["line"] < line],
            warnings=[*records.warnings, note],
        )
    return records


def _header_below(
    rows: Sequence[Sequence[Any]], empty: int, own: Sequence[str], select: Select
) -> int | None:
    """Return the row that names other columns soon below an empty one."""
    for place in range(empty + 1, min(empty + 1 + _BETWEEN, len(rows) - 1)):
        names = _texts(rows[place])
        if _names_columns(names, _texts(rows[place + 1]), select):
            same = [name.casefold() for name in names if name]
            return None if same == [name.casefold() for name in own if name] else place
    return None


def _check_is_other(
    names: Sequence[str], first: int, second: int, select: Select, file: str
) -> None:
    if is_read(names, select):
        raise InputError(
            f"{file}: a second table of accounts begins in row {second:,}, with other columns: "
            f"{', '.join(filter(None, names))}.\n"
            f"Say which one is meant: data.header={first} or data.header={second}; or put them "
            "into files or sheets of their own."
        )


def _fields(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:  # such as a quote that is never closed: no row of names
        return []


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
