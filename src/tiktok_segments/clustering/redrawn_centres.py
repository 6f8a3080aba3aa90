"""Centres on halves of the accounts, and how often an account stays with its cluster there."""

from __future__ import annotations

import warnings

import numpy as np
from scipy.optimize import linear_sum_assignment
from sklearn.base import clone
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics.pairwise import euclidean_distances

N_REDRAWS = 50
"""Halves of the accounts that k-means is fitted on once more."""

N_INIT = 8
"""Random starts of k-means on each half."""

BLOCK_ROWS = 20_000
"""Accounts whose distances to all redrawn centres are in memory at a time."""


def redraw_centres(
    kmeans: KMeans,
    X: np.ndarray,
    labels: np.ndarray,
    *,
    n_redraws: int = N_REDRAWS,
    random_state: int = 0,
) -> np.ndarray:
    """Fit k-means on random halves of accounts, and name its clusters after the model's.

    Names are given so that most accounts of the half keep their cluster [1]_. k-means starts at
    random on each half; a model that was started at small groups, which random starts do not
    find, has each half started at its centres.

    Parameters
    ----------
    kmeans : KMeans
        The fitted model.
    X : ndarray of shape (n_samples, n_features)
        Accounts in the scaled space; as many as the model has clusters, at least.
    labels : ndarray of shape (n_samples,)
        Their clusters, by the model.
    n_redraws : int
        Halves.
    random_state : int
        Seed of the halves and of the starts.

    Returns
    -------
    ndarray of shape (n_redraws, n_clusters, n_features)
        Centres of each half, in the order of the model's clusters.

    References
    ----------
    .. [1] H. W. Kuhn. The Hungarian method for the assignment problem. Naval Research Logistics
       Quarterly 2, 1955.

    Examples
    --------
    >>> X = np.array([[0.0], [1.0], [8.0], [9.0]] * 5)
    >>> kmeans = KMeans(2, init=np.array([[9.0], [0.0]]), n_init=1).fit(X)
    >>> redraw_centres(kmeans, X, kmeans.labels_, n_redraws=2).shape
    (2, 2, 1)
    """
    rng = np.random.default_rng(random_state)
    k = len(kmeans.cluster_centers_)
    start = {"n_init": N_INIT}
    if not isinstance(kmeans.init, str):
        start = {"init": kmeans.cluster_centers_, "n_init": 1}
    redrawn = []
    with warnings.catch_warnings():
        # Of accounts with few different values a half may have fewer than there are clusters.
        warnings.simplefilter("ignore", ConvergenceWarning)
        for _ in range(n_redraws):
            rows = rng.permutation(len(X))[: max(len(X) // 2, k)]
            seed = int(rng.integers(2**31))
            half = clone(kmeans).set_params(random_state=seed, **start).fit(X[rows])
            pairs = np.bincount(labels[rows] * k + half.labels_, minlength=k * k)
            _, same = linear_sum_assignment(pairs.reshape(k, k), maximize=True)
            redrawn.append(half.cluster_centers_[same])
    return np.array(redrawn)


def measure_stability(X: np.ndarray, labels: np.ndarray, redrawn: np.ndarray) -> np.ndarray:
    """Measure how often each account stays with its cluster.

    The share is calibrated: of accounts with 0.9, nine in ten stay on a half that was not among
    those which it was measured on.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        Accounts in the scaled space.
    labels : ndarray of shape (n_samples,)
        Their clusters, by the model.
    redrawn : ndarray of shape (n_redraws, n_clusters, n_features)
        As :func:`redraw_centres` returns it.

    Returns
    -------
    ndarray of shape (n_samples,)
        From 0 to 1.

    Examples
    --------
    >>> redrawn = np.array([[[0.0], [10.0]], [[2.0], [11.0]]])
    >>> measure_stability(np.array([[1.0], [6.0]]), np.array([0, 1]), redrawn).tolist()
    [1.0, 0.5]
    """
    if not len(X):
        return np.empty(0)
    n_redraws, k, n_features = redrawn.shape
    centres = redrawn.reshape(-1, n_features)
    shares = np.ones(len(X))
    unsettled = np.flatnonzero(~_stay_in_all(X, labels, redrawn))
    for first in range(0, len(unsettled), BLOCK_ROWS):
        rows = unsettled[first : first + BLOCK_ROWS]
        distances = euclidean_distances(X[rows], centres, squared=True)
        nearest = distances.reshape(-1, n_redraws, k).argmin(axis=2)
        shares[rows] = (nearest == labels[rows, None]).mean(axis=1)
    return shares


def _stay_in_all(X: np.ndarray, labels: np.ndarray, redrawn: np.ndarray) -> np.ndarray:
    """Say of which accounts it is certain, without looking at each redraw, that they always stay.

    No redraw's centre is farther than s from the mean of its cluster's centres. Where the mean of
    the own cluster is nearer than that of every other one by more than 2 s, the own centre is
    nearer in every redraw, by the triangle inequality (Hamerly 2010, "Making k-means even faster",
    SDM).

    Examples
    --------
    >>> redrawn = np.array([[[0.0], [10.0]], [[2.0], [11.0]]])
    >>> _stay_in_all(np.array([[1.0], [5.0], [9.0]]), np.array([0, 0, 1]), redrawn).tolist()
    [True, False, True]
    """
    means = redrawn.mean(axis=0)
    most = np.linalg.norm(redrawn - means, axis=2).max()
    distances = euclidean_distances(means, X)  # a row a centre: the nearest is found much sooner
    rows = np.arange(len(X))
    own = distances[labels, rows]
    distances[labels, rows] = np.inf
    # More than rounding of the distances can be.
    certain: np.ndarray = distances.min(axis=0) - own > 2 * most + 1e-6 * (1 + own)
    return certain
