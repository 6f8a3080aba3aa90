"""Shortlists: filter the accounts, rank them by an open formula, spread them over segments."""

from typing import Any

import numpy as np
import pandas as pd

from tiktok_segments.errors import InputError
from tiktok_segments.segments.choice.decisions import Decisions
from tiktok_segments.segments.choice.wanted import WEIGHTS, Wanted


def score_accounts(
    accounts: pd.DataFrame, goal: str, among: pd.DataFrame | None = None
) -> pd.Series:
    """Score accounts for a goal.

    The score is p^w · q^(1 - w), p and q being the shares of all accounts with at most this one's
    followers, and engagement for its size; w is 1 for reach, 0 for engagement and 1/2 between.

    Parameters
    ----------
    accounts : DataFrame of shape (n_accounts, n_columns)
        With ``followers`` and ``engagement_vs_size``.
    goal : {"reach", "engagement", "balanced"}
        What counts.
    among : DataFrame of shape (n_all, n_columns), optional
        The accounts that the shares are of; these by default.

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
    among = accounts if among is None else among
    score = _share_at_most(accounts["followers"], among["followers"]) ** reach
    if reach < 1:
        measure = "engagement_vs_size"
        score *= _share_at_most(accounts[measure], among[measure]) ** (1 - reach)
    return score.rename("score")


def _share_at_most(values: pd.Series, among: pd.Series) -> pd.Series:
    """Return the share of others that have at most each value; missing values have none."""
    ordered = np.sort(among.dropna().to_numpy(dtype=float))
    own = values.to_numpy(dtype=float, na_value=np.nan)
    shares = np.searchsorted(ordered, own, side="right") / len(ordered)
    return pd.Series(np.where(np.isnan(own), np.nan, shares), index=values.index)


def make_shortlist(
    accounts: pd.DataFrame,
    wanted: Wanted,
    decisions: Decisions | None = None,
    excluded: pd.Series | None = None,
    alike: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Rank the accounts that meet what is wanted.

    Parameters
    ----------
    accounts : DataFrame of shape (n_accounts, n_columns)
        As ``accounts.csv`` has them.
    wanted : Wanted
        Goal, number and filters.
    decisions : Decisions, optional
        A "yes" is in the list whatever the filters say, and comes first; a "no" never is.
    excluded : Series of bool, shape (n_accounts,), optional
        Who is left out, whatever was decided.
    alike : DataFrame of shape (n_accounts, 4), optional
        As :func:`~tiktok_segments.segments.choice.similar.find_alike` returns it; its score
        takes the goal's place, and the account itself is left out.

    Returns
    -------
    DataFrame of shape (n_listed, n_columns + 2 to 5)
        ``rank`` from 1, ``score``, ``interactions_per_video`` (followers times engagement rate)
        where there is one, ``decision`` and ``note`` where decisions were given, then the columns
        of the accounts. Ties go by followers, then by handle.

    Raises
    ------
    InputError
        If a filter has a value that the data does not have, or nothing is left.
    """
    for column, value in wanted.equal.items():
        if not has_value(accounts, column, value).any():
            raise unknown_value(accounts, column, value)
    return rank_candidates(find_candidates(accounts, wanted, decisions, excluded, alike), wanted)


def find_candidates(
    accounts: pd.DataFrame,
    wanted: Wanted,
    decisions: Decisions | None = None,
    excluded: pd.Series | None = None,
    alike: pd.DataFrame | None = None,
    among: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the accounts that meet what is wanted, best first.

    Parameters
    ----------
    accounts, wanted, decisions, excluded, alike
        As for :func:`make_shortlist`; of the accounts these may be some.
    among : DataFrame of shape (n_all, n_columns), optional
        The accounts that scores are shares of; these by default.

    Returns
    -------
    DataFrame of shape (n_candidates, n_columns + 1 to 5)
        The accounts with their ``score``, and what else :func:`make_shortlist` adds.
    """
    if alike is None:
        scored = accounts.assign(score=score_accounts(accounts, wanted.goal, among))
    else:
        scored = accounts.join(alike[["score", "in_common", "differs"]])
    known = scored["score"].notna().to_numpy()
    meets = _meets(accounts, wanted) & known
    made = None if decisions is None else decisions.about(accounts["account_id"])
    if made is not None:
        scored = scored.assign(decision=made["decision"], note=made["note"])
        choice = made["decision"].to_numpy()
        meets = (meets | (choice == "yes")) & (choice != "no")
    if excluded is not None:
        meets &= ~excluded.to_numpy()
    if alike is not None:
        meets &= ~alike["is_itself"].to_numpy()
    return _in_order(scored[meets])


def _in_order(scored: pd.DataFrame) -> pd.DataFrame:
    return scored.sort_values(
        ["score", "followers", "account_id"], ascending=[False, False, True], kind="stable"
    )


def rank_candidates(candidates: pd.DataFrame, wanted: Wanted) -> pd.DataFrame:
    """Rank candidates, and take as many as are wanted.

    Parameters
    ----------
    candidates : DataFrame of shape (n_candidates, n_columns)
        As :func:`find_candidates` returns them, of all accounts.
    wanted : Wanted
        How many, and whether the segments take turns.

    Returns
    -------
    DataFrame
        As :func:`make_shortlist`.

    Raises
    ------
    InputError
        If there is none.
    """
    chosen = _in_order(candidates)
    if chosen.empty:
        raise InputError("No account meets all filters; widen one of them.")
    if wanted.diverse:
        # First everyone's best, then everyone's second: the segments take turns.
        turn = chosen.groupby("segment", sort=False).cumcount()
        chosen = chosen.iloc[np.lexsort((-chosen["score"].to_numpy(), turn.to_numpy()))]
    n = wanted.n
    if "decision" in chosen:
        kept = chosen["decision"] == "yes"
        chosen = chosen.loc[kept.sort_values(ascending=False, kind="stable").index]
        n = max(n, int(kept.sum()))
    chosen = chosen.head(n).reset_index(drop=True)
    leading = {"rank": np.arange(1, len(chosen) + 1), "score": chosen.pop("score").round(4)}
    if "engagement_rate" in chosen:
        leading["interactions_per_video"] = chosen["followers"] * chosen["engagement_rate"]
    for name in ("in_common", "differs", "decision", "note"):
        if name in chosen:
            leading[name] = chosen.pop(name)
    return pd.concat([pd.DataFrame(leading), chosen], axis="columns")


def _meets(accounts: pd.DataFrame, wanted: Wanted) -> np.ndarray:
    """Say which accounts meet every filter."""
    meets = np.ones(len(accounts), dtype=bool)
    for column, value in wanted.equal.items():
        meets &= has_value(accounts, column, value)
    if wanted.verified is not None:
        same = _column(accounts, "is_verified") == wanted.verified
        meets &= same.fillna(False).to_numpy(dtype=bool)
    if wanted.min_followers is not None:
        meets &= accounts["followers"].to_numpy() >= wanted.min_followers
    if wanted.max_followers is not None:
        meets &= accounts["followers"].to_numpy() <= wanted.max_followers
    if wanted.marked == "leave_out":
        meets &= (accounts["check"] == "").to_numpy()
    if wanted.min_videos is not None:
        meets &= (
            (_column(accounts, "videos") >= wanted.min_videos).fillna(False).to_numpy(dtype=bool)
        )
    return meets


def has_value(accounts: pd.DataFrame, column: str, value: str) -> np.ndarray:
    """Say which accounts have a value, whatever its case.

    Raises
    ------
    InputError
        If there is no such column.
    """
    texts = _column(accounts, column).astype("str").str.casefold()
    return np.asarray((texts == value.casefold()).to_numpy(dtype=bool))


def unknown_value(accounts: pd.DataFrame, column: str, value: str) -> InputError:
    """Return the error for a value that no account has."""
    known: list[Any] = sorted(accounts[column].dropna().astype("str").unique())
    more = f" and {len(known) - 12} more" if len(known) > 12 else ""
    return InputError(
        f"No account has {column}={value[:80]}.\nThe values are: {', '.join(known[:12])}{more}."
    )


def _column(accounts: pd.DataFrame, column: str) -> pd.Series:
    if column not in accounts:
        raise InputError(
            f"This data does not say the accounts' {column.replace('_', ' ')}.\n"
            f"Leave {column}= out, or train on an export that has it."
        )
    return accounts[column]
