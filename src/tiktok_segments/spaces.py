"""Runs of a sweep, grouped by the space they cluster in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from tiktok_segments.conditions import Candidate

Verdict = Literal["separated", "continuum", "none", "untested"]
Space = tuple[str, str]
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


def spaces_of(candidates: pd.DataFrame) -> dict[Space, list[dict[str, Any]]]:
    """Group a table of runs by (features, scaler), in order of first appearance, rising in k.

    Parameters
    ----------
    candidates : DataFrame
        With the columns `features`, `scaler` and `k`.

    Returns
    -------
    dict of (features, scaler) to list of dict

    Examples
    --------
    >>> runs = pd.DataFrame({"features": ["b", "a", "b"], "scaler": "standard", "k": [3, 2, 2]})
    >>> {space: [run["k"] for run in runs] for space, runs in spaces_of(runs).items()}
    {('b', 'standard'): [2, 3], ('a', 'standard'): [2]}
    """
    spaces: dict[Space, list[dict[str, Any]]] = {}
    for row in candidates.to_dict("records"):
        run = {str(column): value for column, value in row.items()}
        spaces.setdefault((run["features"], run["scaler"]), []).append(run)
    return {space: sorted(runs, key=lambda run: int(run["k"])) for space, runs in spaces.items()}


def named(space: Space) -> str:
    """Name a space in a sentence.

    Examples
    --------
    >>> named(("core", "standard"))
    'core (standard scaler)'
    """
    return f"{space[0]} ({space[1]} scaler)"
