"""Starts of k-means at small groups, where it does better there than from random starts."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning

from tiktok_segments.clustering.agreement import adjusted_rand, contingency
from tiktok_segments.validation.conditions import Thresholds
from tiktok_segments.validation.results import PROPOSED
from tiktok_segments.validation.small_groups.proposals import SmallGroup
from tiktok_segments.validation.valley import valley_ratios

N_INIT = 10

KEPT = 0.5
"""Least overlap (Jaccard) of a small group with the cluster that k-means made of it."""


class HasRows(Protocol):
    """A group of some rows."""

    @property
    def rows(self) -> np.ndarray:
        """Their numbers."""
        ...


@dataclass(frozen=True, eq=False)
class Start:
    """Where k-means starts, instead of at random.

    Attributes
    ----------
    centres : ndarray of shape (k, n_features)
        The last ones are those of the small groups.
    z : float
        How far the small groups stand out of data without groups, the least of them.
    kind : {"proposed", "rare"}
        Whether a group among them is too rare for a uniform sample.
    """

    centres: np.ndarray
    z: float
    kind: str = PROPOSED


def choose_start(
    X: np.ndarray, labels: np.ndarray, k: int, groups: Sequence[SmallGroup], random_state: int
) -> Start | None:
    """Start k-means at small groups, where its clusters then are apart and otherwise are not.

    The other centres are those of k-means on the rows that are in no small group. All groups are
    tried, then all but the one that stands out least, and so on.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        A scaled space.
    labels : ndarray of shape (n_samples,)
        Clusters of k-means from random starts.
    k : int
        Number of clusters.
    groups : sequence of SmallGroup
        As :func:`~tiktok_segments.validation.small_groups.proposals.propose_groups` returns them.
    random_state : int
        Seed of k-means.

    Returns
    -------
    Start or None
        None where k-means is to start at random: no start at the groups keeps them as clusters
        with a valley between every two, or random starts lead to such clusters, too.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> X = np.concatenate([rng.normal(size=(300, 2)), rng.normal(size=(9, 2)) * 0.5 + 6])
    >>> halves = (X[:, 0] > 0).astype(int)
    >>> start = choose_start(X, halves, 2, [SmallGroup(np.arange(300, 309), z=9.0)], 0)
    >>> fit_from(X, start).labels_.sum(), start.z
    (np.int64(9), 9.0)
    """
    bound = Thresholds().valley
    if not groups or 4 * k > len(X):
        return None  # too few rows to examine so many clusters
    apart = widest_valley(X, labels) <= bound
    for n_groups in range(min(len(groups), k - 1), 0, -1):
        taken = groups[:n_groups]
        start = Start(_centres(X, taken, k, random_state), min(group.z for group in taken))
        found = fit_from(X, start).labels_
        if not are_kept(found, taken):
            continue
        # The same clusters by chance: resamples, too, are to start where they are.
        same = apart and adjusted_rand(contingency(labels, found)) == 1.0
        if same or (not apart and widest_valley(X, found) <= bound):
            return start
    return None


def recall_start(labels: np.ndarray, centres: np.ndarray, groups: Sequence[SmallGroup]) -> Start:
    """Return the start of a fitted k-means, of which its centres are known.

    Parameters
    ----------
    labels : ndarray of shape (n_samples,)
        Clusters that the fitted k-means gives the scaled space, or the sample of it that is
        examined.
    centres : ndarray of shape (k, n_features)
        Where it started.
    groups : sequence of SmallGroup
        Those of the same rows.

    Returns
    -------
    Start
        Its ``z`` is the least of the groups that are clusters; minus infinity where none is, as on
        the accounts of another export.
    """
    kept = [group.z for group in groups if are_kept(labels, [group])]
    return Start(centres, min(kept, default=-np.inf))


def fit_from(X: np.ndarray, start: Start) -> KMeans:
    """Fit k-means from a start; a cluster that loses all its rows gets others, or stays empty."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return KMeans(len(start.centres), init=start.centres, n_init=1).fit(X)


def _centres(X: np.ndarray, groups: Sequence[SmallGroup], k: int, random_state: int) -> np.ndarray:
    rest = np.ones(len(X), dtype=bool)
    for group in groups:
        rest[group.rows] = False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        others = KMeans(k - len(groups), n_init=N_INIT, random_state=random_state).fit(X[rest])
    means = [X[group.rows].mean(axis=0) for group in groups]
    return np.vstack([others.cluster_centers_, *means])


def are_kept(labels: np.ndarray, groups: Iterable[HasRows]) -> bool:
    """Whether each group is most of a cluster."""
    for group in groups:
        shared = np.bincount(labels[group.rows])
        cluster = int(shared.argmax())
        together = len(group.rows) + np.count_nonzero(labels == cluster) - shared[cluster]
        if shared[cluster] < KEPT * together:
            return False
    return True


def widest_valley(X: np.ndarray, labels: np.ndarray) -> float:
    """Return the largest density ratio over pairs of clusters; 1 means that some pair has none."""
    return float(np.nanmax(valley_ratios(X, labels), initial=0.0))
