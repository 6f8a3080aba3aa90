"""The text of a JSON document, what people and shells add to it, and what is wrong with it."""

from __future__ import annotations

import json
import re
from typing import Any

from tiktok_segments.errors import InputError, reason

# Numbers stay the digits they were: identifiers pass 2**53 and are never rounded.
DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)
_GAP = re.compile(r"[\s,\x1e]*")
"""What stands between objects one behind the other."""
_PYTHON = re.compile(r"True|False|None|undefined")
_FROM_PYTHON = "from Python, write the file with json.dump."

_STRING = r'"(?:[^"\\]|\\.)*"'
_COMMENT = re.compile(rf"{_STRING}|(?P<comment>//[^\n]*|/\*.*?\*/)", re.DOTALL)
_COMMA = re.compile(rf"{_STRING}|(?P<comma>,(?=\s*[\]}}]))", re.DOTALL)
_CALL = re.compile(
    rf"\b(?:Number(?:Long|Int|Decimal)|ObjectId|ISODate)\(\s*(?P<value>{_STRING}|-?\d[\d.eE+-]*)\s*\)"
    rf"|{_STRING}",
    re.DOTALL,
)
_NOT_NEWLINE = re.compile(r"[^\n]")


def parse_json(text: str, name: str) -> Any:
    """Return what a JSON document holds, or the objects that stand one behind the other.

    Parameters
    ----------
    text : str
        The document.
    name : str
        The file's name, for messages.

    Returns
    -------
    object
        With numbers as the digits they were.

    Raises
    ------
    InputError
        If the text is no JSON.

    Examples
    --------
    >>> parse_json('{"fans": 12} {"fans": 13}', "a.json")
    [{'fans': '12'}, {'fans': '13'}]
    """
    try:
        try:
            return _decode(text)
        except json.JSONDecodeError:
            return _decode(without_extras(text))
    except json.JSONDecodeError as error:
        what, todo = _explain(error)
        place = f"line {error.lineno:,}, column {error.colno:,}"
        raise InputError(f"{name}, {place}: broken JSON ({what}).\n{todo}") from None
    except (RecursionError, ValueError) as error:
        raise InputError(
            f"{name} is JSON that cannot be read ({reason(error)}).\nGive a list of records."
        ) from None


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


def _decode(text: str) -> Any:
    try:
        return DECODER.decode(text)
    except json.JSONDecodeError as error:
        several = _decode_several(text) if error.msg == "Extra data" else None
        if several is None:
            raise
        return several


def _decode_several(text: str) -> list[Any] | None:
    """Return objects one behind the other, as jq prints them; None where they are none."""
    found: list[Any] = []
    place = 0
    while place < len(text):
        try:
            entry, place = DECODER.raw_decode(text, place)
        except ValueError:
            return None
        found += entry if isinstance(entry, list) else [entry]
        # It matches everywhere, if only nothing.
        place = _GAP.match(text, place).end()  # type: ignore[union-attr]
    return found if all(isinstance(entry, dict) for entry in found) else None


def _explain(error: json.JSONDecodeError) -> tuple[str, str]:
    """Say what is wrong with a text, and what to do."""
    if error.doc.startswith("'", error.pos):
        return "single quotes", f"JSON has double quotes; {_FROM_PYTHON}"
    word = _PYTHON.match(error.doc, error.pos)
    if word:
        return f"{word[0]} is no value of JSON", f"It has true, false and null; {_FROM_PYTHON}"
    return error.msg, "The file was cut off or edited; export or download it again."
