"""Follower tiers, and whether the segments tell more than they do."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_mutual_info_score

from tiktok_segments.errors import InputError
from tiktok_segments.language import ENGLISH, Language

MOSTLY_TIERS, PARTLY_TIERS = 0.75, 0.25
"""Adjusted mutual information from which segments mostly, or partly, repeat the tiers. The limits
are this project's words for the scale, no published ones."""


TIER_PREFIX = "tier "
"""What the fact about a tier is called by: ``tier Nano`` is the share of accounts in Nano."""


def tier_of(followers: float, tiers: Mapping[str, float]) -> str:
    """Say in which tier an account of so many followers is.

    Raises
    ------
    InputError
        If it is below the lowest.

    Examples
    --------
    >>> tier_of(5000, {"Starter": 0, "Nano": 1000})
    'Nano'
    """
    reached = [name for name, smallest in tiers.items() if followers >= smallest]
    if not reached:
        raise InputError(f"No tier holds {followers:,.0f} followers; let the first begin at 0.")
    return reached[-1]


def assign_tiers(followers: pd.Series, tiers: Mapping[str, float]) -> pd.Series:
    """Say in which tier each account is.

    Parameters
    ----------
    followers : Series of shape (n_accounts,)
        Numbers of followers, none below the lowest tier's.
    tiers : mapping of str to float
        Name of each tier to its smallest number of followers, ascending.

    Returns
    -------
    Series of shape (n_accounts,)
        Ordered categories, the smallest tier first.

    Examples
    --------
    >>> assign_tiers(pd.Series([5, 1000, 999]), {"Starter": 0, "Nano": 1000}).to_list()
    ['Starter', 'Nano', 'Starter']
    """
    edges = np.array(list(tiers.values()), dtype="float64")
    codes = np.searchsorted(edges, followers.to_numpy(), side="right") - 1
    names = pd.Index(list(tiers))
    categories = pd.Categorical.from_codes(codes, categories=names, ordered=True)
    return pd.Series(categories, index=followers.index, name="tier")


def tier_shares(
    frame: pd.DataFrame, labels: np.ndarray, tiers: Mapping[str, float]
) -> pd.DataFrame:
    """Measure which share of each segment's accounts is in each tier.

    Parameters
    ----------
    frame : DataFrame of shape (n_accounts, n_columns)
        Clean profiles, with ``followers``.
    labels : ndarray of shape (n_accounts,)
        Cluster of each account.
    tiers : mapping of str to float
        Name of each tier to its smallest number of followers, ascending.

    Returns
    -------
    DataFrame of shape (n_clusters, n_tiers)
        A column ``tier X`` for every tier X; each row sums to 1.

    Raises
    ------
    InputError
        If an account is below the lowest tier.

    Examples
    --------
    >>> frame = pd.DataFrame({"followers": [10, 2000, 3000]})
    >>> tier_shares(frame, np.array([0, 0, 1]), {"Starter": 0, "Nano": 1000}).loc[0].to_list()
    [0.5, 0.5]
    """
    tier_of(float(frame["followers"].min()), tiers)
    counted = pd.crosstab(labels, assign_tiers(frame["followers"], tiers).array, dropna=False)
    return counted.div(counted.sum(axis=1), axis=0).rename(columns=f"{TIER_PREFIX}{{}}".format)


def cross_tiers(tier: pd.Series, labels: np.ndarray, names: Sequence[str]) -> pd.DataFrame:
    """Count accounts by tier and segment.

    Parameters
    ----------
    tier : Series of shape (n_accounts,)
        As :func:`assign_tiers` returns it.
    labels : ndarray of shape (n_accounts,)
        Cluster of each account.
    names : sequence of str
        Name of each cluster.

    Returns
    -------
    DataFrame of shape (n_tiers, n_segments)
        Numbers of accounts, a row for every tier and a column for every segment.
    """
    counts = np.zeros((len(tier.cat.categories), len(names)), dtype="int64")
    np.add.at(counts, (tier.cat.codes.to_numpy(), labels), 1)
    return pd.DataFrame(counts, index=tier.cat.categories, columns=list(names))


def tier_information(tier: pd.Series, labels: np.ndarray) -> float:
    """Measure how much segments and tiers tell of each other.

    Adjusted mutual information (Vinh, Epps & Bailey 2010, JMLR 11:2837): 1 where they are the
    same partition, about 0 where they are independent.
    """
    return float(adjusted_mutual_info_score(tier.cat.codes.to_numpy(), labels))


def word_information(information: float, language: Language = ENGLISH) -> str:
    """Say whether a clustering tells more than follower bands.

    Examples
    --------
    >>> word_information(0.9)
    'The segments are little more than follower bands: a filter by followers does almost the same.'
    """
    if information >= MOSTLY_TIERS:
        return language.say(
            "The segments are little more than follower bands: a filter by followers does almost "
            "the same."
        )
    if information >= PARTLY_TIERS:
        return language.say(
            "The segments follow the follower bands in part and tell more than they do: accounts "
            "of one tier are spread over several segments."
        )
    return language.say(
        "The segments tell something else than follower bands: knowing an account's tier says "
        "little about its segment."
    )
