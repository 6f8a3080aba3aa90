"""Points in time as exports spell them, whole columns at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from tiktok_segments.cells.dates import as_dates, assemble, in_order
from tiktok_segments.cells.distinct import Distinct, any_matches, find_distinct
from tiktok_segments.cells.periods import spell_days
from tiktok_segments.cells.texts import read_text, to_series

_CLOCK = (
    r"(?:(?:[ ,t]|at |um |à )+"
    r"(?P<before>[上下]午|午[前後]|오[전후])? ?"
    r"(?P<hour>\d{1,2})[:h時时시] ?(?P<minute>\d{2})[分분]?"
    r"(?::?(?P<second>\d{2})(?P<fraction>\.\d{1,9})?秒?)?(?: uhr)?"
    r"(?: ?(?P<half>[ap])\.?m\.?)?"
    r"(?: ?(?:z|utc|gmt|(?:utc|gmt)?(?P<zone>[+-]\d{2}:?\d{2})(?: \([^()]*\))?))?)?$"
)
# Told by what is no letter: a pattern with \pL, which is hundreds of ranges, takes RE2, which Arrow
# matches with, longer to make than a thousand cells to match. Which words are months is looked up.
_WORD = r"[^\d\s.,:/+-]"
_WEEKDAY = rf"^(?:{_WORD}+[.,]{{0,2}} )?"
_MONTH = rf"(?P<name>{_WORD}{{2,}})"
_YEAR_FIRST = (
    r"^(?P<year>\d{4})[/.年년-] ?(?P<month>\d{1,2})[/.月월-] ?(?P<day>\d{1,2})[日일.]?" + _CLOCK
)
_DOTTED = r"^(?P<day>\d{1,2})\. ?(?P<month>\d{1,2})\. ?(?P<year>\d{4}|\d\d)" + _CLOCK
_EITHER = r"^(?P<day>\d{1,2})[/-](?P<month>\d{1,2})[/-](?P<year>\d{4}|\d\d)" + _CLOCK
_CERTAIN = (
    _YEAR_FIRST,
    _DOTTED,
    rf"{_WEEKDAY}(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|\.|º)?[ -]?(?:de |of )?{_MONTH}\.?,?[ -]?"
    rf"(?:de |of )?(?P<year>\d{{4}}){_CLOCK}",
    rf"{_WEEKDAY}{_MONTH}\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}}){_CLOCK}",
    rf"^{_MONTH}\.?,? (?:de |of )?(?P<year>\d{{4}})$",
    r"^(?P<year>\d{4})[年년] ?(?P<month>\d{1,2})[月월]$",
    # As X and Unix write it: Wed Aug 27 13:08:45 +0000 2008, or without the zone.
    rf"^{_WORD}{{3}} {_MONTH} "
    r"(?P<day>\d{1,2}) (?P<hour>\d{2}):(?P<minute>\d{2}):"
    r"(?P<second>\d{2})(?: (?P<zone>[+-]\d{4}))? (?P<year>\d{4})$",
)
_FIRST_TELLS = r"^(?:1[3-9]|2\d|3[01])[/-]\d{1,2}[/-]\d\d"
_SECOND_TELLS = r"^\d{1,2}[/-](?:1[3-9]|2\d|3[01])[/-]\d\d"

_EPOCH = r"^(?:\d{10}(?:\.\d+)?|\d{13}|\d{16}|\d{19})$"
_SERIAL = r"^[2-7]\d{4}(?:\.\d+)?$"
_SERIAL_START = pd.Timestamp("1899-12-30", tz="UTC")
"""Day 0 of the serial numbers of spreadsheets, for days from March 1900 on."""


_FIRST, _BEYOND = np.datetime64("2016-01-01"), np.datetime64("2046-01-01")
"""TikTok's years; others are slips, or of another calendar, as 1403 and 2567."""


@dataclass(frozen=True)
class Times:
    """A column of points in time.

    Parameters
    ----------
    values : Series of datetime64[us]
        As UTC; NaT where missing or unreadable.
    n_unreadable : int
        How many cells held something else.
    n_undecided : int
        How many held a date whose day and month the column does not tell apart.
    """

    values: pd.Series
    n_unreadable: int = 0
    n_undecided: int = 0


def prepare_times(cells: pa.ChunkedArray) -> pa.ChunkedArray | Distinct:
    """Find a column's distinct texts; dates and timestamps stay what they are."""
    if pa.types.is_temporal(cells.type) and not pa.types.is_time(cells.type):
        return cells
    return find_distinct(read_text(cells))


def read_times(cells: pa.ChunkedArray | Distinct, *, order: str | None = None) -> Times:
    """Points in time from ISO 8601, seconds or parts of them since 1970, and what people write.

    Parameters
    ----------
    cells : pyarrow.ChunkedArray or Distinct
        Texts, numbers, dates or timestamps; or what :func:`prepare_times` has made of them.
    order : {"day first", "month first", "undecided"}, optional
        Whether 3/4/2026 is in April, as :func:`settle_days` has it of the whole column, where these
        cells are a part of it.

    Returns
    -------
    Times
        Row by row.

    Examples
    --------
    >>> cells = pa.chunked_array([["3/4/2026", "28/4/2026 9:30 PM", "2026年8月1日", "45150.5"]])
    >>> read_times(cells).values.astype(str).tolist()
    ['2026-04-03 00:00:00', '2026-04-28 21:30:00', '2026-08-01 00:00:00', '2023-08-12 12:00:00']
    >>> read_times(pa.chunked_array([["3/4/2026"]])).n_undecided
    1
    """
    ready = cells if isinstance(cells, Distinct) else prepare_times(cells)
    if not isinstance(ready, Distinct):
        aware = ready.cast(pa.timestamp("us", tz=getattr(ready.type, "tz", None)), safe=False)
        known = to_series(aware.cast(pa.timestamp("us"), safe=False)).astype("datetime64[us]")
        ours = _within(known)
        return Times(ours, int(known.notna().sum() - ours.notna().sum()))
    known, undecided = _read_texts(ready.texts, order or settle_days(days_in(ready)))
    is_text = ready.codes < len(ready.texts)
    column = _within(known).reindex(np.where(is_text, ready.codes, -1)).reset_index(drop=True)
    n_undecided = int(ready.spread(undecided, False).sum())
    n_missing = int((column.isna().to_numpy() & is_text).sum())
    return Times(column, n_missing - n_undecided, n_undecided)


def days_in(cells: pa.ChunkedArray | Distinct) -> frozenset[str]:
    """Return what the cells of a column tell of days and months, for :func:`settle_days`.

    Parameters
    ----------
    cells : pyarrow.ChunkedArray or Distinct
        The column, or a part of it.

    Returns
    -------
    frozenset of str
        ``day first``, ``month first``, both or neither; what parts tell is the union of it.
    """
    ready = cells if isinstance(cells, Distinct) else prepare_times(cells)
    if not isinstance(ready, Distinct):
        return frozenset()
    has_mark = pc.match_substring_regex(pc.utf8_slice_codeunits(ready.texts, 0, 3), r"^\d\d?[/-]")
    texts = ready.texts.filter(has_mark)
    told = {"day first": _FIRST_TELLS, "month first": _SECOND_TELLS}
    return frozenset(name for name, pattern in told.items() if any_matches(texts, pattern))


def settle_days(told: frozenset[str]) -> str:
    """Say whether days stand before months: a number above 12 tells, or nobody knows.

    Examples
    --------
    >>> settle_days(frozenset({"day first"})), settle_days(frozenset())
    ('day first', 'undecided')
    """
    orders = told & {"day first", "month first"}
    return next(iter(orders)) if len(orders) == 1 else "undecided"


def _read_texts(texts: pa.StringArray, order: str) -> tuple[pd.Series, np.ndarray]:
    """Return each text's time, and whether its day and month cannot be told apart."""
    texts = spell_days(texts)
    serial = pc.match_substring_regex(texts, _SERIAL)
    given = pc.if_else(serial, pa.scalar(None, pa.string()), texts).to_pandas().astype(str)
    # Digits below a microsecond would narrow the years that the column's other cells may have.
    given = given.str.upper().str.replace(r"(\.\d{6})\d+", r"\1", regex=True)
    times = pd.Series(pd.to_datetime(given, format="ISO8601", errors="coerce", utc=True))
    times = _without_zone(times).reset_index(drop=True)
    for pattern, of_numbers in ((_EPOCH, _from_epoch), (_SERIAL, _from_serial)):
        fitting = pc.match_substring_regex(texts, pattern).to_numpy(zero_copy_only=False)
        if fitting.any():
            numbers = texts.filter(pa.array(fitting)).cast(pa.float64()).to_pandas()
            times[fitting] = of_numbers(numbers).to_numpy()
    undecided = np.zeros(len(texts), dtype=bool)
    for pattern in (*_CERTAIN, _EITHER):
        left = np.flatnonzero(times.isna().to_numpy())
        if not len(left):
            break
        parts = pc.extract_regex(texts.take(pa.array(left)), pattern)
        found = parts.is_valid().to_numpy(zero_copy_only=False)
        if found.any():
            dates = as_dates(parts.filter(pa.array(found)))
            if pattern == _EITHER:
                dates, undecided[left[found]] = in_order(dates, order)
            times[left[found]] = assemble(dates)
    return times, undecided


def _within(times: pd.Series) -> pd.Series:
    """Times without those that TikTok cannot have."""
    return times.where((times >= _FIRST) & (times < _BEYOND))


def _from_epoch(numbers: pd.Series) -> pd.Series:
    """Seconds, or thousandths, millionths and so on of them, told by how many they are."""
    parts = 1000.0 ** np.select([numbers < 1e11, numbers < 1e14, numbers < 1e17], [0, 1, 2], 3)
    seconds = numbers / parts
    return _without_zone(pd.to_datetime(seconds, unit="s", utc=True, errors="coerce"))


def _from_serial(numbers: pd.Series) -> pd.Series:
    days = pd.to_timedelta((numbers * 86_400).round(), unit="s")
    return _without_zone(_SERIAL_START + days)


def _without_zone(times: pd.Series) -> pd.Series:
    return times.dt.tz_localize(None).astype("datetime64[us]")
