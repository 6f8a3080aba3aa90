"""Proposals: small groups that stand out of what data without groups show."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from tiktok_segments.validation.matrix import canonical_sample
from tiktok_segments.validation.null import UnimodalNull
from tiktok_segments.validation.small_groups.density_tree import DenseGroup, find_dense_groups
from tiktok_segments.validation.small_groups.extension import extend_groups
from tiktok_segments.validation.small_groups.mixed_groups import find_mixed_groups

LEAST_Z = 4.0
"""As much as the structure gate asks of a space."""

LEAST_SPREAD = 0.05
"""Of the draws' contrasts: in many dimensions most draws have no dense group at all."""

SEARCHES: tuple[tuple[Callable[[np.ndarray], list[DenseGroup]], float], ...] = (
    (find_dense_groups, LEAST_SPREAD),
    (find_mixed_groups, 0.3),
)
"""How small groups are searched for, and the least spread of the draws' contrasts of each."""

MOST_GROUPS = 3
"""Groups proposed at once: they cost a start of k-means each."""


@dataclass(frozen=True, eq=False)
class SmallGroup:
    """A small group, proposed as a cluster.

    Attributes
    ----------
    rows : ndarray of shape (n_rows,)
        Numbers of its rows.
    z : float
        How many standard deviations its contrast lies above the largest ones in draws of data
        without groups.
    """

    rows: np.ndarray
    z: float


def propose_groups(
    X: np.ndarray, *, n_draws: int, max_rows: int, random_state: int
) -> list[SmallGroup]:
    """Search for small groups, and keep those that the same search does not find by chance.

    Two searches are made: for places where rows lie close together
    (:func:`~.density_tree.find_dense_groups`), and beside the large groups for others of a shape of
    their own (:func:`~.mixed_groups.find_mixed_groups`), which in many dimensions are close
    together in some directions only. The reference of each is that of the structure gate: draws
    with the margins and correlations of the data, but without groups. A group is kept if its
    contrast is above the largest of every draw, and by at least four standard deviations of these
    more than their mean.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        A scaled space, finite.
    n_draws : int
        Draws of the reference, at least 2.
    max_rows : int
        Above this the search is on a seeded sample of so many rows, and a group that it finds is
        given the others that are like it (:func:`~.extension.extend_groups`).
    random_state : int
        Seed of the sample and of the draws.

    Returns
    -------
    list of SmallGroup
        At most three without common rows, those that lie close together first, and of each search
        the one that stands out most. They do not depend on the order of rows or columns.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> X = np.concatenate([rng.normal(size=(300, 2)), rng.normal(size=(9, 2)) * 0.5 + 9])
    >>> [group.rows.tolist() for group in propose_groups(
    ...     X, n_draws=10, max_rows=5000, random_state=0)]
    [[300, 301, 302, 303, 304, 305, 306, 307, 308]]
    >>> propose_groups(X[:300], n_draws=10, max_rows=5000, random_state=0)
    []
    """
    sample_stream, draw_stream = np.random.SeedSequence(random_state).spawn(2)
    rows, columns = canonical_sample(X, max_rows, int(sample_stream.generate_state(1)[0]))
    sample = np.ascontiguousarray(X[rows][:, columns])
    seeds = draw_stream.generate_state(n_draws).tolist()
    proposed: list[SmallGroup] = []
    for find, least_spread in SEARCHES:
        for group in _standing_out(sample, find, least_spread, seeds):
            if not any(np.intersect1d(group.rows, other.rows).size for other in proposed):
                proposed.append(group)
    proposed = proposed[:MOST_GROUPS]
    whole = extend_groups(X[:, columns], rows, [group.rows for group in proposed])
    return [replace(group, rows=found) for group, found in zip(proposed, whole, strict=True)]


def _standing_out(
    X: np.ndarray,
    find: Callable[[np.ndarray], list[DenseGroup]],
    least_spread: float,
    seeds: list[int],
) -> Iterator[SmallGroup]:
    """Groups of one search that stand out of what it finds in draws without groups."""
    groups = [group for group in find(X) if group.contrast >= LEAST_Z * least_spread]
    null = UnimodalNull.fit(X) if groups else None
    by_chance: list[float] = []
    for seed in seeds:
        if null is None or not groups:
            return
        found = find(null.draw(np.random.default_rng(seed)))
        by_chance.append(found[0].contrast if found else 0.0)
        groups = [group for group in groups if group.contrast > by_chance[-1]]
    mean, spread = np.mean(by_chance), max(float(np.std(by_chance, ddof=1)), least_spread)
    for group in groups:
        z = float((group.contrast - mean) / spread)
        if z >= LEAST_Z:
            yield SmallGroup(group.rows, z)
