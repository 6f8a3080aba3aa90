"""Recovery of planted groups, small ones above all: rules for k beside what others would use."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from sklearn.cluster import HDBSCAN, KMeans
from sklearn.metrics import adjusted_rand_score
from sklearn.mixture import GaussianMixture

from tiktok_segments.benchmarks.known_k import KS, OWN_RULE, summarise_rules
from tiktok_segments.benchmarks.known_sets import (
    NOISE,
    STRUCTURELESS,
    KnownSet,
    structureless_set,
)
from tiktok_segments.benchmarks.small_group_sets import small_group_set, small_groups
from tiktok_segments.validation.examination import StructureSettings
from tiktok_segments.validation.separation import examine

EXAMINED = StructureSettings(n_splits=1)
"""No condition on separated segments looks at halves."""

NEAREST = 4.0
"""Pooled standard deviations: closer small groups are not asked for."""

FOUND = 0.5
"""Least overlap (Jaccard) of a small group with a cluster, to count as found."""

WITHOUT = "structure without proposals"
TOLD = "structure, with the groups it tells of"
"""The same segments; a small group that is none of them counts as found where its rows are told."""

SIZES = {"small_20": (20, np.inf), "small_10": (10, 20), "small_5": (5, 10)}
"""Columns of the share of small groups found, and the rows of such a group: from, and below."""


@dataclass(frozen=True)
class SetPlan:
    """How a set is drawn: with groups, or of a kind without.

    Attributes
    ----------
    seed : int
        Of the draw and of every rule.
    kind : str
        A key of ``STRUCTURELESS``; empty for a set with groups.
    largest : int
        Most rows.
    """

    seed: int
    kind: str
    largest: int

    def draw(self) -> KnownSet:
        """Draw it."""
        if not self.kind:
            return small_group_set(self.seed, self.largest)
        rng = np.random.default_rng(self.seed)
        n_samples = int(np.exp(rng.uniform(np.log(300), np.log(self.largest))))
        return structureless_set(self.kind, self.seed, n_samples=n_samples)


def plan_sets(
    seeds: Sequence[int], n_sets: int, n_structureless: int, largest: int
) -> list[SetPlan]:
    """Plan sets: those of a seed are its number times 1,000 and the numbers after it.

    Examples
    --------
    >>> [(plan.seed, plan.kind) for plan in plan_sets([7], 2, 2, 5000)]
    [(7000, ''), (7001, ''), (7500, 'gaussian'), (7501, 'correlated')]
    """
    kinds = list(STRUCTURELESS)
    plans = []
    for seed in seeds:
        plans += [SetPlan(1000 * seed + i, "", largest) for i in range(n_sets)]
        plans += [
            SetPlan(1000 * seed + 500 + i, kinds[i % len(kinds)], largest)
            for i in range(n_structureless)
        ]
    return plans


def compare_recovery(
    plans: Sequence[SetPlan],
    progress: Callable[[int, int], None] | None = None,
    n_jobs: int = 1,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Score rules for k on sets with small groups at any distance, and on sets without groups.

    Parameters
    ----------
    plans : sequence of SetPlan
        The sets.
    progress : callable, optional
        Called with the numbers of finished and of all sets.
    n_jobs : int, default 1
        Sets at a time, as joblib counts: -1 is one for each core. No figure depends on it.

    Returns
    -------
    per_set : DataFrame
        One row for each set and rule: ``seed``, ``set``, ``rows``, ``true_k``, ``rule``, ``k``,
        ``ari``, and for small groups at least four pooled standard deviations from the nearest
        group, by their rows, how many there are (``small_20`` for 20 rows or more, ``small_10``,
        ``small_5``) and how many were found (``..._found``).
    table : DataFrame
        As :func:`summarise_recovery` returns it.
    """
    rows = []
    scored = Parallel(n_jobs, return_as="generator")(map(delayed(_score), plans))
    for done, of_set in enumerate(scored, start=1):
        rows += of_set
        if progress is not None:
            progress(done, len(plans))
    per_set = pd.DataFrame(rows)
    return per_set, summarise_recovery(per_set)


def summarise_recovery(per_set: pd.DataFrame) -> pd.DataFrame:
    """Sum up each rule: as other rules for k, and the share of the small groups that it found.

    Parameters
    ----------
    per_set : DataFrame
        As :func:`compare_recovery` returns it.

    Returns
    -------
    DataFrame of shape (n_rules, n_columns)
        Without the mean error of k; the share is nan where there is no such group.
    """
    table = summarise_rules(per_set).drop(columns="mean_abs_error_k")
    sums = per_set.groupby("rule", sort=False).sum(numeric_only=True)
    found = {name: sums[f"{name}_found"] / sums[name].replace(0, np.nan) for name in SIZES}
    return table.assign(**found)


def _score(plan: SetPlan) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    known = plan.draw()
    grouped = known.truth != NOISE
    planted = [group for group in small_groups(known) if group.distance >= NEAREST]
    for rule, (labels, told) in _clusterings(known.X, plan.seed).items():
        row: dict[str, object] = {
            "seed": plan.seed, "set": known.name, "rows": len(known.X), "true_k": known.true_k,
            "rule": rule, "k": max(len(np.unique(labels[labels != NOISE])), 1),
            "ari": adjusted_rand_score(known.truth[grouped], labels[grouped]),
        }  # fmt: skip
        for name, (least, below) in SIZES.items():
            of_size = [group for group in planted if least <= group.rows.sum() < below]
            row[name] = len(of_size)
            row[f"{name}_found"] = sum(_is_found(group.rows, labels, told) for group in of_size)
        rows.append(row)
    return rows


def _is_found(rows: np.ndarray, labels: np.ndarray, told: Sequence[np.ndarray]) -> bool:
    clusters = [labels == label for label in np.unique(labels[rows]) if label != NOISE]
    clusters += [np.isin(np.arange(len(rows)), group) for group in told]
    overlaps = [(rows & cluster).sum() / (rows | cluster).sum() for cluster in clusters]
    return max(overlaps, default=0.0) >= FOUND


def _clusterings(X: np.ndarray, seed: int) -> Mapping[str, tuple[np.ndarray, Sequence[np.ndarray]]]:
    """The clusters of each rule, and groups beside them; no rule knows how many there are."""
    settings = replace(EXAMINED, resampling_seed=seed)
    without = examine(X, KS, seed, settings=replace(settings, proposals=False))
    # Without a group to propose both are the same.
    own = examine(X, KS, seed, settings=settings) if settings.search(X) else without
    return {
        OWN_RULE: (own.labels, ()),
        TOLD: (own.labels, own.small_groups),
        WITHOUT: (without.labels, ()),
        "HDBSCAN, 1 % of the rows": (_hdbscan(X, 0.01), ()),
        "HDBSCAN, 5 % of the rows": (_hdbscan(X, 0.05), ()),
        "Gaussian mixture by BIC": (_mixture(X, seed), ()),
        "k-means by BIC": (_bic_kmeans(X, seed), ()),
    }


def _hdbscan(X: np.ndarray, share: float) -> np.ndarray:
    labels = HDBSCAN(min_cluster_size=max(5, int(share * len(X))), copy=True).fit_predict(X)
    return np.asarray(labels)


def _mixture(X: np.ndarray, seed: int) -> np.ndarray:
    """Clusters of the mixture, with full covariances, of the lowest BIC (Schwarz 1978)."""
    fits = [
        GaussianMixture(k, n_init=2, reg_covar=1e-4, random_state=seed).fit(X)
        for k in range(1, KS[-1] + 1)
    ]
    return np.asarray(min(fits, key=lambda fit: fit.bic(X)).predict(X))


def _bic_kmeans(X: np.ndarray, seed: int) -> np.ndarray:
    """Clusters of k-means, as round groups of one variance, by BIC (Pelleg & Moore 2000)."""
    n, d = X.shape
    best: tuple[float, np.ndarray] = (np.inf, np.zeros(n, dtype=int))
    for k in range(1, KS[-1] + 1):
        fit = KMeans(k, n_init=10, random_state=seed).fit(X)
        sizes = np.bincount(fit.labels_, minlength=k)
        variance = fit.inertia_ / (d * (n - k))
        likelihood = (sizes * np.log(sizes / n)).sum() - n * d / 2 * np.log(2 * np.pi * variance)
        bic = -2 * (likelihood - d * (n - k) / 2) + (k * (d + 1)) * np.log(n)
        best = min(best, (float(bic), fit.labels_), key=lambda entry: entry[0])
    return best[1]
