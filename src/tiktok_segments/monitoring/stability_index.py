"""Population stability index: how differently two sets of accounts fill the same bins."""

import numpy as np
from scipy.stats import chi2


def stability_index(then: np.ndarray, now: np.ndarray) -> float:
    """Return the population stability index of counts in the same bins.

    The sum over the bins of (q - p) · ln(q / p), p and q being the shares then and now: the
    symmetric Kullback-Leibler divergence (Jeffreys 1946, Proc. R. Soc. A 186:453), known by this
    name from credit scoring, where below 0.1 counts as no change and from 0.25 as a large one
    (Siddiqi 2006, *Credit Risk Scorecards*, Wiley). Of an empty bin the logarithm would be
    infinite: no share is taken as smaller than half an account of the smaller set.

    Parameters
    ----------
    then, now : ndarray of shape (n_bins,)
        Accounts in each bin; neither set is empty.

    Returns
    -------
    float
        From 0, the same shares, upwards.

    Examples
    --------
    0.4 · ln(0.9 / 0.5) - 0.4 · ln(0.1 / 0.5):

    >>> round(stability_index(np.array([50, 50]), np.array([90, 10])), 4)
    0.8789
    >>> stability_index(np.array([50, 50]), np.array([5, 5]))
    0.0

    The empty bin counts as half of one of ten accounts:

    >>> round(stability_index(np.array([50, 50]), np.array([10, 0])), 4)
    1.3827
    """
    floor = 0.5 / min(then.sum(), now.sum())
    p, q = (np.maximum(counts / counts.sum(), floor) for counts in (then, now))
    return float(((q - p) * np.log(q / p)).sum())


def stability_index_noise(n_then: int, n_now: int, n_bins: int, chance: float) -> float:
    """Return what the index exceeds by chance between two draws from one population.

    The index is then distributed as (1 / n_then + 1 / n_now) times chi-squared with a degree of
    freedom less than there are bins (Yurdakul & Naranjo 2020, J. Risk Model Validation 14(4)).

    Parameters
    ----------
    n_then, n_now : int
        Accounts in each set.
    n_bins : int
        Bins, from 1.
    chance : float
        Of an index above what is returned: 0 to 1.

    Returns
    -------
    float
        0 where there is one bin, and so nothing to compare.

    Examples
    --------
    >>> round(stability_index_noise(1000, 100, 10, chance=0.05), 3)
    0.186
    """
    if n_bins == 1:
        return 0.0
    return float(chi2.isf(chance, n_bins - 1)) * (1 / n_then + 1 / n_now)


def direction(then: np.ndarray, now: np.ndarray) -> str:
    """Say where the accounts went: ``higher``, ``lower``, or ``spread differently``.

    By the chance that an account of now is in a higher bin than one of then, ties counting half
    (0.5: neither); 0.05 from it on is a direction.

    Parameters
    ----------
    then, now : ndarray of shape (n_bins,)
        Accounts in each bin, the bins ascending.

    Examples
    --------
    >>> direction(np.array([1, 1, 1]), np.array([0, 1, 2]))
    'higher'
    >>> direction(np.array([1, 1, 1]), np.array([1, 0, 1]))
    'spread differently'
    """
    p, q = then / then.sum(), now / now.sum()
    lead = float(q @ (np.cumsum(p) - p / 2)) - 0.5
    if abs(lead) < 0.05:
        return "spread differently"
    return "higher" if lead > 0 else "lower"
