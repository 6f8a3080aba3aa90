"""Evidence of the units of an export's numbers: fractions, zeros at the end, sums and levels.

A unit that neither the column's name, nor a sign in its cells, nor the user says is *assumed*:
counts are single ones, rates are fractions. The values themselves tell whether that can be so.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from tiktok_segments.containers.hints import valid_units
from tiktok_segments.export.levels import FEW, LEVELS, decades_off
from tiktok_segments.export.proofs import doubt_likes, doubt_views, prove_unit
from tiktok_segments.schema import MAX_COUNT, MAX_FOLLOWING, READABLE
from tiktok_segments.wording import percent, short_number

MOST_FOLLOWERS = 1e9
"""More than any account has."""

_MANY = 0.2
"""Share of values that are no slip any more."""

_MOST_BEYOND_ONE = 0.3
"""Share of fractions that may be above 1: of the published accounts 9 % are, mostly small ones."""

_FEW_SLIPS = 0.02
"""Share of values up to which they may be slips."""

_ROUNDED_TO_HUNDREDS = 1_000
"""Numbers from here on may be rounded to hundreds."""


@dataclass(frozen=True)
class UnitDoubt:
    """A column whose unit the values make doubtful.

    Parameters
    ----------
    column : str
        Canonical column.
    why : str
        What was found, as a sentence without its full stop.
    unit : str or None
        The unit that another column proves; None where the user must say.
    readings : tuple of (str, str)
        Units that the user can say, and what one value would then be read as.
    """

    column: str
    why: str
    unit: str | None
    readings: tuple[tuple[str, str], ...]


def doubt_units(
    frame: pd.DataFrame,
    fractional: Mapping[str, float],
    assumed: Collection[str],
    named: Mapping[str, float] | None = None,
) -> list[UnitDoubt]:
    """Find the columns whose assumed unit the values speak against.

    Parameters
    ----------
    frame : DataFrame of shape (n_rows, n_columns)
        The first rows' numbers in canonical columns, NaN where there is none, in the units assumed.
    fractional : mapping of str to float
        Share of a count's values that are not whole.
    assumed : collection of str
        Columns whose unit nothing says.
    named : mapping of str to float, optional
        Columns whose own name says a unit, with its factor.

    Returns
    -------
    list of UnitDoubt
        In the order of the frame's columns.

    Examples
    --------
    >>> frame = pd.DataFrame({"followers": [20_000.0] * 9, "engagement_rate": [4.1] * 9})
    >>> doubt, = doubt_units(frame, {}, ["engagement_rate"])
    >>> doubt.column, doubt.readings[1]
    ('engagement_rate', ('percent', '4.1 as 4.1 %'))
    """
    whys = {
        name: _doubtful(frame, name, fractional.get(name, 0.0))
        for name in map(str, frame)
        if name in assumed and frame[name].notna().any()
    }
    doubted = [name for name, why in whys.items() if why]
    return [
        UnitDoubt(name, whys[name], prove_unit(frame, name, doubted), _readings(frame[name], name))
        for name in doubted
    ] + [
        UnitDoubt(name, f"{why}, as its name has it", None, _readings(frame[name] / factor, name))
        for name, factor in (named or {}).items()
        if (why := _misnamed(frame, name, factor))
    ]


def _misnamed(frame: pd.DataFrame, name: str, factor: float) -> str:
    """Return why values are not in their name's unit; empty where they may be, or nothing fits."""
    if READABLE[name].kind == "count":
        return "" if _too_many(frame[name] / factor, name) else _too_many(frame[name], name)
    if READABLE[name].kind != "rate" or not _doubtful(frame, name, 0.0):
        return ""
    plain = frame.assign(**{name: frame[name] / factor})
    return "" if _doubtful(plain, name, 0.0) else _doubtful(frame, name, 0.0)


def _doubtful(frame: pd.DataFrame, name: str, fractional: float) -> str:
    """Return why a column's values cannot well be in the assumed unit; empty where they can."""
    kind = READABLE[name].kind
    if kind == "count":
        return _doubtful_count(frame[name], name, fractional) or (
            doubt_likes(frame) if name == "likes" else ""
        )
    if name == "average_views" and "average_likes" in frame:
        return doubt_views(frame)
    if name not in LEVELS or not set(LEVELS[name].needs) <= set(frame):
        return ""
    off = decades_off(frame, name)
    typical = float(frame[name].median())
    if kind == "rate" and (beyond := _beyond_one(frame[name])):
        return f"{beyond} of its values are above 1, which as fractions is above {percent(1.0)}"
    if abs(off) > (1.0 if frame[name].count() >= FEW else 1.7):
        usual = float(10 ** LEVELS[name].usual(frame).median())
        shown = percent if kind == "rate" else short_number
        more = "above" if off > 0 else "below"
        return (
            f"Its median would be {shown(typical)}, far {more} the {shown(usual)} that accounts of "
            "this size have"
        )
    return ""


def _beyond_one(values: pd.Series) -> str:
    """Return the share of the fractions that are above 1 where it is too large; empty elsewhere."""
    known = values.dropna()
    share = float((known > 1).mean())
    if float(known.median()) > 1:
        return "Half"
    return percent(share) if share > _MOST_BEYOND_ONE and len(known) >= FEW else ""


def _doubtful_count(values: pd.Series, name: str, fractional: float) -> str:
    if fractional > _MANY:
        return f"{percent(fractional)} of its values are not whole numbers, as counts are"
    whole = values[values > 0]
    if too_many := _too_many(whole, name):
        return too_many
    beyond = (whole > 1.05 * MAX_FOLLOWING).mean()  # a few are from before the limit
    if name == "following" and beyond > _MANY:
        return f"{percent(beyond)} of the accounts would follow over {MAX_FOLLOWING:,} others"
    zeros = shared_zeros(whole, may_be_rounded=name in {"followers", "likes"})
    if zeros >= 2:
        return f"Every value ends in {zeros} zeros, as in {short_number(float(whole.iloc[0]))}"
    return ""


def _too_many(values: pd.Series, name: str) -> str:
    most = MOST_FOLLOWERS if name == "followers" else MAX_COUNT
    if (values[values > 0] > most).mean() > _FEW_SLIPS:
        return f"Its largest value is {short_number(float(values.max()))}; no account has as many"
    return ""


def shared_zeros(values: pd.Series, *, may_be_rounded: bool = True) -> int:
    """Return how many zeros all numbers end in that rounding does not explain.

    Numbers rounded to s digits end in zeros only where they are longer than s digits, and TikTok's
    pages round likes to hundreds; numbers that were multiplied end in zeros whatever their size.

    Parameters
    ----------
    values : Series of float
        Whole numbers above 0.
    may_be_rounded : bool
        Whether large ones may be rounded to hundreds.

    Returns
    -------
    int
        0 where there are few numbers, or rounding explains the zeros.

    Examples
    --------
    >>> shared_zeros(pd.Series([123_400.0, 4_500.0, 700.0] * 3))
    2
    >>> shared_zeros(pd.Series([1_200_000.0, 450_000.0, 36_000.0] * 3))
    0
    """
    if len(values) < FEW:
        return 0
    zeros = 0
    while zeros < 9 and (values % 10 ** (zeros + 1) == 0).all():
        zeros += 1
    if zeros == 2 and may_be_rounded and values.min() >= _ROUNDED_TO_HUNDREDS:
        return 0
    digits = max(len(f"{value:.0f}".rstrip("0")) for value in values)
    return zeros if values.min() < 10 ** (digits + zeros - 1) else 0


def _readings(values: pd.Series, name: str) -> tuple[tuple[str, str], ...]:
    """Return the units that a user would think of first, with the middle value read in each."""
    known = values[values > 0].sort_values()
    value = float(known.iloc[len(known) // 2]) if len(known) else 0.0
    is_rate = READABLE[name].kind == "rate"
    units = valid_units(name)
    chosen = list(units) if is_rate else ["one", "thousands", "millions"]
    shown = percent if is_rate else short_number
    return tuple((unit, f"{value:g} as {shown(value * units[unit])}") for unit in chosen)


def ask_for_units(doubts: Sequence[UnitDoubt], columns: Mapping[str, str], file: str) -> str:
    """Lay the readings of doubtful units side by side, each with the setting that says it.

    Parameters
    ----------
    doubts : sequence of UnitDoubt
        Whose unit the user must say.
    columns : mapping of str to str
        Canonical column to its name in the file.
    file : str
        Its name.

    Returns
    -------
    str
        Two lines for each doubt.
    """
    lines, doubted = [], {doubt.column for doubt in doubts}
    for doubt in doubts:
        setting = f"data.units.{doubt.column}"
        readings = [f"{setting}={unit} reads {reading}" for unit, reading in doubt.readings]
        asked = f"what is the unit of {doubt.column} (column {columns[doubt.column]!r})?"
        lines.append(f"{file}: {asked} {doubt.why}.")
        if doubt.column == "likes" and "average_likes" not in columns:
            named = f'data.columns.average_likes="{columns["likes"]}"'
            readings.append(f"{named} reads likes of an average video")
            if "followers" not in doubted:
                readings.append("data.units.followers=thousands reads followers in thousands")
        lines.append(f"Say it: {'; '.join(readings)}.")
    return "\n".join(lines)
