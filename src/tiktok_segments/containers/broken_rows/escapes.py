"""Quotes within quoted cells that a backslash marks, as Spark and MySQL write them."""

from __future__ import annotations

import re

_ESCAPED = re.compile(rb'(?<!\\)((?:\\\\)*)\\"')


def has_escapes(head: bytes, delimiter: str) -> bool:
    r"""Whether a backslash marks the quotes within quoted cells of a text.

    That is where a quoted cell goes on behind such a quote, and no cell holds a doubled one. Before
    a delimiter it may be the cell's end, whose text ends with a backslash.

    Examples
    --------
    >>> has_escapes(b'ann,"aka \\"Queen\\", DM me"\n', ",")
    True
    >>> has_escapes(b'ann,"C:\\",1\n', ","), has_escapes(b'ann,"\\o/ ""hi"" you",1\n', ",")
    (False, False)
    """
    mark = re.escape(delimiter.encode())
    goes_on = re.compile(rb'"(?<![^\r\n%b]")[^"]*+"(?<=\\")(?![\r\n"%b]|\Z)' % (mark, mark))
    doubled = re.compile(rb'""(?<![\r\n"\\%b]"")(?![\r\n%b]|\Z)' % (mark, mark))
    return bool(goes_on.search(head)) and not doubled.search(head)


def double_escaped(text: bytes) -> bytes:
    r"""Write quotes that a backslash marks as doubled ones; the text keeps its length.

    Any other backslash stays, as that of ``\N``.

    Examples
    --------
    >>> double_escaped(b'"aka \\"Queen\\" you","C:\\\\",\\N')
    b'"aka ""Queen"" you","C:\\\\",\\N'
    """
    return _ESCAPED.sub(rb'\1""', text)
