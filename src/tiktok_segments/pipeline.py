"""One scikit-learn pipeline from raw canonical columns to cluster, or to segment name."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from sklearn.base import TransformerMixin
from sklearn.cluster import KMeans
from sklearn.neighbors import NearestCentroid
from sklearn.pipeline import Pipeline

from tiktok_segments.errors import InputError
from tiktok_segments.features import build_features


def build_pipeline(
    columns: Mapping[str, str], scaler: TransformerMixin, *, k: int, n_init: int, seed: int
) -> Pipeline:
    """Build features → scaler → k-means, not fitted.

    Parameters
    ----------
    columns : mapping of str to str
        The feature set: canonical column to transform.
    scaler : transformer
        Any scikit-learn scaler.
    k : int
        Number of clusters.
    n_init : int
        Number of k-means++ starts, of which the best is kept.
    seed : int
        Seed of the starts.

    Returns
    -------
    Pipeline
        Steps ``features``, ``scaler`` and ``kmeans``.

    Raises
    ------
    InputError
        If the feature set is empty or names an unknown transform.
    """
    kmeans = KMeans(n_clusters=k, n_init=n_init, random_state=seed)
    return Pipeline([("features", build_features(columns)), ("scaler", scaler), ("kmeans", kmeans)])


def fit_pipeline(pipeline: Pipeline, frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Fit a pipeline of :func:`build_pipeline` in place and put its clusters in order.

    Clusters are numbered by their members' median followers, smallest first (by the first feature
    where there are no followers), ties by size: the numbers do not depend on the seed.

    Parameters
    ----------
    pipeline : Pipeline
        Not fitted; fitted on return, its centres in the new order.
    frame : DataFrame of shape (n_accounts, n_columns)
        Clean profiles with every column of the feature set.

    Returns
    -------
    X : ndarray of shape (n_accounts, n_features)
        The scaled features that k-means saw.
    labels : ndarray of shape (n_accounts,)
        Cluster of each account, from 0 to k - 1.

    Raises
    ------
    InputError
        If a column is not there, or there are not more different accounts than clusters.
    """
    columns = raw_columns(pipeline)
    missing = [name for name in columns if name not in frame]
    if missing:
        raise InputError(
            f"The feature set needs {', '.join(missing)}, which this file does not have.\n"
            f"It has {', '.join(frame.columns)}."
        )
    X: np.ndarray = pipeline[:-1].fit_transform(frame[columns])
    return X, fit_clusters(pipeline[-1], X, frame)


def fit_clusters(kmeans: KMeans, X: np.ndarray, frame: pd.DataFrame) -> np.ndarray:
    """Fit k-means in place on scaled features and put its clusters in order.

    Parameters
    ----------
    kmeans : KMeans
        Not fitted; fitted on return.
    X : ndarray of shape (n_accounts, n_features)
        Scaled features.
    frame : DataFrame of shape (n_accounts, n_columns)
        The accounts they belong to.

    Returns
    -------
    ndarray of shape (n_accounts,)
        Cluster of each account, from 0 to k - 1.

    Raises
    ------
    InputError
        If there are not more different accounts than clusters.
    """
    if len(frame) < 3:
        raise InputError(f"There are only {len(frame)} accounts; segments take at least three.")
    if kmeans.n_clusters >= len(frame):
        raise InputError(
            f"k is {kmeans.n_clusters}; with {len(frame):,} accounts it must be from 2 to "
            f"{len(frame) - 1}."
        )
    distinct = len(np.unique(X, axis=0))
    if kmeans.n_clusters > distinct:
        raise InputError(
            f"k is {kmeans.n_clusters}; on these features there are only {distinct} different "
            "accounts."
        )
    kmeans.fit(X)
    order_clusters(kmeans, frame["followers"].to_numpy() if "followers" in frame else X[:, 0])
    return kmeans.labels_


def order_clusters(kmeans: KMeans, values: np.ndarray) -> None:
    """Renumber a fitted k-means in place: by its members' median value, then by size.

    Parameters
    ----------
    kmeans : KMeans
        Fitted; ``cluster_centers_`` and ``labels_`` are rewritten.
    values : ndarray of shape (n_samples,)
        What to order by, a value per training row.

    Examples
    --------
    >>> X = np.array([[9.0], [9.2], [1.0]])
    >>> kmeans = KMeans(2, n_init=1, random_state=0).fit(X)
    >>> order_clusters(kmeans, X[:, 0])
    >>> kmeans.labels_.tolist(), kmeans.cluster_centers_[:, 0].tolist()
    ([1, 1, 0], [1.0, 9.1])
    """
    members = pd.Series(values).groupby(kmeans.labels_)
    order = np.lexsort((members.size(), members.median()))
    kmeans.cluster_centers_ = kmeans.cluster_centers_[order]
    kmeans.labels_ = np.argsort(order).astype(kmeans.labels_.dtype)[kmeans.labels_]


def raw_columns(pipeline: Pipeline) -> list[str]:
    """Return the canonical columns that a pipeline reads, in its order."""
    return [
        name for _, _, columns in pipeline.named_steps["features"].transformers for name in columns
    ]


def naming_pipeline(pipeline: Pipeline, names: Sequence[str]) -> Pipeline:
    """Turn a fitted clustering pipeline into one that answers with segment names.

    The last step becomes a nearest-centroid classifier on the same centres, which gives every row
    the same segment as k-means does, and which skops stores without code of this package.

    Parameters
    ----------
    pipeline : Pipeline
        Fitted, ending in k-means.
    names : sequence of str
        Unique name of each cluster, in the order of the clusters.

    Returns
    -------
    Pipeline
        Fitted; it shares the first steps with the one given.

    Examples
    --------
    >>> frame = pd.DataFrame({"followers": [1, 2, 800, 900]})
    >>> from sklearn.preprocessing import StandardScaler
    >>> clusters = build_pipeline({"followers": "log_count"}, StandardScaler(),
    ...                           k=2, n_init=1, seed=0)
    >>> _ = fit_pipeline(clusters, frame)
    >>> naming_pipeline(clusters, ["Small", "Large"]).predict(frame).tolist()
    ['Small', 'Small', 'Large', 'Large']
    """
    centres = pipeline[-1].cluster_centers_
    # A class of one row has no variance to estimate (0 / 0); prediction does not use it.
    with np.errstate(invalid="ignore"):
        classifier = NearestCentroid().fit(centres, np.arange(len(centres)))
    # Named afterwards: between two centres both then take the first cluster, not the first name.
    classifier.classes_ = np.asarray(names)
    return Pipeline([*pipeline.steps[:-1], ("segment", classifier)])
