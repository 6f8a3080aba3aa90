"""Units that other columns prove: a rate is a sum of rates, or of averages per follower or view."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import numpy as np
import pandas as pd

from tiktok_segments.containers.hints import RATE_UNITS, valid_units
from tiktok_segments.export.levels import LEVELS, decades_off, log10
from tiktok_segments.schema import READABLE

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
