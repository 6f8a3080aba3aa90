"""Signals: accounts whose ratios are unusual enough to be looked at, which proves nothing."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tiktok_segments.wording import percent, short_number

MANY_FOLLOWERS = 10_000


@dataclass(frozen=True)
class Signal:
    """One reason to look at an account.

    Attributes
    ----------
    rule : str
        What raises it, in words, for the report's legend.
    needs : tuple of str
        Canonical columns that it reads; without one of them the signal is silent.
    raised : callable
        Frame to a boolean per account.
    words : callable
        One account's row to what is said of it.
    """

    rule: str
    needs: tuple[str, ...]
    raised: Callable[[pd.DataFrame], pd.Series]
    words: Callable[[pd.Series], str]


def _per_follower(rows: pd.DataFrame) -> pd.Series:
    return rows["likes"] / rows["followers"].clip(lower=1)


def _comments_per_like(rows: pd.DataFrame) -> pd.Series:
    return rows["comment_rate"] / rows["like_rate"].where(rows["like_rate"] > 0, np.inf)


SIGNALS = (
    Signal(
        "more than 200 likes for each follower",
        ("likes", "followers"),
        lambda rows: _per_follower(rows) > 200,
        lambda row: f"{short_number(row['likes'] / max(row['followers'], 1))} likes per follower",
    ),
    Signal(
        f"{MANY_FOLLOWERS:,} followers or more with less than one like for two of them",
        ("likes", "followers"),
        lambda rows: (rows["followers"] >= MANY_FOLLOWERS) & (_per_follower(rows) < 0.5),
        lambda row: (
            f"{short_number(row['followers'])} followers, {short_number(row['likes'])} likes"
        ),
    ),
    Signal(
        "more than one comment for two likes",
        ("comment_rate", "like_rate"),
        lambda rows: _comments_per_like(rows) > 0.5,
        lambda row: f"{row['comment_rate'] / row['like_rate']:.2g} comments per like",
    ),
    Signal(
        f"{MANY_FOLLOWERS:,} followers or more with fewer than five videos",
        ("followers", "videos"),
        lambda rows: (rows["followers"] >= MANY_FOLLOWERS) & (rows["videos"] < 5),
        lambda row: f"{short_number(row['followers'])} followers, videos: {row['videos']:.0f}",
    ),
    Signal(
        "an engagement rate above 100 %",
        ("engagement_rate", "followers"),
        lambda rows: rows["engagement_rate"] > 1,
        lambda row: (
            f"engagement {percent(row['engagement_rate'])}, "
            f"{short_number(row['followers'])} followers"
        ),
    ),
)
"""All signals. The limits leave 90 to 99 of 100 accounts of the published data unmarked, each;
they are starting points and no standard."""


def mark_accounts(frame: pd.DataFrame) -> pd.Series:
    """Mark accounts whose ratios are implausible.

    Parameters
    ----------
    frame : DataFrame of shape (n_accounts, n_columns)
        Clean profiles.

    Returns
    -------
    Series of shape (n_accounts,)
        ``check: ...`` with what was seen, nothing where no signal is raised. The index is the
        frame's.

    Examples
    --------
    >>> mark_accounts(pd.DataFrame({"likes": [900_000, 50], "followers": [300, 10]})).to_list()
    ['check: 3K likes per follower', '']
    """
    seen: dict[int, list[str]] = {}
    for signal in SIGNALS:
        if not set(signal.needs) <= set(frame.columns):
            continue
        needed = frame[list(signal.needs)]
        for place in np.flatnonzero(signal.raised(needed)):
            seen.setdefault(int(place), []).append(signal.words(needed.iloc[place]))
    marks = np.full(len(frame), "", dtype=object)
    for marked, words in seen.items():
        marks[marked] = f"check: {'; '.join(words)}"
    return pd.Series(marks, index=frame.index, name="check", dtype="str")
