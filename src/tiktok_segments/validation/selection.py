"""The best run of a sweep, and the reason for it in two sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from tiktok_segments.errors import InputError
from tiktok_segments.validation.conditions import Candidate, Thresholds
from tiktok_segments.validation.redraws import choose_surely
from tiktok_segments.validation.spaces import (
    Choice,
    Population,
    Spaces,
    Verdict,
    ranked_populations,
    space_of,
    spaces_of,
)
from tiktok_segments.validation.structure_rule import with_conditions
from tiktok_segments.validation.textbook_rules import choose_by_elbow, choose_by_silhouette

REQUIRED = ("run_id", "features", "scaler", "k")

LONE_SPACE: Mapping[str, str | bool] = {
    "features": "X", "scaler": "", "space": "X",
    "admissible": True, "inadmissible_reason": "", "log_space": True,
}  # fmt: skip
"""What stands for the columns that the table of a single examined matrix does not have."""


@dataclass(frozen=True)
class OtherBest:
    """The best run on accounts that are not those of the sweep's best run.

    Attributes
    ----------
    population : str
        Name of its accounts.
    population_id : str
        Their digest, empty where it is not known.
    n_accounts : int
        Number of its accounts.
    verdict : str
        Verdict on its population.
    run_id : str
        The run.
    k : int
        Its number of segments.
    space : str
        Its space, as a sentence names it.
    """

    population: str
    population_id: str
    n_accounts: int
    verdict: Verdict
    run_id: str
    k: int
    space: str

    @classmethod
    def of(cls, population: Population, choice: Choice) -> OtherBest:
        """Take it from what a rule chose in a population."""
        return cls(
            population=population.name,
            population_id=str(choice.best.get("population_id", "")),
            n_accounts=population.n_accounts,
            verdict=choice.verdict,
            run_id=str(choice.best["run_id"]),
            k=int(choice.best["k"]),
            space=str(space_of(choice.best)),
        )

    def in_words(self) -> str:
        """Say it in a line.

        Examples
        --------
        >>> OtherBest("iqr", "", 683, "none", "4f", 3, "core (standard scaler, iqr)").in_words()
        '683 accounts (iqr): verdict none, k = 3 on core (standard scaler, iqr), run 4f'
        """
        return (
            f"{self.n_accounts:,} accounts ({self.population}): verdict {self.verdict}, "
            f"k = {self.k} on {self.space}, run {self.run_id}"
        )


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
    certainty : float
        Share of the redraws in which verdict and k came back; nan where nothing was redrawn.
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
    certainty: float = float("nan")


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
        accounts, where there are several; the order of the rows does not matter. Or the table
        of an :func:`~tiktok_segments.validation.separation.examine`, which has none of the first
        three columns: its space is then called X, and its rows ``k=2``, ``k=3``, ...
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

    >>> select(pd.DataFrame({"k": [2, 3], "silhouette": [0.31, 0.42]}), "silhouette").run_id
    'k=3'
    """
    needed: Mapping[str, tuple[str, ...]] = {
        "structure": ("n_samples", "admissible", "inadmissible_reason", "log_space"),
        "silhouette": ("silhouette",),
        "elbow": ("inertia",),
    }
    if rule not in needed:
        raise InputError(f"Unknown selection rule '{rule}': choose one of {', '.join(needed)}.")
    if "k" in candidates and not any(name in candidates for name in REQUIRED[:3]):
        candidates = _name_rows(candidates)
        partition_space = (str(LONE_SPACE["features"]), str(LONE_SPACE["scaler"]))
    missing = [column for column in (*REQUIRED, *needed[rule]) if column not in candidates]
    if missing or candidates.empty:
        lack = f"lacks the columns {', '.join(missing)}" if missing else "has no rows"
        raise InputError(f"Cannot choose a run by the rule '{rule}': the table of runs {lack}.")
    bounds = thresholds or Thresholds()

    def choose(runs: Sequence[Candidate]) -> Choice:
        if rule == "structure":
            return choose_surely(spaces_of(runs), bounds, partition_space)
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
        reason=" ".join(filter(None, [first[1].reason, _why_first(populations)])),
        candidates=candidates.assign(chosen=candidates["run_id"] == best["run_id"]),
        certainty=first[1].certainty,
        others=tuple(OtherBest.of(population, choice) for population, choice in others),
    )


def _why_first(ranked: Sequence[Population]) -> str:
    """Say why the best run is one of the first population; nothing where there is no other."""
    if len(ranked) == 1:
        return ""
    first = ranked[0]
    most = "the most that were swept"
    if any(other.n_accounts > first.n_accounts for other in ranked):
        most = "the most on which a space is fit for k-means"
    return (
        f"It was chosen among the runs on {first.n_accounts:,} accounts ({first.name}), {most}; "
        "runs on other accounts cannot be compared with it."
    )


def _name_rows(table: pd.DataFrame) -> pd.DataFrame:
    """Complete the table of a single examined matrix to one of runs."""
    lacking = {name: value for name, value in LONE_SPACE.items() if name not in table}
    return table.assign(**lacking, run_id=[f"k={k}" for k in table["k"]])


def _worth_a_look(runs: Sequence[Candidate], smallest_share: float) -> Sequence[Candidate]:
    """Leave out what no textbook score tells: inadmissible runs, then runs with tiny segments."""
    fit = [run for run in runs if run.get("admissible", True)] or runs
    return [run for run in fit if run.get("smallest_share", 1.0) >= smallest_share] or fit


def _spaces_of_all(populations: Sequence[Population]) -> Spaces:
    return spaces_of([run for population in populations for run in population.runs])
