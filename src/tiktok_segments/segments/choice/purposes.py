"""Which segment serves which purpose: sums of each, and a recommendation with its reason."""

from dataclasses import dataclass

import pandas as pd

from tiktok_segments.language import ENGLISH, Language, message
from tiktok_segments.segments.advice import LIVELY

COUNTED = message(
    "Accounts that carry a warning are not counted here, so the numbers can differ from those "
    "above."
)
"""Who is left out of sums and recommendations: one implausible rate would decide them."""


@dataclass(frozen=True)
class Recommendation:
    """A segment for a purpose.

    Attributes
    ----------
    purpose : str
        What is wanted.
    segment : str
        Name of the segment that has most of it.
    reason : str
        Its number, and that of the segment after it.
    """

    purpose: str
    segment: str
    reason: str


def sum_segments(accounts: pd.DataFrame) -> pd.DataFrame:
    """Add up what the accounts of each segment have.

    Parameters
    ----------
    accounts : DataFrame of shape (n_accounts, n_columns)
        As ``accounts.csv`` has them; those with a warning are left out.

    Returns
    -------
    DataFrame of shape (n_segments, 2 to 5)
        By segment: ``accounts``, ``followers`` (summed; who follows several accounts counts
        several times) and, where there is an engagement rate, ``interactions`` (likes and comments
        if each posts once: followers times rate, summed), ``interactions_median`` and
        ``engagement_vs_size`` (median).

    Examples
    --------
    >>> accounts = pd.DataFrame(
    ...     {"segment": ["A", "A", "B"], "followers": [10, 30, 500], "check": ["", "", ""]}
    ... )
    >>> sum_segments(accounts).to_dict("index")
    {'A': {'accounts': 2, 'followers': 40}, 'B': {'accounts': 1, 'followers': 500}}
    """
    plausible = accounts[accounts["check"] == ""]
    members = plausible.groupby("segment")
    sums = pd.DataFrame({"accounts": members.size(), "followers": members["followers"].sum()})
    if "engagement_rate" in plausible:
        each = plausible["followers"] * plausible["engagement_rate"]
        own = each.groupby(plausible["segment"])
        sums["interactions"] = own.sum()
        sums["interactions_median"] = own.median()
        sums["engagement_vs_size"] = members["engagement_vs_size"].median()
    return sums


PURPOSES: tuple[tuple[str, str, str], ...] = (
    (
        message("Few accounts that reach many"),
        "followers_median",
        message("its median account has {first} followers; that of {other}, {second} followers"),
    ),
    (
        message("Most likes and comments from one post"),
        "interactions_median",
        message(
            "its median account has {first} likes and comments per post; that of {other}, {second} "
            "likes and comments per post"
        ),
    ),
    (
        message("An audience livelier than usual for its size"),
        "engagement_vs_size",
        message(
            "its median account has {first} the engagement of accounts of its size; that of "
            "{other}, {second} the engagement of accounts of its size"
        ),
    ),
)
"""Purposes, what each goes by, and how the reason is said."""

NOT_LIVELY = message(
    "the median account of no segment has more than {first} the engagement of accounts of its size"
)
"""Why no segment is recommended where none is clearly livelier than usual."""


def recommend(accounts: pd.DataFrame, language: Language = ENGLISH) -> list[Recommendation]:
    """Name the segment that serves each purpose best.

    Parameters
    ----------
    accounts : DataFrame of shape (n_accounts, n_columns)
        As ``accounts.csv`` has them.
    language : Language
        Of the words.

    Returns
    -------
    list of Recommendation
        For reach, reactions, liveliness and choice, as far as the data tell; empty where there is
        one segment only.
    """
    sums = sum_segments(accounts)
    plausible = accounts[accounts["check"] == ""]
    sums["followers_median"] = plausible.groupby("segment")["followers"].median()
    found: list[Recommendation] = []
    if len(sums) < 2:
        return found
    for purpose, column, text in PURPOSES:
        if column in sums and sums[column].notna().sum() > 1:
            write = language.ratio if column == "engagement_vs_size" else language.short
            best, next_one = sums[column].nlargest(2).items()
            segment = str(best[0])
            if column == "engagement_vs_size" and best[1] < LIVELY:
                segment, text = language.say("none of them"), NOT_LIVELY
            reason = language.say(
                text, first=write(best[1]), other=next_one[0], second=write(next_one[1])
            )
            found.append(Recommendation(language.say(purpose), segment, reason))
    most, next_one = sums["accounts"].nlargest(2).items()
    reason = language.say(
        "it holds {first} accounts; {other}, {second}",
        first=language.grouped(most[1]),
        other=next_one[0],
        second=language.grouped(next_one[1]),
    )
    purpose = language.say("Many accounts to choose from")
    return [*found, Recommendation(purpose, str(most[0]), reason)]
