"""A sample in which rare groups show: k-means started at them, and what becomes of it there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from sklearn.cluster import KMeans

from tiktok_segments.clustering.agreement import adjusted_rand, contingency
from tiktok_segments.validation.conditions import Thresholds
from tiktok_segments.validation.redraws.halves import measure_halves
from tiktok_segments.validation.results import RARE_START, KDiagnostics
from tiktok_segments.validation.small_groups.proposals import SmallGroup
from tiktok_segments.validation.small_groups.rare import RareGroup
from tiktok_segments.validation.small_groups.starts import (
    N_INIT,
    Start,
    are_kept,
    choose_start,
    fit_from,
    widest_valley,
)
from tiktok_segments.validation.stability import bootstrap_stability, split_halves

ENOUGH = 50
"""Rows of the rarest group on which it is examined, where there are as many."""


@dataclass(frozen=True, eq=False)
class LargerSample:
    """A uniform sample, large enough for rare groups to show in it.

    Attributes
    ----------
    X : ndarray of shape (n_rows, n_features)
        Its accounts in a scaled space; the first ones are the sample that all else is examined on.
    rows : ndarray of shape (n_rows,)
        Where they are among all accounts.
    groups : list of RareGroup
        All their rows that are in the sample.
    first : int
        Rows of that other sample.
    """

    X: np.ndarray
    rows: np.ndarray
    groups: list[RareGroup]
    first: int

    @classmethod
    def of(
        cls, X: np.ndarray, rows: np.ndarray, groups: Sequence[RareGroup], first: int
    ) -> LargerSample:
        """Take as many rows as show the rarest group well.

        Parameters
        ----------
        X : ndarray of shape (n_samples, n_features)
            As :func:`~.rare.find_rare_groups` was given them.
        rows : ndarray of shape (n_samples,)
            Where they are among all accounts.
        groups : sequence of RareGroup
            What it found.
        first : int
            Rows of the uniform sample that it was told.

        Returns
        -------
        LargerSample

        Examples
        --------
        >>> group = RareGroup(np.array([40, 90, 700]), share=0.5, z=9.0, among=1000)
        >>> larger = LargerSample.of(np.zeros((2000, 2)), np.arange(2000), [group], first=50)
        >>> larger.X.shape, larger.groups[0].rows.tolist()
        ((100, 2), [40, 90])
        """
        wanted = [int(np.ceil(ENOUGH / group.share)) for group in groups]
        among = [group.among for group in groups]
        n_rows = max(first, min(max(wanted), min(among))) if groups else first
        within = [replace(group, rows=group.rows[group.rows < n_rows]) for group in groups]
        return cls(X[:n_rows], rows[:n_rows], [group for group in within if len(group.rows)], first)

    def choose_start(
        self,
        labels: np.ndarray,
        k: int,
        small: Sequence[SmallGroup],
        random_state: int,
    ) -> Start | None:
        """Start k-means at rare groups, too, where its clusters then are apart.

        The other centres are those of k-means, itself started at small groups where it does better
        there, on the first rows without the rare groups' own.

        Parameters
        ----------
        labels : ndarray of shape (n_rows,)
            Clusters of k-means as it is without rare groups.
        k : int
            Number of clusters.
        small : sequence of SmallGroup
            Their rows are where they are among all accounts; those in the first rows are used.
        random_state : int
            Seed of k-means.

        Returns
        -------
        Start or None
            None where no start at rare groups keeps them as clusters with a valley between every
            two, or k-means without them leads to other clusters that are apart. Of a continuum
            beside rare groups none is made: fewer than two other clusters are no start.
        """
        if not self.groups:
            return None
        bound = Thresholds().valley
        apart = widest_valley(self.X, labels) <= bound
        for n_groups in range(min(len(self.groups), k - 2), 0, -1):
            taken = self.groups[:n_groups]
            start = self._start(taken, k, small, random_state)
            found = fit_from(self.X, start).labels_
            if not are_kept(found, taken):
                continue
            same = apart and adjusted_rand(contingency(labels, found)) == 1.0
            if same or (not apart and widest_valley(self.X, found) <= bound):
                return start
        return None

    def recall_start(self, labels: np.ndarray, start: Start) -> Start | None:
        """Return the start of a fitted k-means, as :func:`~.starts.recall_start` does.

        Parameters
        ----------
        labels : ndarray of shape (n_rows,)
            Clusters of the fitted k-means.
        start : Start
            As the first rows show it; its ``z`` is finite where small groups of these are clusters.

        Returns
        -------
        Start or None
            None where none of the rare groups is a cluster.
        """
        kept = [group.z for group in self.groups if are_kept(labels, [group])]
        z = [*kept, *([start.z] if np.isfinite(start.z) else [])]
        return Start(start.centres, min(z), RARE_START) if kept else None

    def examine(
        self,
        figures: KDiagnostics,
        labels: np.ndarray,
        start: Start,
        *,
        n_resamples: int,
        n_splits: int,
        random_state: int,
    ) -> KDiagnostics:
        """Examine clusters from a start at rare groups.

        Parameters
        ----------
        figures : KDiagnostics
            Of the first rows, in which a rare group hardly shows.
        labels : ndarray of shape (n_rows,)
            Clusters, integers from 0.
        start : Start
            Where k-means started; resamples and halves do, too.
        n_resamples, n_splits : int
            Bootstrap resamples, and splits into halves.
        random_state : int
            Seed of both.

        Returns
        -------
        KDiagnostics
            With ``gate_z``, ``valley``, stability, shares and redraws of this sample.
        """
        X, k = self.X, figures.k
        boot_seed, split_seed = np.random.SeedSequence(random_state).generate_state(2).tolist()
        jaccard, ari = bootstrap_stability(
            X, labels, k, n_resamples=n_resamples, n_init=1, random_state=boot_seed,
            start=start.centres,
        )  # fmt: skip
        halves = split_halves(
            X, k, n_splits=n_splits, n_init=1, random_state=split_seed, start=start.centres
        )
        redraws = measure_halves(X, labels, k, halves)
        del redraws["silhouette"]
        sizes = np.bincount(labels, minlength=k)
        return replace(
            figures,
            gate_z=start.z,
            valley=widest_valley(X, labels),
            jaccard=jaccard,
            stability_min_jaccard=float(np.nan_to_num(jaccard).min()),
            stability_ari=ari,
            split_half_ari=float(redraws["split_half_ari"].mean()),
            smallest_share=float(sizes.min() / len(X)),
            smallest_size=int(sizes.min()),
            redraws=redraws | {"gate_z": np.full(n_splits, start.z)},
            larger_sample=len(X),
        )

    def _start(
        self, taken: Sequence[RareGroup], k: int, small: Sequence[SmallGroup], random_state: int
    ) -> Start:
        """Start at some rare groups, and where k-means is without them."""
        left = np.ones(self.first, dtype=bool)
        for group in taken:
            left[group.rows[group.rows < self.first]] = False
        rest, place = self.X[: self.first][left], np.cumsum(left) - 1
        others = KMeans(k - len(taken), n_init=N_INIT, random_state=random_state).fit(rest)
        seen = [np.flatnonzero(np.isin(self.rows[: self.first], group.rows)) for group in small]
        groups = [
            replace(group, rows=place[rows])
            for group, rows in zip(small, seen, strict=True)
            if len(rows) and left[rows].all()
        ]
        at = choose_start(rest, others.labels_, k - len(taken), groups, random_state)
        centres = others.cluster_centers_ if at is None else fit_from(rest, at).cluster_centers_
        means = [self.X[group.rows].mean(axis=0) for group in taken]
        z = min([group.z for group in taken] + ([] if at is None else [at.z]))
        return Start(np.vstack([centres, *means]), z, RARE_START)
