"""The best run of a sweep, and the reason for it in two sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from tiktok_segments.errors import InputError
from tiktok_segments.validation.conditions import Candidate, Thresholds
from tiktok_segments.validation.populations import (
    OtherBest,
    Population,
    ranked_populations,
    why_first,
)
from tiktok_segments.validation.spaces import Choice, Spaces, Verdict, spaces_of
from tiktok_segments.validation.structure_rule import choose_by_structure, with_conditions
from tiktok_segments.validation.textbook_rules import choose_by_elbow, choose_by_silhouette

REQUIRED = ("run_id", "features", "scaler", "k")


@dataclass(frozen=True)
class Decision:
    """What a rule made of a sweep.

    Attributes
    ----------
    rule : str
        `structure`, `silhouette` or `elbow`.
    verdict : str
        `separated`, `continuum` or `none`; `untested` from the two textbook rules, which cannot
        tell groups from a cloud.
    run_id, features, scaler : str
        The best run and its space.
    k : int
        Its number of segments.
    reason : str
        Two sentences for a reader without statistics.
    candidates : DataFrame
        The table given, in its order, with `chosen` and, under `structure`, one column of words
        for each condition: `structure_*` for separated segments, `partition_*` for a continuum.
    others : tuple of OtherBest
        The best runs on other accounts, where several populations were swept.
    """

    rule: str
    verdict: Verdict
    run_id: str
    features: str
    scaler: str
    k: int
    reason: str
    candidates: pd.DataFrame
    others: tuple[OtherBest, ...] = ()


def select(
    candidates: pd.DataFrame,
    rule: str = "structure",
    *,
    thresholds: Thresholds | None = None,
    partition_space: tuple[str, str] = ("core", "standard"),
    smallest_share: float = 0.0,
) -> Decision:
    """Choose the best run of a sweep.

    Parameters
    ----------
    candidates : DataFrame
        One row per run: `run_id`, `features`, `scaler`, `k`; for `structure` also `n_samples`,
        `admissible` (bool), `inadmissible_reason` (text), `log_space` (bool) and the figures of
        `KDiagnostics` (missing where not measured); for `silhouette` and `elbow` the column
        `silhouette` or `inertia`. `space` names the space of a run and `population` its
        accounts, where there are several; the order of the rows does not matter.
    rule : {"structure", "silhouette", "elbow"}, default "structure"
        The structure rule, or a textbook rule, which looks at one space only: its scores cannot
        be compared between spaces.
    thresholds : Thresholds, optional
        Bounds of the structure rule.
    partition_space : tuple of (features, scaler), default ("core", "standard")
        Where a continuum is partitioned, and where a textbook rule looks. If it was not swept, or
        is not admissible, the first admissible log space by name is taken.
    smallest_share : float, default 0
        A textbook rule passes over runs whose smallest segment holds less, where others do not.

    Returns
    -------
    Decision
        Runs on different accounts are not compared: the best run is that of the population with
        the most accounts, among those with an admissible run where there are any.

    Raises
    ------
    InputError
        If there is no candidate, a column is missing, or the rule is unknown.

    Examples
    --------
    >>> runs = pd.DataFrame({"run_id": ["a", "b"], "features": "core", "scaler": "standard",
    ...                      "k": [2, 3], "silhouette": [0.31, 0.42]})
    >>> select(runs, "silhouette").run_id
    'b'
    """
    needed: Mapping[str, tuple[str, ...]] = {
        "structure": ("n_samples", "admissible", "inadmissible_reason", "log_space"),
        "silhouette": ("silhouette",),
        "elbow": ("inertia",),
    }
    if rule not in needed:
        raise InputError(f"Unknown selection rule '{rule}': choose one of {', '.join(needed)}.")
    missing = [column for column in (*REQUIRED, *needed[rule]) if column not in candidates]
    if missing or candidates.empty:
        lack = f"lacks the columns {', '.join(missing)}" if missing else "has no rows"
        raise InputError(f"Cannot choose a run by the rule '{rule}': the table of runs {lack}.")
    bounds = thresholds or Thresholds()

    def choose(runs: Sequence[Candidate]) -> Choice:
        if rule == "structure":
            return choose_by_structure(spaces_of(runs), bounds, partition_space)
        spaces = spaces_of(_worth_a_look(runs, smallest_share))
        textbook = choose_by_silhouette if rule == "silhouette" else choose_by_elbow
        return textbook(spaces, partition_space)

    populations = ranked_populations(candidates)
    first, *others = [(population, choose(population.runs)) for population in populations]
    best = first[1].best
    if rule == "structure":
        candidates = with_conditions(candidates, _spaces_of_all(populations), bounds)
    return Decision(
        rule=rule,
        verdict=first[1].verdict,
        run_id=str(best["run_id"]),
        features=str(best["features"]),
        scaler=str(best["scaler"]),
        k=int(best["k"]),
        reason=" ".join(filter(None, [first[1].reason, why_first(populations)])),
        candidates=candidates.assign(chosen=candidates["run_id"] == best["run_id"]),
        others=tuple(OtherBest.of(population, choice) for population, choice in others),
    )


def _worth_a_look(runs: Sequence[Candidate], smallest_share: float) -> Sequence[Candidate]:
    """Leave out what no textbook score tells: inadmissible runs, then runs with tiny segments."""
    fit = [run for run in runs if run.get("admissible", True)] or runs
    return [run for run in fit if run.get("smallest_share", 1.0) >= smallest_share] or fit


def _spaces_of_all(populations: Sequence[Population]) -> Spaces:
    return spaces_of([run for population in populations for run in population.runs])
