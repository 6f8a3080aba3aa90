"""Samples with small groups at any distance: harder and wider than the planted ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.preprocessing import StandardScaler

from tiktok_segments.benchmarks.known_sets import (
    NOISE,
    SEPARATION,
    KnownSet,
    add_noise,
    draw_groups,
    group_root,
    separated_centres,
)

SMALL_SHARES = (0.005, 0.02)
"""Of the rows, in a small group."""

FEWEST_ROWS = 500
LEAST_ROWS = 5
MOST_FEATURES = 16


@dataclass(frozen=True, eq=False)
class PlantedGroup:
    """A small group of a sample.

    Attributes
    ----------
    rows : ndarray of bool of shape (n_samples,)
        Which rows are in it.
    distance : float
        To the nearest other group's mean, in pooled standard deviations on the line between them.
    """

    rows: np.ndarray
    distance: float


def small_group_set(seed: int, largest: int = 20_000) -> KnownSet:
    """Draw 1 to 5 large groups in 2 to 16 dimensions, with up to two small ones among them.

    A small group has 0.5 to 2 % of the rows, at least five, and lies no farther out than another:
    the nearest two groups of any size are 2 to 5 apart, in units of the sum of their standard
    deviations on the line between them. Two sets in five have none; in a quarter 3 % of the rows
    are noise. Groups are correlated and t-tailed.

    Parameters
    ----------
    seed : int
        Seed of the draw.
    largest : int, default 20000
        Most rows; from 500 on each size is as likely as its double.

    Returns
    -------
    KnownSet

    Examples
    --------
    >>> drawn = small_group_set(3, largest=600)
    >>> drawn.true_k, len(small_groups(drawn))
    (2, 0)
    """
    rng = np.random.default_rng(seed)
    n_small = int(rng.choice(3, p=[0.4, 0.45, 0.15]))
    noisy = rng.random() < 0.25
    n_large = int(rng.integers(1 if n_small else 2, 6))
    n_features = int(rng.integers(2, MOST_FEATURES + 1))
    n_samples = int(np.exp(rng.uniform(np.log(FEWEST_ROWS), np.log(largest))))
    large = 0.5 / n_large + 0.5 * rng.dirichlet(np.full(n_large, 2.0))
    small = rng.uniform(*SMALL_SHARES, n_small)
    shares = np.concatenate([small, large * (1 - small.sum())])
    sizes = np.maximum(np.rint(shares * n_samples).astype(int), LEAST_ROWS)
    truth = np.repeat(np.arange(len(shares)), sizes)
    roots = [group_root(rng, n_features) for _ in shares]
    centres = separated_centres(rng, roots, rng.uniform(*SEPARATION), False)
    X = draw_groups(rng, centres, roots, truth)
    if noisy:
        add_noise(rng, X, truth)
    name = f"{n_large} large, {n_small} small" + (", noise" if noisy else "")
    return KnownSet(name, StandardScaler().fit_transform(X), truth)


def small_groups(known: KnownSet) -> list[PlantedGroup]:
    """Return the groups of a sample that have less than 3 % of its rows.

    Parameters
    ----------
    known : KnownSet
        With its truth.

    Returns
    -------
    list of PlantedGroup
    """
    groups = [known.truth == group for group in np.unique(known.truth[known.truth != NOISE])]
    return [
        PlantedGroup(
            one,
            min(_distance(known.X[one], known.X[other]) for other in groups if other is not one),
        )
        for one in groups
        if one.mean() < 0.03 and len(groups) > 1
    ]


def _distance(one: np.ndarray, other: np.ndarray) -> float:
    line = other.mean(axis=0) - one.mean(axis=0)
    length = float(np.linalg.norm(line))
    variances = [(rows @ line / length).var(ddof=1) for rows in (one, other)]
    return length / float(np.sqrt(np.mean(variances)))
