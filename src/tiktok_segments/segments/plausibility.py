"""Signals: accounts whose ratios are unusual enough to be looked at, which proves nothing."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from tiktok_segments.language import ENGLISH, Language, message

MANY_FOLLOWERS = 10_000


@dataclass(frozen=True)
class Signal:
    """One reason to look at an account.

    Attributes
    ----------
    rule : str
        What raises it, in words, for the report's legend; :data:`MANY_FOLLOWERS` is ``{many}``.
    needs : tuple of str
        Canonical columns that it reads; without one of them the signal is silent.
    raised : callable
        Frame to a boolean per account.
    text : str
        What is said of an account.
    values : callable
        One account's row to the values of that text, as the language writes them.
    """

    rule: str
    needs: tuple[str, ...]
    raised: Callable[[pd.DataFrame], pd.Series]
    text: str
    values: Callable[[Mapping[Hashable, Any], Language], Mapping[str, str]]

    def legend(self, language: Language) -> str:
        """Say what raises it."""
        return language.say(self.rule, many=language.grouped(MANY_FOLLOWERS))

    def words(self, row: Mapping[Hashable, Any], language: Language) -> str:
        """Say what was seen of an account."""
        return language.say(self.text, **self.values(row, language))


def _per_follower(rows: pd.DataFrame) -> pd.Series:
    return rows["likes"] / rows["followers"].clip(lower=1)


def _comments_per_like(rows: pd.DataFrame) -> pd.Series:
    return rows["comment_rate"] / rows["like_rate"].where(rows["like_rate"] > 0, np.inf)


SIGNALS = (
    Signal(
        message("more than 200 likes for each follower"),
        ("likes", "followers"),
        lambda rows: _per_follower(rows) > 200,
        message("{number} likes per follower"),
        lambda row, to: {"number": to.short(row["likes"] / max(row["followers"], 1))},
    ),
    Signal(
        message("{many} followers or more with less than one like for two of them"),
        ("likes", "followers"),
        lambda rows: (rows["followers"] >= MANY_FOLLOWERS) & (_per_follower(rows) < 0.5),
        message("{followers} followers, {likes} likes"),
        lambda row, to: {"followers": to.short(row["followers"]), "likes": to.short(row["likes"])},
    ),
    Signal(
        message("more than one comment for two likes"),
        ("comment_rate", "like_rate"),
        lambda rows: _comments_per_like(rows) > 0.5,
        message("{number} comments per like"),
        lambda row, to: {"number": to.significant(row["comment_rate"] / row["like_rate"], 2)},
    ),
    Signal(
        message("{many} followers or more with fewer than five videos"),
        ("followers", "videos"),
        lambda rows: (rows["followers"] >= MANY_FOLLOWERS) & (rows["videos"] < 5),
        message("{followers} followers, videos: {videos}"),
        lambda row, to: {
            "followers": to.short(row["followers"]),
            "videos": to.grouped(row["videos"]),
        },
    ),
    Signal(
        message("an engagement rate above 100 %"),
        ("engagement_rate", "followers"),
        lambda rows: rows["engagement_rate"] > 1,
        message("engagement {rate}, {followers} followers"),
        lambda row, to: {
            "rate": to.percent(row["engagement_rate"]),
            "followers": to.short(row["followers"]),
        },
    ),
)
"""All signals. The limits leave 90 to 99 of 100 accounts of the published data unmarked, each;
they are starting points and no standard."""


def mark_accounts(frame: pd.DataFrame, language: Language = ENGLISH) -> pd.Series:
    """Mark accounts whose ratios are implausible.

    Parameters
    ----------
    frame : DataFrame of shape (n_accounts, n_columns)
        Clean profiles.
    language : Language
        Of the words.

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
        places = np.flatnonzero(signal.raised(frame))
        raising = frame[list(signal.needs)].iloc[places].to_dict("records")
        for place, row in zip(places.tolist(), raising, strict=True):
            seen.setdefault(place, []).append(signal.words(row, language))
    marks = pd.Series("", index=frame.index, name="check", dtype="str")
    reasons = ["; ".join(words) for words in seen.values()]
    marks.iloc[list(seen)] = pd.Series(
        [language.say("check: {reasons}", reasons=one) for one in reasons], dtype="str"
    )
    return marks
