"""How delimited text is laid out: its delimiter, its header's line and those of its records."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from tiktok_segments.containers.header import LOOKED_AT, Header, find_header, known_keys
from tiktok_segments.containers.records import Select
from tiktok_segments.containers.text import Text
from tiktok_segments.errors import InputError, reason

DELIMITERS = (",", "\t", ";", "|")
_HEAD = 2**20
"""Bytes of the text, at least, among which the header stands."""
_LONGEST_HEADER = 200
"""Lines over which a header's quoted names may run."""
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_EMPTY = re.compile(r"[,;|\t\s\"']*")


@dataclass(frozen=True)
class Layout:
    """Where the columns' names of delimited text stand, and what parts them.

    Parameters
    ----------
    names : list of str
        The columns' names.
    delimiter : str
        One character.
    line : int
        The header's physical line, from 1.
    start : int
        Bytes before it.
    first : bool
        Whether it is the first line.
    """

    names: list[str]
    delimiter: str
    line: int
    start: int
    first: bool

    def notes(self, file: str) -> list[str]:
        """Tell where the header was found, unless it is where everybody looks for it."""
        return [] if self.first else [f"{file}: header found in line {self.line:,}"]


def read_head(source: Text, header: int | None) -> bytes:
    """Read the first lines of a text, and beyond the header that the user says."""
    head = b""
    for chunk in source.chunks():
        head += chunk
        if len(head) >= _HEAD and head.count(b"\n") >= (header or 0):
            break
    start = 0
    for _ in range(header or 0):
        start = head.find(b"\n", start) + 1 or start
    return head[: start + _HEAD]


def find_layout(head: bytes, name: str, select: Select, header: int | None = None) -> Layout:
    r"""Find the header's line and the delimiter under which most columns are known.

    Parameters
    ----------
    head : bytes
        The beginning of the text.
    name : str
        The file's name, for messages.
    select : callable
        Chooses the columns to read by their names.
    header : int, optional
        The header's line, from 1, where the user says it.

    Returns
    -------
    Layout
        The first line with something in it where no line names known columns.

    Raises
    ------
    InputError
        If there is no header, or it cannot be read.

    Examples
    --------
    >>> select = lambda names: [place for place, name in enumerate(names) if name in {"id", "fans"}]
    >>> find_layout(b"Our creators;;\n;;\nid;fans;\n", "a.csv", select)
    Layout(names=['id', 'fans', ''], delimiter=';', line=3, start=18, first=False)
    """
    lines = _split(head, max(LOOKED_AT, header or 0) + _LONGEST_HEADER)
    said = _SEPARATOR_LINE.match(lines[0])
    if header is not None and (header > len(lines) or _EMPTY.fullmatch(lines[header - 1])):
        what = f"there are {len(lines):,} lines" if header > len(lines) else "that line is empty"
        raise InputError(
            f"{name}, line {header:,}: no header there, as data.header says; {what}.\n"
            "data.header is the line of the columns' names, counted from 1."
        )
    n_before = 1 if said else 0
    looked_at = max(LOOKED_AT, header or 0)
    found: list[tuple[Header, str]] = []
    for delimiter in (said.group(1),) if said else DELIMITERS:
        rows = _rows(lines[:looked_at], lines, delimiter)
        rows[:n_before] = [[]] * n_before
        one = find_header(rows, select, header)
        if one is not None:
            found.append((one, delimiter))
    if not found:
        raise _no_header(lines, name)
    best, delimiter = max(found, key=lambda one: _rank(one[0]))
    start = len("".join(lines[: best.row - 1]).encode())
    return Layout(best.names, delimiter, best.row, start, best.row == n_before + 1)


def _rank(header: Header) -> tuple[int, ...]:
    width = len(header.names)
    return header.known, min(width, 2), -header.row, width


def judge_text(text: str, select: Select, header: int | None = None) -> int:
    """Count the known names of columns in a text's header that are not plain ASCII.

    Those that are would be the same in another encoding.

    Examples
    --------
    >>> select = lambda names: [place for place, name in enumerate(names) if name != "x"]
    >>> judge_text("имя,fans,x", select)
    1
    """
    lines = _split(text.encode(errors="replace"), max(LOOKED_AT, header or 0))
    at = header if header is not None and header <= len(lines) else None
    found = [find_header(_rows(lines, lines, mark), select, at) for mark in DELIMITERS]
    keys = [known_keys(one.names, select) for one in found if one]
    return max((sum(not key.isascii() for key in some) for some in keys), default=0)


def _split(head: bytes, most: int) -> list[str]:
    """Return the first lines with their ends."""
    end = "\n" if b"\n" in head else "\r"
    parts = head.split(end.encode(), most)
    whole = [part.decode(errors="replace") + end for part in parts[:-1]]
    last = parts[-1].decode(errors="ignore") if len(parts) <= most else ""
    return [*whole, last] if last or not whole else whole


def _rows(starts: Sequence[str], lines: Sequence[str], delimiter: str) -> list[list[str]]:
    """Return the fields of the row that starts at each line; none for an empty or unreadable one.

    Each is read by itself, for a title above may hold a quote that is never closed.
    """
    rows: list[list[str]] = []
    for place, line in enumerate(starts):
        if _EMPTY.fullmatch(line):
            rows.append([])
            continue
        following = lines[place : place + _LONGEST_HEADER]
        try:
            rows.append(next(csv.reader(following, delimiter=delimiter), []))
        except csv.Error:
            rows.append([])
    return rows


def _no_header(lines: Sequence[str], name: str) -> InputError:
    """Say what is wrong with the first line that is not empty."""
    for number, line in enumerate(lines[:LOOKED_AT], start=1):
        if _EMPTY.fullmatch(line):
            continue
        try:
            next(csv.reader(lines[number - 1 :]), [])
        except csv.Error as error:
            return InputError(
                f"{name}, line {number:,}: the header cannot be read ({reason(error)}).\n"
                "One line must name the columns: say which with data.header=N, or export again."
            )
    return InputError(
        f"{name}, line 1: no header there, nor in the lines up to {min(len(lines), LOOKED_AT):,}.\n"
        "One line must name the columns: say which with data.header=N."
    )


class LineNumbering:
    """The physical lines on which the records of delimited text start, batch by batch.

    A record's line is one more than the line ends in the fields before it: the parser's own reading
    of the quotes, not a second one.

    Parameters
    ----------
    skipped : int
        Lines before the first record.
    newline : str
        What ends a line.

    Attributes
    ----------
    record, line : int
        Number and first line of the next record.
    last : int
        First line of the last record so far.
    """

    def __init__(self, skipped: int, newline: str) -> None:
        self.record = 1
        self.line = self.last = 1 + skipped
        self.skipped = skipped
        self._newline = newline

    def advance(
        self, table: pa.Table, ragged: list[pa.csv.InvalidRow], *, quoted: bool
    ) -> tuple[np.ndarray, list[pa.csv.InvalidRow], list[int]]:
        """Number a batch's records, and take the ragged ones among them out of the list.

        Only where a cell may be ``quoted`` a record can have more than one line.
        """
        one = np.ones(table.num_rows, dtype=np.int64)
        spans = lines_spanned(table, self._newline) if quoted else one
        numbers = np.array([row.number for row in ragged], dtype=np.int64)
        places = numbers - self.record - np.arange(len(numbers))
        places = places[places <= len(spans)]
        broken = ragged[: len(places)]
        del ragged[: len(places)]
        long = np.array([1 + row.text.count(self._newline) for row in broken], dtype=np.int64)
        before = np.bincount(places, long, len(spans) + 1).astype(np.int64)
        first = self.line + np.append(0, np.cumsum(spans))[places] + np.cumsum(long) - long
        lines = first.tolist()
        starts = self.line + np.cumsum(spans) - spans + np.cumsum(before)[: len(spans)]
        self.last = max([self.last, *starts[-1:].tolist(), *lines[-1:]])
        self.record += len(spans) + len(broken)
        self.line += int(spans.sum() + before.sum())
        return starts, broken, lines


def lines_spanned(table: pa.Table, newline: str) -> np.ndarray:
    """Lines that each row spans, of shape (n_rows,), from all columns of the text."""
    spans = np.ones(table.num_rows, dtype=np.int64)
    for column in table.columns:
        spans += pc.count_substring(column, newline).to_numpy()
    return spans
