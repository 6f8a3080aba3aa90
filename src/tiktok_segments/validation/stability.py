"""Stability: whether the same clusters come back on other samples of the same accounts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tiktok_segments.clustering.agreement import adjusted_rand, best_match_jaccard, contingency
from tiktok_segments.validation.weighted_kmeans import weighted_kmeans


def bootstrap_stability(
    X: np.ndarray,
    labels: np.ndarray,
    n_clusters: int,
    *,
    n_resamples: int,
    n_init: int,
    random_state: int,
    start: np.ndarray | None = None,
) -> tuple[np.ndarray, float]:
    """Fit k-means to bootstrap resamples and compare with the clusters of the whole sample.

    The comparison is on the rows drawn [1]_. Hennig reads a mean Jaccard coefficient of 0.75 or
    more as a valid, stable cluster and one below 0.6 as one that cannot be trusted.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
    labels : ndarray of shape (n_samples,)
        The clusters in question, integers from 0.
    n_clusters : int
        Number of clusters, those without rows included.
    n_resamples : int
        Bootstrap resamples.
    n_init : int
        Restarts of k-means on each.
    random_state : int
        Seed of the resamples and of k-means.
    start : ndarray of shape (n_clusters, n_features), optional
        Where k-means starts on each, instead of at random.

    Returns
    -------
    jaccard : ndarray of shape (n_clusters,)
        Mean over resamples of each cluster's best match; nan for a cluster never drawn.
    ari : float
        Mean adjusted Rand index of the two labellings.

    References
    ----------
    .. [1] Hennig (2007), "Cluster-wise assessment of cluster stability", CSDA 52:258-271.

    Examples
    --------
    >>> X = np.array([[0.0], [0.1], [0.2], [0.3], [9.0], [9.1], [9.2], [9.3]])
    >>> labels = np.repeat([0, 1], 4)
    >>> jaccard, ari = bootstrap_stability(X, labels, 2, n_resamples=5, n_init=2, random_state=0)
    >>> jaccard.tolist(), ari
    ([1.0, 1.0], 1.0)
    """
    rng = np.random.default_rng(random_state)
    draws = rng.integers(len(X), size=(n_resamples, len(X)))
    weights = np.array([np.bincount(drawn, minlength=len(X)) for drawn in draws])
    fitted = weighted_kmeans(X, weights, n_clusters, n_init=n_init, rng=rng, start=start)
    jaccards = np.full((n_resamples, n_clusters), np.nan)
    aris = np.empty(n_resamples)
    for i, (counts, others) in enumerate(zip(weights, fitted, strict=True)):
        drawn = counts > 0
        shared = contingency(labels[drawn], others[drawn])
        jaccards[i, : len(shared)] = best_match_jaccard(shared)
        aris[i] = adjusted_rand(shared)
    reached = np.isfinite(jaccards).sum(axis=0)
    jaccard = np.full(n_clusters, np.nan)
    np.divide(np.nansum(jaccards, axis=0), reached, out=jaccard, where=reached > 0)
    return jaccard, float(aris.mean())


@dataclass(frozen=True, eq=False)
class Halves:
    """A sample split into halves, again and again.

    Attributes
    ----------
    drawn : ndarray of bool of shape (n_splits, n_samples)
        Rows of the first half.
    first, second : ndarray of shape (n_splits, n_samples)
        Clusters of all rows, by k-means on the first half and on the second.
    """

    drawn: np.ndarray
    first: np.ndarray
    second: np.ndarray


def draw_halves(rng: np.random.Generator, n_samples: int, n_splits: int) -> np.ndarray:
    """Draw which half of a sample each row is in, again and again.

    Parameters
    ----------
    rng : Generator
        Source of the draws.
    n_samples : int
        Number of rows.
    n_splits : int
        Random splits.

    Returns
    -------
    ndarray of int of shape (n_splits, n_samples)
        0 in one half, 1 in the other; of an odd number of rows one more is 0.

    Examples
    --------
    >>> draw_halves(np.random.default_rng(0), 5, n_splits=2).sum(axis=1).tolist()
    [2, 2]
    """
    return rng.permuted(np.tile(np.arange(n_samples) % 2, (n_splits, 1)), axis=1)


def split_halves(
    X: np.ndarray,
    n_clusters: int,
    *,
    n_splits: int,
    n_init: int,
    random_state: int,
    start: np.ndarray | None = None,
) -> Halves:
    """Fit k-means to each half of the sample, and label the whole of it.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        At least 2 * n_clusters rows.
    n_clusters : int
        Number of clusters.
    n_splits : int
        Random splits.
    n_init : int
        Restarts of k-means on each half.
    random_state : int
        Seed of the splits and of k-means.
    start : ndarray of shape (n_clusters, n_features), optional
        Where k-means starts on each half, instead of at random.

    Returns
    -------
    Halves
        For :func:`~tiktok_segments.validation.redraws.halves.measure_halves`.
    """
    rng = np.random.default_rng(random_state)
    sides = draw_halves(rng, len(X), n_splits)
    weights = np.concatenate([sides, 1 - sides])
    fitted = weighted_kmeans(X, weights, n_clusters, n_init=n_init, rng=rng, start=start)
    return Halves(sides == 1, fitted[:n_splits], fitted[n_splits:])
