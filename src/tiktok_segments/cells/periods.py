"""Months, weeks, quarters, ranges and stamps of digits as dates: 2024-05, KW 20/2024, Q2 2024."""

from __future__ import annotations

import re
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

_WEEKS = r"(?:kw|cw|wk|week|woche|w)[. ]{0,2}"
_BETWEEN = r"(?:\s(?:-|to|bis|au|al|a|до)\s|\s?[\x{2013}\x{2014}~\x{2192}]\s?)"
_FORMS = (
    r"^\d{4}-?(?:\d{2}|w\d{2})$|^\d{4}/\d{1,2}$|^\d{1,2}[/-]\d{4}$|^\d{14}$"
    r"|^q[1-4][ /-]{0,2}'?(?:20)?\d\d$|^20\d\d[ /-]?q[1-4]$|^[1-4]q[ /-]?(?:20)?\d\d$"
    rf"|^{_WEEKS}\d{{1,2}}[ ,/-]{{1,3}}20\d\d$|^20\d\d[ ,/-]{{0,3}}{_WEEKS}\d{{1,2}}$"
    r"|^(?:tháng|thg\.?) ?\d{1,2}[ ,/-]{1,3}(?:năm )?20\d\d$"
    rf"|^[^\d\s]{{3,10}}(?:[-/]| ?['’])\d\d$|\d{{4}}.*{_BETWEEN}.*\d{{4}}"
)
_MONTHS = (
    (r"^(\d{4})[-/](0?[1-9]|1[0-2])$", r"\1-\2-01"),
    (r"^(0?[1-9]|1[0-2])[/-](\d{4})$", r"\2-\1-01"),
    (r"^(?:tháng|thg\.?) ?(0?[1-9]|1[0-2])[ ,/-]{1,3}(?:năm )?(20\d\d)$", r"\2-\1-01"),
    (r"^(\d{4}-)(\d-01)$", r"\g<1>0\2"),
)
# Whatever its years, no day has this form: it would have a month from 16 to 45.
_BARE_MONTH = re.compile(r"^(20(?:1[6-9]|[23]\d|4[0-5]))(0[1-9]|1[0-2])$")
_WEEK = re.compile(rf"^(?P<year>\d{{4}})[ ,/-]{{0,3}}{_WEEKS}(?P<week>\d{{1,2}})$")
_WEEK_FIRST = re.compile(rf"^{_WEEKS}(?P<week>\d{{1,2}})[ ,/-]{{1,3}}(?P<year>\d{{4}})$")
_QUARTER = re.compile(r"^(?:q([1-4])|([1-4])q)[ /-]{0,2}'?(?:20)?(\d\d)$")
_QUARTER_LAST = re.compile(r"^20(\d\d)[ /-]?q([1-4])$")
_SHORT_YEAR = re.compile(r"^([^\d\s]{3,10}?)\.?(?:[-/]| ?['’])(\d\d)$")
"""Jan-25, as spreadsheets write months; the 25th of January is 25-Jan there."""
_RANGE = re.compile(
    r"^([^–—~→]*?\d{4}[^–—~→]*?)(?:\s(?:-|to|bis|au|al|a|до)\s|\s?[–—~→]\s?).*\d{4}"
)
_STAMP = re.compile(r"^(20\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$")


def spell_days(texts: pa.StringArray) -> pa.StringArray:
    """Spell months and what else has a first day as that, and stamps of digits with their marks.

    Parameters
    ----------
    texts : pyarrow.StringArray
        Distinct and folded, of a column that holds times.

    Returns
    -------
    pyarrow.StringArray
        Those of another form as they are; six digits are a month where all of the column may be,
        and so is a name with two digits behind it, which else may be a day.

    Examples
    --------
    >>> spell_days(pa.array(["2024-05", "5/2024", "2024-w20", "20240503120000"])).to_pylist()
    ['2024-05-01', '2024-05-01', '2024-05-13', '2024-05-03t12:00:00']
    >>> spell_days(pa.array(["202405", "202406"])).to_pylist()
    ['2024-05-01', '2024-06-01']
    >>> spell_days(pa.array(["202405", "202499"])).to_pylist()
    ['202405', '202499']
    >>> spell_days(pa.array(["q2 2024", "kw 20/2024", "2024-05-13 - 2024-05-19"])).to_pylist()
    ['2024-04-01', '2024-05-13', '2024-05-13']
    >>> spell_days(pa.array(["dec-24", "jan-25"])).to_pylist()
    ['dec 2024', 'jan 2025']
    """
    fitting = pc.match_substring_regex(texts, _FORMS).fill_null(False)
    if not pc.any(fitting).as_py():
        return texts
    given = texts.filter(fitting).to_pylist()
    bare = [text for text in given if len(text) == 6 and text.isdigit()]
    are_months = all(map(_BARE_MONTH.match, bare))
    are_years = _are_years([found for text in given if (found := _SHORT_YEAR.match(text))])
    spelled = [_spell(text, are_months=are_months, are_years=are_years) for text in given]
    return pc.replace_with_mask(texts, fitting, pa.array(spelled, texts.type))


def _are_years(found: list[re.Match[str]]) -> bool:
    """Say whether two digits behind months are years: they follow each other, as the months do."""
    years = {int(one[2]) for one in found}
    in_a_row = bool(years) and max(years) - min(years) < len(years)
    return in_a_row and len({one[1] for one in found}) >= len(years)


def _spell(text: str, *, are_months: bool, are_years: bool) -> str:
    if found := _RANGE.match(text):
        text = found[1].strip()
    if found := _WEEK.match(text) or _WEEK_FIRST.match(text):
        return _monday(text, int(found["year"]), int(found["week"]))
    if found := _STAMP.match(text):
        year, month, day, hour, minute, second = found.groups()
        return f"{year}-{month}-{day}t{hour}:{minute}:{second}"
    if found := _BARE_MONTH.match(text):
        return f"{found[1]}-{found[2]}-01" if are_months else text
    if found := _QUARTER.match(text):
        return _first_of_quarter(found[3], found[1] or found[2])
    if found := _QUARTER_LAST.match(text):
        return _first_of_quarter(found[1], found[2])
    if found := _SHORT_YEAR.match(text):
        return f"{found[1]} 20{found[2]}" if are_years else text
    for pattern, day in _MONTHS:
        text = re.sub(pattern, day, text)
    return text


def _first_of_quarter(year: str, quarter: str) -> str:
    return f"20{year}-{3 * int(quarter) - 2:02}-01"


def _monday(text: str, year: int, week: int) -> str:
    try:
        return date.fromisocalendar(year, week, 1).isoformat()
    except ValueError:  # no year has a week 60
        return text
