"""Names of segments, by rules over their members' raw values and never by a cluster's number."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from tiktok_segments.errors import InputError
from tiktok_segments.language import ENGLISH, Language
from tiktok_segments.schema import NUMBERS
from tiktok_segments.segments.evidence import SLACK, all_hold, first_rule, tell_conditions
from tiktok_segments.segments.naming_rules import STATISTICS, unknown_statistic
from tiktok_segments.segments.tiers import TIER_PREFIX, tier_of, tier_shares

TIER_SHARE = 0.5
"""Smallest share of a segment's accounts in its tier for the tier's word to be in its name, where
the naming rules do not say another (``tier_share``)."""

MIXED = "Mixed-Size"
"""Stands for the tier of a segment without one, where another has the same name with a tier."""

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")


@dataclass(frozen=True)
class SegmentName:
    """A segment's name and why it has it.

    Attributes
    ----------
    name : str
        Unique among the segments named together.
    tier : str
        Tier of the segment's follower statistic.
    evidence : str
        The conditions of the rule that gave the name, in words, with the segment's values.
    claims : mapping
        What the name says of the segment: ``tier``, the tier's word in it or None, ``share``, the
        smallest share of its accounts in that tier, and ``when``, the conditions of its rule.
    facts : mapping of str to float
        What was measured: as the conditions name it, and ``tier X`` for the share in each tier.
    statistic : {"median", "mean"}
        What ``followers`` is of.
    """

    name: str
    tier: str
    evidence: str
    claims: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, float] = field(default_factory=dict)
    statistic: str = "median"

    def why(self, language: Language) -> str | None:
        """Say the evidence in a language; None for that of a name which was kept."""

        def told(one: Language) -> str:
            return tell_conditions(self.claims["when"], self.facts, self.statistic, one)

        return told(language) if self.claims and self.evidence == told(ENGLISH) else None

    def bears(self, claims: Mapping[str, Any]) -> bool:
        """Say whether another name's claims are true of this segment.

        Parameters
        ----------
        claims : mapping
            As in ``claims``. A percentile may miss its bound by
            :data:`~tiktok_segments.segments.evidence.SLACK`.

        Returns
        -------
        bool
            Whether a segment of that name can keep it.

        Examples
        --------
        >>> name = SegmentName("Micro Posters", "Micro", "", facts={"tier Micro": 0.4})
        >>> name.bears({"tier": "Micro", "share": 0.5, "when": {}})
        False
        """
        tier = claims["tier"]
        if tier is not None and self.facts.get(f"{TIER_PREFIX}{tier}", 0.0) < claims["share"]:
            return False
        return all_hold(claims["when"], self.facts, SLACK)


def name_segments(
    frame: pd.DataFrame, labels: np.ndarray, naming: Mapping[str, Any]
) -> list[SegmentName]:
    """Name every cluster from its members.

    The first rule whose conditions all hold gives the name. A tier's word is in it only where
    enough of the accounts are in that tier. Where two segments come out alike, the
    tier is put in front; where that leaves them alike, High- or Low- on the widest axis (two
    segments); else I, II, III by followers. A name that differs from another by the lack of a tier
    only says :data:`MIXED`.

    Parameters
    ----------
    frame : DataFrame of shape (n_accounts, n_columns)
        Clean profiles.
    labels : ndarray of shape (n_accounts,)
        Cluster of each account, from 0 to k - 1, each with a member.
    naming : mapping
        ``follower_statistic`` (``median`` or ``mean``), ``tiers`` (name to smallest number of
        followers, ascending), ``rules`` (``name`` and ``when``) and, at will, ``tier_share``, as
        in ``conf/naming``.

    Returns
    -------
    list of SegmentName
        A name per cluster, in the order of the clusters.

    Raises
    ------
    InputError
        If a rule that is asked cannot be used, or none holds for a segment.

    Examples
    --------
    >>> frame = pd.DataFrame({"followers": [10, 20, 9_000_000]})
    >>> naming = {"follower_statistic": "median", "tiers": {"Starter": 0, "Mega": 1_000_000},
    ...           "rules": [{"name": "Celebrities", "when": {"followers": [5_000_000, None]}},
    ...                     {"name": "{tier} Accounts", "when": {}}]}
    >>> [segment.name for segment in name_segments(frame, np.array([0, 0, 1]), naming)]
    ['Starter Accounts', 'Celebrities']
    """
    statistic = naming["follower_statistic"]
    facts = measure_segments(frame, labels, statistic)
    shares = tier_shares(frame, labels, naming["tiers"])
    tiers = [tier_of(followers, naming["tiers"]) for followers in facts["followers"]]
    share = float(naming.get("tier_share", TIER_SHARE))
    words = [
        tier if shares.loc[cluster, f"{TIER_PREFIX}{tier}"] >= share else None
        for cluster, tier in zip(shares.index, tiers, strict=True)
    ]
    measured = pd.concat([facts, shares], axis=1).astype("float64")
    known = [str(fact) for fact in measured.columns]
    rows = [dict(zip(known, row, strict=True)) for row in measured.to_numpy().tolist()]
    rules = [first_rule(row, naming["rules"]) for row in rows]
    names = [
        " ".join(rule["name"].format(tier=word or "").split())
        for rule, word in zip(rules, words, strict=True)
    ]
    unique = _tell_mixed(_make_unique(names, words, facts), words)
    return [
        SegmentName(
            name=name,
            tier=tier,
            evidence=tell_conditions(rule["when"], row, statistic),
            claims={
                "tier": word if word and word in name else None,
                "share": share,
                "when": {fact: list(bounds) for fact, bounds in rule["when"].items()},
            },
            facts=row,
            statistic=statistic,
        )
        for name, tier, word, rule, row in zip(unique, tiers, words, rules, rows, strict=True)
    ]


def measure_segments(frame: pd.DataFrame, labels: np.ndarray, statistic: str) -> pd.DataFrame:
    """Measure what the naming rules speak of.

    Parameters
    ----------
    frame : DataFrame of shape (n_accounts, n_columns)
        Clean profiles, with ``followers``.
    labels : ndarray of shape (n_accounts,)
        Cluster of each account.
    statistic : {"median", "mean"}
        Which one is taken of the followers.

    Returns
    -------
    DataFrame of shape (n_clusters, n_facts)
        ``followers``, ``verified_share`` where known, and ``p_x`` for each measure x: the median
        over the members of the share of all accounts with less than the member's x, those level
        with it counted half (0 to 1): where all have the same, everyone is in the middle.

    Raises
    ------
    InputError
        If the statistic is neither of the two.

    Examples
    --------
    >>> frame = pd.DataFrame({"followers": [1, 2, 3, 4]})
    >>> measure_segments(frame, np.array([0, 0, 1, 1]), "median")["p_followers"].to_list()
    [0.375, 0.875]
    """
    if statistic not in STATISTICS:
        raise InputError(unknown_statistic(statistic))
    facts = {"followers": frame["followers"].groupby(labels).agg(statistic)}
    if "is_verified" in frame:
        facts["verified_share"] = frame["is_verified"].groupby(labels).mean()
    for name in (name for name in NUMBERS if name in frame):
        percentile = frame[name].rank(pct=True)
        facts[f"p_{name}"] = percentile.groupby(labels).median()
    return pd.DataFrame(facts)


def numbered(name: str, place: int) -> str:
    """Return the name of a place, from 0, among those that share it: ``Accounts II`` for 1."""
    return f"{name} {ROMAN[place] if place < len(ROMAN) else place + 1}"


def _make_unique(names: list[str], words: list[str | None], facts: pd.DataFrame) -> list[str]:
    """Tell apart segments of one name: by tier, then by the widest axis, then by number."""
    with_tier = [
        f"{word} {name}"
        if word and names.count(name) > 1 and not name.startswith(f"{word} ")
        else name
        for name, word in zip(names, words, strict=True)
    ]
    result = list(with_tier)
    for name in sorted({name for name in with_tier if with_tier.count(name) > 1}):
        alike = [i for i, other in enumerate(with_tier) if other == name]
        shares = facts.filter(regex="^p_").iloc[alike]
        if len(alike) == 2:
            axis = str((shares.max() - shares.min()).idxmax())
            label = axis.removeprefix("p_").replace("_rate", "").replace("_", " ").title()
            high = (
                facts.iloc[alike]
                .reset_index(drop=True)
                .sort_values([axis, *facts.columns])
                .index[-1]
            )
            for place, i in enumerate(alike):
                result[i] = f"{'High' if place == high else 'Low'}-{label} {name}"
        else:
            # Other facts settle ties, so that no name hangs on a cluster's number.
            by_followers = facts.iloc[alike].reset_index(drop=True).sort_values(list(facts.columns))
            for number, place in enumerate(by_followers.index):
                result[alike[place]] = numbered(name, number)
    return result


def _tell_mixed(names: list[str], words: list[str | None]) -> list[str]:
    """Say of a name that another one has with a tier in front that its own accounts are mixed."""
    with_tier = {
        name.removeprefix(f"{word} ")
        for name, word in zip(names, words, strict=True)
        if word and name.startswith(f"{word} ")
    }
    return [f"{MIXED} {name}" if name in with_tier else name for name in names]
