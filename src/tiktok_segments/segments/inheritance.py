"""Names and ids over retrainings: which new segment is which old one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count

import numpy as np

from tiktok_segments.segments.heirs import Heir, find_heirs
from tiktok_segments.segments.identity import SegmentIdentity, new_identities, new_segment_id
from tiktok_segments.segments.naming import SegmentName, numbered
from tiktok_segments.segments.tiers import TIER_PREFIX
from tiktok_segments.wording import whole_percent


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


def inherit(
    heirs: Sequence[Heir],
    ancestors: Sequence[SegmentIdentity],
    fresh: Sequence[SegmentName],
    run_id: str,
) -> list[SegmentIdentity]:
    """Give every new segment its identity: the one it continues, or a name and id of its own.

    Parameters
    ----------
    heirs : sequence of Heir
        As :func:`find_heirs` returns them.
    ancestors : sequence of SegmentIdentity
        The old model's, by cluster.
    fresh : sequence of SegmentName
        What the rules call each new segment; unique.
    run_id : str
        The training run of the new model.

    Returns
    -------
    list of SegmentIdentity
        One per new cluster, the names unique. An heir keeps its id; its name, too, unless the
        rules had made it and what it says is no longer true of the segment. Where the name that
        the rules give is that of an heir, or was that of an old segment, a new segment is told
        apart by ``(new)``, ``(new 2)``, ..., and an heir by its tier, else by a number.

    Examples
    --------
    >>> heirs = [Heir(0, 0.9, "inherited"), Heir(None, 0.2, "split from Ours")]
    >>> fresh = [SegmentName("Small", "Nano", ""), SegmentName("Ours", "Nano", "")]
    >>> found = inherit(heirs, [SegmentIdentity("seg_1", "Ours")], fresh, "a")
    >>> [(segment.name, segment.origin) for segment in found]
    [('Ours', 'inherited'), ('Ours (new)', 'split from Ours')]
    """
    taken = {segment.name for segment in ancestors}
    identities = []
    for cluster, (heir, rules) in enumerate(zip(heirs, fresh, strict=True)):
        if heir.old is None:
            own = SegmentIdentity(new_segment_id(run_id, cluster), rules.name, heir.origin)
        else:
            own = replace(ancestors[heir.old], origin=heir.origin, formerly="")
            if own.claims is None or rules.bears(own.claims):
                identities.append(own)
                continue
            own = replace(own, formerly=own.name)
        wanted = _names_of_new(rules) if heir.old is None else _names_of_heir(rules)
        name = next(name for name in wanted if name not in taken)
        taken.add(name)
        with_tier = name == f"{rules.tier} {rules.name}"
        claims = {**rules.claims, "tier": rules.tier} if with_tier else rules.claims
        identities.append(replace(own, name=name, claims=claims))
    return identities


def _names_of_new(rules: SegmentName) -> Iterator[str]:
    """Yield what a segment that continues none may be called, best first."""
    yield rules.name
    yield f"{rules.name} (new)"
    yield from (f"{rules.name} (new {number})" for number in count(2))


def _names_of_heir(rules: SegmentName) -> Iterator[str]:
    """Yield what a segment that continues an old one under another name may be called."""
    yield rules.name
    in_tier = rules.facts.get(f"{TIER_PREFIX}{rules.tier}", 0.0)
    if in_tier >= rules.claims["share"] and not rules.name.startswith(f"{rules.tier} "):
        yield f"{rules.tier} {rules.name}"
    yield from (numbered(rules.name, place) for place in count(1))


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
        return list(fresh), new_identities(run_id, words, [name.claims for name in fresh])
    if ancestors.labels is None:
        own = list(ancestors.segments)
        return [
            replace(name, name=identity.name, evidence=_as_promoted(name, identity, ancestors))
            for name, identity in zip(fresh, own, strict=True)
        ], own
    old_names = [segment.name for segment in ancestors.segments]
    heirs = find_heirs(ancestors.labels, labels, old_names, len(words))
    identities = inherit(heirs, ancestors.segments, fresh, run_id)
    names = [
        replace(
            name,
            name=identity.name,
            evidence=_inherited_evidence(name, identity, heir, ancestors.version),
        )
        for name, identity, heir in zip(fresh, identities, heirs, strict=True)
    ]
    return names, identities


def _inherited_evidence(
    name: SegmentName, identity: SegmentIdentity, heir: Heir, version: str
) -> str:
    """Say why a segment that was compared with earlier ones is called what it is called."""
    if heir.old is None:
        return f"{name.evidence} ({identity.origin})"
    same = f"{whole_percent(heir.jaccard)} of the accounts in either are in both"
    if identity.formerly:
        return (
            f"{name.evidence}; until version {version} it was called {identity.formerly}, which "
            f"its accounts no longer are ({same})"
        )
    return f"name kept from version {version} ({same})"


def _as_promoted(name: SegmentName, identity: SegmentIdentity, ancestors: Ancestors) -> str:
    if identity.formerly:
        before = f"before version {ancestors.version} it was called {identity.formerly}"
        return f"{name.evidence}; {before}"
    if name.name == identity.name:
        return name.evidence
    return f"name of version {ancestors.version}; the rules say {name.name}"
