"""Spaces and populations: which runs of a sweep can be compared.

Runs of one population cluster the same accounts; those of one space by the same features, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from tiktok_segments.accounts.settings import DATA_PARTS
from tiktok_segments.validation.conditions import Candidate

POPULATION = DATA_PARTS
"""Parts of a configuration that decide which accounts are clustered."""

VIEW = ("features", "scaler")
"""Parts of a configuration that decide how accounts are compared."""

RECIPE = (*VIEW, "outliers")
"""Parts of a space that a model takes along to the accounts of another export."""

POPULATION_ID, SPACE_ID = "population_id", "space_id"
"""Columns of a table of runs: digests of the parts above, each with its composed settings."""

Verdict = Literal["separated", "continuum", "none", "untested"]


@dataclass(frozen=True)
class Space:
    """Accounts, features as composed, and scaler: no figure compares runs of different spaces.

    Attributes
    ----------
    features, scaler : str
        Names of the feature set and of the scaler; no scaler where a matrix was given scaled.
    name : str
        One for each space of a sweep: ``<features>.<scaler>``, then what tells apart spaces
        that have these names in common.
    """

    features: str
    scaler: str
    name: str

    def __str__(self) -> str:
        """Name the space in a sentence.

        Examples
        --------
        >>> str(Space("core", "standard", "core.standard.creators"))
        'core (standard scaler, creators)'
        """
        if not self.scaler:
            return self.features
        apart = self.name.removeprefix(f"{self.features}.{self.scaler}").removeprefix(".")
        return f"{self.features} ({self.scaler} scaler{f', {apart}' if apart else ''})"


Spaces = Mapping[Space, Sequence[Candidate]]


@dataclass(frozen=True)
class Choice:
    """The run a rule takes, and why.

    Attributes
    ----------
    verdict : str
        `separated`, `continuum`, `none` or `untested`.
    best : mapping
        The run's row.
    reason : str
        Two sentences.
    certainty : float
        Share of the redraws in which verdict and k came back; nan where nothing was redrawn.
    """

    verdict: Verdict
    best: Candidate
    reason: str
    certainty: float = float("nan")


def as_candidates(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table of runs, by the columns' names."""
    return [
        {str(column): value for column, value in row.items()} for row in table.to_dict("records")
    ]


def space_of(candidate: Candidate) -> Space:
    """Return a candidate's space, which a lone feature set and scaler name without more.

    Examples
    --------
    >>> space_of({"features": "core", "scaler": "standard", "k": 3}).name
    'core.standard'
    """
    features, scaler = str(candidate["features"]), str(candidate["scaler"])
    return Space(features, scaler, str(candidate.get("space", f"{features}.{scaler}")))


def spaces_of(candidates: Iterable[Candidate]) -> dict[Space, list[Candidate]]:
    """Group runs by space, in the order of the spaces' names, rising in k.

    Parameters
    ----------
    candidates : iterable of mapping
        Runs with `features`, `scaler`, `k` and, where there are several of these names, `space`.

    Returns
    -------
    dict of Space to list of mapping
        The same whatever the order of the runs.

    Examples
    --------
    >>> runs = [{"features": f, "scaler": "standard", "k": k} for f, k in [("b", 3), ("a", 2)]]
    >>> {space.name: [run["k"] for run in found] for space, found in spaces_of(runs).items()}
    {'a.standard': [2], 'b.standard': [3]}
    """
    spaces: dict[Space, list[Candidate]] = {}
    for run in candidates:
        spaces.setdefault(space_of(run), []).append(run)
    return {
        space: sorted(spaces[space], key=lambda run: int(run["k"]))
        for space in sorted(spaces, key=lambda space: space.name)
    }


def in_order(spaces: Spaces, wanted: tuple[str, str]) -> list[Space]:
    """Order the spaces of one population by how well they serve where only one can be looked at.

    Parameters
    ----------
    spaces : mapping of Space to sequence of mapping
        Their runs, with `admissible` and `log_space` where these are known.
    wanted : tuple of (features, scaler)
        The space asked for.

    Returns
    -------
    list of Space
        Admissible ones first; among those the one asked for, then log spaces, then by name.
    """

    def rank(space: Space) -> tuple[bool, bool, bool, str]:
        first = spaces[space][0]
        return (
            not first.get("admissible", True),
            (space.features, space.scaler) != wanted,
            not first.get("log_space", True),
            space.name,
        )

    return sorted(spaces, key=rank)


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
