"""Months, weeks and stamps of digits as dates: 2024-05, 2024-W20, 20240503120000."""

from __future__ import annotations

import re
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

_FEW_DIGITS = r"^\d{4}-?(?:\d{2}|w\d{2})$|^\d{4}/\d{1,2}$|^\d{1,2}[/-]\d{4}$|^\d{14}$"
_MONTHS = (
    (r"^(\d{4})[-/](0?[1-9]|1[0-2])$", r"\1-\2-01"),
    (r"^(0?[1-9]|1[0-2])[/-](\d{4})$", r"\2-\1-01"),
    (r"^(\d{4}-)(\d-01)$", r"\g<1>0\2"),
)
# Whatever its years, no day has this form: it would have a month from 16 to 45.
_BARE_MONTH = re.compile(r"^(20(?:1[6-9]|[23]\d|4[0-5]))(0[1-9]|1[0-2])$")
_WEEK = re.compile(r"^(\d{4})-?w(\d{2})$")
_STAMP = re.compile(r"^(20\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$")


def spell_days(texts: pa.StringArray) -> pa.StringArray:
    """Spell months and weeks as their first day, and stamps of fourteen digits with their marks.

    Parameters
    ----------
    texts : pyarrow.StringArray
        Distinct and folded, of a column that holds times.

    Returns
    -------
    pyarrow.StringArray
        Those of another form as they are; six digits are a month where all of the column may be.

    Examples
    --------
    >>> spell_days(pa.array(["2024-05", "5/2024", "2024-w20", "20240503120000"])).to_pylist()
    ['2024-05-01', '2024-05-01', '2024-05-13', '2024-05-03t12:00:00']
    >>> spell_days(pa.array(["202405", "202406"])).to_pylist()
    ['2024-05-01', '2024-06-01']
    >>> spell_days(pa.array(["202405", "202499"])).to_pylist()
    ['202405', '202499']
    """
    fitting = pc.match_substring_regex(texts, _FEW_DIGITS).fill_null(False)
    if not pc.any(fitting).as_py():
        return texts
    given = texts.filter(fitting).to_pylist()
    bare = [text for text in given if len(text) == 6 and text.isdigit()]
    are_months = all(map(_BARE_MONTH.match, bare))
    spelled = [_spell(text, are_months=are_months) for text in given]
    return pc.replace_with_mask(texts, fitting, pa.array(spelled, texts.type))


def _spell(text: str, *, are_months: bool) -> str:
    if found := _WEEK.match(text):
        return _monday(text, int(found[1]), int(found[2]))
    if found := _STAMP.match(text):
        year, month, day, hour, minute, second = found.groups()
        return f"{year}-{month}-{day}t{hour}:{minute}:{second}"
    if found := _BARE_MONTH.match(text):
        return f"{found[1]}-{found[2]}-01" if are_months else text
    for pattern, day in _MONTHS:
        text = re.sub(pattern, day, text)
    return text


def _monday(text: str, year: int, week: int) -> str:
    try:
        return date.fromisocalendar(year, week, 1).isoformat()
    except ValueError:  # no year has a week 60
        return text
