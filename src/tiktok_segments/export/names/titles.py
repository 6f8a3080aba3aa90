"""Units that a title above the columns' names or a note says: "All figures in thousands"."""

from __future__ import annotations

import re
from collections.abc import Collection

from tiktok_segments.errors import InputError
from tiktok_segments.export.matching import Matching
from tiktok_segments.schema import READABLE

_UNITS = {
    "thousands": r"(?:in|en|em|w|в)\s+(?:thousands?|tausend|tsd|miles|milhares|milliers|migliaia|"
    r"tys|тыс\w*)|单位\W*千|\(?'?000s\b",
    "millions": r"(?:in|en|em|w|в)\s+(?:millions?|millionen|mio|millones|milhões|milioni|mln|млн)",
    "ten thousands": r"单位\W*万|單位\W*萬|単位\W*万|단위\W*만",
}
_LONGEST = 60


def check_title(
    lines: str,
    matching: Matching,
    said: Collection[str],
    file: str,
    place: str = "above the columns' names",
) -> None:
    """Ask for the units of counts that a line which is no row may say.

    Parameters
    ----------
    lines : str
        Those above the names, or of a note.
    matching : Matching
        Which column is which, and in which unit.
    said : collection of str
        Canonical columns whose unit the user says.
    file, place : str
        For messages.

    Raises
    ------
    InputError
        If there is such a line, and nothing else says the unit.

    Examples
    --------
    >>> units = {"followers": "one, as nothing says otherwise"}
    >>> matching = Matching({"followers": (1,)}, False, {}, units=units)
    >>> check_title("Creators, in thousands", matching, ["followers"], "a.csv")
    >>> check_title("Creators, in thousands", matching, [], "a.csv")
    Traceback (most recent call last):
    tiktok_segments.errors.InputError: a.csv: what is the unit of followers? A line above the \
columns' names says 'Creators, in thousands'.
    Say it: data.units.followers=thousands, or one where that is not meant.
    """
    counts = [
        name
        for name, unit in matching.units.items()
        if READABLE[name].kind == "count" and unit.startswith("one,") and name not in said
    ]
    for line in lines.splitlines() if counts else ():
        for unit, words in _UNITS.items():
            if re.search(rf"(?<!\w)(?:{words})(?!\w)", line, re.IGNORECASE):
                settings = " ".join(
                    f"data.units.{name}={unit.replace(' ', '_')}" for name in counts
                )
                raise InputError(
                    f"{file}: what is the unit of {', '.join(counts)}? A line {place} "
                    f"says {line.strip(' ,;')[:_LONGEST]!r}.\n"
                    f"Say it: {settings}, or one where that is not meant."
                )
