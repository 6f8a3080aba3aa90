"""Spaces: which runs of a sweep cluster the same accounts by the same features."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from tiktok_segments.accounts.dataset import DATA_PARTS
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
        Names of the feature set and of the scaler.
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
    """

    verdict: Verdict
    best: Candidate
    reason: str


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
