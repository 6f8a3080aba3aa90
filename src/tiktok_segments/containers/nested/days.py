"""Days in keys and beside lists of records: when what is below them was collected."""

from __future__ import annotations

import re

COLLECTED = "collected_at"
"""Column of the day that stands around records."""
_DAY = re.compile(
    r"(?P<year>(?:19|20)\d\d)(?P<mark>[-/._]?)(?P<month>0[1-9]|1[0-2]|(?<=[-/._])[1-9])(?P=mark)"
    r"(?P<day>0[1-9]|[12]\d|3[01]|(?<=[-/._])[1-9])(?P<time>(?:[T ]\d\d:?\d\d\S*)?)"
)
_DAY_FIRST = re.compile(r"\d\d?([-/.])\d\d?\1(?:19|20)\d\d")
_SECONDS = re.compile(r"1\d{9}(?:\d{3}|\.\d+)?")


def day_of(text: str) -> str | None:
    """Return a day as times are read, with its time if it has one; None where it is none.

    Examples
    --------
    >>> day_of("2024_05_01"), day_of("20240501"), day_of("2024-05-01T10:00:00Z")
    ('2024-05-01', '2024-05-01', '2024-05-01T10:00:00Z')
    >>> day_of("31.12.2024"), day_of("ana"), day_of("123456")
    ('31.12.2024', None, None)
    """
    found = _DAY.fullmatch(text.strip())
    if found:
        year, month, day = found["year"], found["month"].zfill(2), found["day"].zfill(2)
        return f"{year}-{month}-{day}{found['time']}"
    return text.strip() if _DAY_FIRST.fullmatch(text.strip()) else None


def time_of(value: object) -> str | None:
    """Return a value that is a day or the seconds since 1970; None where it is neither.

    Examples
    --------
    >>> time_of("1700000000"), time_of("2024-05-01"), time_of("today"), time_of(True)
    ('1700000000', '2024-05-01', None, None)
    """
    if not isinstance(value, str):
        return None
    return value.strip() if _SECONDS.fullmatch(value.strip()) else day_of(value)
