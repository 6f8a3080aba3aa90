"""Figures of the conditions on halves of the sample, one of each split."""

from __future__ import annotations

import numpy as np

from tiktok_segments.clustering.agreement import adjusted_rand, best_match_jaccard, contingency
from tiktok_segments.clustering.silhouettes import mean_silhouettes
from tiktok_segments.validation.stability import Halves
from tiktok_segments.validation.valley import valley_ratios

SILHOUETTE_ROWS = 1000
"""Of a half: above this every second, third, ... row in the order of the sample."""


def measure_halves(
    X: np.ndarray, labels: np.ndarray, n_clusters: int, halves: Halves
) -> dict[str, np.ndarray]:
    """Measure a number of clusters anew on the first half of each split.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        The sample.
    labels : ndarray of shape (n_samples,)
        Clusters of the model that is examined.
    n_clusters : int
        Their number.
    halves : Halves
        The splits, and what k-means on each half makes of the whole sample.

    Returns
    -------
    dict of str to ndarray of shape (n_splits,)
        ``silhouette``, ``valley`` and ``smallest_share`` of the half's own clusters on its rows;
        ``stability_min_jaccard`` and ``stability_ari``, how the model's clusters come back among
        them; ``split_half_ari``, how alike both halves label the whole.

    Examples
    --------
    >>> from tiktok_segments.validation.stability import split_halves
    >>> X = np.array([[0.0], [0.1], [0.2], [0.3], [0.4], [9.0], [9.1], [9.2], [9.3], [9.4]])
    >>> halves = split_halves(X, 2, n_splits=1, n_init=2, random_state=0)
    >>> figures = measure_halves(X, np.repeat([0, 1], 5), 2, halves)
    >>> figures["stability_min_jaccard"].tolist(), figures["split_half_ari"].tolist()
    ([1.0], [1.0])
    """
    rows = [
        _measure(X[drawn], labels[drawn], n_clusters, first[drawn])
        | {"split_half_ari": adjusted_rand(contingency(first, second))}
        for drawn, first, second in zip(halves.drawn, halves.first, halves.second, strict=True)
    ]
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def _measure(
    X: np.ndarray, labels: np.ndarray, n_clusters: int, own: np.ndarray
) -> dict[str, float]:
    shared = contingency(labels, own)
    jaccard = np.zeros(n_clusters)  # a cluster without a row in the half does not come back
    back = best_match_jaccard(shared)
    jaccard[: len(back)] = np.nan_to_num(back)
    step = -(-len(X) // SILHOUETTE_ROWS)
    _, some = np.unique(own[::step], return_inverse=True)
    return {
        "silhouette": float(mean_silhouettes(X[::step], [some])[0]),
        "valley": float(np.nanmax(valley_ratios(X, own), initial=0.0)),
        "stability_min_jaccard": float(jaccard.min()),
        "stability_ari": adjusted_rand(shared),
        "smallest_share": float(np.bincount(own, minlength=n_clusters).min() / len(X)),
    }
