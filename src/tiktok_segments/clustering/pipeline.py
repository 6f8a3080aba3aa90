"""One scikit-learn pipeline from raw canonical columns to cluster, or to segment name."""

from collections.abc import Mapping, Sequence
from copy import copy

import numpy as np
import pandas as pd
from sklearn.base import TransformerMixin
from sklearn.cluster import KMeans
from sklearn.neighbors import NearestCentroid
from sklearn.pipeline import Pipeline

from tiktok_segments.accounts.row_sample import account_keys, sample_rows
from tiktok_segments.clustering.admissible import require_more_accounts
from tiktok_segments.clustering.features import build_features
from tiktok_segments.clustering.scaling import fit_scaler
from tiktok_segments.errors import InputError


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


def fit_pipeline(
    pipeline: Pipeline,
    frame: pd.DataFrame,
    X: np.ndarray | None = None,
    keys: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Fit a pipeline of :func:`build_pipeline` in place, with its clusters in order.

    Clusters are numbered by their members' median followers, smallest first (by the first feature
    where there are no followers), ties by size: the numbers do not depend on the seed. Above
    :data:`~tiktok_segments.accounts.row_sample.SAMPLE_ROWS` accounts the medians are those of a
    sample.

    Parameters
    ----------
    pipeline : Pipeline
        Not fitted; fitted on return, its centres in the new order.
    frame : DataFrame of shape (n_accounts, n_columns)
        Clean profiles with every column of the feature set.
    X : ndarray of shape (n_accounts, n_features), optional
        The scaled features, where the steps before k-means are fitted already.
    keys : ndarray of shape (n_accounts,), optional
        As :func:`~tiktok_segments.accounts.row_sample.account_keys` returns them, the default.

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
    if X is None:
        X = scale_features(pipeline, frame)
    check_k(pipeline[-1].n_clusters, X)
    kmeans = pipeline[-1].fit(X)
    values = frame["followers"].to_numpy() if "followers" in frame else X[:, 0]
    keys = account_keys(frame) if keys is None else keys
    rows = sample_rows(kmeans.labels_, keys, kmeans.random_state)
    order = cluster_order(values[rows], kmeans.labels_[rows])
    ordered = order_clusters(kmeans, order)
    pipeline.steps[-1] = (pipeline.steps[-1][0], ordered)
    return X, ordered.labels_


def scale_features(pipeline: Pipeline, frame: pd.DataFrame) -> np.ndarray:
    """Fit the steps before k-means in place; return what they make of the accounts.

    Parameters
    ----------
    pipeline : Pipeline
        As :func:`build_pipeline` returns it.
    frame : DataFrame of shape (n_accounts, n_columns)
        Clean profiles.

    Returns
    -------
    ndarray of shape (n_accounts, n_features)
        In rows, since sums in another order would differ in the last digit.

    Raises
    ------
    InputError
        If a column of the feature set is not there, or the scaler cannot be used.
    """
    columns = raw_columns(pipeline)
    missing = [name for name in columns if name not in frame]
    if missing:
        raise InputError(
            f"The feature set needs {', '.join(missing)}, which this file does not have.\n"
            f"It has {', '.join(frame.columns)}."
        )
    features = pipeline.named_steps["features"].fit_transform(frame[columns])
    return np.ascontiguousarray(fit_scaler(pipeline.named_steps["scaler"], features))


def check_k(k: int, X: np.ndarray) -> None:
    """Refuse more clusters than there are different accounts.

    Raises
    ------
    InputError
        Naming the numbers that are valid.
    """
    require_more_accounts(k, len(X))
    for rows in (X[:1000], X):  # to sort all of them takes as long as a pass over a million
        distinct = len(np.unique(rows, axis=0))
        if k <= distinct:
            return
    few = f"there are only {distinct} different accounts"
    alike = "all accounts are alike" if distinct == 1 else few
    raise InputError(f"k is {k}; on these features {alike}.")


def cluster_order(values: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return the clusters by their members' median value, then by size.

    Parameters
    ----------
    values : ndarray of shape (n_samples,)
        What to order by.
    labels : ndarray of shape (n_samples,)
        Cluster of each, none of them empty.

    Returns
    -------
    ndarray of shape (n_clusters,)
        The cluster that comes first, the second, and so on.

    Examples
    --------
    >>> cluster_order(np.array([9.0, 9.2, 1.0]), np.array([0, 0, 1])).tolist()
    [1, 0]
    """
    members = pd.Series(values).groupby(labels)
    return np.lexsort((members.size(), members.median()))


def order_clusters(kmeans: KMeans, order: np.ndarray) -> KMeans:
    """Return a fitted k-means with its clusters renumbered; the one given stays as it is.

    Parameters
    ----------
    kmeans : KMeans
        Fitted.
    order : ndarray of shape (n_clusters,)
        As :func:`cluster_order` returns it.

    Returns
    -------
    KMeans
        Fitted; the same but for ``cluster_centers_`` and ``labels_``.

    Examples
    --------
    >>> X = np.array([[9.0], [9.2], [1.0]])
    >>> kmeans = KMeans(2, n_init=1, random_state=0).fit(X)
    >>> ordered = order_clusters(kmeans, cluster_order(X[:, 0], kmeans.labels_))
    >>> ordered.labels_.tolist(), ordered.cluster_centers_[:, 0].tolist()
    ([1, 1, 0], [1.0, 9.1])
    """
    ordered = copy(kmeans)
    ordered.cluster_centers_ = kmeans.cluster_centers_[order]
    ordered.labels_ = np.argsort(order).astype(kmeans.labels_.dtype)[kmeans.labels_]
    return ordered


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
