"""Quotes that open a cell by mistake, so that the rows below are taken for its text."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from tiktok_segments.containers.layout import LineNumbering
from tiktok_segments.errors import InputError

_QUOTE, _NEWLINE, _PIECE = ord('"'), ord("\n"), 2**22
_MANY = 3
"""Lines within a cell, each with a row's number of fields, that are rows rather than text."""


class QuoteCheck:
    r"""Looks for quoted cells that are rows: one begins with a lone quote, as another one below.

    Such a cell begins in a line that is a whole row without it, and so is the next line. It ends
    before text, where a quote that was written as one ends before a delimiter or a line end; or it
    holds several whole lines, each with a row's number of fields. A text of several lines has
    neither, nor have cells that hold quotes within one line.

    Parameters
    ----------
    name : str
        The file's name, for messages.
    delimiter : str
        One character.
    width : int
        Fields of a row.
    line : int
        The line that the text begins with, from 1.

    Examples
    --------
    >>> check = QuoteCheck("a.csv", ",", 3, 1)
    >>> check.feed(b'ann,"two\nlines, each",1\nbob,"x ""y""\n",2\n')
    >>> check.feed(b'cat,"Queen,3\ndan,hi,4\neve,"King,5\n')
    Traceback (most recent call last):
    tiktok_segments.errors.InputError: a.csv, line 5: a quote opened in this row is never closed.
    The file was cut off or a quote is missing; mend that row or export again.
    """

    def __init__(self, name: str, delimiter: str, width: int, line: int) -> None:
        self._name, self._mark, self._parts = name, delimiter.encode(), width - 1
        self._line = line
        self._open, self._before = b"", 0
        mark = re.escape(self._mark)
        self._quoted = re.compile(rb'"(?<![^\r\n%b]")[^"]*+(?:""[^"]*+)*+("?)' % mark)
        self._ends = re.compile(rb'"(?:"|[ \t]*(?:[\r\n%b]|\Z))' % mark)
        self._around = np.isin(np.arange(256), [*self._mark, *b'\r\n"'])

    def feed(self, text: bytes) -> None:
        """Take the next lines of the text.

        Raises
        ------
        InputError
            If a cell in them is rows.
        """
        start = 0
        while start < len(text):
            end = text.find(b"\n", start + _PIECE) + 1 or len(text)
            self._look(self._open + text[start:end])
            start = end

    def _look(self, text: bytes) -> None:
        """Look at a piece that begins with a line, or with a quote that opens a cell."""
        begins, ends, rest = self._cells(text)
        for begin, end in zip(begins, ends, strict=True):
            if self._is_rows(text, begin, end):
                raise never_closed(self._name, self._line + text.count(b"\n", 0, begin))
        begin = _line_of(text, rest)
        self._before = text.count(self._mark, begin, rest) + (0 if begin else self._before)
        self._line += text.count(b"\n", 0, rest)
        self._open = text[rest:]

    def _cells(self, text: bytes) -> tuple[list[int], list[int], int]:
        """Find where doubtful cells begin and end, and one that is open at the end."""
        data = np.frombuffer(text, dtype=np.uint8)
        quotes = np.flatnonzero(data == _QUOTE)
        if not len(quotes):
            return [], [], len(text)
        begins, ends = quotes[::2], quotes[1::2]
        before, after = data[np.maximum(begins, 1) - 1], data[np.minimum(ends + 1, len(data) - 1)]
        if not (self._around[before].all() and self._around[after].all()):
            return self._parse(text)
        rest = int(begins[-1]) if len(begins) > len(ends) else len(text)
        begins = begins[: len(ends)]
        newlines = np.flatnonzero(data == _NEWLINE)
        spans = np.searchsorted(newlines, ends) - np.searchsorted(newlines, begins)
        long = spans > _MANY
        return begins[long].tolist(), ends[long].tolist(), rest

    def _parse(self, text: bytes) -> tuple[list[int], list[int], int]:
        """Do as :meth:`_cells` where quotes stand in places where no writer puts them."""
        begins: list[int] = []
        ends: list[int] = []
        for found in self._quoted.finditer(text):
            if not found.group(1):
                return begins, ends, found.start()
            if text.find(b"\n", found.start(), found.end()) >= 0:
                begins.append(found.start())
                ends.append(found.end() - 1)
        return begins, ends, len(text)

    def _is_rows(self, text: bytes, begin: int, end: int) -> bool:
        """Whether a cell that begins and ends with those quotes holds rows."""
        start = _line_of(text, begin)
        lines = _lines(text, start)
        if next(lines).count(self._mark) + (0 if start else self._before) < self._parts:
            return False
        if next(lines, b"").count(self._mark) < self._parts:
            return False
        if not self._ends.match(text, end):
            return True
        inner = text[begin:end].split(b"\n")[1:-1]
        return len(inner) >= _MANY and all(one.count(self._mark) == self._parts for one in inner)


def never_closed(name: str, line: int) -> InputError:
    """Say that a quote is open, as the one error of all that come of it."""
    return InputError(
        f"{name}, line {line:,}: a quote opened in this row is never closed.\n"
        "The file was cut off or a quote is missing; mend that row or export again."
    )


def _line_of(text: bytes, place: int) -> int:
    """Return where the line begins that a place is in."""
    return text.rfind(b"\n", 0, place) + 1


def _lines(text: bytes, start: int) -> Iterator[bytes]:
    """Give the lines from a place on."""
    while start < len(text):
        end = text.find(b"\n", start)
        end = end if end >= 0 else len(text)
        yield text[start:end]
        start = end + 1


def check_last_quote(rows: bytes, numbering: LineNumbering, name: str) -> None:
    """Refuse a quote open at the end of the last record, which the parser itself lets pass.

    Raises
    ------
    InputError
        If there is one.
    """
    lines = rows.splitlines() if b"\n" not in rows else rows.split(b"\n")
    record = b"\n".join(lines[numbering.last - numbering.skipped - 1 :])
    bare = re.sub(rb'"(?:[^"]|"")*+"', b"", record)
    if re.search(rb'(?:^|[,;\t|])"', bare):
        raise never_closed(name, numbering.last)
