"""Figures of the diagnostics of a space for each k, and what a run logs of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

import numpy as np

from tiktok_segments.language import ENGLISH, Language, message

LOGGED = (
    "gate_z", "gap", "valley", "stability_min_jaccard", "stability_ari", "split_half_ari",
    "null_silhouette_mean", "null_silhouette_sd",
)  # fmt: skip
"""Diagnostics that a run logs as metrics, beside ``jaccard.<cluster>``."""

REDRAWS = "redraws"
"""Column of a candidate: its figures on halves of the accounts, for the certainty of a verdict."""

CERTAINTY = "certainty"
"""Metric: share of the redraws of half of the accounts in which verdict and k came back."""

RARE = ("rare_groups", "rare_share")
"""Metrics of many accounts: groups that a uniform sample hardly holds, and the share of them all.
No conditions either."""

SMALL = ("small_groups", "small_accounts")
"""Metrics: small groups that stand out and are no cluster, and the accounts in them. Likewise."""

INIT, RANDOM, PROPOSED, RARE_START = "init", "k-means++", "proposed", "rare"
"""Param, and column of a candidate, that says where k-means started: at random, at small groups
that were proposed, or at groups too rare for a uniform sample, too."""

ROWS_USED = "structure_rows"
"""Metric: accounts that the diagnostics were computed on. No condition, in spite of its name."""


MEANINGS: Mapping[str, str] = {
    "rows": message("accounts that were clustered"),
    "inertia": message("summed squared distances to the centres (lower is closer)"),
    "inertia_ratio": message("inertia as a share of that of a single cluster"),
    "silhouette": message("mean silhouette, -1 to 1 (higher is clearer)"),
    "calinski_harabasz": message("Calinski-Harabasz score (higher is clearer)"),
    "davies_bouldin": message("Davies-Bouldin score (lower is clearer)"),
    "smallest_share": message("share of the accounts in the smallest cluster"),
    "gate_z": message("standard deviations of the silhouette above data without groups"),
    "gap": message("gap statistic against data without groups"),
    "valley": message(
        "density between the closest two clusters, of that at their sides; 1: no gap"
    ),
    "stability_min_jaccard": message(
        "overlap of the least stable cluster with itself on redrawn accounts"
    ),
    "stability_ari": message("agreement with the clusters of redrawn accounts, 1: the same"),
    "split_half_ari": message("agreement of the clusters of two halves, 1: the same"),
    "null_silhouette_mean": message("silhouette of data without groups"),
    "null_silhouette_sd": message("standard deviation of the silhouette of data without groups"),
    "small_groups": message("small groups that stand apart and are no cluster"),
    "small_accounts": message("accounts in such small groups"),
    "rare_groups": message("groups too rare for a uniform sample"),
    "rare_share": message("share of the accounts in such rare groups"),
    "structure_rows": message("accounts on which structure was examined"),
    "silhouette_rows": message("accounts that the silhouette is of"),
    "sample_rows": message("accounts in memory"),
    "passes": message("passes over all accounts of a stream"),
    "jaccard": message("overlap of cluster {cluster} with itself on redrawn accounts"),
    "certainty": message("share of redraws of half of the accounts with the same verdict and k"),
}
"""What each metric of a run is, by its name; of ``jaccard`` there is one for each cluster."""


def meaning_of(metric: str, language: Language = ENGLISH) -> str:
    """Return what a metric of a run is; empty for one that has no words.

    Examples
    --------
    >>> meaning_of("jaccard.2"), meaning_of("seconds.fit")
    ('overlap of cluster 2 with itself on redrawn accounts', '')
    """
    name, _, cluster = metric.partition(".")
    return language.say(MEANINGS[name], cluster=cluster) if name in MEANINGS else ""


@dataclass(frozen=True)
class KDiagnostics:
    """What is known of the clusters of one k in one space.

    Attributes
    ----------
    k : int
        Number of clusters.
    inertia : float
        Summed squared distances to the centres, of the rows used.
    silhouette : float
        Mean silhouette of the rows used, -1 to 1.
    null_silhouette_mean, null_silhouette_sd : float
        The same over the draws of the structureless reference.
    gate_z : float
        How many null standard deviations the silhouette lies above the null's mean; nan where the
        draws do not vary. Where k-means started at small groups, how far these stand out of the
        same search in draws: a small group hardly moves the silhouette of the others.
    gap : float
        Mean over draws of log inertia, less the data's own (the gap statistic, here against the
        unimodal reference).
    valley : float
        Largest density ratio over pairs of clusters; 1 means that some pair has no valley.
    jaccard : ndarray of shape (k,)
        Bootstrap stability of each cluster, in the order of the labels, 0 to 1; nan for a cluster
        that no resample reached.
    stability_min_jaccard : float
        Its smallest, with nan as 0.
    stability_ari : float
        Mean adjusted Rand index with the bootstrap's clusters.
    split_half_ari : float
        Mean adjusted Rand index between the clusters of two halves.
    smallest_share : float
        Share of the rows given in the smallest cluster.
    smallest_size : int
        Rows given that are in the smallest cluster.
    redraws : mapping of str to ndarray of shape (n_splits,)
        ``gate_z``, ``valley``, ``stability_min_jaccard``, ``stability_ari``, ``split_half_ari`` and
        ``smallest_share`` on half of the rows, by the name of the figure.
    rare_groups, rare_share : float
        Number and share of groups that lie apart, too rare for the rows used; nan where all rows
        were used, or they are nearly all. The same for every k.
    small_groups, small_accounts : float
        Number of the small groups of ten rows or more that stand out of data without groups and
        that no cluster is mostly made of, and of their rows, among those used; nan where none were
        searched for.
    larger_sample : int
        Rows of the larger sample that valley, stability and shares are of, where k-means started at
        rare groups; else 0.
    """

    k: int
    inertia: float
    silhouette: float
    null_silhouette_mean: float
    null_silhouette_sd: float
    gate_z: float
    gap: float
    valley: float
    jaccard: np.ndarray
    stability_min_jaccard: float
    stability_ari: float
    split_half_ari: float
    smallest_share: float
    smallest_size: int
    redraws: Mapping[str, np.ndarray] = field(default_factory=dict)
    rare_groups: float = float("nan")
    rare_share: float = float("nan")
    small_groups: float = float("nan")
    small_accounts: float = float("nan")
    larger_sample: int = 0


@dataclass(frozen=True)
class SpaceDiagnostics:
    """Diagnostics of one space.

    Attributes
    ----------
    by_k : dict of int to KDiagnostics
        In rising order of k.
    n_samples : int
        Rows given.
    rows_used : int
        Rows the diagnostics were computed on.
    """

    by_k: dict[int, KDiagnostics]
    n_samples: int
    rows_used: int

    def rows(self) -> list[dict[str, object]]:
        """One plain mapping per k, with `n_samples` and `rows_used`, ready for a table."""
        sizes: dict[str, object] = {"n_samples": self.n_samples, "rows_used": self.rows_used}
        return [asdict(diagnostics) | sizes for diagnostics in self.by_k.values()]


def diagnostic_metrics(diagnostics: KDiagnostics, rows_used: int) -> dict[str, float]:
    """Return what a run logs of its diagnostics: the metrics that are there, by name."""
    metrics = {key: float(getattr(diagnostics, key)) for key in (*LOGGED, *RARE, *SMALL)}
    metrics |= {f"jaccard.{i}": float(value) for i, value in enumerate(diagnostics.jaccard)}
    metrics[ROWS_USED] = float(diagnostics.larger_sample or rows_used)
    return {key: value for key, value in metrics.items() if np.isfinite(value)}
