"""Cards of the segments: what a marketer reads of each."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from tiktok_segments.plots import segment_colours
from tiktok_segments.reports.page.links import profile_addresses
from tiktok_segments.segments.advice import advise
from tiktok_segments.segments.description import collect_facts
from tiktok_segments.segments.effects import measure_effects, plain_name, strongest_effects
from tiktok_segments.segments.expected_engagement import write_ratio
from tiktok_segments.segments.segmentation import Segmentation
from tiktok_segments.wording import percent, whole_percent, write_value

SHOWN = (
    "followers", "engagement_rate", "engagement_vs_size", "likes", "videos", "following",
)  # fmt: skip
"""What a card shows the median and the middle half of."""

N_TYPICAL, N_BORDER = 5, 3

STABILITY = (
    (0.85, "very stable"),
    (0.75, "stable"),
    (0.6, "a pattern with doubtful borders"),
    (0.0, "not to be relied on"),
)
"""Words for a cluster's mean Jaccard over resamples, after Hennig 2007 (CSDA 52:258) and the
manual of the same author's ``clusterboot``."""


def build_cards(segmentation: Segmentation, stability: Mapping[int, float]) -> list[dict[str, Any]]:
    """Collect what each segment's card shows.

    Parameters
    ----------
    segmentation : Segmentation
        Named segments of a run.
    stability : mapping of int to float
        Jaccard of each cluster for which it was measured.

    Returns
    -------
    list of dict
        One for each segment, the largest first; texts and numbers only, nothing is markup.
    """
    frame, labels = segmentation.dataset.frame, segmentation.labels
    accounts = segmentation.accounts
    effects = measure_effects(frame, labels)
    facts, about = collect_facts(segmentation), "about " if segmentation.dataset.stored else ""
    measures = describe_measures(accounts, labels)
    colours = segment_colours(len(segmentation.names))
    cards = []
    for cluster, name in enumerate(segmentation.names):
        row = segmentation.segments.iloc[cluster]
        use, avoid = advise(facts[cluster])
        typical, border = choose_examples(segmentation.membership, labels, cluster)
        cards.append(
            {
                "cluster": cluster,
                "name": name.name,
                "tier": name.tier,
                "evidence": name.evidence,
                "colour": colours[cluster],
                "accounts": int(row["accounts"]),
                "share": percent(row["share"]),
                "width": row["share"] * 100,
                "measures": measures[cluster],
                "verified": percent(row["verified_share"]) if "verified_share" in row else None,
                "effects": strongest_effects(effects, cluster),
                "stability": word_stability(stability.get(cluster)),
                "jaccard": stability.get(cluster),
                "ambiguous": about + _count(facts[cluster], "ambiguous_share"),
                "check": about + _count(facts[cluster], "check_share"),
                "typical": _examples(segmentation, typical),
                "border": _examples(segmentation, border),
                "use": use,
                "avoid": avoid,
            }
        )
    return sorted(cards, key=lambda card: int(card["accounts"]), reverse=True)


def describe_measures(
    accounts: pd.DataFrame, labels: np.ndarray
) -> dict[int, list[dict[str, Any]]]:
    """Describe each cluster's median and middle half, in words and as places among all accounts.

    Parameters
    ----------
    accounts : DataFrame of shape (n_accounts, n_columns)
        As ``accounts.csv`` has them.
    labels : ndarray of shape (n_accounts,)
        Cluster of each account.

    Returns
    -------
    dict of int to list of dict
        By cluster, for each measure of :data:`SHOWN`: ``label``, ``median``, ``low`` and ``high``
        (the quartiles) in real units, and ``places``: the shares of all accounts with a value, in
        per cent, that have at most each of the three. A cluster without any value of a measure
        lacks it.
    """
    result: dict[int, list[dict[str, Any]]] = {int(cluster): [] for cluster in np.unique(labels)}
    for name in (name for name in SHOWN if name in accounts):
        values = accounts[name].astype("float64")
        quartiles = values.groupby(labels).quantile(np.array([0.25, 0.5, 0.75])).unstack()
        ordered = np.sort(values.dropna().to_numpy())
        for cluster, three in quartiles.dropna().iterrows():
            numbers = three.to_numpy()
            places = np.searchsorted(ordered, numbers, side="right") / len(ordered) * 100
            low, median, high = (_write(name, number) for number in numbers)
            result[int(str(cluster))].append(
                {
                    "label": _label(name),
                    "median": median,
                    "low": low,
                    "high": high,
                    "places": places.round(1).tolist(),
                }
            )
    return result


def choose_examples(
    membership: pd.DataFrame, labels: np.ndarray, cluster: int
) -> tuple[np.ndarray, np.ndarray]:
    """Choose a cluster's typical accounts and its border cases.

    Parameters
    ----------
    membership : DataFrame of shape (n_accounts, 4)
        As :func:`~tiktok_segments.clustering.membership.measure_membership` returns it.
    labels : ndarray of shape (n_accounts,)
        Cluster of each account.
    cluster : int
        Which cluster.

    Returns
    -------
    typical, border : ndarray
        Positions of the five members nearest the centre, and of the three of lowest confidence
        among the others.
    """
    members = np.flatnonzero(labels == cluster)
    distance = membership["distance"].to_numpy()[members]
    typical = members[distance.argsort(kind="stable")][:N_TYPICAL]
    others = members[~np.isin(members, typical)]
    confidence = membership["confidence"].to_numpy()[others]
    return typical, others[confidence.argsort(kind="stable")][:N_BORDER]


def word_stability(jaccard: float | None) -> str:
    """Say how stable a segment is.

    Examples
    --------
    >>> word_stability(0.8)
    'stable: in redrawn data 80 % of it comes back'
    >>> word_stability(None)
    'not examined in this run'
    """
    if jaccard is None:
        return "not examined in this run"
    words = next(words for least, words in STABILITY if jaccard >= least)
    returns = percent(round(jaccard, 2))
    return f"{words}: in redrawn data {returns} of it comes back"


def _examples(segmentation: Segmentation, places: np.ndarray) -> list[dict[str, Any]]:
    rows = segmentation.accounts.iloc[places]
    addresses = profile_addresses(rows, segmentation.dataset.synthetic)
    return [
        {
            "account_id": row["account_id"],
            "address": address,
            "next_segment": row["next_segment"],
            "values": [
                f"{_write(name, row[name])} {word}"
                for name, word in (("followers", "followers"), ("engagement_rate", "engagement"))
                if name in row
            ],
            "check": row["check"],
        }
        for row, address in zip(rows.to_dict("records"), addresses, strict=True)
    ]


def _count(facts: Mapping[str, float], share: str) -> str:
    """Write a share of a segment's accounts as a count with its percentage."""
    return f"{facts[share] * facts['accounts']:,.0f} ({whole_percent(facts[share])})"


def _label(name: str) -> str:
    return "engagement for size" if name == "engagement_vs_size" else plain_name(name)


def _write(name: str, value: float) -> str:
    if name == "engagement_vs_size":
        return write_ratio(value)
    return write_value(name, value)
