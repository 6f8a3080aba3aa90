"""Valleys: whether accounts thin out between two clusters."""

from __future__ import annotations

from itertools import combinations

import numpy as np

GRID = np.linspace(-0.3, 1.3, 65)
BETWEEN = np.flatnonzero((GRID >= -1e-9) & (GRID <= 1 + 1e-9))


def valley_ratios(X: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Density ratio of the valley on the line between the centres of each pair of clusters.

    The rows of clusters i and j are projected on the line through their centres,
    t = (x - c_i)·(c_j - c_i) / |c_j - c_i|², which puts the centres at 0 and 1. With f a Gaussian
    kernel density of t on 65 points of [-0.3, 1.3], bandwidth
    h = 1.06 min(sd_i, sd_j) min(n_i, n_j)^(-1/5), and m the lowest point of f on [0, 1], the ratio
    is f(m) / min(max f left of m, max f right of m): the ridgeline ratio of Hennig [1]_ on the line
    between the centroids. Near 0 the clusters are apart; 1 means no valley: one cloud cut in two.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
    labels : ndarray of shape (n_samples,)
        Integers from 0.

    Returns
    -------
    ndarray of shape (n_clusters, n_clusters)
        Symmetric. nan on the diagonal, for a cluster without rows, and 1 for two clusters with the
        same centre.

    References
    ----------
    .. [1] Hennig (2010), "Methods for merging Gaussian mixture components", ADAC 4:3-34.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> labels = np.repeat([0, 1], 200)
    >>> far = rng.normal(size=(400, 1)) + 8 * labels[:, None]
    >>> one_cloud = np.sort(rng.normal(size=(400, 1)), axis=0)
    >>> bool(valley_ratios(far, labels)[0, 1] < 0.01), valley_ratios(one_cloud, labels)[0, 1]
    (True, np.float64(1.0))
    """
    members = [X[labels == label] for label in range(labels.max() + 1)]
    ratios = np.full((len(members), len(members)), np.nan)
    for i, j in combinations(range(len(members)), 2):
        if len(members[i]) and len(members[j]):
            ratios[i, j] = ratios[j, i] = _valley_ratio(members[i], members[j])
    return ratios


def _valley_ratio(first: np.ndarray, second: np.ndarray) -> float:
    centre, step = first.mean(axis=0), second.mean(axis=0) - first.mean(axis=0)
    length = float(step @ step)
    if length == 0.0:
        return 1.0
    near, far = (first - centre) @ step / length, (second - centre) @ step / length
    smaller = min(len(near), len(far))
    # a cluster without spread would have no bandwidth: the grid's step is the finest it can show
    bandwidth = max(1.06 * min(near.std(), far.std()) * smaller**-0.2, GRID[1] - GRID[0])
    density = _kernel_density(np.concatenate([near, far]), bandwidth)
    lowest = BETWEEN[np.argmin(density[BETWEEN])]
    peak = min(density[: lowest + 1].max(), density[lowest:].max())
    return float(density[lowest] / peak) if peak > 0 else 1.0


def _kernel_density(values: np.ndarray, bandwidth: float) -> np.ndarray:
    """Gaussian kernel density on the grid, up to a factor."""
    offsets = (GRID[:, None] - values) / bandwidth
    return np.exp(-0.5 * offsets**2).sum(axis=1)
