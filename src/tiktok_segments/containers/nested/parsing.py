"""The text of a JSON document, and what is wrong with it."""

from __future__ import annotations

import json
import re
from typing import Any

from tiktok_segments.containers.nested.leniency import without_extras
from tiktok_segments.errors import InputError, reason

# Numbers stay the digits they were: identifiers pass 2**53 and are never rounded.
DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)
_GAP = re.compile(r"[\s,\x1e]*")
"""What stands between objects one behind the other."""
_PYTHON = re.compile(r"True|False|None|undefined")
_FROM_PYTHON = "from Python, write the file with json.dump."


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
        return _decode(text)
    except json.JSONDecodeError:
        text = without_extras(text)
    except (RecursionError, ValueError) as error:
        raise _unreadable(name, error) from None
    try:
        return _decode(text)
    except json.JSONDecodeError as error:
        what, todo = _explain(error)
        place = f"line {error.lineno:,}, column {error.colno:,}"
        raise InputError(f"{name}, {place}: broken JSON ({what}).\n{todo}") from None
    except (RecursionError, ValueError) as error:
        raise _unreadable(name, error) from None


def _decode(text: str) -> Any:
    try:
        return DECODER.decode(text)
    except json.JSONDecodeError as error:
        several = _decode_several(text) if error.msg == "Extra data" else None
        if several is None:
            raise
        return several


def _unreadable(name: str, error: Exception) -> InputError:
    return InputError(
        f"{name} is JSON that cannot be read ({reason(error)}).\nGive a list of records."
    )


def _explain(error: json.JSONDecodeError) -> tuple[str, str]:
    """Say what is wrong with a text, and what to do."""
    if error.doc.startswith("'", error.pos):
        return "single quotes", f"JSON has double quotes; {_FROM_PYTHON}"
    word = _PYTHON.match(error.doc, error.pos)
    if word:
        return f"{word[0]} is no value of JSON", f"It has true, false and null; {_FROM_PYTHON}"
    return error.msg, "The file was cut off or edited; export or download it again."


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
