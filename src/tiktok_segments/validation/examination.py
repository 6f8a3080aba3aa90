"""Examination of clusterings: the diagnostics of a space, by the settings of a configuration."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from tiktok_segments.accounts.row_sample import Accounts, draw_rows
from tiktok_segments.validation.candidates import LEAST_RATIO
from tiktok_segments.validation.results import SpaceDiagnostics
from tiktok_segments.wording import SWITCH

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

    from tiktok_segments.validation.small_groups import LargerSample, SmallGroup, Start


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
    proposals : bool
        Whether small groups are searched for, and given to k-means as starts.
    """

    n_draws: int = 20
    n_resamples: int = 40
    n_splits: int = 20
    n_init: int = 8
    max_rows: int = 5000
    resampling_seed: int = 0
    proposals: bool = True

    def search(self, X: np.ndarray) -> list[SmallGroup]:
        """Search a scaled space, ndarray of shape (n_samples, n_features), for small groups."""
        from tiktok_segments.validation.small_groups import propose_groups  # imports scikit-learn

        if not self.proposals:
            return []
        return propose_groups(
            X, n_draws=self.n_draws, max_rows=self.max_rows, random_state=self.resampling_seed
        )

    def seeks_rare_groups(self, n_accounts: int) -> bool:
        """Whether so many accounts are searched for groups too rare for the sample of them."""
        return self.proposals and n_accounts >= LEAST_RATIO * self.max_rows


def read_structure(structure: Mapping[str, Any]) -> StructureSettings:
    """Read the settings of the diagnostics from the group ``structure`` of a configuration.

    Parameters
    ----------
    structure : mapping
        With a value for each setting; what it lacks, as the choice ``off`` does, is the default.

    Returns
    -------
    StructureSettings
        Whole numbers.

    Examples
    --------
    >>> read_structure({"name": "quick", "n_draws": 5}).n_draws, read_structure({"name": "off"})
    (5, StructureSettings(n_draws=20, n_resamples=40, n_splits=20, n_init=8, max_rows=5000, \
resampling_seed=0, proposals=True))
    """
    names = [field.name for field in fields(StructureSettings) if field.name != "proposals"]
    numbers = {name: int(structure[name]) for name in names if name in structure}
    return StructureSettings(**numbers, proposals=is_on(structure.get("proposals", "on")))


def is_on(value: object) -> bool:
    """Read a switch, which is a text on the command line and may be true or false in a file.

    Examples
    --------
    >>> is_on("on"), is_on(True), is_on("off")
    (True, True, False)
    """
    return SWITCH[str(value).lower()]


def examine_models(
    pipelines: Mapping[int, Pipeline],
    accounts: Accounts,
    structure: StructureSettings,
    n_jobs: int,
    progress: Callable[[int, int], None] | None = None,
    larger: LargerSample | None = None,
) -> SpaceDiagnostics | None:
    """Diagnose fitted models of one space, on a sample of the accounts where there are many.

    Above ``structure.max_rows`` accounts only those of the sample are scaled and labelled. It
    depends on the accounts and on ``structure.resampling_seed`` alone, so that a model has the
    same figures by itself and among the others of its sweep.

    Parameters
    ----------
    pipelines : mapping of int to Pipeline
        Fitted, alike but for their last step, a k-means; by its number of clusters.
    accounts : Accounts
        What they were fitted on.
    structure : StructureSettings
        How often, on how many accounts, and from which seed.
    n_jobs : int
        Processes.
    progress : callable, optional
        Called with the numbers of finished and of all tasks.
    larger : LargerSample, optional
        As :func:`~tiktok_segments.validation.small_groups.search_larger_sample` finds it for these
        accounts, where that is known.

    Returns
    -------
    SpaceDiagnostics or None
        None where no k has four accounts to a cluster.
    """
    from tiktok_segments.validation.small_groups import (  # imports scikit-learn
        recall_start,
        search_larger_sample,
        with_rare_groups,
        with_small_groups,
    )

    rows = draw_rows(accounts.keys, structure.resampling_seed, structure.max_rows)
    first = next(iter(pipelines.values()))
    X = np.asarray(first[:-1].transform(accounts.frame.iloc[rows]))
    labels = {k: np.asarray(pipeline[-1].predict(X)) for k, pipeline in pipelines.items()}
    given = {k: pipeline[-1].init for k, pipeline in pipelines.items()}
    centres = {k: init for k, init in given.items() if not isinstance(init, str)}
    groups = structure.search(X)
    starts = {k: recall_start(labels[k], init, groups) for k, init in centres.items()}
    found = examine_clusters(X, labels, structure, n_jobs, progress, starts)
    if found and structure.proposals:
        found = with_small_groups(found, labels, groups)
    if found and larger is None and structure.seeks_rare_groups(len(accounts.keys)):
        X = np.asarray(first[:-1].transform(accounts.frame))
        larger = search_larger_sample(X, accounts.keys, structure, progress)
    return found and with_rare_groups(
        found,
        larger,
        lambda k, sample: np.asarray(pipelines[k][-1].predict(sample.X)),
        starts,
        structure,
    )


def examine_clusters(
    X: np.ndarray,
    labels_by_k: dict[int, np.ndarray],
    structure: StructureSettings,
    n_jobs: int,
    progress: Callable[[int, int], None] | None = None,
    starts: Mapping[int, Start] | None = None,
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
    starts : mapping of int to Start, optional
        Where k-means started at small groups.

    Returns
    -------
    SpaceDiagnostics or None
        None where no k has four accounts to a cluster.
    """
    from tiktok_segments.validation.diagnostics import diagnose  # imports scikit-learn

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
        starts_by_k=starts,
        n_jobs=n_jobs,
        progress=progress,
    )
