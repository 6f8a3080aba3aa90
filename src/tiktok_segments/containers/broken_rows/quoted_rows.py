"""Rows that are one quoted cell each, as Excel saves a text that it did not part into columns."""

from __future__ import annotations

import csv
import re

_QUOTED_ROW = re.compile(rb'^"((?:[^"\r\n]|"")*+)"(?=\r?$)', re.MULTILINE)


def unwrap_rows(text: bytes, delimiter: str | None = None, width: int = 0) -> bytes:
    r"""Take the quotes from lines that are one quoted cell, and write those within as they were.

    Parameters
    ----------
    text : bytes
        Whole lines.
    delimiter : str, optional
        What parts the columns; by default every such line is unwrapped.
    width : int, optional
        Fields that a line must then have.

    Returns
    -------
    bytes
        As many lines.

    Examples
    --------
    >>> unwrap_rows(b'id,bio,fans\n"ann,""Hi, you"",12"\n"Source: TikTok, 2025"\n', ",", 3)
    b'id,bio,fans\nann,"Hi, you",12\n"Source: TikTok, 2025"\n'
    """

    def unwrap(found: re.Match[bytes]) -> bytes:
        row = found[1].replace(b'""', b'"')
        if delimiter is None:
            return row
        fields = next(csv.reader([row.decode(errors="replace")], delimiter=delimiter), [])
        return row if len(fields) == width else found[0]

    return _QUOTED_ROW.sub(unwrap, text)
