"""Passes of k-means over all accounts, a block at a time: Lloyd's algorithm, and exact sums."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from copy import copy
from dataclasses import dataclass

import numpy as np
from sklearn.cluster import KMeans

from tiktok_segments.clustering.fitted import ClusterSums

LEAST_GAIN = 1e-4
"""Passes end with the first that lowers inertia by a smaller share of it."""

MOST_PASSES = 10

Blocks = Callable[[], Iterable[np.ndarray]]
"""Gives all accounts anew, as scaled features of shape (n_rows, n_features)."""


@dataclass
class _Sums:
    """What one pass adds up: each cluster's rows, as seen from its centre."""

    counts: np.ndarray
    shifts: np.ndarray
    squares: np.ndarray

    @classmethod
    def empty(cls, shape: tuple[int, ...]) -> _Sums:
        return cls(np.zeros(shape[0], dtype=np.int64), np.zeros(shape), np.zeros(shape))

    def add(self, away: np.ndarray, labels: np.ndarray) -> None:
        n_clusters = len(self.counts)
        self.counts += np.bincount(labels, minlength=n_clusters)
        self.shifts += _by_cluster(away, labels, n_clusters)
        self.squares += _by_cluster(away**2, labels, n_clusters)

    def means(self, centres: np.ndarray) -> np.ndarray:
        """The clusters' means; of an empty one the centre."""
        moved: np.ndarray = centres + self.shifts / np.maximum(self.counts, 1)[:, None]
        return moved


def move_centres(kmeans: KMeans, blocks: Blocks) -> tuple[KMeans, tuple[float, ...]]:
    """Move the centres of a fitted k-means to where all accounts want them.

    Each pass gives every account to its nearest centre and moves the centres to the means [1]_.

    Parameters
    ----------
    kmeans : KMeans
        Fitted on a sample; stays as it is.
    blocks : callable
        See :data:`Blocks`.

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
    >>> moved, inertias = move_centres(start, lambda: [np.array([[0.0], [1.0]]), np.array([[9.0]])])
    >>> sorted(moved.cluster_centers_[:, 0].tolist()), inertias
    ([0.5, 9.0], (2.0, 0.5, 0.5))
    """
    inertias: list[float] = []
    while len(inertias) < MOST_PASSES:
        sums = _Sums.empty(kmeans.cluster_centers_.shape)
        for _, away, labels in _assign(kmeans, blocks):
            sums.add(away, labels)
        inertias.append(float(sums.squares.sum()))
        kmeans = with_centres(kmeans, sums.means(kmeans.cluster_centers_))
        if len(inertias) > 1 and inertias[-2] - inertias[-1] <= LEAST_GAIN * inertias[-2]:
            break
    return kmeans, tuple(inertias)


def sum_passes(kmeans: KMeans, blocks: Blocks, see: Callable[[np.ndarray], None]) -> ClusterSums:
    """Add up the rows of each cluster, in two passes.

    Rows are added up as seen from their centre, near which their mean is: no digits are lost where
    features lie far from zero.

    Parameters
    ----------
    kmeans : KMeans
        Fitted.
    blocks : callable
        See :data:`Blocks`.
    see : callable
        Is given the labels of each block once.

    Returns
    -------
    ClusterSums
        As :func:`~tiktok_segments.clustering.fitted.sum_clusters` of all rows at once.
    """
    centres = kmeans.cluster_centers_
    sums = _Sums.empty(centres.shape)
    for _, away, labels in _assign(kmeans, blocks):
        sums.add(away, labels)
        see(labels)
    means = sums.means(centres)
    distances = np.zeros(len(centres))
    for X, _, labels in _assign(kmeans, blocks):
        lengths = np.linalg.norm(X - means[labels], axis=1)
        distances += np.bincount(labels, lengths, minlength=len(centres))
    counts = np.maximum(sums.counts, 1)[:, None]
    return ClusterSums(
        counts=sums.counts,
        sums=means * sums.counts[:, None],
        scatter=sums.squares - sums.shifts**2 / counts,
        distances=distances,
    )


def with_centres(kmeans: KMeans, centres: np.ndarray) -> KMeans:
    """Return a k-means with other centres; the one given stays as it is."""
    moved = copy(kmeans)
    moved.cluster_centers_ = np.ascontiguousarray(centres)
    return moved


def _assign(kmeans: KMeans, blocks: Blocks) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Give each block's rows, what they are away from their centres, and their clusters."""
    for X in blocks():
        labels = kmeans.predict(X)
        yield X, X - kmeans.cluster_centers_[labels], labels


def _by_cluster(values: np.ndarray, labels: np.ndarray, n_clusters: int) -> np.ndarray:
    """Sum the rows of each cluster, ndarray of shape (n_clusters, n_features)."""
    sums = [np.bincount(labels, column, minlength=n_clusters) for column in values.T]
    return np.stack(sums, axis=1)
