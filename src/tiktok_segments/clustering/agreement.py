"""Agreement of two labellings of the same rows."""

from __future__ import annotations

import numpy as np


def contingency(labels: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Count the rows that each cluster shares with each cluster of another labelling.

    Parameters
    ----------
    labels, others : ndarray of shape (n_samples,)
        Integers from 0.

    Returns
    -------
    ndarray of shape (n_clusters, n_others)

    Examples
    --------
    >>> contingency(np.array([0, 0, 0, 1]), np.array([1, 1, 0, 0])).tolist()
    [[1.0, 2.0], [1.0, 0.0]]
    """
    shape = int(labels.max()) + 1, int(others.max()) + 1
    cells = np.bincount(labels * shape[1] + others, minlength=shape[0] * shape[1])
    return cells.reshape(shape).astype(float)


def best_match_jaccard(shared: np.ndarray) -> np.ndarray:
    """Jaccard coefficient of each cluster with the cluster of the other labelling most like it.

    Parameters
    ----------
    shared : ndarray of shape (n_clusters, n_others)
        A contingency table.

    Returns
    -------
    ndarray of shape (n_clusters,)
        0 to 1; nan for a cluster without rows.

    Examples
    --------
    Of three rows two are shared and none is new; of the single row, a union of two.

    >>> best_match_jaccard(np.array([[1.0, 2.0], [1.0, 0.0]])).round(3).tolist()
    [0.667, 0.5]
    """
    sizes = shared.sum(axis=1, keepdims=True)
    union = sizes + shared.sum(axis=0) - shared
    best = (shared / np.maximum(union, 1)).max(axis=1)
    return np.where(sizes[:, 0] > 0, best, np.nan)


def adjusted_rand(shared: np.ndarray) -> float:
    """Adjusted Rand index [1]_ from a contingency table.

    scikit-learn's `adjusted_rand_score` on the labels gives the same value; it validates them each
    time, which costs more than k-means does on a thousand rows.

    Parameters
    ----------
    shared : ndarray of shape (n_clusters, n_others)
        A contingency table.

    Returns
    -------
    float
        1 for the same clusters, 0 for agreement by chance; 1 where both labellings are trivial
        (one cluster, or every row alone).

    References
    ----------
    .. [1] Hubert & Arabie (1985), "Comparing partitions", J. Classification 2:193-218.

    Examples
    --------
    >>> same, crossed = np.array([[2.0, 0.0], [0.0, 2.0]]), np.ones((2, 2))
    >>> adjusted_rand(same), round(adjusted_rand(crossed), 6)
    (1.0, -0.5)
    """
    together, first, second, pairs = (
        float((sizes * (sizes - 1) / 2).sum())
        for sizes in (shared, shared.sum(axis=1), shared.sum(axis=0), shared.sum())
    )
    expected = first * second / pairs if pairs else 0.0
    largest = (first + second) / 2
    return (together - expected) / (largest - expected) if largest != expected else 1.0
