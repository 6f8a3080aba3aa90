"""The engine for as many accounts as k-means starts from: scikit-learn's, on all of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.base import TransformerMixin
from sklearn.cluster import KMeans
from sklearn.pipeline import Pipeline

from tiktok_segments.accounts.row_sample import Accounts, sample_rows
from tiktok_segments.clustering.admissible import inadmissible_reasons
from tiktok_segments.clustering.fitted import Fitted, Sample, digest_labels, sum_clusters
from tiktok_segments.clustering.pipeline import build_pipeline, fit_pipeline, scale_features


@dataclass(frozen=True)
class ScaledSpace:
    """Accounts as points: the same for every k.

    Attributes
    ----------
    steps : list of (str, transformer)
        From raw columns to scaled features, fitted.
    X : ndarray of shape (n_accounts, n_features)
        The scaled features; cannot be written to.
    unfit : str
        Why the space is not fit for k-means, empty where it is.
    """

    steps: list[tuple[str, Any]]
    X: np.ndarray
    unfit: str


def scale_accounts(
    columns: Mapping[str, str], scaler: TransformerMixin, accounts: Accounts
) -> ScaledSpace:
    """Make a space of accounts.

    Parameters
    ----------
    columns : mapping of str to str
        The feature set: canonical column to transform.
    scaler : transformer
        Any scikit-learn scaler, not fitted; fitted on return.
    accounts : Accounts
        With every column of the feature set.

    Returns
    -------
    ScaledSpace
        For any number of fits.

    Raises
    ------
    InputError
        If a column is not there.
    """
    pipeline = build_pipeline(columns, scaler, k=2, n_init=1, seed=0)
    X = scale_features(pipeline, accounts.frame)
    X.flags.writeable = False
    return ScaledSpace(pipeline.steps[:-1], X, "; ".join(inadmissible_reasons(X, list(columns))))


def start_kmeans(k: int, n_init: int, seed: int, init: np.ndarray | None = None) -> KMeans:
    """Build k-means, not fitted.

    Parameters
    ----------
    k : int
        Number of clusters.
    n_init : int
        Number of k-means++ starts.
    seed : int
        Seed of the starts.
    init : ndarray of shape (k, n_features), optional
        Where it starts, once, instead of at random.

    Returns
    -------
    KMeans
    """
    if init is None:
        return KMeans(n_clusters=k, n_init=n_init, random_state=seed)
    return KMeans(n_clusters=k, init=init, n_init=1, random_state=seed)


def fit(
    space: ScaledSpace,
    accounts: Accounts,
    *,
    k: int,
    n_init: int,
    seed: int,
    init: np.ndarray | None = None,
) -> Fitted:
    """Cluster accounts.

    Parameters
    ----------
    space : ScaledSpace
        What :func:`scale_accounts` makes of them.
    accounts : Accounts
        The same.
    k : int
        Number of clusters.
    n_init : int
        Number of k-means++ starts, of which the best is kept.
    seed : int
        Seed of the starts and of the sample.
    init : ndarray of shape (k, n_features), optional
        Where k-means starts, instead of at random.

    Returns
    -------
    Fitted
        All that is asked of a clustering.

    Raises
    ------
    InputError
        If there are not more different accounts than clusters.
    """
    kmeans = start_kmeans(k, n_init, seed, init)
    pipeline = Pipeline([*space.steps, ("kmeans", kmeans)])
    X, labels = fit_pipeline(pipeline, accounts.frame, space.X, accounts.keys)
    rows = sample_rows(labels, accounts.keys, seed)
    return Fitted(
        pipeline=pipeline,
        clusters=sum_clusters(X, labels),
        sample=Sample(accounts.frame.iloc[rows], X[rows], labels[rows]),
        unfit=space.unfit,
        labels=labels,
        labels_sha256=digest_labels(labels),
        start_rows=len(X),
    )
