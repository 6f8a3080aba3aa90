"""Shortlists: filter the accounts, rank them by an open formula, spread them over segments."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from tiktok_segments.errors import InputError

WEIGHTS = {"reach": 1.0, "balanced": 0.5, "engagement": 0.0}
"""How much followers count in each goal; engagement counts for the rest."""

FORMULAS = {
    "reach": "score = share of all accounts with at most its followers",
    "engagement": "score = share of all accounts with at most its engagement for its size",
    "balanced": (
        "score = square root of (share of all accounts with at most its followers × share with at "
        "most its engagement for its size)"
    ),
}
"""The ranking of each goal in words; all shares are of the accounts before any filter."""


@dataclass(frozen=True)
class Wanted:
    """What a shortlist is asked for.

    Attributes
    ----------
    goal : {"reach", "engagement", "balanced"}
        What ranks the accounts.
    n : int
        How many accounts, at most.
    diverse : bool
        Whether the segments take turns.
    equal : dict of str to str
        Column to the value it must have: ``segment``, ``tier``, ``region``, ``language``.
    verified : bool or None
        Whether accounts must (or must not) be verified; None takes both.
    min_followers, max_followers : float or None
        Bounds on followers, both included.
    marked : {"keep", "leave_out"}
        What happens to accounts with a signal.
    """

    goal: str = "balanced"
    n: int = 20
    diverse: bool = False
    equal: dict[str, str] = field(default_factory=dict)
    verified: bool | None = None
    min_followers: float | None = None
    max_followers: float | None = None
    marked: str = "keep"


def score_accounts(accounts: pd.DataFrame, goal: str) -> pd.Series:
    """Score accounts for a goal.

    The score is p^w · q^(1 - w), p and q being the shares of all accounts with at most this one's
    followers, and engagement for its size; w is 1 for reach, 0 for engagement and 1/2 between.

    Parameters
    ----------
    accounts : DataFrame of shape (n_accounts, n_columns)
        With ``followers`` and ``engagement_vs_size``.
    goal : {"reach", "engagement", "balanced"}
        What counts.

    Returns
    -------
    Series of shape (n_accounts,)
        From 0 to 1.

    Raises
    ------
    InputError
        If the goal is none of the three, or the data has no engagement rate for it.

    Examples
    --------
    >>> accounts = pd.DataFrame({"followers": [10, 20], "engagement_vs_size": [3.0, 1.0]})
    >>> score_accounts(accounts, "balanced").round(3).to_list()
    [0.707, 0.707]
    """
    if goal not in WEIGHTS:
        raise InputError(f"goal is {goal!r}; valid are {', '.join(WEIGHTS)}.")
    reach = WEIGHTS[goal]
    if reach < 1 and "engagement_vs_size" not in accounts:
        raise InputError(f"goal={goal} needs an engagement rate, which this data does not have.")
    score = accounts["followers"].rank(method="max", pct=True) ** reach
    if reach < 1:
        score *= accounts["engagement_vs_size"].rank(method="max", pct=True) ** (1 - reach)
    return score.rename("score")


def make_shortlist(accounts: pd.DataFrame, wanted: Wanted) -> pd.DataFrame:
    """Rank the accounts that meet what is wanted.

    Parameters
    ----------
    accounts : DataFrame of shape (n_accounts, n_columns)
        As ``accounts.csv`` has them.
    wanted : Wanted
        Goal, number and filters.

    Returns
    -------
    DataFrame of shape (n_listed, n_columns + 2 or 3)
        ``rank`` from 1, ``score``, ``interactions_per_video`` (followers times engagement rate)
        where there is one, then the columns of the accounts. Ties go by followers, then by handle.

    Raises
    ------
    InputError
        If a filter has a value that the data does not have, or nothing is left.
    """
    scored = accounts.assign(score=score_accounts(accounts, wanted.goal))
    chosen = scored[_meets(accounts, wanted)].sort_values(
        ["score", "followers", "account_id"], ascending=[False, False, True], kind="stable"
    )
    if chosen.empty:
        raise InputError("No account meets all filters; widen one of them.")
    if wanted.diverse:
        # First everyone's best, then everyone's second: the segments take turns.
        turn = chosen.groupby("segment", sort=False).cumcount()
        chosen = chosen.iloc[np.lexsort((-chosen["score"].to_numpy(), turn.to_numpy()))]
    chosen = chosen.head(wanted.n).reset_index(drop=True)
    leading = {"rank": np.arange(1, len(chosen) + 1), "score": chosen.pop("score").round(4)}
    if "engagement_rate" in chosen:
        leading["interactions_per_video"] = chosen["followers"] * chosen["engagement_rate"]
    return pd.concat([pd.DataFrame(leading), chosen], axis="columns")


def _meets(accounts: pd.DataFrame, wanted: Wanted) -> np.ndarray:
    """Say which accounts meet every filter."""
    meets = np.ones(len(accounts), dtype=bool)
    for column, value in wanted.equal.items():
        meets &= _equals(accounts, column, value)
    if wanted.verified is not None:
        meets &= _column(accounts, "is_verified").to_numpy(dtype=bool) == wanted.verified
    if wanted.min_followers is not None:
        meets &= accounts["followers"].to_numpy() >= wanted.min_followers
    if wanted.max_followers is not None:
        meets &= accounts["followers"].to_numpy() <= wanted.max_followers
    if wanted.marked == "leave_out":
        meets &= (accounts["check"] == "").to_numpy()
    return meets


def _equals(accounts: pd.DataFrame, column: str, value: str) -> np.ndarray:
    texts = _column(accounts, column).astype("str").str.casefold()
    equal = (texts == value.casefold()).to_numpy()
    if not equal.any():
        known: list[Any] = sorted(accounts[column].dropna().astype("str").unique())
        more = f" and {len(known) - 12} more" if len(known) > 12 else ""
        raise InputError(
            f"No account has {column}={value[:80]}.\nThe values are: {', '.join(known[:12])}{more}."
        )
    return np.asarray(equal)


def _column(accounts: pd.DataFrame, column: str) -> pd.Series:
    if column not in accounts:
        raise InputError(f"This data does not say the accounts' {column.replace('_', ' ')}.")
    return accounts[column]


def read_wanted(config: Mapping[str, Any]) -> Wanted:
    """Read what a shortlist is asked for off a configuration.

    Parameters
    ----------
    config : mapping
        As ``conf/shortlist.yaml`` lays it out.

    Returns
    -------
    Wanted
        The same, checked.

    Raises
    ------
    InputError
        If a setting has a value that it cannot have.
    """
    if config["goal"] not in WEIGHTS:
        raise InputError(f"goal is {config['goal']!r}; valid are {', '.join(WEIGHTS)}.")
    if isinstance(config["n"], bool) or not isinstance(config["n"], int) or config["n"] < 1:
        raise InputError(f"n is {config['n']}; it must be a whole number from 1 up.")
    for name, value in (("diverse", config["diverse"]), ("verified", config["verified"])):
        if not isinstance(value, bool | None) or (name == "diverse" and value is None):
            raise InputError(f"{name} is {value!r}; valid are true and false.")
    if config["marked"] not in ("keep", "leave_out"):
        raise InputError(f"marked is {config['marked']!r}; valid are keep and leave_out.")
    bounds = [config["followers"]["from"], config["followers"]["to"]]
    for name, bound in zip(("from", "to"), bounds, strict=True):
        if isinstance(bound, bool) or not isinstance(bound, int | float | None):
            raise InputError(f"followers.{name} is {bound!r}; it must be a number.")
    names = ("segment", "tier", "region", "language")
    return Wanted(
        goal=config["goal"],
        n=config["n"],
        diverse=config["diverse"],
        equal={name: str(config[name]) for name in names if config[name] is not None},
        verified=config["verified"],
        min_followers=bounds[0],
        max_followers=bounds[1],
        marked=config["marked"],
    )
