"""Heirs: which segment of a new model continues which one of the model before."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from tiktok_segments.clustering.agreement import contingency

MATCHED_JACCARD = 0.5
"""Overlap from which two segments are one: above a half no segment has two such partners."""


@dataclass(frozen=True)
class Heir:
    """What a new segment takes over.

    Attributes
    ----------
    old : int or None
        The old cluster that it continues; None where it continues none.
    jaccard : float
        Overlap with it, or with the old cluster most like it: 0 to 1.
    origin : str
        ``inherited``, ``new``, ``merged from ...`` or ``split from ...``, with the old names.
    """

    old: int | None
    jaccard: float
    origin: str


def jaccard_matrix(shared: np.ndarray) -> np.ndarray:
    """Return the Jaccard coefficient of every old with every new segment.

    Parameters
    ----------
    shared : ndarray of shape (n_old, n_new)
        Accounts in common.

    Returns
    -------
    ndarray of shape (n_old, n_new)
        Shared accounts over those in either: 0 to 1; 0 where both are empty.

    Examples
    --------
    >>> jaccard_matrix(np.array([[2, 0], [1, 1]])).tolist()
    [[0.6666666666666666, 0.0], [0.25, 0.5]]
    """
    either = shared.sum(axis=1, keepdims=True) + shared.sum(axis=0, keepdims=True) - shared
    return np.divide(shared, either, out=np.zeros(shared.shape), where=either > 0)


def find_heirs(
    old_labels: np.ndarray, new_labels: np.ndarray, old_names: Sequence[str], n_new: int
) -> list[Heir]:
    """Match new segments to old ones by the accounts that both models assign.

    One to one, by the assignment with the largest sum of Jaccard coefficients (Kuhn 1955, Nav.
    Res. Logist. Q. 2:83, "the Hungarian method"); a pair counts from :data:`MATCHED_JACCARD` up.

    Parameters
    ----------
    old_labels, new_labels : ndarray of shape (n_accounts,)
        Cluster of each account by the old and by the new model.
    old_names : sequence of str
        Name of each old cluster.
    n_new : int
        Number of new clusters.

    Returns
    -------
    list of Heir
        One per new cluster.

    Examples
    --------
    >>> old, new = np.array([0, 0, 0, 1, 1, 1]), np.array([1, 1, 1, 0, 0, 2])
    >>> [(heir.old, heir.origin) for heir in find_heirs(old, new, ["Small", "Large"], 3)]
    [(1, 'inherited'), (0, 'inherited'), (None, 'split from Large')]
    """
    shared = np.zeros((len(old_names), n_new))
    found = contingency(old_labels, new_labels)
    shared[: found.shape[0], : found.shape[1]] = found
    jaccard = jaccard_matrix(shared)
    partners = {
        int(new): int(old)
        for old, new in zip(*linear_sum_assignment(jaccard, maximize=True), strict=True)
        if jaccard[old, new] >= MATCHED_JACCARD
    }
    return [
        Heir(partners[new], float(jaccard[partners[new], new]), "inherited")
        if new in partners
        else Heir(None, float(jaccard[:, new].max()), _origin(shared, new, old_names))
        for new in range(n_new)
    ]


def _origin(shared: np.ndarray, new: int, old_names: Sequence[str]) -> str:
    """Say where an unmatched segment's accounts were before."""
    sizes = shared.sum(axis=1)
    swallowed = [
        name
        for name, size, part in zip(old_names, sizes, shared[:, new], strict=True)
        if size and part / size > 0.5
    ]
    if len(swallowed) > 1:
        return f"merged from {', '.join(swallowed[:-1])} and {swallowed[-1]}"
    accounts = shared[:, new].sum()
    if accounts and shared[:, new].max() / accounts > 0.5:
        return f"split from {old_names[int(shared[:, new].argmax())]}"
    return "new"
