"""A fitted clustering: all that is asked of one, whichever engine fitted it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline


@dataclass(frozen=True)
class ClusterSums:
    """Sufficient statistics of the clusters, in the scaled features.

    Attributes
    ----------
    counts : ndarray of shape (n_clusters,)
        Rows of each cluster.
    sums : ndarray of shape (n_clusters, n_features)
        Sum of its rows.
    scatter : ndarray of shape (n_clusters, n_features)
        Sum of its rows' squared deviations from its mean.
    distances : ndarray of shape (n_clusters,)
        Sum of its rows' Euclidean distances to its mean.
    """

    counts: np.ndarray
    sums: np.ndarray
    scatter: np.ndarray
    distances: np.ndarray

    @property
    def means(self) -> np.ndarray:
        """Mean of each cluster, ndarray of shape (n_clusters, n_features)."""
        means: np.ndarray = self.sums / self.counts[:, None]
        return means


def sum_clusters(X: np.ndarray, labels: np.ndarray) -> ClusterSums:
    """Add up the rows of each cluster.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        Scaled features.
    labels : ndarray of shape (n_samples,)
        Cluster of each row, from 0, none of them empty.

    Returns
    -------
    ClusterSums
        All that the metrics need beside silhouettes.

    Examples
    --------
    >>> clusters = sum_clusters(np.array([[0.0], [2.0], [7.0]]), np.array([0, 0, 1]))
    >>> clusters.counts.tolist(), clusters.means.tolist(), clusters.scatter.tolist()
    ([2, 1], [[1.0], [7.0]], [[2.0], [0.0]])
    """
    counts = np.bincount(labels)
    members = [X[labels == cluster] for cluster in range(len(counts))]
    away = [rows - rows.mean(axis=0) for rows in members]
    return ClusterSums(
        counts=counts,
        sums=np.array([rows.sum(axis=0) for rows in members]),
        scatter=np.array([(deviations**2).sum(axis=0) for deviations in away]),
        distances=np.array([np.linalg.norm(deviations, axis=1).sum() for deviations in away]),
    )


@dataclass(frozen=True)
class Sample:
    """A seeded sample of the accounts; up to 5,000 accounts it is all of them.

    Attributes
    ----------
    frame : DataFrame of shape (n_sampled, n_columns)
        The accounts as they are.
    X : ndarray of shape (n_sampled, n_features)
        Their scaled features.
    labels : ndarray of shape (n_sampled,)
        Their clusters.
    """

    frame: pd.DataFrame
    X: np.ndarray
    labels: np.ndarray


@dataclass(frozen=True)
class Fitted:
    """What an engine returns.

    Attributes
    ----------
    pipeline : Pipeline
        Features, scaler and k-means, fitted.
    clusters : ClusterSums
        Of all accounts.
    sample : Sample
        Accounts by themselves.
    unfit : str
        Why the space is not fit for k-means, empty where it is.
    labels : ndarray of shape (n_accounts,) or None
        Cluster of each account, where the engine has them in memory.
    labels_sha256 : str
        As :func:`digest_labels` returns it for all accounts.
    start_rows : int
        Accounts that k-means started from.
    inertias : tuple of float
        Inertia that each further pass over all accounts found; none where k-means had them all.
    """

    pipeline: Pipeline
    clusters: ClusterSums
    sample: Sample
    unfit: str
    labels: np.ndarray | None
    labels_sha256: str
    start_rows: int
    inertias: tuple[float, ...] = ()


class LabelsDigest:
    """The SHA-256 of the accounts' clusters, in the order of the accounts, part by part.

    Examples
    --------
    >>> digest = LabelsDigest()
    >>> digest.add(np.array([0], dtype="int32"))
    >>> digest.add(np.array([1]))
    >>> digest.sha256() == digest_labels(np.array([0, 1]))
    True
    """

    def __init__(self) -> None:
        self._digest = hashlib.sha256()

    def add(self, labels: np.ndarray) -> None:
        """Take in the clusters of the next accounts."""
        self._digest.update(labels.astype("<i8").tobytes())

    def sha256(self) -> str:
        """Return the digest of all so far."""
        return self._digest.hexdigest()


def digest_labels(labels: np.ndarray) -> str:
    """Return the SHA-256 of the clusters of all accounts, ndarray of shape (n_accounts,)."""
    digest = LabelsDigest()
    digest.add(labels)
    return digest.sha256()


def sum_labels(keys: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Sum up which account is in which cluster, the same for any order of the accounts.

    Parameters
    ----------
    keys : ndarray of uint64 of shape (n_rows,)
        That tell the accounts apart.
    labels : ndarray of int of shape (n_rows,)
        Cluster of each.

    Returns
    -------
    ndarray of uint64 of shape (1,)
        A sum of hashes, modulo 2**64.

    Examples
    --------
    >>> keys = np.array([7, 8, 9], dtype="uint64")
    >>> first, other = (sum_labels(keys, np.array(labels)) for labels in ([0, 1, 1], [1, 1, 0]))
    >>> bool(first == sum_labels(keys[::-1], np.array([1, 1, 0]))), bool(first == other)
    (True, False)
    """
    each = pd.util.hash_array(labels.astype(np.uint64) + np.uint64(1))
    return pd.util.hash_array(keys ^ each).sum(keepdims=True, dtype=np.uint64)


def digest_sum(labelled: np.ndarray) -> str:
    """Return the SHA-256 of a sum over accounts and their clusters, ndarray of uint64."""
    return hashlib.sha256(labelled.astype("<u8").tobytes()).hexdigest()
