"""Rare groups of a space: the search for them, and the examination of models started there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from tiktok_segments.accounts.large.ranks import draw_ranks
from tiktok_segments.validation.results import SpaceDiagnostics
from tiktok_segments.validation.small_groups.larger_sample import LargerSample
from tiktok_segments.validation.small_groups.rare import find_rare_groups
from tiktok_segments.validation.small_groups.starts import Start

if TYPE_CHECKING:
    from tiktok_segments.validation.examination import StructureSettings


def search_larger_sample(
    X: np.ndarray,
    keys: np.ndarray,
    structure: StructureSettings,
    progress: Callable[[int, int], None] | None = None,
) -> LargerSample | None:
    """Search many accounts for groups too rare for the sample that is examined.

    Parameters
    ----------
    X : ndarray of shape (n_accounts, n_features)
        A scaled space.
    keys : ndarray of shape (n_accounts,)
        Of the accounts, by which they are drawn.
    structure : StructureSettings
        Of the search.
    progress : callable, optional
        Called with the numbers of finished and of all draws.

    Returns
    -------
    LargerSample or None
        None where there are too few accounts, or no search is wanted.
    """
    if not structure.seeks_rare_groups(len(keys)):
        return None
    # By the ranks of the draw: the first rows are those that are examined, in whatever order.
    order = np.argsort(draw_ranks(keys, structure.resampling_seed), kind="stable")
    ordered = X[order]
    groups = find_rare_groups(
        ordered,
        n_draws=structure.n_draws,
        max_rows=structure.max_rows,
        random_state=structure.resampling_seed,
        progress=progress,
    )
    return LargerSample.of(ordered, order, groups, structure.max_rows)


def with_rare_groups(
    found: SpaceDiagnostics,
    larger: LargerSample | None,
    predict: Callable[[int, LargerSample], np.ndarray],
    starts: Mapping[int, Start],
    structure: StructureSettings,
) -> SpaceDiagnostics:
    """Tell of rare groups, and examine models that started at them on the larger sample.

    Parameters
    ----------
    found : SpaceDiagnostics
        Of the usual sample.
    larger : LargerSample or None
        None where no rare groups were searched for.
    predict : callable
        Gives the clusters of a k on the larger sample.
    starts : mapping of int to Start
        Of the models that did not start at random, as the usual sample shows them.
    structure : StructureSettings
        How often, and from which seed.

    Returns
    -------
    SpaceDiagnostics
    """
    if larger is None:
        return found
    number, share = float(len(larger.groups)), float(sum(group.share for group in larger.groups))
    by_k = {}
    for k, figures in found.by_k.items():
        by_k[k] = replace(figures, rare_groups=number, rare_share=share)
        if k not in starts:
            continue
        labels = predict(k, larger)
        start = larger.recall_start(labels, starts[k])
        if start is not None:
            by_k[k] = larger.examine(
                by_k[k],
                labels,
                start,
                n_resamples=structure.n_resamples,
                n_splits=structure.n_splits,
                random_state=structure.resampling_seed,
            )
    return replace(found, by_k=by_k)
