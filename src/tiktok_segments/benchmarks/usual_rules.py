"""Rules for k that are usual elsewhere, as the structure rule's competitors."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tiktok_segments.clustering.agreement import contingency
from tiktok_segments.clustering.metrics import within_inertia
from tiktok_segments.validation.stability import draw_halves
from tiktok_segments.validation.weighted_kmeans import weighted_kmeans

N_INIT = 4


def gap_k(
    X: np.ndarray, ks: Sequence[int], inertias: Sequence[float], *, n_draws: int, random_state: int
) -> int:
    """Choose k by the gap statistic: uniform reference in the PCA box, one-standard-error rule.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
    ks : sequence of int
        Consecutive, from 2; 1 is added.
    inertias : sequence of float
        Of X at each of `ks`.
    n_draws : int
        Reference samples.
    random_state : int
        Seed of the reference.

    Returns
    -------
    int
        The first k with gap(k) >= gap(k + 1) - s(k + 1), the last if there is none.

    References
    ----------
    .. [1] Tibshirani, Walther & Hastie (2001), "Estimating the number of clusters in a data set via
       the gap statistic", JRSS-B 63:411-423.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> gap_k(rng.uniform(size=(200, 2)), [2, 3], [20.0, 13.0], n_draws=5, random_state=0)
    1
    """
    rng = np.random.default_rng(random_state)
    centred = X - X.mean(axis=0)
    axes = np.linalg.svd(centred, full_matrices=False)[2]
    box = centred @ axes.T
    low, high = box.min(axis=0), box.max(axis=0)
    references = []
    for _ in range(n_draws):
        sample = rng.uniform(low, high, size=box.shape)
        labellings = [_fit(sample, k, rng) for k in ks]
        references.append([np.log(((sample - sample.mean(axis=0)) ** 2).sum())])
        references[-1] += [np.log(within_inertia(sample, labels)) for labels in labellings]
    logs = np.array(references)
    gaps = logs.mean(axis=0) - np.log([(centred**2).sum(), *inertias])
    errors = logs.std(axis=0) * np.sqrt(1 + 1 / n_draws)
    enough = np.flatnonzero(gaps[:-1] >= gaps[1:] - errors[1:])
    return [1, *ks][enough[0] if len(enough) else -1]


def prediction_strength(
    X: np.ndarray, n_clusters: int, *, n_splits: int, random_state: int
) -> float:
    """How well do the centres of one half predict which rows of the other belong together?

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
    n_clusters : int
        Number of clusters.
    n_splits : int
        Random splits into training and test half, over which the mean is taken.
    random_state : int
        Seed of the splits.

    Returns
    -------
    float
        Share of pairs of the worst test cluster that the training centres keep together, 0 to 1; a
        test cluster of one row has no pairs and is left out.

    References
    ----------
    .. [1] Tibshirani & Walther (2005), "Cluster validation by prediction strength", JCGS
       14:511-528.

    Examples
    --------
    >>> X = np.repeat([[0.0], [9.0]], 20, axis=0) + np.linspace(0, 1, 40)[:, None]
    >>> prediction_strength(X, 2, n_splits=2, random_state=0)
    1.0
    """
    rng = np.random.default_rng(random_state)
    sides = draw_halves(rng, len(X), n_splits)
    weights = np.concatenate([sides, 1 - sides])
    fitted = weighted_kmeans(X, weights, n_clusters, n_init=N_INIT, rng=rng)
    strengths = []
    for test, own, predicted in zip(sides, fitted[:n_splits], fitted[n_splits:], strict=True):
        shared = contingency(own[test == 1], predicted[test == 1])
        sizes = shared.sum(axis=1)
        pairs = (shared * (shared - 1)).sum(axis=1)[sizes > 1]
        strengths.append((pairs / (sizes * (sizes - 1))[sizes > 1]).min(initial=1.0))
    return float(np.mean(strengths))


def _fit(X: np.ndarray, k: int, rng: np.random.Generator) -> np.ndarray:
    return weighted_kmeans(X, np.ones((1, len(X))), k, n_init=N_INIT, rng=rng)[0]
