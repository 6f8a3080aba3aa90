"""How good a clustering is, in numbers that need no resampling, each with its direction."""

import numpy as np
from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score

from tiktok_segments.structure.silhouettes import silhouette_samples

SILHOUETTE_ROWS = 5_000
"""Above this many rows silhouettes are taken on a sample: the cost is quadratic."""


def score_clusters(X: np.ndarray, labels: np.ndarray, silhouettes: np.ndarray) -> dict[str, float]:
    """Score a clustering.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        Scaled features.
    labels : ndarray of shape (n_samples,)
        Cluster of each row, at least two different ones.
    silhouettes : ndarray of shape (n_sampled,)
        As :func:`sample_silhouettes` returns them.

    Returns
    -------
    dict of str to float
        ``inertia``, the sum of squared distances to the clusters' means (lower is better);
        ``inertia_ratio``, its share of that of a single cluster, 0 to 1 (lower); ``silhouette``,
        the mean of Rousseeuw (1987), -1 to 1 (higher); ``calinski_harabasz`` (higher) and
        ``davies_bouldin`` (lower) as in scikit-learn; ``smallest_share``, the smallest cluster's
        share of the rows (higher). Compare values of one (features, scaler) space only.

    Examples
    --------
    >>> X = np.array([[0.0], [2.0], [10.0], [12.0]])
    >>> labels = np.array([0, 0, 1, 1])
    >>> scores = score_clusters(X, labels, sample_silhouettes(X, labels, seed=0)[1])
    >>> scores["inertia"], round(scores["inertia_ratio"], 4), scores["smallest_share"]
    (4.0, 0.0385, 0.5)
    """
    total = float(((X - X.mean(axis=0)) ** 2).sum())
    sizes = np.bincount(labels)
    inertia = float(
        sum(((X[labels == c] - X[labels == c].mean(axis=0)) ** 2).sum() for c in range(len(sizes)))
    )
    return {
        "inertia": inertia,
        "inertia_ratio": inertia / total,
        "silhouette": float(silhouettes.mean()),
        "calinski_harabasz": float(calinski_harabasz_score(X, labels)),
        "davies_bouldin": float(davies_bouldin_score(X, labels)),
        "smallest_share": float(sizes.min() / len(labels)),
    }


def sample_silhouettes(
    X: np.ndarray, labels: np.ndarray, seed: int, max_rows: int = SILHOUETTE_ROWS
) -> tuple[np.ndarray, np.ndarray]:
    """Compute silhouettes, above ``max_rows`` rows on a seeded sample with every cluster in it.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        Scaled features.
    labels : ndarray of shape (n_samples,)
        Cluster of each row.
    seed : int
        Seed of the sample.
    max_rows : int
        Largest number of rows to compute; each cluster keeps two at least.

    Returns
    -------
    rows : ndarray of shape (n_sampled,)
        Positions of the rows taken, ascending; all of them up to ``max_rows``.
    silhouettes : ndarray of shape (n_sampled,)
        Their silhouettes (Rousseeuw 1987, J. Comput. Appl. Math. 20:53), from -1 to 1.
    """
    rows = sample_rows(labels, seed, max_rows)
    return rows, silhouette_samples(X[rows], labels[rows])


def sample_rows(labels: np.ndarray, seed: int, max_rows: int) -> np.ndarray:
    """Choose rows so that each cluster has its share of them, and two at least where it has two.

    Parameters
    ----------
    labels : ndarray of shape (n_samples,)
        Cluster of each row.
    seed : int
        Seed of the choice.
    max_rows : int
        Rows wanted; rounding and the two per cluster can add a few.

    Returns
    -------
    ndarray of shape (n_sampled,)
        Positions, ascending; all of them up to ``max_rows``.

    Examples
    --------
    >>> rows = sample_rows(np.repeat([0, 1], [98, 2]), seed=0, max_rows=10)
    >>> len(rows), rows[-2:].tolist()
    (12, [98, 99])
    """
    if len(labels) <= max_rows:
        return np.arange(len(labels))
    rng = np.random.default_rng(seed)
    chosen = []
    for cluster in np.unique(labels):
        members = np.flatnonzero(labels == cluster)
        wanted = max(round(len(members) * max_rows / len(labels)), 2)
        chosen.append(rng.choice(members, size=min(wanted, len(members)), replace=False))
    return np.sort(np.concatenate(chosen))
