"""The diagnostics of a space, by the settings of the configuration."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tiktok_segments.validation.diagnostics import diagnose
from tiktok_segments.validation.results import SpaceDiagnostics


@dataclass(frozen=True)
class StructureSettings:
    """Settings of the diagnostics, with the defaults of ``conf/structure/full.yaml``.

    Attributes
    ----------
    n_draws, n_resamples, n_splits : int
        Draws of the null, bootstrap resamples, splits into halves.
    n_init : int
        Starts of k-means in each of them.
    max_rows : int
        Above this many accounts the diagnostics are those of a sample.
    resampling_seed : int
        Seed of all draws.
    """

    n_draws: int = 20
    n_resamples: int = 40
    n_splits: int = 20
    n_init: int = 8
    max_rows: int = 5000
    resampling_seed: int = 0


def examine_clusters(
    X: np.ndarray,
    labels_by_k: dict[int, np.ndarray],
    structure: StructureSettings,
    n_jobs: int,
    progress: Callable[[int, int], None] | None = None,
) -> SpaceDiagnostics | None:
    """Diagnose the clusterings of one space, leaving out those with too few accounts a cluster.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        The scaled space.
    labels_by_k : dict of int to ndarray of shape (n_samples,)
        Clusters of each k.
    structure : StructureSettings
        How often, and from which seed.
    n_jobs : int
        Processes.
    progress : callable, optional
        Called with the numbers of finished and of all tasks.

    Returns
    -------
    SpaceDiagnostics or None
        None where no k has four accounts to a cluster.
    """
    rows_used = min(len(X), structure.max_rows)
    enough = {k: labels for k, labels in labels_by_k.items() if 4 * k <= rows_used}
    if not enough:
        return None
    return diagnose(
        np.ascontiguousarray(X),  # sums in another order would differ in the last digit
        enough,
        random_state=structure.resampling_seed,
        n_draws=structure.n_draws,
        n_resamples=structure.n_resamples,
        n_splits=structure.n_splits,
        n_init=structure.n_init,
        max_rows=structure.max_rows,
        labels_by_k=enough,
        n_jobs=n_jobs,
        progress=progress,
    )
