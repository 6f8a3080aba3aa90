"""Accounts on their way up from one export to the next, and how sure that is."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import floor
from typing import Any

import numpy as np
import pandas as pd

from tiktok_segments.clustering.membership import UNCLEAR_BELOW
from tiktok_segments.errors import InputError
from tiktok_segments.language import ENGLISH, Language, message

ENOUGH = 30
"""Accounts of its size that an account's growth is compared with at the least."""

WHY = {"moved up": message("moved up"), "grew": message("grew")}
"""Why an account is listed."""

OF_ITS_SIZE = 3.0
"""An account is of another one's size from a third to three times its followers."""


@dataclass(frozen=True)
class Rising:
    """Who counts as rising; the defaults are those of ``conf/compare_snapshots.yaml``.

    Parameters
    ----------
    growth : float
        Least growth of followers of an account that stayed in its segment: 0.25 is a quarter.
    followers : int
        Least number of followers now.
    n : int
        How many accounts to list, at the most.
    """

    growth: float = 0.25
    followers: int = 1000
    n: int = 50


def read_rising(config: Mapping[str, Any]) -> Rising:
    """Read who counts as rising off the configuration.

    Raises
    ------
    InputError
        If a setting is not a number in its range.

    Examples
    --------
    >>> read_rising({"growth": 0.25, "followers": 1000, "n": 50})
    Rising(growth=0.25, followers=1000, n=50)
    """
    for name, smallest in (("growth", 0), ("followers", 0), ("n", 1)):
        value = config[name]
        whole = isinstance(value, int) or (name == "growth" and isinstance(value, float))
        if isinstance(value, bool) or not whole or value < smallest:
            raise InputError(f"rising.{name} is {value}; give a number from {smallest} up.")
    return Rising(float(config["growth"]), config["followers"], config["n"])


def find_rising(accounts: pd.DataFrame, rising: Rising) -> pd.DataFrame:
    """Find all accounts on their way up, by the same model on both data.

    First those that have more followers than before and moved to a segment of larger accounts;
    then those that stayed in their segment and grew by at least ``rising.growth``. Both in the
    order of their growth, the fastest first.

    Parameters
    ----------
    accounts : DataFrame of shape (n_both, 10)
        As :func:`~tiktok_segments.monitoring.comparison.movement.follow_accounts` returns it.
    rising : Rising
        Who counts; all are found, however many are to be listed.

    Returns
    -------
    DataFrame of shape (n_rising, 11)
        Their rows, with ``why``: ``moved up`` or ``grew``.
    """
    large = accounts["followers_now"] >= rising.followers
    up = accounts["rises"] & (accounts["followers_now"] > accounts["followers_then"])
    stayed = accounts["segment_then"] == accounts["segment_now"]
    grew = stayed & (accounts["growth"] >= rising.growth)
    found = accounts.assign(why=np.where(up, "moved up", "grew"))[large & (up | grew)]
    return found.sort_values(["why", "growth", "account_id"], ascending=[False, False, True])


def list_rising(accounts: pd.DataFrame, rising: Rising) -> pd.DataFrame:
    """List the first of the accounts on their way up, and how sure that is.

    Parameters
    ----------
    accounts : DataFrame of shape (n_both, 10)
        As :func:`~tiktok_segments.monitoring.comparison.movement.follow_accounts` returns it.
    rising : Rising
        Who counts, in the order of :func:`find_rising`.

    Returns
    -------
    DataFrame of shape (n_listed, 11)
        ``account_id``, ``why`` (``moved up`` or ``grew``), both segments, ``followers_then``,
        ``followers_now`` and ``growth``; ``confidence`` in its segment now; ``ahead_of``, the
        share of the accounts of its size that grew less, and ``compared_with``, how many those
        are (``ahead_of`` is missing below :data:`ENOUGH`); ``how_sure``, the same in words.
    """
    columns = ["account_id", "why", "segment_then", "segment_now"]
    columns += ["followers_then", "followers_now", "growth", "confidence"]
    found = find_rising(accounts, rising)[columns].head(rising.n).reset_index(drop=True)
    ranks = [
        _rank_growth(accounts, followers, growth)
        for followers, growth in zip(found["followers_then"], found["growth"], strict=True)
    ]
    found["ahead_of"] = np.array([share for share, _ in ranks], dtype=float)
    found["compared_with"] = np.array([count for _, count in ranks], dtype=np.int64)
    known = found[["why", "confidence", "ahead_of", "compared_with"]]
    found["how_sure"] = [say_sureness(row) for row in known.to_dict("records")]
    return found


def _rank_growth(accounts: pd.DataFrame, followers: float, growth: float) -> tuple[float, int]:
    """Return the share of accounts of that size which grew less, and how many those are."""
    alike = accounts["followers_then"].between(followers / OF_ITS_SIZE, followers * OF_ITS_SIZE)
    others = accounts.loc[alike, "growth"].dropna()
    n_others = len(others) - int(not np.isnan(growth))  # without itself
    if np.isnan(growth) or n_others < ENOUGH:
        return np.nan, n_others
    return float((others < growth).sum() / n_others), n_others


def say_sureness(row: Mapping[Any, Any], language: Language = ENGLISH) -> str:
    """Say how sure it is that an account of :func:`list_rising` rises."""
    return word_sureness(
        row["why"], row["confidence"], row["ahead_of"], row["compared_with"], language
    )


def word_sureness(
    why: str,
    confidence: float,
    ahead_of: float,
    compared_with: int,
    language: Language = ENGLISH,
) -> str:
    """Say how sure it is that an account rises.

    Parameters
    ----------
    why : {"moved up", "grew"}
        Why it is listed.
    confidence : float
        In its segment now, from 0 to 1.
    ahead_of : float
        Share of the accounts of its size that grew less; not a number where they are too few.
    compared_with : int
        How many those are.
    language : Language
        Of the words.

    Examples
    --------
    >>> word_sureness("grew", 0.4, 0.97, 80)
    'grew more than 97 % of 80 accounts of its size'
    >>> word_sureness("moved up", 0.02, 0.9, 50)
    'close to the border of its new segment; grew more than 90 % of 50 accounts of its size'
    >>> word_sureness("grew", 0.4, 1.0, 80)
    'grew more than all 80 other accounts of its size'
    >>> word_sureness("grew", 0.4, 29 / 100, 100)  # of which 100 times is a little below 29
    'grew more than 29 % of 100 accounts of its size'
    >>> word_sureness("grew", 0.4, float("nan"), 6)
    'too few accounts of its size to compare its growth'
    """
    facts = []
    if why == "moved up":
        facts.append(
            language.say("close to the border of its new segment")
            if confidence < UNCLEAR_BELOW
            else language.say("clear of the border of its new segment")
        )
    if np.isnan(ahead_of):
        facts.append(language.say("too few accounts of its size to compare its growth"))
    elif ahead_of == 1:
        number = language.grouped(compared_with)
        facts.append(
            language.say("grew more than all {number} other accounts of its size", number=number)
        )
    else:
        facts.append(
            language.say(
                "grew more than {share} % of {number} accounts of its size",
                # Rounded down: 99 % where all but one of 200 grew less.
                share=floor(round(100 * ahead_of, 9)),
                number=language.grouped(compared_with),
            )
        )
    return "; ".join(facts)
