"""Separated groups in one scaled space: the verdict, their number, and every figure behind it."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning

from tiktok_segments.accounts.row_sample import account_keys, check_seed
from tiktok_segments.clustering.pipeline import cluster_order
from tiktok_segments.validation.conditions import Thresholds, conditions_met, separated_k
from tiktok_segments.validation.diagnostics import DATA_N_INIT
from tiktok_segments.validation.examination import StructureSettings, examine_clusters
from tiktok_segments.validation.matrix import check_ks, check_matrix
from tiktok_segments.validation.redraws import share_of_k
from tiktok_segments.validation.results import (
    INIT,
    RANDOM,
    RARE_START,
    REDRAWS,
    SpaceDiagnostics,
)
from tiktok_segments.validation.small_groups import (
    LargerSample,
    SmallGroup,
    Start,
    choose_start,
    fit_from,
    left_over,
    recall_start,
    search_larger_sample,
    with_rare_groups,
    with_small_groups,
)

FIGURES = (
    "gate_z", "valley", "stability_min_jaccard", "stability_ari", "split_half_ari",
    "smallest_share", "smallest_size", "silhouette", "inertia", "gap",
)  # fmt: skip
"""Columns of figures in an examination's table, in its order."""


@dataclass(frozen=True, eq=False)
class Examination:
    """What one scaled space holds.

    Attributes
    ----------
    verdict : {"separated", "none"}
        Whether there are groups with thinly populated borders that come back on other samples.
    k : int
        Their number; 1 where there are none.
    labels : ndarray of shape (n_samples,)
        The group of each row, from 0 to k - 1, in the order of the first column's medians.
    table : DataFrame of shape (n_ks, n_columns)
        A row per k in rising order: ``k``; the figures of
        :class:`~tiktok_segments.validation.results.KDiagnostics`, nan where there are fewer than
        four rows for each cluster; ``n_samples``; ``init``, which says where k-means started
        (``k-means++``; ``proposed``: at small groups; ``rare``: at groups that a uniform sample of
        so many rows hardly shows); and whether each condition was met, as
        bool:
        ``structure_gate`` (of the whole space), ``structure_valley``, ``structure_stability``,
        ``structure_size``, ``structure_share`` for separated groups; ``partition_k``,
        ``partition_stability``, ``partition_ari``, ``partition_split_half``, ``partition_share``
        for a reproducible cut of a continuum.
    certainty : float
        Share of the redraws of half of the rows with the same k, nan where no k was measured.
    diagnostics : SpaceDiagnostics or None
        The same figures with the stability of each cluster; None where no k was measured.
    small_groups : list of ndarray
        Rows of each small group, ten or more, that stands out of data without groups and that no
        group of ``labels`` is mostly made of, at most three. K-means loses those that lie near a
        large one.
    """

    verdict: Literal["separated", "none"]
    k: int
    labels: np.ndarray
    table: pd.DataFrame
    certainty: float
    diagnostics: SpaceDiagnostics | None
    small_groups: list[np.ndarray]

    @property
    def cut_k(self) -> int:
        """Largest k that cuts a continuum reproducibly, 1 where none does."""
        met = self.table.filter(like="partition_").all(axis="columns")
        return int(self.table["k"].where(met).max()) if met.any() else 1


def examine(
    X: np.ndarray | pd.DataFrame,
    ks: Iterable[int],
    random_state: int = 0,
    *,
    settings: StructureSettings | None = None,
    thresholds: Thresholds | None = None,
    n_jobs: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Examination:
    """Look for separated groups in one scaled space.

    The largest k counts whose clusters have a valley between every two of them, come back on
    bootstrap resamples, and are not tiny; none does unless the space's silhouettes rise above those
    of data with the same unimodal margins and correlations but without groups. From 20,000 rows on
    (four times ``settings.max_rows``) those that a sample has few like are searched for groups,
    too.

    Parameters
    ----------
    X : ndarray or DataFrame of shape (n_samples, n_features)
        Scaled features, finite numbers, at least three rows that are not all alike. Not changed.
    ks : iterable of int
        Numbers of clusters to try, each from 2 to the number of different rows.
    random_state : int, default 0
        Seed of k-means and of every draw, from 0 to 2**32 - 1.
    settings : StructureSettings, optional
        How thoroughly to look; its seed gives way to ``random_state``.
    thresholds : Thresholds, optional
        Bounds of the conditions.
    n_jobs : int, default 1
        Processes; -1 for one on each core.
    progress : callable, optional
        Called with the numbers of finished and of all tasks.

    Returns
    -------
    Examination
        The verdict, k, labels of all rows, and a table with a row per k.

    Raises
    ------
    InputError
        If X is not such a matrix, ``ks`` is empty, a k is out of range, or the seed is not a whole
        number. It is a ValueError.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(90, 2)) + 9 * np.repeat([[0, 0], [0, 1], [1, 0]], 30, axis=0)
    >>> found = examine(X, [2, 3, 4], settings=StructureSettings(n_resamples=9, n_splits=4))
    >>> found.verdict, found.k, np.bincount(found.labels).tolist()
    ('separated', 3, [30, 30, 30])
    >>> found.table[["k", "structure_gate", "structure_stability"]].values.tolist()
    [[2, True, True], [3, True, True], [4, True, False]]
    """
    X, seed = check_matrix(X), check_seed(random_state)
    settings = replace(settings or StructureSettings(), resampling_seed=seed)
    wanted, groups = check_ks(X, ks), settings.search(X)
    larger = search_larger_sample(X, account_keys(pd.DataFrame(X)), settings, progress)
    fitted = {k: _fit(X, k, groups, larger, seed) for k in wanted}
    labels = {k: clusters for k, (clusters, _) in fitted.items()}
    starts = {k: start for k, (_, start) in fitted.items() if start is not None}
    whole = {k: clusters for k, clusters in labels.items() if len(np.unique(clusters)) == k}
    found = examine_clusters(X, whole, settings, n_jobs, progress, starts)
    if found and settings.proposals:
        found = with_small_groups(found, whole, groups)
        found = with_rare_groups(found, larger, lambda k, at: whole[k][at.rows], starts, settings)
    rows = _rows(found, labels, starts)
    bounds = thresholds or Thresholds()
    k = separated_k(rows, bounds)
    redraws = found.by_k if found else {}
    redrawn = [row | {REDRAWS: redraws[row["k"]].redraws} for row in rows if row["k"] in redraws]
    table = pd.DataFrame(rows)
    chosen = labels[k] if k > 1 else np.zeros(len(X), dtype=np.intp)
    return Examination(
        verdict="separated" if k > 1 else "none",
        k=k,
        labels=chosen,
        table=pd.concat([table, conditions_met(rows, bounds)], axis="columns"),
        certainty=share_of_k(redrawn, bounds),
        diagnostics=found,
        small_groups=[group.rows for group in left_over(chosen, groups)],
    )


def _fit(
    X: np.ndarray, k: int, groups: Sequence[SmallGroup], larger: LargerSample | None, seed: int
) -> tuple[np.ndarray, Start | None]:
    """Cluster the rows as a run does, in an order that does not depend on the seed."""
    kmeans = KMeans(k, n_init=DATA_N_INIT, random_state=seed)
    with warnings.catch_warnings():
        # Rows that differ in their last digit only can leave it with fewer clusters than asked for.
        warnings.simplefilter("ignore", ConvergenceWarning)
        clusters = kmeans.fit_predict(X)
    start = larger and larger.choose_start(clusters[larger.rows], k, groups, seed)
    start = start or choose_start(X, clusters, k, groups, seed)
    if start is not None:
        clusters = fit_from(X, start).labels_
    if start is not None and start.kind == RARE_START:
        start = replace(start, z=recall_start(clusters, start.centres, groups).z)
    _, clusters = np.unique(clusters, return_inverse=True)
    return np.argsort(cluster_order(X[:, 0], clusters))[clusters], start


def _rows(
    found: SpaceDiagnostics | None,
    labels: Mapping[int, np.ndarray],
    starts: Mapping[int, Start],
) -> list[dict[str, Any]]:
    """Return the figures of each k, nan where they were not measured."""
    by_k = found.by_k if found else {}
    return [
        {"k": k}
        | {name: getattr(by_k.get(k), name, np.nan) for name in FIGURES}
        | {"n_samples": len(clusters), INIT: starts[k].kind if k in starts else RANDOM}
        for k, clusters in sorted(labels.items())
    ]
