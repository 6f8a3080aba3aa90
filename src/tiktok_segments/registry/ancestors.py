"""Whose names and ids a run's segments keep: those it was promoted under, or the champion's."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tiktok_segments.accounts.dataset import Dataset
from tiktok_segments.registry import versions
from tiktok_segments.segments.identity import SegmentIdentity, new_identities
from tiktok_segments.segments.inheritance import find_heirs, inherit
from tiktok_segments.segments.naming import SegmentName
from tiktok_segments.tracking import history


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


def find_ancestors(run_id: str, dataset: Dataset) -> Ancestors | None:
    """Return whose names and ids a run's segments keep.

    Parameters
    ----------
    run_id : str
        The training run.
    dataset : Dataset
        Its accounts.

    Returns
    -------
    Ancestors or None
        The champion where the run made it; else the newest version that the run was promoted as;
        else the champion of another run. None where there is none, it reads columns that these
        accounts lack, or it was fitted on synthetic accounts and the run on real ones.

    Raises
    ------
    InputError
        If that model was changed since it was promoted.
    """
    version = versions.champion()
    own = history.model_versions(run_id)
    if own and (version is None or version.run_id != run_id):
        version = versions.get_version(own[0])
    if version is None:
        return None
    model = versions.load_version(version)
    if own:
        return Ancestors(str(version.version), model.segments, None)
    if not set(model.columns) <= set(dataset.frame.columns):
        return None
    if model.facts["synthetic"] and not dataset.synthetic:
        return None
    return Ancestors(str(version.version), model.segments, model.assign(dataset.frame))


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
