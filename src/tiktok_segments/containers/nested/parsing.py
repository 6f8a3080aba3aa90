"""The text of a JSON document, and what is wrong with it."""

from __future__ import annotations

import json
import re
from typing import Any

from tiktok_segments.errors import InputError, reason

# Numbers stay the digits they were: identifiers pass 2**53 and are never rounded.
DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)
_GAP = re.compile(r"[\s,\x1e]*")
"""What stands between objects one behind the other."""


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
        return DECODER.decode(text)
    except json.JSONDecodeError as error:
        several = _decode_several(text) if error.msg == "Extra data" else None
        if several is not None:
            return several
        raise InputError(
            f"{name}, line {error.lineno:,}, column {error.colno:,}: broken JSON ({error.msg}).\n"
            "The file was cut off or edited; export or download it again."
        ) from None
    except (RecursionError, ValueError) as error:
        raise InputError(
            f"{name} is JSON that cannot be read ({reason(error)}).\nGive a list of records."
        ) from None


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
