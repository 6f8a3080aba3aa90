"""Names of segments, by rules over their members' raw values and never by a cluster's number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from tiktok_segments.errors import InputError
from tiktok_segments.schema import NUMBERS

FACTS = frozenset({"followers", "verified_share", *(f"p_{name}" for name in NUMBERS)})
"""What rules can speak of; a rule about a column that the data lacks does not hold."""

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
        The conditions of the rule that gave the name, with the segment's values.
    """

    name: str
    tier: str
    evidence: str


def name_segments(
    frame: pd.DataFrame, labels: np.ndarray, naming: Mapping[str, Any]
) -> list[SegmentName]:
    """Name every cluster from its members.

    The first rule whose conditions all hold gives the name. Where two segments come out alike, the
    tier is put in front; where that leaves them alike, High- or Low- on the widest axis (two
    segments); else I, II, III by followers.

    Parameters
    ----------
    frame : DataFrame of shape (n_accounts, n_columns)
        Clean profiles.
    labels : ndarray of shape (n_accounts,)
        Cluster of each account, from 0 to k - 1, each with a member.
    naming : mapping
        ``follower_statistic`` (``median`` or ``mean``), ``tiers`` (name to smallest number of
        followers, ascending) and ``rules`` (``name`` and ``when``), as in ``conf/naming``.

    Returns
    -------
    list of SegmentName
        A name per cluster, in the order of the clusters.

    Raises
    ------
    InputError
        If the rules name something that is not measured, or none holds for a segment.

    Examples
    --------
    >>> frame = pd.DataFrame({"followers": [10, 20, 9_000_000]})
    >>> naming = {"follower_statistic": "median", "tiers": {"Starter": 0, "Mega": 1_000_000},
    ...           "rules": [{"name": "Celebrities", "when": {"followers": [5_000_000, None]}},
    ...                     {"name": "{tier} Accounts", "when": {}}]}
    >>> [segment.name for segment in name_segments(frame, np.array([0, 0, 1]), naming)]
    ['Starter Accounts', 'Celebrities']
    """
    facts = measure_segments(frame, labels, naming["follower_statistic"])
    tiers = [_tier(row["followers"], naming["tiers"]) for _, row in facts.iterrows()]
    named = [
        _first_rule(row, tier, naming["rules"])
        for (_, row), tier in zip(facts.iterrows(), tiers, strict=True)
    ]
    unique = _make_unique([name for name, _ in named], tiers, facts)
    return [
        SegmentName(name=name, tier=tier, evidence=evidence)
        for name, tier, (_, evidence) in zip(unique, tiers, named, strict=True)
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
        over the members of the share of all accounts with at most the member's x (0 to 1).

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
    if statistic not in ("median", "mean"):
        raise InputError(
            f"naming.follower_statistic is {statistic!r}; valid are 'median' and 'mean'."
        )
    facts = {"followers": frame["followers"].groupby(labels).agg(statistic)}
    if "is_verified" in frame:
        facts["verified_share"] = frame["is_verified"].groupby(labels).mean()
    for name in (name for name in NUMBERS if name in frame):
        percentile = frame[name].rank(method="max", pct=True)
        facts[f"p_{name}"] = percentile.groupby(labels).median()
    return pd.DataFrame(facts)


def _tier(followers: float, tiers: Mapping[str, float]) -> str:
    reached = [name for name, smallest in tiers.items() if followers >= smallest]
    if not reached:
        raise InputError(f"No tier holds {followers:,.0f} followers; let the first begin at 0.")
    return reached[-1]


def _first_rule(facts: pd.Series, tier: str, rules: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    for rule in rules:
        conditions = rule["when"]
        if unknown := set(conditions) - FACTS:
            raise InputError(
                f"The naming rule {rule['name']!r} speaks of {', '.join(sorted(unknown))}; valid "
                f"are {', '.join(sorted(FACTS))}."
            )
        if all(fact in facts for fact in conditions) and all(
            _holds(facts[fact], bounds) for fact, bounds in conditions.items()
        ):
            evidence = [_evidence(fact, facts[fact], bounds) for fact, bounds in conditions.items()]
            return rule["name"].format(tier=tier), " and ".join(evidence) or "no other rule holds"
    raise InputError("No naming rule holds for a segment; let the last rule have no conditions.")


def _holds(value: float, bounds: Sequence[float | None]) -> bool:
    smallest, largest = bounds
    return (smallest is None or value >= smallest) and (largest is None or value <= largest)


def _evidence(fact: str, value: float, bounds: Sequence[float | None]) -> str:
    smallest, largest = bounds
    number = f"{value:,.0f}" if fact == "followers" else f"{value:.2f}"
    limits = [
        f"{sign} {limit:,}"
        for sign, limit in (("≥", smallest), ("≤", largest))
        if limit is not None
    ]
    return " ".join([fact, number, *limits])


def _make_unique(names: list[str], tiers: list[str], facts: pd.DataFrame) -> list[str]:
    """Tell apart segments of one name: by tier, then by the widest axis, then by number."""
    with_tier = [
        f"{tier} {name}" if names.count(name) > 1 and not name.startswith(f"{tier} ") else name
        for name, tier in zip(names, tiers, strict=True)
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
                result[alike[place]] = f"{name} {ROMAN[number] if number < 10 else number + 1}"
    return result
