"""Small groups that k-means leaves over: those that no cluster is mostly made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from tiktok_segments.validation.results import SpaceDiagnostics
from tiktok_segments.validation.small_groups.proposals import SmallGroup
from tiktok_segments.validation.small_groups.starts import are_kept

LEAST_TOLD = 10
"""Rows of a group that is told: the few of a thin tail can stand out by chance, too, and there is
no valley, stability or size of a cluster to ask."""


def left_over(labels: np.ndarray, groups: Sequence[SmallGroup]) -> list[SmallGroup]:
    """Return the small groups of ten rows or more that no cluster is mostly made of.

    Border accounts of a large group are nearer to a small one's centre than to their own, so that
    k-means loses a group that lies near, although it stands out.

    Parameters
    ----------
    labels : ndarray of shape (n_samples,)
        Cluster of each row.
    groups : sequence of SmallGroup
        Of the same rows.

    Returns
    -------
    list of SmallGroup
        In their order.

    Examples
    --------
    >>> groups = [SmallGroup(np.arange(12), z=9.0), SmallGroup(np.arange(20, 30), z=5.0)]
    >>> labels = np.repeat([0, 1], [15, 85])
    >>> [(group.rows[0], group.rows[-1]) for group in left_over(labels, groups)]
    [(np.int64(20), np.int64(29))]
    """
    return [
        group for group in groups if len(group.rows) >= LEAST_TOLD and not are_kept(labels, [group])
    ]


def with_small_groups(
    found: SpaceDiagnostics, labels_by_k: Mapping[int, np.ndarray], groups: Sequence[SmallGroup]
) -> SpaceDiagnostics:
    """Tell of the small groups that are left over, for each k.

    Parameters
    ----------
    found : SpaceDiagnostics
        Of the rows that were searched.
    labels_by_k : mapping of int to ndarray of shape (n_samples,)
        Clusters of each k.
    groups : sequence of SmallGroup
        What was found in them.

    Returns
    -------
    SpaceDiagnostics
    """
    by_k = {}
    for k, figures in found.by_k.items():
        left = left_over(labels_by_k[k], groups)
        accounts = sum(len(group.rows) for group in left)
        by_k[k] = replace(figures, small_groups=float(len(left)), small_accounts=float(accounts))
    return replace(found, by_k=by_k)
