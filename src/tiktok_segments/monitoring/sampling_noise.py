"""Sampling noise: what chance alone makes of shares, averages and ranges between two draws.

Each function answers: which change is exceeded, with the given chance, although both sets were
drawn from one population? Smaller changes say nothing.
"""

import numpy as np
from scipy.stats import chi2, nbinom, norm


def share_noise(
    share_then: np.ndarray, share_now: np.ndarray, n_then: int, n_now: int, chance: float
) -> np.ndarray:
    """Return the change of a share that chance exceeds: the two-proportion z-test, pooled.

    Parameters
    ----------
    share_then, share_now : ndarray of shape (n_segments,)
        Shares, 0 to 1.
    n_then, n_now : int
        Accounts in each set.
    chance : float
        Of a change as large, up or down.

    Returns
    -------
    ndarray of shape (n_segments,)
        A fraction: 0.05 is 5 points.

    Examples
    --------
    1.96 · sqrt(0.5 · 0.5 · (1 / 100 + 1 / 100)):

    >>> share_noise(np.array([0.5]), np.array([0.5]), 100, 100, chance=0.05).round(4).tolist()
    [0.1386]
    """
    pooled = (share_then * n_then + share_now * n_now) / (n_then + n_now)
    spread = np.sqrt(pooled * (1 - pooled) * (1 / n_then + 1 / n_now))
    return np.asarray(norm.isf(chance / 2) * spread)


def mean_noise(covariance: np.ndarray, n_then: float, n_now: float, chance: float) -> float:
    """Return the distance between two means that chance exceeds.

    The squared distance of two normal means is a weighted sum of chi-squared variables; Box (1954,
    Ann. Math. Stat. 25:290) puts one with the same mean and variance in its place.

    Parameters
    ----------
    covariance : ndarray of shape (n_features, n_features)
        Of the accounts about their mean.
    n_then, n_now : float
        Accounts in each set.
    chance : float
        Of a distance above what is returned.

    Returns
    -------
    float
        In the units of the features; 0 where the accounts do not differ.

    Examples
    --------
    In one dimension this is the normal's: 1.96 · sqrt(4 · (1 / 50 + 1 / 50)).

    >>> round(mean_noise(np.array([[4.0]]), 50, 50, chance=0.05), 3)
    0.784
    """
    first, second = np.trace(covariance), np.trace(covariance @ covariance)
    if first == 0:
        return 0.0
    scale = second / first * (1 / n_then + 1 / n_now)
    return float(np.sqrt(scale * chi2.isf(chance, first**2 / second)))


def range_noise(n_then: int, n_now: int, n_columns: int, chance: float) -> float:
    """Return the share of accounts beyond the range of the old ones that chance exceeds.

    How many of a new draw lie above the largest of an old one is negative binomial with one
    success and probability n_then / (n_then + n_now), whatever the distribution (Gumbel & von
    Schelling 1950, Ann. Math. Stat. 21:247); likewise below the smallest. Both ends of every column
    are added up, as if no account were beyond two of them, which errs on the safe side.

    Parameters
    ----------
    n_then, n_now : int
        Accounts in each set.
    n_columns : int
        Columns looked at.
    chance : float
        Of a share above what is returned.

    Returns
    -------
    float
        0 to 1.

    Examples
    --------
    >>> range_noise(1000, 1000, 1, chance=0.05)
    0.006
    """
    found = nbinom.isf(chance, 2 * n_columns, n_then / (n_then + n_now)) / n_now
    return float(min(found, 1.0))
