"""The task of a run and its outcome: what goes into the computation, and what comes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tiktok_segments.validation.examination import StructureSettings
    from tiktok_segments.validation.results import KDiagnostics


@dataclass(frozen=True)
class SpaceSettings:
    """What makes a space of accounts: plain values, so that tasks can be compared and sent.

    Attributes
    ----------
    columns : tuple of (str, str)
        Canonical column and transform of each feature, in their order.
    scaler : dict
        Of a scikit-learn scaler: the group ``scaler.estimator`` of the configuration.
    """

    columns: tuple[tuple[str, str], ...]
    scaler: Mapping[str, Any] = field(hash=False)


@dataclass(frozen=True)
class RunTask:
    """What a run is to compute on its accounts: plain values, equal where the outcome is.

    Attributes
    ----------
    space : SpaceSettings
        Features and scaler.
    k, n_init, seed : int
        Of k-means.
    drawn : bool
        Whether a figure is wanted.
    structure : StructureSettings or None
        Of the diagnostics; None where the run is not examined by itself.
    proposals : StructureSettings or None
        Of the search for small groups that k-means starts at; None where it starts at random.
    """

    space: SpaceSettings
    k: int
    n_init: int
    seed: int
    drawn: bool
    structure: StructureSettings | None
    proposals: StructureSettings | None


@dataclass(frozen=True)
class Computed:
    """What came out of a run.

    Attributes
    ----------
    metrics : dict of str to float
        As :func:`~tiktok_segments.clustering.metrics.score_clusters` returns them, and
        ``silhouette_rows``; ``sample_rows``, which k-means started from; ``passes`` over all.
    counts : tuple of int
        Accounts of each cluster.
    medians : dict of str to tuple of float
        Median of each cluster by raw column, of the accounts whose silhouettes were taken.
    labels_sha256 : str
        As :func:`~tiktok_segments.clustering.fitted.digest_labels` returns it.
    model : bytes
        The fitted pipeline, in skops' format.
    unfit : str
        Why the space is not fit for k-means, empty where it is.
    init : str
        Where k-means started: ``k-means++``, or ``proposed`` for small groups, or ``rare`` for rare
        ones, too.
    picture : bytes
        The run's figure as the content of a PNG file; empty where none is wanted.
    diagnostics : KDiagnostics or None
        Of this k by itself, where they are wanted and there are accounts enough.
    rows_used : int
        Accounts that the diagnostics were computed on.
    inertias : tuple of float
        Inertia that each pass over all accounts found; none where k-means had them all.
    seconds : dict of str to float
        How long each part took, by its name.
    """

    metrics: dict[str, float]
    counts: tuple[int, ...]
    medians: dict[str, tuple[float, ...]]
    labels_sha256: str
    model: bytes
    unfit: str
    init: str
    picture: bytes
    diagnostics: KDiagnostics | None
    rows_used: int
    inertias: tuple[float, ...]
    seconds: dict[str, float]
