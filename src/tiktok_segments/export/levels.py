"""Levels of rates and counts that accounts of a size have: how a unit shows in the values.

The lines are drawn through the medians of the published profiles of March 2025 and of the built-in
sample; nine in ten published accounts lie within a decade and a half of them, and the median of any
eight accounts within one decade. A rate in percent lies two decades above.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Level:
    """What a column is usually like.

    Parameters
    ----------
    needs : tuple of str
        Columns that it is judged by.
    usual : callable
        Frame in; decimal logarithm of the usual value out, row by row.
    """

    needs: tuple[str, ...]
    usual: Callable[[pd.DataFrame], pd.Series]


FEW = 8
"""Rows below which a level says little: the median of as many accounts may lie a decade off."""

_SMALL = 1_000
"""Followers below which rates say little, and are not expected to rise further."""


def _rate(followers: pd.Series, offset: float) -> pd.Series:
    return offset - 0.25 * log10(followers.clip(lower=_SMALL))


def _by_size(offset: float) -> Level:
    return Level(("followers",), lambda frame: _rate(frame["followers"], offset))


def _per_follower(offset: float) -> Level:
    return Level(
        ("followers",),
        lambda frame: _rate(frame["followers"], offset) + log10(frame["followers"]),
    )


LEVELS: Mapping[str, Level] = {
    "engagement_rate": _by_size(-0.4),
    "like_rate": _by_size(-0.43),
    "comment_rate": _by_size(-2.0),
    "engagement_by_views": Level((), lambda frame: pd.Series(-1.1, index=frame.index)),
    "average_likes": _per_follower(-0.43),
    "average_comments": _per_follower(-2.0),
}
"""Usual level of a column by the account's size: fractions for rates, single ones for averages."""


def log10(values: pd.Series) -> pd.Series:
    """Return decimal logarithms; NaN where a value is 0, negative or missing.

    Examples
    --------
    >>> log10(pd.Series([100.0, 0.0])).tolist()
    [2.0, nan]
    """
    numbers = values.astype(float)
    return pd.Series(np.log10(numbers.where(numbers > 0)), index=values.index)


def decades_off(frame: pd.DataFrame, name: str) -> float:
    """Return how many decades the values of a column lie above the usual level, in the median.

    Parameters
    ----------
    frame : DataFrame
        Canonical columns; those that the level needs.
    name : str
        A key of :data:`LEVELS`.

    Returns
    -------
    float
        NaN where no row has all that it takes.

    Examples
    --------
    >>> frame = pd.DataFrame({"followers": [10_000, 10_000], "engagement_rate": [0.04, 0.04]})
    >>> round(decades_off(frame, "engagement_rate"), 1)
    0.0
    """
    off = log10(frame[name]) - LEVELS[name].usual(frame)
    return float(off.median()) if off.notna().any() else float("nan")
