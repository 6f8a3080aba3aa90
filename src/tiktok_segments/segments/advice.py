"""Advice on a segment, when to use and when to avoid it: only what the data hold."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tiktok_segments.language import ENGLISH, Language, message
from tiktok_segments.segments.naming import measure_segments

Facts = Mapping[str, float]

NOTHING_AGAINST = message("none of the conditions that this report looks at speaks against it")
"""What stands in the place of a reason to avoid a segment where there is none."""


@dataclass(frozen=True)
class Advice:
    """One sentence, when it is true, and the fact that it tells.

    Attributes
    ----------
    holds : callable
        A segment's facts to whether it is true; a missing fact is not a number, so never true.
    text : str
        The words after "Use it when" or "Avoid it when", with ``{value}`` in them.
    fact : str
        What the value is.
    write : callable
        How the language writes it.
    """

    holds: Callable[[Facts], bool]
    text: str
    fact: str
    write: Callable[[Language, float], str] = Language.short

    def words(self, facts: Facts, language: Language) -> str:
        """Say it of a segment."""
        return language.say(self.text, value=self.write(language, facts[self.fact]))


def _times(language: Language, value: float) -> str:
    return language.significant(value, 2)


LIVELY = 1.25
"""Engagement for its size from which an audience is livelier than usual."""

MANY_MARKED = 0.25
"""Share of the accounts with a warning from which a high engagement is no reason to use them."""

USE = (
    Advice(
        lambda f: f["p_followers"] >= 0.7,
        message("size matters: the median account has {value} followers"),
        "followers",
    ),
    Advice(
        # Where many accounts are marked, high ratios are what they are marked for.
        lambda f: f["engagement_vs_size"] >= LIVELY and f["check_share"] < MANY_MARKED,
        message(
            "reactions matter more than size: the median account has {value} times the engagement "
            "of accounts of its size"
        ),
        "engagement_vs_size",
        _times,
    ),
    Advice(
        lambda f: f["verified_share"] >= 0.5,
        message("a confirmed identity matters: {value} of the accounts are verified"),
        "verified_share",
        Language.percent,
    ),
    Advice(
        lambda f: f["p_videos"] >= 0.75,
        message("a long record matters: the median account has published {value} videos"),
        "videos",
    ),
    Advice(
        lambda f: f["p_following"] >= 0.75,
        message(
            "accounts that are themselves an audience are wanted: the median one follows {value} "
            "others"
        ),
        "following",
    ),
)
AVOID = (
    Advice(
        lambda f: f["p_engagement_rate"] <= 0.4,
        message(
            "many reactions per follower are needed: the median account's engagement, {value}, is "
            "lower than that of most accounts"
        ),
        "engagement_rate",
        Language.percent,
    ),
    Advice(
        lambda f: f["p_followers"] <= 0.4,
        message("one post has to reach many: the median account has {value} followers"),
        "followers",
    ),
    Advice(
        lambda f: f["engagement_vs_size"] <= 0.8,
        message(
            "as many reactions as usual for the size are needed: the median account has {value} of "
            "them"
        ),
        "engagement_vs_size",
        Language.percent,
    ),
    Advice(
        lambda f: f["p_videos"] <= 0.25,
        message("a long record matters: the median account has published {value} videos"),
        "videos",
    ),
    Advice(
        lambda f: f["accounts"] < 30,
        message("the plan needs many accounts: there are {value}"),
        "accounts",
    ),
    Advice(
        lambda f: f["ambiguous_share"] >= 0.2,
        message("a clear profile matters: {value} of the accounts are border cases"),
        "ambiguous_share",
        Language.percent,
    ),
    Advice(
        lambda f: f["check_share"] >= 0.1,
        message("there is no time to look: {value} of the accounts carry a warning"),
        "check_share",
        Language.percent,
    ),
)


def segment_facts(frame: pd.DataFrame, labels: np.ndarray, accounts: pd.DataFrame) -> pd.DataFrame:
    """Collect what the advice speaks of.

    Parameters
    ----------
    frame : DataFrame of shape (n_accounts, n_columns)
        Clean profiles.
    labels : ndarray of shape (n_accounts,)
        Cluster of each account.
    accounts : DataFrame of shape (n_accounts, n_columns)
        As ``accounts.csv`` has them.

    Returns
    -------
    DataFrame of shape (n_clusters, n_facts)
        Medians in raw units, ``p_x`` as in
        :func:`~tiktok_segments.segments.naming.measure_segments`, ``engagement_vs_size`` (median),
        ``accounts``, ``verified_share``, ``ambiguous_share`` and ``check_share``.
    """
    facts = measure_segments(frame, labels, "median")
    for name in ("following", "videos", "engagement_rate"):
        if name in frame:
            facts[name] = frame[name].groupby(labels).median()
    if "engagement_vs_size" in accounts:
        facts["engagement_vs_size"] = accounts["engagement_vs_size"].groupby(labels).median()
    facts["accounts"] = np.bincount(labels)[facts.index]
    facts["ambiguous_share"] = accounts["ambiguous"].groupby(labels).mean()
    facts["check_share"] = (accounts["check"] != "").groupby(labels).mean()
    wanted = [
        "p_videos",
        "p_following",
        "p_engagement_rate",
        "engagement_vs_size",
        "verified_share",
    ]
    return facts.reindex(columns=list(dict.fromkeys([*facts.columns, *wanted])))


def advise(facts: Facts, language: Language = ENGLISH) -> tuple[list[str], list[str]]:
    """Say when to use a segment and when to avoid it.

    Parameters
    ----------
    facts : mapping of str to float
        A row of :func:`segment_facts`.
    language : Language
        Of the words.

    Returns
    -------
    use, avoid : list of str
        Ends of the sentences "Use it when ..." and "Avoid it when ...", never empty.
    """
    use = [advice.words(facts, language) for advice in USE if advice.holds(facts)]
    avoid = [advice.words(facts, language) for advice in AVOID if advice.holds(facts)]
    many = language.say(
        "accounts of about this size are wanted: there are {accounts}, typically with {followers} "
        "followers",
        accounts=language.grouped(facts["accounts"]),
        followers=language.short(facts["followers"]),
    )
    return use or [many], avoid or [language.say(NOTHING_AGAINST)]
