"""What is undone in a text before it is parsed, as its first rows show."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tiktok_segments.containers.broken_rows.escapes import double_escaped, has_escapes
from tiktok_segments.containers.broken_rows.quoted_rows import unwrap_rows
from tiktok_segments.containers.layout import Layout, find_layout
from tiktok_segments.containers.records import Select


@dataclass(frozen=True)
class Mends:
    """How the rows of a text break the rules, all the same way.

    Parameters
    ----------
    layout : Layout
        Of the text without that.
    quoted_rows : bool
        Whether rows are one quoted cell each.
    blanks : bool
        Whether blanks stand before the quotes of cells.
    escapes : bool
        Whether a backslash marks the quotes within quoted cells.
    """

    layout: Layout
    quoted_rows: bool
    blanks: bool
    escapes: bool

    def __str__(self) -> str:
        """Tell of it behind the kind of text."""
        return ", whole rows in quotes" if self.quoted_rows else ""

    def apply(self, text: bytes) -> bytes:
        """Write lines by the rules; there are as many as before."""
        if self.quoted_rows:
            text = unwrap_rows(text, self.layout.delimiter, len(self.layout.names))
        if self.blanks:
            text = _blanks_before_quotes(self.layout.delimiter).sub(rb'\1"', text)
        return double_escaped(text) if self.escapes else text


def find_mends(head: bytes, name: str, select: Select, header: int | None = None) -> Mends:
    r"""Find the layout of a text, and how its rows break the rules.

    Parameters
    ----------
    head, name, select, header
        As :func:`~tiktok_segments.containers.layout.find_layout` takes them.

    Returns
    -------
    Mends

    Raises
    ------
    InputError
        If there is no header, or it cannot be read.

    Examples
    --------
    >>> select = lambda names: [place for place, name in enumerate(names) if name in {"id", "fans"}]
    >>> mends = find_mends(b'id,fans\n"ann,12"\n', "a.csv", select)
    >>> mends.apply(b'"bob,13"\n')
    b'bob,13\n'
    """
    layout = find_layout(unwrap_rows(head), name, select, header)
    plain = unwrap_rows(head, layout.delimiter, len(layout.names))
    # Once their line is known, names count that are empty, as that of a first column.
    layout = find_layout(plain, name, select, layout.line)
    quoted_rows, rows = plain != head, plain[layout.start :]
    blanks = bool(_blanks_before_quotes(layout.delimiter).search(rows.partition(b"\n")[0]))
    if blanks:
        plain = _blanks_before_quotes(layout.delimiter).sub(rb'\1"', plain)
        layout = find_layout(plain, name, select, layout.line)
    return Mends(layout, quoted_rows, blanks, has_escapes(plain[layout.start :], layout.delimiter))


def _blanks_before_quotes(delimiter: str) -> re.Pattern[bytes]:
    return re.compile(rb'(^|%b)[ ]+"' % re.escape(delimiter.encode()), re.MULTILINE)
