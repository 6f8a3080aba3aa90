"""Rare groups: so few of many accounts that a uniform sample hardly holds any of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.spatial import KDTree

from tiktok_segments.validation.candidates import LEAST_RATIO, LEAST_SEEN, stratum_size
from tiktok_segments.validation.null import UnimodalNull
from tiktok_segments.validation.small_groups.density_tree import DenseGroup, find_dense_groups
from tiktok_segments.validation.small_groups.proposals import LEAST_SPREAD, LEAST_Z

COVERED = 10
"""Nearest row of the uniform sample that says how well a place is seen in it."""


@dataclass(frozen=True)
class RareGroup:
    """A rare group that stands out of what data without groups show.

    Attributes
    ----------
    rows : ndarray of shape (n_rows,)
        Numbers of those of its rows that were looked at, rising.
    share : float
        Of all rows, about.
    z : float
        How many standard deviations its contrast lies above the largest ones in draws of data
        without groups.
    among : int
        So many of the first rows were looked at wherever they have few like them: of these no row
        of the group is missing.
    """

    rows: np.ndarray
    share: float
    z: float
    among: int


def find_rare_groups(
    X: np.ndarray,
    *,
    n_draws: int,
    max_rows: int,
    random_state: int,
    progress: Callable[[int, int], None] | None = None,
) -> list[RareGroup]:
    """Search the rows that a uniform sample has few like for small dense groups.

    The first rows are the uniform sample. Of all others those farthest from its tenth nearest row
    are a stratum, of which as many are searched: a group of 0.1 % that lies apart is whole in it,
    and 1 in 50 there. What the search finds is held against the same search, stratum and all, in
    draws of data without groups, as :func:`~.proposals.propose_groups` does.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        A scaled space, finite, its rows in an order that has nothing to do with the values.
    n_draws : int
        Draws of the reference, at least 2.
    max_rows : int
        Rows of the uniform sample, and of the stratum that are searched.
    random_state : int
        Seed of the draws.
    progress : callable, optional
        Called with the numbers of finished and of all draws.

    Returns
    -------
    list of RareGroup
        The one that stands out most first; none of fewer than ``4 * max_rows`` rows, of which a
        uniform sample shows enough.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(20_000, 2))
    >>> X[::500] = rng.normal(size=(40, 2)) * 0.2 + 8
    >>> [group] = find_rare_groups(X, n_draws=5, max_rows=1000, random_state=0)
    >>> bool((group.rows % 500 == 0).all()), round(group.share, 4)
    (True, 0.002)
    >>> X[::500] = rng.normal(size=(40, 2))
    >>> find_rare_groups(X, n_draws=5, max_rows=1000, random_state=0)
    []
    """
    if len(X) < LEAST_RATIO * max_rows:
        return []
    rows, weight, among = _least_covered(X, max_rows)
    groups = _large_enough(find_dense_groups(X[rows]))
    null = UnimodalNull.fit(X) if groups else None
    by_chance: list[float] = []
    seeds = np.random.SeedSequence(random_state).generate_state(n_draws).tolist()
    for number, seed in enumerate(seeds):
        if progress:
            progress(number, n_draws)
        if null is None or not groups:
            return []
        drawn = null.draw(np.random.default_rng(seed))
        found = _large_enough(find_dense_groups(drawn[_least_covered(drawn, max_rows)[0]]))
        by_chance.append(found[0].contrast if found else 0.0)
        groups = [group for group in groups if group.contrast > by_chance[-1]]
    mean, spread = float(np.mean(by_chance)), max(float(np.std(by_chance, ddof=1)), LEAST_SPREAD)
    rare = [
        RareGroup(
            rows=rows[group.rows],
            share=len(group.rows) * weight / len(X),
            z=(group.contrast - mean) / spread,
            among=among,
        )
        for group in groups
    ]
    return [group for group in rare if group.z >= LEAST_Z]


def _large_enough(groups: list[DenseGroup]) -> list[DenseGroup]:
    """Leave out a handful of rows, which chance brings together in some tail."""
    return [group for group in groups if len(group.rows) >= LEAST_SEEN]


def _least_covered(X: np.ndarray, max_rows: int) -> tuple[np.ndarray, float, int]:
    """Rows of places that the first rows cover least, how many each stands for, and among which."""
    distances, _ = KDTree(X[:max_rows]).query(X, k=[COVERED])
    wanted = stratum_size(len(X), max_rows)
    stratum = np.sort(np.argpartition(-distances[:, 0], wanted)[:wanted])
    among = int(stratum[max_rows]) if wanted > max_rows else len(X)
    return stratum[:max_rows], wanted / max_rows, among
