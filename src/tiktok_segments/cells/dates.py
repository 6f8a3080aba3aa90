"""Dates in parts, with names of months in the languages of the large markets, to points in time."""

from __future__ import annotations

import calendar
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tiktok_segments.cells.folding import normalise

_NAMES = (
    "januar jänner janvier enero janeiro gennaio januari styczeń stycznia январь января січень "
    "січня ocak tháng1 leden "
    "janv jän gen ene sty янв січ oca ledna ianuarie",
    "februar février febrero fevereiro febbraio februari luty lutego февраль февраля лютий лютого "
    "şubat tháng2 fév fev feb "
    "févr лют фев февр şub lut února únor februarie",
    "märz mars marzo março maart marzec marca март марта березень березня mart maret tháng3 "
    "mär mrz maerz "
    "mrt берез бер března březen martie",
    "april avril abril aprile kwiecień kwietnia апрель апреля квітень квітня nisan tháng4 avr abr "
    "апр квіт kwi nis dubna duben aprilie",
    "mai mayo maio maggio mei maj maja май мая травень травня mayıs tháng5 mag трав květen května",
    "juni juin junio junho giugno czerwiec czerwca июнь июня червень червня haziran tháng6 giu "
    "июн черв cze haz iunie",
    "juli juillet julio julho luglio lipiec lipca июль июля липень липня temmuz tháng7 lug juil "
    "июл лип lip tem července červenec iulie",
    "august août agosto augustus sierpień sierpnia август августа серпень серпня ağustos agustus "
    "tháng8 aoû ago "
    "авг серп sie ağu agt agu srpen srpna",
    "september septembre septiembre setembro settembre wrzesień września сентябрь сентября "
    "вересень вересня eylül tháng9 sept set "
    "сен сент вер верес wrz eyl září septembrie",
    "oktober octobre octubre outubro ottobre październik października октябрь октября жовтень "
    "жовтня ekim tháng10 okt out ott "
    "окт жовт paź eki říjen října octombrie",
    "november novembre noviembre novembro listopad listopada ноябрь ноября листопад листопада "
    "kasım nopember tháng11 "
    "ноя нояб лист lis kas noiembrie",
    "dezember décembre diciembre dezembro dicembre december grudzień grudnia декабрь декабря "
    "грудень грудня aralık desember tháng12 dez déc dic des "
    "дек груд gru ara prosinec prosince decembrie",
)
MONTHS = {
    normalise(name): number
    for number, names in enumerate(_NAMES, start=1)
    for name in (*names.split(), calendar.month_name[number], calendar.month_abbr[number])
}
"""Number of the month by its normalised name, whole or cut short."""

_AFTERNOON = ("p", "下午", "午後", "오후")
_FIRST_YEAR = 16
"""TikTok began in 2016."""


@dataclass(frozen=True)
class Dates:
    """Dates in numbers.

    Parameters
    ----------
    years, months, days : ndarray of float64
        NaN where unknown.
    seconds : ndarray of float64
        From midnight UTC; NaN where there is no such time.
    """

    years: np.ndarray
    months: np.ndarray
    days: np.ndarray
    seconds: np.ndarray


def as_dates(parts: pa.StructArray) -> Dates:
    """Return what a pattern found, as numbers.

    Parameters
    ----------
    parts : pyarrow.StructArray
        Fields year, month or name, day, and those of the time of the day; empty where not found.
        Without a field for the day, the month's first.

    Returns
    -------
    Dates
        Row by row.

    Examples
    --------
    >>> parts = pa.array([{"year": "2026", "name": "aug", "day": "31", "hour": "9", "half": "p"}])
    >>> assemble(as_dates(parts)).astype(str).tolist()
    ['2026-08-31T21:00:00.000000']
    """
    found = {field.name: pc.struct_field(parts, field.name) for field in parts.type}
    none = pa.array([""] * len(parts))

    def number(name: str) -> np.ndarray:
        texts = found.get(name, none)
        given = pc.if_else(pc.equal(texts, ""), pa.scalar("0"), texts)
        return np.array(given.cast(pa.float64()))

    hours, minutes, seconds = number("hour"), number("minute"), number("second")
    possible = (hours < 24) & (minutes < 60) & (seconds <= 60)
    half = pc.binary_join_element_wise(found.get("half", none), found.get("before", none), "")
    if pc.any(pc.not_equal(half, "")).as_py():
        later = pc.is_in(half, value_set=pa.array(_AFTERNOON)).to_numpy(zero_copy_only=False)
        has_half = pc.not_equal(half, "").to_numpy(zero_copy_only=False)
        hours = np.where(has_half, hours % 12 + 12 * later, hours)
    total = hours * 3600 + minutes * 60 + seconds + number("fraction") - _offsets(found)
    months = _months(found["name"]) if "name" in found else number("month")
    years = number("year")
    digits = pc.utf8_length(found.get("year", none)).to_numpy(zero_copy_only=False)
    short = digits <= 2
    # A short year that TikTok cannot have is no year: in 23.08.12 it stands in front.
    recent = (years >= _FIRST_YEAR) & (years < _FIRST_YEAR + 30)
    possible &= np.where(short, recent, years >= 1000)
    years = np.where(short, years + 2000, years)
    days = number("day") if "day" in found else np.ones(len(years))
    return Dates(years, months, days, np.where(possible, total, np.nan))


def _offsets(found: dict[str, pa.StringArray]) -> np.ndarray | float:
    """Return the seconds that each time's zone is ahead of UTC."""
    if "zone" not in found or not pc.any(pc.not_equal(found["zone"], "")).as_py():
        return 0.0
    zones = found["zone"].dictionary_encode()
    seconds = [_offset(zone) for zone in zones.dictionary.to_pylist()]
    return np.array(seconds)[zones.indices.to_numpy()]


def _offset(zone: str) -> float:
    if not zone:
        return 0.0
    ahead = int(zone[1:3]) * 3600 + int(zone[-2:]) * 60
    return -ahead if zone[0] == "-" else ahead


def _months(names: pa.StringArray) -> np.ndarray:
    encoded = names.dictionary_encode()
    known = [MONTHS.get(normalise(name), np.nan) for name in encoded.dictionary.to_pylist()]
    return np.array(known)[encoded.indices.to_numpy()]


def in_order(dates: Dates, order: str) -> tuple[Dates, np.ndarray]:
    """Put days and months in their places.

    Parameters
    ----------
    dates : Dates
        As if days stood first.
    order : {"day first", "month first", "undecided"}
        That of the whole column.

    Returns
    -------
    dates : Dates
        In order; without a day where nobody knows it.
    undecided : ndarray of bool
        Where nobody does: where both numbers may be either.
    """
    first, second = dates.days, dates.months
    swapped = (second > 12) & (first <= 12)
    alone = swapped | ((first > 12) & (second <= 12)) | (first == second)
    undecided = ~alone & (first <= 12) & (second <= 12) & (order == "undecided")
    swapped = swapped | (~alone & (order == "month first"))
    days, months = np.where(swapped, second, first), np.where(swapped, first, second)
    return Dates(dates.years, months, np.where(undecided, np.nan, days), dates.seconds), undecided


def assemble(dates: Dates) -> np.ndarray:
    """Return points in time, as datetime64[us]; none for a day that its month does not have."""
    good = ~np.isnan(dates.seconds) & (dates.months >= 1) & (dates.months <= 12) & (dates.days >= 1)
    years, months, days = (
        np.where(good, part, 1).astype("int64") for part in (dates.years, dates.months, dates.days)
    )
    month = ((years - 1970) * 12 + months - 1).astype("datetime64[M]")
    day = month.astype("datetime64[D]") + (days - 1)
    good &= day.astype("datetime64[M]") == month
    microseconds = np.where(good, dates.seconds * 1e6, 0).round().astype("timedelta64[us]")
    return np.where(good, day.astype("datetime64[us]") + microseconds, np.datetime64("NaT", "us"))
