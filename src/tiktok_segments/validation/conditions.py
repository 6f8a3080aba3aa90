"""Conditions that a number of clusters must meet, and how far a candidate is from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from tiktok_segments.validation.results import INIT, PROPOSED, RANDOM, RARE_START
from tiktok_segments.wording import beside

Candidate = Mapping[str, Any]

STABLE = "overlap of the least stable segment with itself on redrawn accounts"
SHARE = "share of the smallest segment"


@dataclass(frozen=True)
class Thresholds:
    """Bounds of the structure rule; every one is configuration.

    Attributes
    ----------
    gate_z : float
        The space's largest `gate_z` must reach this, or it has no separated segments.
    valley : float
        Largest density ratio between two separated segments.
    jaccard : float
        Smallest bootstrap Jaccard coefficient of a segment (Hennig 2007).
    smallest_size, smallest_share : float
        Accounts, and share of the accounts, in the smallest separated segment.
    proposed_share, rare_share : float
        Likewise where k-means started at small groups, which were held against data without any,
        or at groups too rare for a uniform sample, which are examined on a larger one.
    partition_max_k : int
        Most segments of a partition of a continuum.
    partition_jaccard, partition_ari, partition_split_half, partition_smallest_share : float
        What a partition of a continuum must reach to count as reproducible.
    """

    gate_z: float = 4.0
    valley: float = 0.80
    jaccard: float = 0.75
    smallest_size: float = 5
    smallest_share: float = 0.01
    proposed_share: float = 0.005
    rare_share: float = 0.0001
    partition_max_k: int = 7
    partition_jaccard: float = 0.75
    partition_ari: float = 0.80
    partition_split_half: float = 0.70
    partition_smallest_share: float = 0.05

    def least_share(self, init: str) -> float:
        """Return the share that the smallest separated segment must have, by where it started."""
        started = {PROPOSED: self.proposed_share, RARE_START: self.rare_share}
        return started.get(init, self.smallest_share)


@dataclass(frozen=True)
class Condition:
    """One bound on one figure of a candidate.

    Attributes
    ----------
    name : str
        Column of the outcome.
    meaning : str
        The condition as a reader knows it.
    figure : callable
        The candidate's figure; nan if it was not measured.
    bound : float
        What it is compared with.
    at_least : bool
        Whether the bound is a least or a largest allowed value.
    started_bounds : mapping of str to float
        The bounds where k-means did not start at random, as far as they are others.
    """

    name: str
    meaning: str
    figure: Callable[[Candidate], float]
    bound: float
    at_least: bool = True
    started_bounds: Mapping[str, float] = field(default_factory=dict)

    def passed(self, candidate: Candidate) -> bool:
        """Whether the candidate meets it; a figure not measured does not."""
        return self.shortfall(candidate) == 0.0

    def shortfall(self, candidate: Candidate) -> float:
        """How far the figure misses the bound: as a share of it, or as it is where that is 0."""
        figure = self.figure(candidate)
        if not np.isfinite(figure):
            return 1.0
        bound = self.bound_of(candidate)
        missing = bound - figure if self.at_least else figure - bound
        return max(missing, 0.0) / (abs(bound) or 1.0)

    def bound_of(self, candidate: Candidate) -> float:
        """What the candidate's figure is compared with."""
        return self.started_bounds.get(candidate.get(INIT, RANDOM), self.bound)

    def in_words(self, candidate: Candidate) -> str:
        """Outcome with the figure and the bound.

        Examples
        --------
        >>> valley = Condition("valley", "density valley", lambda c: c["valley"], 0.8, False)
        >>> valley.in_words({"valley": 1.0})
        'missed: 1 is above 0.80'
        """
        figure = self.figure(candidate)
        if not np.isfinite(figure):
            return "missed: not measured"
        passed = self.passed(candidate)
        sides = ("is below", "is at least") if self.at_least else ("is above", "is at most")
        bound = self.bound_of(candidate)
        found = f"{figure:.0f}" if figure == int(figure) else beside(figure, bound, 2)
        return f"{'passed' if passed else 'missed'}: {found} {sides[passed]} {_plain(bound)}"


def structure_conditions(thresholds: Thresholds) -> list[Condition]:
    """Conditions on separated segments, besides the gate, which is the whole space's."""
    t = thresholds
    started = {init: t.least_share(init) for init in (PROPOSED, RARE_START)}
    return [
        Condition("valley", "a density valley between every pair", _of("valley"), t.valley, False),
        Condition("stability", STABLE, _of("stability_min_jaccard"), t.jaccard),
        Condition("size", "accounts in the smallest segment", _smallest_size, t.smallest_size),
        Condition("share", SHARE, _of("smallest_share"), t.smallest_share, True, started),
    ]


def partition_conditions(thresholds: Thresholds) -> list[Condition]:
    """Conditions on a reproducible partition of a continuum."""
    t = thresholds
    return [
        Condition("k", "number of segments", _of("k"), t.partition_max_k, False),
        Condition("stability", STABLE, _of("stability_min_jaccard"), t.partition_jaccard),
        Condition("ari", "agreement on redrawn accounts", _of("stability_ari"), t.partition_ari),
        Condition(
            "split_half",
            "agreement of two halves",
            _of("split_half_ari"),
            t.partition_split_half,
        ),
        Condition("share", SHARE, _of("smallest_share"), t.partition_smallest_share),
    ]


def conditions_met(candidates: Sequence[Candidate], thresholds: Thresholds) -> pd.DataFrame:
    """Say of each candidate of one space which conditions it meets.

    Parameters
    ----------
    candidates : sequence of mapping
        One space's candidates, with the figures of `KDiagnostics` and `n_samples`.
    thresholds : Thresholds
        The rule's bounds.

    Returns
    -------
    DataFrame of bool of shape (n_candidates, n_conditions)
        ``structure_gate``, which is the whole space's, the other ``structure_*`` and the
        ``partition_*`` conditions.

    Examples
    --------
    >>> met = conditions_met([{"k": 2, "gate_z": 9.0, "valley": 0.9}], Thresholds())
    >>> met[["structure_gate", "structure_valley", "partition_k"]].values.tolist()
    [[True, False, True]]
    """
    named = {f"structure_{each.name}": each for each in structure_conditions(thresholds)}
    named |= {f"partition_{each.name}": each for each in partition_conditions(thresholds)}
    gate = {"structure_gate": passes_gate(candidates, thresholds)}
    return pd.DataFrame(
        [gate | {name: each.passed(c) for name, each in named.items()} for c in candidates]
    )


def passes(candidate: Candidate, conditions: Sequence[Condition]) -> bool:
    """Whether a candidate meets every condition."""
    return all(condition.passed(candidate) for condition in conditions)


def separated_k(candidates: Sequence[Candidate], thresholds: Thresholds) -> int:
    """Largest k of one space with separated segments, 1 if there is none.

    Parameters
    ----------
    candidates : sequence of mapping
        One space's candidates, with the figures of `KDiagnostics` and `n_samples`.
    thresholds : Thresholds
        The rule's bounds.

    Returns
    -------
    int

    Examples
    --------
    >>> figures = {"gate_z": 9.0, "stability_min_jaccard": 0.9, "smallest_share": 0.2}
    >>> sweep = [figures | {"k": k, "valley": v, "n_samples": 500} for k, v in [(2, 0.1), (3, 1)]]
    >>> separated_k(sweep, Thresholds())
    2
    """
    if not passes_gate(candidates, thresholds):
        return 1
    conditions = structure_conditions(thresholds)
    return max((int(c["k"]) for c in candidates if passes(c, conditions)), default=1)


def passes_gate(candidates: Sequence[Candidate], thresholds: Thresholds) -> bool:
    """Whether one space's silhouettes rise above those of data without groups."""
    return max_gate_z(candidates) >= thresholds.gate_z


def max_gate_z(candidates: Sequence[Candidate]) -> float:
    """Largest `gate_z` measured in a space; minus infinity if none was."""
    return max(figure_of(c, "gate_z", missing=float("-inf")) for c in candidates)


def figure_of(candidate: Candidate, column: str, *, missing: float = float("nan")) -> float:
    """Take a figure from a candidate, where None, nan and an absent column count as missing.

    Examples
    --------
    >>> figure_of({"valley": None}, "valley", missing=1.0)
    1.0
    """
    value = candidate.get(column)
    return missing if value is None or np.isnan(value) else float(value)


def _of(column: str) -> Callable[[Candidate], float]:
    return lambda candidate: figure_of(candidate, column)


def _smallest_size(candidate: Candidate) -> float:
    return float(np.rint(_of("smallest_share")(candidate) * _of("n_samples")(candidate)))


def _plain(bound: float) -> str:
    if bound == int(bound):
        return f"{bound:.0f}"
    return f"{bound:.2f}" if bound == round(bound, 2) else f"{bound:g}"
