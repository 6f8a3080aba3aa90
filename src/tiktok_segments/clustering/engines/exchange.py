"""A way out of optima that are not the best: single centres are put to other places."""

from __future__ import annotations

import numpy as np
from sklearn.cluster import KMeans
from sklearn.utils.parallel import Parallel, delayed

ROWS = 50_000
"""Rows on which it is seen what an exchange gains."""

TRIES = 6
"""Exchanges tried in a row without a gain, those that promise most first."""

LEAST_GAIN = 1e-5
"""Of inertia, by which an exchange must lower it."""

OTHERS = 2
"""Other sets of random starts, of which the best is tried, too."""

SPLITS = 4
"""Starts of k-means that parts a cluster in two."""


def seek_starts(X: np.ndarray, kmeans: KMeans) -> list[np.ndarray]:
    """Look for centres from where k-means ends in a good optimum.

    The searches do not depend on each other, and are made beside each other.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        Points in no order; exchanges are tried on the first :data:`ROWS`.
    kmeans : KMeans
        That starts at random; fitted on return.

    Returns
    -------
    list of ndarray of shape (k, n_features)
        Where ``kmeans`` ended, and the best of its and of other starts after exchanges.
    """
    part, seed, k = X[:ROWS], kmeans.random_state, kmeans.n_clusters
    seeds = [(seed + number) % 2**32 for number in range(1, OTHERS + 1)]
    others = [KMeans(k, n_init=kmeans.n_init, random_state=other) for other in seeds]

    def search(one: KMeans) -> KMeans:
        one.fit(X if one is kmeans else part)
        return exchange_centres(part, one.cluster_centers_, seed)

    searches = (delayed(search)(one) for one in [kmeans, *others])
    ends = Parallel(n_jobs=-1, prefer="threads")(searches)
    return [kmeans.cluster_centers_, min(ends, key=lambda end: end.inertia_).cluster_centers_]


def exchange_centres(X: np.ndarray, centres: np.ndarray, random_state: int) -> KMeans:
    """Move single centres to where they lower inertia more, as long as one is found.

    The best of several random starts can still have two centres in one group and one for two
    others, which no pass leaves. What a cluster is worth is what inertia rises by without its
    centre; what another one would gain is what it falls by if that is parted in two. Exchanges with
    the largest difference are tried, each followed by k-means to its end [1]_.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        Points.
    centres : ndarray of shape (k, n_features)
        Where k-means ended.
    random_state : int
        Seed of the partings in two.

    Returns
    -------
    KMeans
        Fitted to the points from these centres, or from where they were put.

    References
    ----------
    .. [1] Fritzke (1997), "The LBG-U method for vector quantization: an improvement over LBG
       inspired from neural networks", Neural Processing Letters 5:35-45.

    Examples
    --------
    >>> X = np.array([[0.0], [1.0], [50.0], [51.0], [90.0], [91.0]])
    >>> stuck = np.array([[0.0], [1.0], [70.5]])
    >>> np.sort(exchange_centres(X, stuck, random_state=0).cluster_centers_, axis=0).tolist()
    [[0.5], [50.5], [90.5]]
    """
    best = KMeans(len(centres), init=centres, n_init=1).fit(X)
    while True:
        for exchanged in _promising(X, best, random_state):
            tried = KMeans(len(centres), init=exchanged, n_init=1).fit(X)
            if tried.inertia_ < best.inertia_ * (1 - LEAST_GAIN):
                best = tried
                break
        else:
            return best


def _promising(X: np.ndarray, kmeans: KMeans, random_state: int) -> list[np.ndarray]:
    """Return centres after single exchanges, those first that promise the most."""
    k, squared = kmeans.n_clusters, kmeans.transform(X) ** 2
    nearest = np.partition(squared, 1, axis=1)[:, :2] if k > 1 else squared
    worth = np.bincount(kmeans.labels_, nearest[:, -1] - nearest[:, 0], minlength=k)
    gain, halves = np.full(k, -np.inf), np.zeros((k, 2, X.shape[1]))
    for cluster in range(k):
        own = X[kmeans.labels_ == cluster]
        if len(np.unique(own[:1000], axis=0)) < 2:
            continue
        parted = KMeans(2, n_init=SPLITS, random_state=random_state).fit(own)
        halves[cluster] = parted.cluster_centers_
        gain[cluster] = ((own - own.mean(axis=0)) ** 2).sum() - parted.inertia_
    net = gain - worth[:, None]
    np.fill_diagonal(net, -np.inf)
    promising = np.argsort(-net, axis=None, kind="stable")[:TRIES]
    exchanges = []
    for taken, parted in zip(*np.unravel_index(promising, net.shape), strict=True):
        if np.isfinite(net[taken, parted]):
            centres = kmeans.cluster_centers_.copy()
            centres[[parted, taken]] = halves[parted]
            exchanges.append(centres)
    return exchanges
