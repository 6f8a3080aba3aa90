"""Populations: the different sets of accounts that a sweep clusters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from tiktok_segments.validation.conditions import Candidate
from tiktok_segments.validation.spaces import Choice, Verdict, as_candidates, space_of


@dataclass(frozen=True)
class Population:
    """The runs of a sweep on the same accounts.

    Attributes
    ----------
    name : str
        What tells it from the sweep's others; empty where there is no other.
    runs : tuple of mapping
        Its candidates.
    """

    name: str
    runs: tuple[Candidate, ...]

    @property
    def n_accounts(self) -> int:
        """Number of its accounts; 0 where the runs do not say it."""
        return int(self.runs[0].get("n_samples", 0))

    @property
    def is_fit(self) -> bool:
        """Whether one of its runs at least is admissible."""
        return any(run.get("admissible", True) for run in self.runs)


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


def ranked_populations(candidates: pd.DataFrame) -> list[Population]:
    """Split the runs of a sweep by their accounts, the ones that its best run is of first.

    Parameters
    ----------
    candidates : DataFrame of shape (n_runs, n_columns)
        With `population` where there are several.

    Returns
    -------
    list of Population
        Those with an admissible run first; among them the one with the most accounts, then by
        name. No figure of a run is looked at.

    Examples
    --------
    >>> runs = pd.DataFrame({"population": ["iqr", "keep"], "n_samples": [683, 1000]})
    >>> [population.name for population in ranked_populations(runs)]
    ['keep', 'iqr']
    """
    groups: dict[str, list[Candidate]] = {}
    for run in as_candidates(candidates):
        groups.setdefault(str(run.get("population", "")), []).append(run)
    populations = [Population(name, tuple(runs)) for name, runs in groups.items()]
    return sorted(populations, key=lambda one: (not one.is_fit, -one.n_accounts, one.name))


def why_first(ranked: Sequence[Population]) -> str:
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
