"""Cards of the segments: what a marketer reads of each."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from tiktok_segments.language import ENGLISH, Language, message
from tiktok_segments.plots import segment_colours
from tiktok_segments.reports.page.links import profile_addresses
from tiktok_segments.segments.advice import advise
from tiktok_segments.segments.description import collect_facts
from tiktok_segments.segments.effects import measure_effects, plain_name, strongest_effects
from tiktok_segments.segments.segmentation import Segmentation
from tiktok_segments.wording import write_value

SHOWN = (
    "followers", "engagement_rate", "engagement_vs_size", "likes", "videos", "following",
)  # fmt: skip
"""What a card shows the median and the middle half of."""

N_TYPICAL, N_BORDER = 5, 3

STABILITY = (
    (0.85, message("very stable")),
    (0.75, message("stable")),
    (0.6, message("a pattern with doubtful borders")),
    (0.0, message("not to be relied on")),
)
"""Words for a cluster's mean Jaccard over resamples, after Hennig 2007 (CSDA 52:258) and the
manual of the same author's ``clusterboot``."""


EXAMPLE = (
    ("followers", message("{number} followers")),
    ("engagement_rate", message("{number} engagement")),
)
"""What is told of an example."""


def build_cards(
    segmentation: Segmentation, stability: Mapping[int, float], language: Language = ENGLISH
) -> list[dict[str, Any]]:
    """Collect what each segment's card shows.

    Parameters
    ----------
    segmentation : Segmentation
        Named segments of a run.
    stability : mapping of int to float
        Jaccard of each cluster for which it was measured.
    language : Language
        Of the words.

    Returns
    -------
    list of dict
        One for each segment, the largest first; texts and numbers only, nothing is markup.
    """
    frame, labels = segmentation.dataset.frame, segmentation.labels
    accounts = segmentation.accounts
    effects = measure_effects(frame, labels)
    facts = collect_facts(segmentation)
    measures = describe_measures(accounts, labels, language)

    def count(cluster: int, share: str) -> str:
        return _count(facts[cluster], share, bool(segmentation.dataset.stored), language)

    colours = segment_colours(len(segmentation.names))
    marked = accounts["check"].to_numpy() != ""
    cards = []
    for cluster, name in enumerate(segmentation.names):
        row = segmentation.segments.iloc[cluster]
        use, avoid = advise(facts[cluster], language)
        typical, border = choose_examples(segmentation.membership, labels, marked, cluster)
        cards.append(
            {
                "cluster": cluster,
                "name": name.name,
                "tier": name.tier,
                "evidence": name.why(language),
                "kept": name.evidence,
                "colour": colours[cluster],
                "accounts": int(row["accounts"]),
                "share": language.percent(row["share"]),
                "width": row["share"] * 100,
                "measures": measures[cluster],
                "verified": language.percent(row["verified_share"])
                if "verified_share" in row
                else None,
                "effects": strongest_effects(effects, cluster, language=language),
                "stability": word_stability(stability.get(cluster), language),
                "jaccard": stability.get(cluster),
                "ambiguous": count(cluster, "ambiguous_share"),
                "check": count(cluster, "check_share"),
                "typical": _examples(segmentation, typical, language),
                "border": _examples(segmentation, border, language),
                "use": use,
                "avoid": avoid,
            }
        )
    return sorted(cards, key=lambda card: int(card["accounts"]), reverse=True)


def describe_measures(
    accounts: pd.DataFrame, labels: np.ndarray, language: Language = ENGLISH
) -> dict[int, list[dict[str, Any]]]:
    """Describe each cluster's median and middle half, in words and as places among all accounts.

    Parameters
    ----------
    accounts : DataFrame of shape (n_accounts, n_columns)
        As ``accounts.csv`` has them.
    labels : ndarray of shape (n_accounts,)
        Cluster of each account.
    language : Language
        Of labels and numbers.

    Returns
    -------
    dict of int to list of dict
        By cluster, for each measure of :data:`SHOWN`: ``name``, ``label``, ``median``, ``low`` and
        ``high`` (the quartiles) in real units, and ``places``: the shares of all accounts with a
        value, in per cent, that have at most each of the three. A cluster without any value of a
        measure lacks it.
    """
    result: dict[int, list[dict[str, Any]]] = {int(cluster): [] for cluster in np.unique(labels)}
    for name in (name for name in SHOWN if name in accounts):
        values = accounts[name].astype("float64")
        quartiles = values.groupby(labels).quantile(np.array([0.25, 0.5, 0.75])).unstack()
        ordered = np.sort(values.dropna().to_numpy())
        for cluster, three in quartiles.dropna().iterrows():
            numbers = three.to_numpy()
            places = np.searchsorted(ordered, numbers, side="right") / len(ordered) * 100
            low, median, high = (_write(name, number, language) for number in numbers)
            result[int(str(cluster))].append(
                {
                    "name": name,
                    "label": plain_name(name, language),
                    "median": median,
                    "low": low,
                    "high": high,
                    "places": places.round(1).tolist(),
                }
            )
    return result


def choose_examples(
    membership: pd.DataFrame, labels: np.ndarray, marked: np.ndarray, cluster: int
) -> tuple[np.ndarray, np.ndarray]:
    """Choose a cluster's typical accounts and its border cases.

    Parameters
    ----------
    membership : DataFrame of shape (n_accounts, 5)
        As :func:`~tiktok_segments.clustering.membership.measure_membership` returns it.
    labels : ndarray of shape (n_accounts,)
        Cluster of each account.
    marked : ndarray of bool of shape (n_accounts,)
        Which carry a warning: they are typical only where there are no others.
    cluster : int
        Which cluster.

    Returns
    -------
    typical, border : ndarray
        Positions of the five members nearest the centre, and of the three among the others that
        stay in the cluster least often; of equals, those of the lowest confidence.
    """
    members = np.flatnonzero(labels == cluster)
    distance = membership["distance"].to_numpy()[members]
    typical = members[np.lexsort((distance, marked[members]))][:N_TYPICAL]
    others = members[~np.isin(members, typical)]
    least = membership.iloc[others].reset_index(drop=True).sort_values(["stability", "confidence"])
    return typical, others[least.index[:N_BORDER]]


def word_stability(jaccard: float | None, language: Language = ENGLISH) -> str:
    """Say how stable a segment is.

    Examples
    --------
    >>> word_stability(0.8)
    'stable: in redrawn data 80 % of it comes back'
    >>> word_stability(None)
    'not examined in this run'
    """
    if jaccard is None:
        return language.say("not examined in this run")
    return language.say(
        "{words}: in redrawn data {share} of it comes back",
        words=language.say(next(words for least, words in STABILITY if jaccard >= least)),
        share=language.percent(round(jaccard, 2)),
    )


def _examples(
    segmentation: Segmentation, places: np.ndarray, language: Language
) -> list[dict[str, Any]]:
    rows = segmentation.accounts.iloc[places]
    addresses = profile_addresses(rows, segmentation.dataset.has_profiles)
    return [
        {
            "account_id": row["account_id"],
            "address": address,
            "next_segment": row["next_segment"],
            "values": [
                language.say(text, number=_write(name, row[name], language))
                for name, text in EXAMPLE
                if name in row
            ],
            "check": row["check"],
        }
        for row, address in zip(rows.to_dict("records"), addresses, strict=True)
    ]


def _count(facts: Mapping[str, float], share: str, drawn: bool, language: Language) -> str:
    """Write a share of a segment's accounts as a count with its percentage."""
    number = language.grouped(facts[share] * facts["accounts"])
    part = language.whole_percent(facts[share])
    if drawn:
        return language.say("about {number} ({share})", number=number, share=part)
    return f"{number} ({part})"


def _write(name: str, value: float, language: Language) -> str:
    if name == "engagement_vs_size":
        return language.ratio(value)
    return write_value(name, value, language)
