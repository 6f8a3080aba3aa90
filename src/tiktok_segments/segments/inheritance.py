"""Names and ids over retrainings: which new segment is which old one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import linear_sum_assignment

from tiktok_segments.clustering.agreement import contingency
from tiktok_segments.segments.identity import SegmentIdentity, new_identities, new_segment_id
from tiktok_segments.segments.naming import SegmentName

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


@dataclass(frozen=True)
class Ancestors:
    """Segments of an earlier model, and which of them it gives each account of the new run.

    Attributes
    ----------
    version : str
        Version of the registered model.
    segments : tuple of SegmentIdentity
        Its segments.
    labels : ndarray of shape (n_accounts,) or None
        Its segment of each account; None where the run itself was promoted as that version, so
        that the segments are the same, cluster by cluster.
    """

    version: str
    segments: tuple[SegmentIdentity, ...]
    labels: np.ndarray | None


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


def inherit(
    heirs: Sequence[Heir],
    ancestors: Sequence[SegmentIdentity],
    fresh_names: Sequence[str],
    run_id: str,
) -> list[SegmentIdentity]:
    """Give every new segment its identity: the one it continues, or a name and id of its own.

    Parameters
    ----------
    heirs : sequence of Heir
        As :func:`find_heirs` returns them.
    ancestors : sequence of SegmentIdentity
        The old model's, by cluster.
    fresh_names : sequence of str
        What the rules call each new segment; unique.
    run_id : str
        The training run of the new model.

    Returns
    -------
    list of SegmentIdentity
        One per new cluster, the names unique. A fresh name that an heir already bears, or that
        belonged to an old segment that goes, is followed by ``(new)``, ``(new 2)``, ...

    Examples
    --------
    >>> heirs = [Heir(0, 0.9, "inherited"), Heir(None, 0.2, "split from Ours")]
    >>> found = inherit(heirs, [SegmentIdentity("seg_1", "Ours")], ["Small", "Ours"], "a")
    >>> [(segment.name, segment.origin) for segment in found]
    [('Ours', 'inherited'), ('Ours (new)', 'split from Ours')]
    """
    taken = {segment.name for segment in ancestors}
    identities = []
    for cluster, (heir, fresh) in enumerate(zip(heirs, fresh_names, strict=True)):
        if heir.old is not None:
            known = ancestors[heir.old]
            identities.append(SegmentIdentity(known.segment_id, known.name, heir.origin))
            continue
        name = _free_name(fresh, taken)
        taken.add(name)
        identities.append(SegmentIdentity(new_segment_id(run_id, cluster), name, heir.origin))
    return identities


def _free_name(name: str, taken: set[str]) -> str:
    free, number = name, 1
    while free in taken:
        free = f"{name} (new)" if number == 1 else f"{name} (new {number})"
        number += 1
    return free


def keep_names(
    run_id: str,
    fresh: Sequence[SegmentName],
    labels: np.ndarray,
    ancestors: Ancestors | None,
) -> tuple[list[SegmentName], list[SegmentIdentity]]:
    """Give segments the names and ids of those that they continue.

    Parameters
    ----------
    run_id : str
        The training run.
    fresh : sequence of SegmentName
        What the rules call its clusters.
    labels : ndarray of shape (n_accounts,)
        Cluster of each account.
    ancestors : Ancestors or None
        The earlier segments; None names all anew.

    Returns
    -------
    names : list of SegmentName
        An inherited one's evidence says from where, and how large the overlap is.
    identities : list of SegmentIdentity
        One per cluster.
    """
    words = [name.name for name in fresh]
    if ancestors is None:
        return list(fresh), new_identities(run_id, words)
    if ancestors.labels is None:
        own = list(ancestors.segments)
        return [
            replace(name, name=identity.name, evidence=_as_promoted(name, identity, ancestors))
            for name, identity in zip(fresh, own, strict=True)
        ], own
    old_names = [segment.name for segment in ancestors.segments]
    heirs = find_heirs(ancestors.labels, labels, old_names, len(words))
    identities = inherit(heirs, ancestors.segments, words, run_id)
    names = [
        replace(
            name,
            name=identity.name,
            evidence=f"name kept from version {ancestors.version} (overlap {heir.jaccard:.2f})"
            if heir.old is not None
            else f"{name.evidence} ({identity.origin})",
        )
        for name, identity, heir in zip(fresh, identities, heirs, strict=True)
    ]
    return names, identities


def _as_promoted(name: SegmentName, identity: SegmentIdentity, ancestors: Ancestors) -> str:
    if name.name == identity.name:
        return name.evidence
    return f"name of version {ancestors.version}; the rules say {name.name}"
