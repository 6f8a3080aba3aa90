"""Engagement corrected for size: against what accounts of the same size have in this data."""

import numpy as np
import pandas as pd

from tiktok_segments.clustering.features import RATE_FLOOR
from tiktok_segments.language import message

MIN_GROUP, MAX_GROUPS = 100, 20

FORMULA = message(
    "engagement rate divided by what is usual for accounts with about as many followers; 2 × is "
    "twice the usual"
)
"""The correction in words, for readers of the tables; :func:`fit_expected` says it exactly."""


def fit_expected(frame: pd.DataFrame) -> pd.DataFrame:
    """Fit what engagement rate accounts of each size have.

    The accounts, in order of followers, are cut into groups of equal size: one for each
    :data:`MIN_GROUP` accounts, at most :data:`MAX_GROUPS`. The curve goes through each group's
    median followers and median engagement rate. Medians make it robust: no account, however
    extreme, moves it by more than its neighbours in rank.

    Parameters
    ----------
    frame : DataFrame of shape (n_accounts, n_columns)
        Clean profiles with ``followers`` and ``engagement_rate``; those without a rate are left
        out.

    Returns
    -------
    DataFrame of shape (n_groups, 2)
        ``followers``, ascending without repetition, and ``engagement_rate``, not below
        :data:`~tiktok_segments.clustering.features.RATE_FLOOR`.

    Examples
    --------
    >>> fit_expected(pd.DataFrame({"followers": [10, 20, 30], "engagement_rate": [0.1, 0.2, 9]}))
       followers  engagement_rate
    0       20.0              0.2
    """
    known = frame[["followers", "engagement_rate"]].dropna()
    ordered = known.sort_values("followers", kind="stable")
    n_groups = int(np.clip(len(known) // MIN_GROUP, 1, MAX_GROUPS))
    group = np.arange(len(ordered)) * n_groups // len(ordered)
    curve = ordered.astype("float64").groupby(group).median()
    # Many accounts of one size can fill several groups; the curve has one value there.
    curve = curve.groupby("followers", as_index=False).median()
    curve["engagement_rate"] = curve["engagement_rate"].clip(lower=RATE_FLOOR)
    return curve


def expected_rate(curve: pd.DataFrame, followers: np.ndarray) -> np.ndarray:
    """Read the engagement rate that accounts of some sizes have off the curve.

    Between the points the curve is straight in log(followers + 1) and log(rate); beyond its ends
    it is level.

    Parameters
    ----------
    curve : DataFrame of shape (n_groups, 2)
        As :func:`fit_expected` returns it.
    followers : ndarray of shape (n,)
        Numbers of followers.

    Returns
    -------
    ndarray of shape (n,)
        Fractions.

    Examples
    --------
    >>> curve = pd.DataFrame({"followers": [9, 999], "engagement_rate": [0.4, 0.1]})
    >>> expected_rate(curve, np.array([0, 99, 5000])).round(3).tolist()
    [0.4, 0.2, 0.1]
    """
    x = np.log1p(curve["followers"].to_numpy(dtype="float64"))
    y = np.log(curve["engagement_rate"].to_numpy(dtype="float64"))
    return np.asarray(np.exp(np.interp(np.log1p(followers), x, y)))


def engagement_vs_size(frame: pd.DataFrame, curve: pd.DataFrame | None = None) -> pd.Series:
    """Divide each account's engagement rate by what accounts of its size have in this data.

    Parameters
    ----------
    frame : DataFrame of shape (n_accounts, n_columns)
        Clean profiles with ``followers`` and ``engagement_rate``.
    curve : DataFrame of shape (n_groups, 2), optional
        As :func:`fit_expected` returns it, where the frame is a part of the data only.

    Returns
    -------
    Series of shape (n_accounts,)
        1 is what accounts of this size have, 2 twice as much; 0 where there is no engagement.
    """
    curve = fit_expected(frame) if curve is None else curve
    expected = expected_rate(curve, frame["followers"].to_numpy())
    ratio: pd.Series = frame["engagement_rate"] / expected
    return ratio.rename("engagement_vs_size")
