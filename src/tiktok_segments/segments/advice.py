"""Advice on a segment, when to use and when to avoid it: only what the data hold."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tiktok_segments.segments.naming import measure_segments
from tiktok_segments.wording import percent, short_number

Facts = Mapping[str, float]

NOTHING_AGAINST = "none of the conditions that this report looks at speaks against it"
"""What stands in the place of a reason to avoid a segment where there is none."""


@dataclass(frozen=True)
class Advice:
    """One sentence, and when it is true.

    Attributes
    ----------
    holds : callable
        A segment's facts to whether it is true; a missing fact is not a number, so never true.
    sentence : callable
        The same facts to the words after "Use it when" or "Avoid it when".
    """

    holds: Callable[[Facts], bool]
    sentence: Callable[[Facts], str]


USE = (
    Advice(
        lambda f: f["p_followers"] >= 0.7,
        lambda f: f"size counts: the median account has {short_number(f['followers'])} followers",
    ),
    Advice(
        lambda f: f["engagement_vs_size"] >= 1.25,
        lambda f: (
            "reactions count more than size: the median account has "
            f"{f['engagement_vs_size']:.2g} times the engagement of accounts of its size"
        ),
    ),
    Advice(
        lambda f: f["verified_share"] >= 0.5,
        lambda f: (
            f"a confirmed identity counts: {percent(f['verified_share'])} of the accounts are "
            "verified"
        ),
    ),
    Advice(
        lambda f: f["p_videos"] >= 0.75,
        lambda f: (
            f"a long record counts: the median account has published {short_number(f['videos'])} "
            "videos"
        ),
    ),
    Advice(
        lambda f: f["p_following"] >= 0.75,
        lambda f: (
            "accounts that are themselves an audience count: the median one follows "
            f"{short_number(f['following'])} others"
        ),
    ),
)
AVOID = (
    Advice(
        lambda f: f["p_engagement_rate"] <= 0.4,
        lambda f: (
            "reactions per follower count: the median account's engagement, "
            f"{percent(f['engagement_rate'])}, is lower than that of most accounts"
        ),
    ),
    Advice(
        lambda f: f["p_followers"] <= 0.4,
        lambda f: (
            "one post has to reach many: the median account has "
            f"{short_number(f['followers'])} followers"
        ),
    ),
    Advice(
        lambda f: f["engagement_vs_size"] <= 0.8,
        lambda f: (
            "reactions count: the median account has "
            f"{percent(f['engagement_vs_size'])} of the engagement of accounts of its size"
        ),
    ),
    Advice(
        lambda f: f["p_videos"] <= 0.25,
        lambda f: (
            f"a long record counts: the median account has published {short_number(f['videos'])} "
            "videos"
        ),
    ),
    Advice(
        lambda f: f["accounts"] < 30,
        lambda f: f"the plan needs many accounts: there are {f['accounts']:.0f}",
    ),
    Advice(
        lambda f: f["ambiguous_share"] >= 0.2,
        lambda f: (
            f"a clear profile counts: {percent(f['ambiguous_share'])} of the accounts are border "
            "cases"
        ),
    ),
    Advice(
        lambda f: f["check_share"] >= 0.1,
        lambda f: (
            f"there is no time to look: {percent(f['check_share'])} of the accounts carry a check "
            "mark"
        ),
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


def advise(facts: Facts) -> tuple[list[str], list[str]]:
    """Say when to use a segment and when to avoid it.

    Parameters
    ----------
    facts : mapping of str to float
        A row of :func:`segment_facts`.

    Returns
    -------
    use, avoid : list of str
        Ends of the sentences "Use it when ..." and "Avoid it when ...", never empty.
    """
    use = [advice.sentence(facts) for advice in USE if advice.holds(facts)]
    avoid = [advice.sentence(facts) for advice in AVOID if advice.holds(facts)]
    return (
        use
        or [
            f"many accounts of this size are wanted: there are {facts['accounts']:,.0f}, the "
            f"median one with {short_number(facts['followers'])} followers"
        ],
        avoid or [NOTHING_AGAINST],
    )
