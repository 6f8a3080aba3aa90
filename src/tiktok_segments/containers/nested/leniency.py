"""What people and shells write into JSON that is none, but means one thing only."""

from __future__ import annotations

import re

_STRING = r'"(?:[^"\\]|\\.)*"'
_COMMENT = re.compile(rf"{_STRING}|(?P<comment>//[^\n]*|/\*.*?\*/)", re.DOTALL)
_COMMA = re.compile(rf"{_STRING}|(?P<comma>,(?=\s*[\]}}]))", re.DOTALL)
_CALL = re.compile(
    rf"\b(?:Number(?:Long|Int|Decimal)|ObjectId|ISODate)\(\s*(?P<value>{_STRING}|-?\d[\d.eE+-]*)\s*\)"
    rf"|{_STRING}",
    re.DOTALL,
)
_NOT_NEWLINE = re.compile(r"[^\n]")


def without_extras(text: str) -> str:
    r"""Return JSON without comments, commas behind the last entry, and types of MongoDB's shell.

    Texts in quotes stay as they are, and each line stays where it is.

    Parameters
    ----------
    text : str
        What a strict reader of JSON refuses.

    Examples
    --------
    >>> without_extras('{"a": [1, 2,], // two, of "b"\n "b": "http://x,]",}').split()
    ['{"a":', '[1,', '2', '],', '"b":', '"http://x,]"', '}']
    >>> without_extras('{"fans": NumberLong("12"), "bio": "NumberLong(12)"}')
    '{"fans": "12", "bio": "NumberLong(12)"}'
    """
    text = _COMMENT.sub(_blank, text)
    text = _COMMA.sub(_blank, text)
    return _CALL.sub(lambda found: found["value"] or found[0], text)


def _blank(found: re.Match[str]) -> str:
    return _NOT_NEWLINE.sub(" ", found[0]) if found.lastgroup else found[0]
