"""Metrics of a clustering that need no resampling, each with its direction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from tiktok_segments.clustering.fitted import ClusterSums


def score_clusters(clusters: ClusterSums, silhouettes: np.ndarray) -> dict[str, float]:
    """Score a clustering.

    Parameters
    ----------
    clusters : ClusterSums
        At least two.
    silhouettes : ndarray of shape (n_sampled,)
        Of all rows or of a sample of them.

    Returns
    -------
    dict of str to float
        ``inertia``, the sum of squared distances to the clusters' means (lower is better);
        ``inertia_ratio``, its share of that of a single cluster, 0 to 1 (lower); ``silhouette``,
        the mean of Rousseeuw (1987), -1 to 1 (higher); ``calinski_harabasz`` [1]_ (higher), 1
        where every row is its cluster's mean, and ``davies_bouldin`` [2]_ (lower), the values of
        scikit-learn; ``smallest_share``, the smallest cluster's share of the rows (higher).
        Compare values of one
        (features, scaler) space only.

    References
    ----------
    .. [1] Calinski and Harabasz (1974), "A dendrite method for cluster analysis", Communications
       in Statistics 3:1-27.
    .. [2] Davies and Bouldin (1979), "A cluster separation measure", IEEE TPAMI 1:224-227.

    Examples
    --------
    >>> from tiktok_segments.clustering.fitted import sum_clusters
    >>> clusters = sum_clusters(np.array([[0.0], [2.0], [10.0], [12.0]]), np.array([0, 0, 1, 1]))
    >>> scores = score_clusters(clusters, np.array([0.8, 0.7, 0.7, 0.8]))
    >>> scores["inertia"], round(scores["inertia_ratio"], 4), scores["smallest_share"]
    (4.0, 0.0385, 0.5)
    """
    counts, means = clusters.counts, clusters.means
    n_samples, n_clusters = int(counts.sum()), len(counts)
    centre = clusters.sums.sum(axis=0) / n_samples
    within = float(clusters.scatter.sum())
    between = float((counts * ((means - centre) ** 2).sum(axis=1)).sum())
    return {
        "inertia": within,
        "inertia_ratio": within / (within + between),
        "silhouette": float(silhouettes.mean()),
        "calinski_harabasz": (
            between * (n_samples - n_clusters) / (within * (n_clusters - 1)) if within else 1.0
        ),
        "davies_bouldin": _davies_bouldin(means, clusters.distances / counts),
        "smallest_share": float(counts.min() / n_samples),
    }


def within_inertia(X: np.ndarray, labels: np.ndarray) -> float:
    """Summed squared distances of the rows to the mean of their cluster.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
    labels : ndarray of shape (n_samples,)
        Integers from 0.

    Returns
    -------
    float

    Examples
    --------
    >>> within_inertia(np.array([[0.0], [2.0], [5.0]]), np.array([0, 0, 1]))
    2.0
    """
    indicator = np.eye(labels.max() + 1)[labels]
    sizes = np.maximum(indicator.sum(axis=0), 1)
    centres = indicator.T @ X / sizes[:, None]
    return float(((X - centres[labels]) ** 2).sum())


def _davies_bouldin(means: np.ndarray, spreads: np.ndarray) -> float:
    """Mean over clusters of the largest (s_i + s_j) / d_ij; 0 where means or spreads are all 0."""
    apart = np.linalg.norm(means[:, None] - means, axis=2)
    if np.allclose(spreads, 0) or np.allclose(apart, 0):
        return 0.0
    apart[apart == 0] = np.inf
    return float(((spreads[:, None] + spreads) / apart).max(axis=1).mean())
