"""Units that other columns prove: a rate is a sum of rates, or of averages per follower or view."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import numpy as np
import pandas as pd

from tiktok_segments.containers.hints import RATE_UNITS, valid_units
from tiktok_segments.export.levels import FEW, LEVELS, decades_off, log10
from tiktok_segments.schema import READABLE
from tiktok_segments.wording import percent

_LIKES_PER_FOLLOWER = 1.1
"""Decimal logarithm of the likes that accounts have for each follower, by the published ones."""

_LEAST_LIKED = 3.5
"""Decades that views lie above likes at the most."""

_EXACT = 0.01
"""Decades within which two numbers are one: about two per cent, for rounded values."""

_SUMS = {"engagement_rate": ("like_rate", "comment_rate")}
_COUNTED = {
    "like_rate": ("average_likes",),
    "comment_rate": ("average_comments",),
    "engagement_rate": ("average_likes", "average_comments"),
    "engagement_by_views": ("average_likes", "average_comments"),
}
"""What is counted in a rate, per follower or view."""


def prove_unit(frame: pd.DataFrame, name: str, doubted: Collection[str]) -> str | None:
    """Return the only unit in which a rate is what other columns make it.

    Parameters
    ----------
    frame : DataFrame of shape (n_rows, n_columns)
        Numbers in canonical columns, as they stand.
    name : str
        The column.
    doubted : collection of str
        Columns that prove nothing, as their own units are in doubt.

    Returns
    -------
    str or None
        A unit of rates; None where nothing proves one.

    Examples
    --------
    >>> rates = {"engagement_rate": [4.1], "like_rate": [0.04], "comment_rate": [0.001]}
    >>> prove_unit(pd.DataFrame(rates), "engagement_rate", ["engagement_rate"])
    'percent'
    """
    if READABLE[name].kind != "rate":
        return None
    for expected in _expected_rates(frame, name, doubted):
        off = float((log10(frame[name]) - log10(expected)).median())
        proven = [
            unit for unit, factor in RATE_UNITS.items() if abs(off + np.log10(factor)) < _EXACT
        ]
        if len(proven) == 1:
            return proven[0]
    return None


def fits_unit(frame: pd.DataFrame, name: str, unit: str | None) -> bool:
    """Say whether a doubtful count or average can be in the unit that another count is in.

    Parameters
    ----------
    frame : DataFrame of shape (n_rows, n_columns)
        Numbers in canonical columns, this one's as they stand.
    name : str
        The column.
    unit : str or None
        The other's unit.

    Returns
    -------
    bool
        False where there is no such unit, or of a rate.

    Examples
    --------
    >>> frame = pd.DataFrame({"followers": [20_000.0], "average_likes": [0.7]})
    >>> [fits_unit(frame, "average_likes", unit) for unit in ("thousands", "millions")]
    [True, False]
    """
    if unit is None or unit not in valid_units(name):
        return False
    scaled = frame[name] * valid_units(name)[unit]
    if name in LEVELS and set(LEVELS[name].needs) <= set(frame):
        return abs(decades_off(frame.assign(**{name: scaled}), name)) <= 1
    return bool(np.isclose(scaled, scaled.round(), rtol=1e-9, atol=1e-6, equal_nan=True).all())


def _expected_rates(
    frame: pd.DataFrame, name: str, doubted: Collection[str]
) -> Iterator[pd.Series]:
    """Give what arithmetic makes of a rate, from columns that are themselves beyond doubt."""
    known = {str(column): frame[column] for column in frame if column not in doubted}
    if name in _SUMS and set(_SUMS[name]) <= set(known):
        yield _total(known, _SUMS[name])
    by = known.get("average_views" if name == "engagement_by_views" else "followers")
    if by is not None and set(_COUNTED[name]) <= set(known):
        yield _total(known, _COUNTED[name]) / by.where(by > 0)


def _total(columns: Mapping[str, pd.Series], names: tuple[str, ...]) -> pd.Series:
    return pd.concat([columns[name] for name in names], axis=1).sum(axis=1, skipna=False)


def doubt_views(frame: pd.DataFrame) -> str:
    """Say why average views are in another unit than average likes; empty where they may be alike.

    Parameters
    ----------
    frame : DataFrame of shape (n_rows, n_columns)
        With ``average_likes`` and ``average_views``.

    Returns
    -------
    str
        What was found.

    Examples
    --------
    >>> doubt_views(pd.DataFrame({"average_likes": [900.0], "average_views": [12.0]}))
    'Average likes / average views is 7,500 % in the median, which no videos have'
    """
    shares = log10(frame["average_likes"]) - log10(frame["average_views"])
    if not shares.notna().any() or -_LEAST_LIKED <= shares.median() <= 0:
        return ""
    found = percent(float(10 ** shares.median()))
    return f"Average likes / average views is {found} in the median, which no videos have"


def doubt_likes(frame: pd.DataFrame) -> str:
    """Say why likes do not fit followers, and videos where they are there, in the units assumed.

    Parameters
    ----------
    frame : DataFrame of shape (n_rows, n_columns)
        With ``likes``.

    Returns
    -------
    str
        What was found; empty where there is nothing, or too few rows.

    Examples
    --------
    >>> doubt_likes(pd.DataFrame({"followers": [100.0] * 8, "likes": [1e6] * 8}))
    'Likes / followers is 1e+04 in the median, which no accounts have: one is in another unit'
    """
    rated = {"like_rate", "engagement_rate"} & set(frame)
    if "followers" not in frame or (rated and "videos" not in frame):
        return ""
    rate = log10(frame["likes"]) - log10(frame["followers"])
    if "videos" in frame:
        rate -= log10(frame["videos"])
        off, limit = rate - LEVELS["like_rate"].usual(frame), 1.7
    else:
        off, limit = rate - _LIKES_PER_FOLLOWER, 1.5
    if "videos" in frame and _is_sound(frame, "like_rate"):
        off, limit = rate - log10(frame["like_rate"]), 1.3
    elif "videos" in frame and _is_sound(frame, "engagement_rate"):
        off, limit = rate - log10(frame["engagement_rate"]), 1.5
    if off.count() < FEW or abs(off.median()) <= limit:
        return ""
    found, median = float(10 ** rate.median()), "in the median, which no accounts"
    if "videos" not in frame:
        return f"Likes / followers is {found:.3g} {median} have: one is in another unit"
    return (
        f"Likes / videos / followers is {percent(found)} {median} of this size "
        "have: likes, videos or followers are in another unit"
    )


def _is_sound(frame: pd.DataFrame, name: str) -> bool:
    return name in frame and abs(decades_off(frame, name)) <= 1
