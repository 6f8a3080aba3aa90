"""Passes of k-means over all accounts: Lloyd's algorithm, and exact sums."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import Protocol

import numpy as np
from scipy.sparse import csr_array
from sklearn.cluster import KMeans

from tiktok_segments.accounts.large.account_pass import Sums
from tiktok_segments.clustering.fitted import ClusterSums, sum_labels

LEAST_GAIN = 1e-4
"""Passes end with the first that lowers inertia by a smaller share of it."""

MOST_PASSES = 10


class PointPass(Protocol):
    """A pass over all accounts as points.

    Attributes
    ----------
    kmeans : KMeans
        Fitted.
    """

    kmeans: KMeans

    def add(self, X: np.ndarray, labels: np.ndarray, keys: np.ndarray | None = None) -> None:
        """Take in some accounts.

        Parameters
        ----------
        X : ndarray of shape (n_rows, n_features)
            Scaled features.
        labels : ndarray of shape (n_rows,)
            What ``kmeans`` predicts of them.
        keys : ndarray of shape (n_rows,), optional
            Where accounts have no order by which their labels could be told.
        """
        ...

    def found(self) -> Sums:
        """Return what was found so far."""
        ...

    def join(self, found: Sums) -> None:
        """Take in what another found of other accounts."""
        ...


GoThrough = Callable[[PointPass], None]
"""Shows all accounts to a pass."""


class ClusterPass:
    """Adds up each cluster's rows, as seen from its centre.

    Parameters
    ----------
    kmeans : KMeans
        Fitted.
    see : callable, optional
        Is given the labels of each block.
    """

    def __init__(self, kmeans: KMeans, see: Callable[[np.ndarray], None] | None = None) -> None:
        self.kmeans, self._see = kmeans, see
        shape = kmeans.cluster_centers_.shape
        self.counts = np.zeros(shape[0], dtype=np.int64)
        self.shifts, self.squares = np.zeros(shape), np.zeros(shape)
        self.labelled = np.zeros(1, dtype=np.uint64)

    def add(self, X: np.ndarray, labels: np.ndarray, keys: np.ndarray | None = None) -> None:
        """Take in some accounts."""
        rows, n_clusters = len(labels), len(self.counts)
        away = X - self.kmeans.cluster_centers_.take(labels, axis=0)
        starts = np.arange(rows + 1)
        members = csr_array((np.ones(rows), labels, starts), shape=(rows, n_clusters)).T
        self.counts += np.bincount(labels, minlength=n_clusters)
        self.shifts += members @ away
        self.squares += members @ np.square(away, out=away)
        if self._see is not None:
            self._see(labels)
        if keys is not None:
            self.labelled += sum_labels(keys, labels)

    def found(self) -> Sums:
        """Return the sums."""
        return {
            "counts": self.counts,
            "shifts": self.shifts,
            "squares": self.squares,
            "labelled": self.labelled,
        }

    def join(self, found: Sums) -> None:
        """Add other sums."""
        self.counts += found["counts"]
        self.shifts += found["shifts"]
        self.squares += found["squares"]
        self.labelled += found["labelled"]

    @property
    def means(self) -> np.ndarray:
        """The clusters' means; of an empty one the centre."""
        away = self.shifts / np.maximum(self.counts, 1)[:, None]
        moved: np.ndarray = self.kmeans.cluster_centers_ + away
        return moved


class DistancePass:
    """Adds up the distances of each cluster's rows to its mean.

    Parameters
    ----------
    kmeans : KMeans
        Fitted.
    means : ndarray of shape (n_clusters, n_features)
        Of its clusters.
    """

    def __init__(self, kmeans: KMeans, means: np.ndarray) -> None:
        self.kmeans, self._means = kmeans, means
        self.distances = np.zeros(len(means))

    def add(self, X: np.ndarray, labels: np.ndarray, keys: np.ndarray | None = None) -> None:
        """Take in some accounts."""
        away = X - self._means.take(labels, axis=0)
        lengths = np.sqrt(np.einsum("ij,ij->i", away, away))
        self.distances += np.bincount(labels, lengths, minlength=len(self._means))

    def found(self) -> Sums:
        """Return the sums."""
        return {"distances": self.distances}

    def join(self, found: Sums) -> None:
        """Add other sums."""
        self.distances += found["distances"]


def move_centres(kmeans: KMeans, go_through: GoThrough) -> tuple[KMeans, tuple[float, ...]]:
    """Move the centres of a fitted k-means to where all accounts want them.

    Each pass gives every account to its nearest centre and moves the centres to the means [1]_.

    Parameters
    ----------
    kmeans : KMeans
        Fitted on a sample; stays as it is.
    go_through : callable
        See :data:`GoThrough`.

    Returns
    -------
    kmeans : KMeans
        With other centres.
    inertias : tuple of float
        Inertia before each pass.

    References
    ----------
    .. [1] Lloyd (1982), "Least squares quantization in PCM", IEEE Trans. Inf. Theory 28:129-137.

    Examples
    --------
    >>> start = KMeans(2, n_init=1, random_state=0).fit([[0.0], [10.0]])
    >>> blocks = [np.array([[0.0], [1.0]]), np.array([[9.0]])]
    >>> def go_through(one):
    ...     for X in blocks:
    ...         one.add(X, one.kmeans.predict(X))
    >>> moved, inertias = move_centres(start, go_through)
    >>> sorted(moved.cluster_centers_[:, 0].tolist()), inertias
    ([0.5, 9.0], (2.0, 0.5, 0.5))
    """
    inertias: list[float] = []
    while len(inertias) < MOST_PASSES:
        sums = ClusterPass(kmeans)
        go_through(sums)
        inertias.append(float(sums.squares.sum()))
        kmeans = with_centres(kmeans, sums.means)
        if len(inertias) > 1 and inertias[-2] - inertias[-1] <= LEAST_GAIN * inertias[-2]:
            break
    return kmeans, tuple(inertias)


def sum_passes(
    kmeans: KMeans, go_through: GoThrough, see: Callable[[np.ndarray], None] | None = None
) -> tuple[ClusterSums, np.ndarray]:
    """Add up the rows of each cluster, in two passes.

    Rows are added up as seen from their centre, near which their mean is: no digits are lost where
    features lie far from zero.

    Parameters
    ----------
    kmeans : KMeans
        Fitted.
    go_through : callable
        See :data:`GoThrough`.
    see : callable, optional
        Is given the labels of each block once.

    Returns
    -------
    ClusterSums
        As :func:`~tiktok_segments.clustering.fitted.sum_clusters` of all rows at once.
    ndarray of uint64 of shape (1,)
        As :func:`~tiktok_segments.clustering.fitted.sum_labels` returns it, where the rows come
        with their keys.
    """
    sums = ClusterPass(kmeans, see)
    go_through(sums)
    around = DistancePass(kmeans, sums.means)
    go_through(around)
    counts = np.maximum(sums.counts, 1)[:, None]
    clusters = ClusterSums(
        counts=sums.counts,
        sums=sums.means * sums.counts[:, None],
        scatter=sums.squares - sums.shifts**2 / counts,
        distances=around.distances,
    )
    return clusters, sums.labelled


def with_centres(kmeans: KMeans, centres: np.ndarray) -> KMeans:
    """Return a k-means with other centres; the one given stays as it is."""
    moved = copy(kmeans)
    moved.cluster_centers_ = np.ascontiguousarray(centres)
    return moved
