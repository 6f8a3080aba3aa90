"""The best run of a sweep, and the reason for it in two sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from tiktok_segments.conditions import Thresholds
from tiktok_segments.errors import InputError
from tiktok_segments.spaces import Space, Verdict, spaces_of
from tiktok_segments.structure_rule import choose_by_structure, with_conditions
from tiktok_segments.textbook_rules import choose_by_elbow, choose_by_silhouette

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
    """

    rule: str
    verdict: Verdict
    run_id: str
    features: str
    scaler: str
    k: int
    reason: str
    candidates: pd.DataFrame


def select(
    candidates: pd.DataFrame,
    rule: str = "structure",
    *,
    thresholds: Thresholds | None = None,
    partition_space: Space = ("core", "standard"),
) -> Decision:
    """Choose the best run of a sweep.

    Parameters
    ----------
    candidates : DataFrame
        One row per run: `run_id`, `features`, `scaler`, `k`; for `structure` also `n_samples`,
        `admissible` (bool), `inadmissible_reason` (text), `log_space` (bool) and the figures of
        `KDiagnostics` (missing where not measured); for `silhouette` and `elbow` the column
        `silhouette` or `inertia`. Spaces are taken in the order of their first rows.
    rule : {"structure", "silhouette", "elbow"}, default "structure"
        The structure rule, or a textbook rule, which looks at the first space only: its scores
        cannot be compared between spaces.
    thresholds : Thresholds, optional
        Bounds of the structure rule.
    partition_space : tuple of (features, scaler), default ("core", "standard")
        Where a continuum is partitioned. If it was not swept, or is not admissible, the first
        admissible log space is.

    Returns
    -------
    Decision

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
    spaces = spaces_of(candidates)
    if rule == "structure":
        bounds = thresholds or Thresholds()
        choice = choose_by_structure(spaces, bounds, partition_space)
        candidates = with_conditions(candidates, spaces, bounds)
    else:
        choice = (choose_by_silhouette if rule == "silhouette" else choose_by_elbow)(spaces)
    return Decision(
        rule=rule,
        verdict=choice.verdict,
        run_id=str(choice.best["run_id"]),
        features=str(choice.best["features"]),
        scaler=str(choice.best["scaler"]),
        k=int(choice.best["k"]),
        reason=choice.reason,
        candidates=candidates.assign(chosen=candidates["run_id"] == choice.best["run_id"]),
    )
