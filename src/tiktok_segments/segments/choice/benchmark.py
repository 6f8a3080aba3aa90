"""A benchmark by size: what accounts of each follower tier have, and where one stands among them.

There is no standard of what is usual: an engagement rate has no definition that two vendors share,
so that accounts are compared with those of their own export.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tiktok_segments.segments.expected_engagement import fit_expected
from tiktok_segments.segments.tiers import assign_tiers

MEASURES = ("followers", "following", "videos", "likes", "engagement_rate", "like_rate",
            "comment_rate")  # fmt: skip
"""Columns that are compared, as far as the accounts have them."""

GROUPS = ("region", "language")
"""Columns by which tiers are parted further."""

MIN_ACCOUNTS = 30
"""A tier of a region or language is shown from so many accounts on."""

MIN_COMPARED = 10
"""With fewer accounts in its tier an account is not said to be above or below."""


def benchmark(accounts: pd.DataFrame) -> pd.DataFrame:
    """Return quartiles of every measure by follower tier, by region and language, too.

    Parameters
    ----------
    accounts : DataFrame of shape (n_accounts, n_columns)
        As ``accounts.csv`` has them.

    Returns
    -------
    DataFrame of shape (n_rows, 8)
        ``group`` (``all``, ``region`` or ``language``) and its ``value``, ``tier``, ``measure``,
        ``accounts`` (those that have it), ``low`` (25 %), ``median`` and ``high`` (75 %, linear
        between accounts). Tiers of all accounts come from one account on, others from
        :data:`MIN_ACCOUNTS`.

    Examples
    --------
    >>> tier = pd.Categorical(["Nano", "Nano", "Micro"], ["Nano", "Micro"], ordered=True)
    >>> table = benchmark(pd.DataFrame({"tier": tier, "followers": [10, 30, 2_000]}))
    >>> table[["tier", "accounts", "low", "median", "high"]].to_numpy().tolist()
    [['Nano', 2, 15.0, 20.0, 25.0], ['Micro', 1, 2000.0, 2000.0, 2000.0]]
    """
    parts = [_quartiles(accounts, "all", "", 1)]
    for group in (name for name in GROUPS if name in accounts):
        known = accounts[group].notna() & (accounts[group].astype("str") != "")
        for value, members in accounts[known].groupby(accounts.loc[known, group].astype("str")):
            parts.append(_quartiles(members, group, str(value), MIN_ACCOUNTS))
    return pd.concat(parts, ignore_index=True)


def _quartiles(members: pd.DataFrame, group: str, value: str, fewest: int) -> pd.DataFrame:
    rows = []
    for tier, own in members.groupby("tier", observed=True):
        for measure in (name for name in MEASURES if name in own):
            known = own[measure].dropna().to_numpy("float64")
            if len(known) >= fewest:
                quartiles = np.quantile(known, [0.25, 0.5, 0.75])
                rows.append((group, value, str(tier), measure, len(known), *quartiles))
    names = ["group", "value", "tier", "measure", "accounts", "low", "median", "high"]
    return pd.DataFrame(rows, columns=names)


def usual_rates(rate: pd.Series, tier: pd.Series) -> pd.DataFrame:
    """Return the quartiles of each tier's engagement rates, and how many it has.

    Parameters
    ----------
    rate, tier : Series of shape (n_accounts,)
        As for :func:`word_for_size`.

    Returns
    -------
    DataFrame of shape (n_tiers, 3)
        ``low``, ``high`` and ``accounts``, the tier being the index.
    """
    groups = rate.groupby(tier, observed=True)
    return pd.DataFrame(
        {
            "low": groups.quantile(0.25),
            "high": groups.quantile(0.75),
            "accounts": groups.count(),
        }
    )


def word_for_size(rate: pd.Series, tier: pd.Series, usual: pd.DataFrame | None = None) -> pd.Series:
    """Say whether each account's engagement is above, usual or below for its size.

    Parameters
    ----------
    rate : Series of shape (n_accounts,)
        Engagement rates.
    tier : Series of shape (n_accounts,)
        Follower tiers, as categories.
    usual : DataFrame of shape (n_tiers, 3), optional
        As :func:`usual_rates` returns it, where these accounts are a part of the data only.

    Returns
    -------
    Series of str, shape (n_accounts,)
        ``usual`` within the middle half of the tier, its ends included; empty without a rate, and
        where the tier has fewer than :data:`MIN_COMPARED` accounts with one.

    Examples
    --------
    >>> rate = pd.Series([0.01, *[0.05] * 8, 0.4, 0.1])
    >>> tier = pd.Series(["Nano"] * 10 + ["Mega"], dtype="category")
    >>> word_for_size(rate, tier).iloc[[0, 1, 9, 10]].to_list()
    ['below', 'usual', 'above', '']
    """
    tier = tier.astype("category")
    usual = usual_rates(rate, tier) if usual is None else usual
    # One row more: an account without a tier has the code -1.
    by_code = np.full((3, len(tier.cat.categories) + 1), np.nan)
    by_code[:, :-1] = usual.reindex(tier.cat.categories)[["low", "high", "accounts"]].to_numpy().T
    low, high, accounts = by_code.take(tier.cat.codes.to_numpy(), axis=1, mode="wrap")
    rates = rate.to_numpy(dtype="float64")
    compared = (accounts >= MIN_COMPARED) & ~np.isnan(rates)
    level = np.select([~compared, rates < low, rates > high], [0, 1, 3], 2)
    words = pd.Series(["", "below", "usual", "above"], dtype="str", name="for_its_size")
    return words.take(level).set_axis(rate.index)


def standing(accounts: pd.DataFrame, group: pd.Series, shown: np.ndarray) -> pd.DataFrame:
    """Say how many of 100 accounts of their groups some accounts are level with or above.

    Parameters
    ----------
    accounts : DataFrame of shape (n_accounts, n_columns)
        As ``accounts.csv`` has them.
    group : Series of shape (n_accounts,)
        Tier or segment of each.
    shown : ndarray of shape (n_shown,)
        Positions of the accounts that are asked about.

    Returns
    -------
    DataFrame of Int64, shape (n_shown, n_measures)
        From 0 to 100, a column for each of :data:`MEASURES` that the accounts have; missing where
        the account lacks it.

    Examples
    --------
    >>> accounts = pd.DataFrame({"followers": [10, 20, 30, 7]})
    >>> standing(accounts, pd.Series(["a", "a", "a", "b"]), np.array([1, 3]))["followers"].to_list()
    [67, 100]
    """
    measures = [name for name in MEASURES if name in accounts]
    known = accounts[measures].astype("float64")
    asked, asked_group = known.iloc[shown], group.iloc[shown]
    shares = pd.DataFrame(np.nan, index=asked.index, columns=measures)
    for one, members in known.groupby(group, observed=True):
        rows = (asked_group == one).to_numpy()
        for place, name in enumerate(measures):
            values = np.sort(members[name].dropna())
            level = values.searchsorted(asked[name].to_numpy()[rows], side="right")
            shares.iloc[rows, place] = level / max(len(values), 1)
    places: pd.DataFrame = (shares * 100).round().where(asked.notna()).astype("Int64")
    return places


@dataclass(frozen=True)
class Compared:
    """What accounts of each size have, by which the engagement of others is judged.

    Attributes
    ----------
    curve : DataFrame
        As :func:`~tiktok_segments.segments.expected_engagement.fit_expected` returns it.
    usual : DataFrame
        As :func:`usual_rates` returns it.
    """

    curve: pd.DataFrame
    usual: pd.DataFrame

    @classmethod
    def of(cls, frame: pd.DataFrame, tiers: Mapping[str, float]) -> Compared | None:
        """Return what these accounts have; None where their engagement is not known."""
        if "engagement_rate" not in frame:
            return None
        tier = assign_tiers(frame["followers"], tiers)
        return cls(fit_expected(frame), usual_rates(frame["engagement_rate"], tier))
