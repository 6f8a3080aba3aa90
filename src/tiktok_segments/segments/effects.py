"""Effect sizes of what sets a segment apart from all other accounts, and their words."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from tiktok_segments.language import ENGLISH, Language, message
from tiktok_segments.schema import COLUMNS, NUMBERS
from tiktok_segments.wording import write_value

DEGREES = ((0.474, message("far")), (0.33, message("clearly")), (0.147, message("somewhat")))
"""Smallest size of Cliff's delta for a large, a medium and a small effect (Romano, Kromrey,
Coraggio & Skowronek 2006, Annual meeting of the Florida Association of Institutional Research)."""

MOST_EFFECTS = 4
"""Told of a segment."""


def measure_effects(frame: pd.DataFrame, labels: np.ndarray) -> pd.DataFrame:
    """Compare the members of each cluster with all other accounts, measure by measure.

    Cliff's delta (Cliff 1993, Psychol. Bull. 114:494) is the chance that a member has more than
    another account less the chance that it has less. It rests on ranks alone, so neither the tails
    nor a logarithm change it. For verification it is the difference of the shares.

    Parameters
    ----------
    frame : DataFrame of shape (n_accounts, n_columns)
        Clean profiles.
    labels : ndarray of shape (n_accounts,)
        Cluster of each account, two different ones at least.

    Returns
    -------
    DataFrame of shape (n_clusters * n_measures, 5)
        ``cluster``, ``measure``, ``delta`` (-1 to 1), ``inside`` and ``outside``: the median of
        the members and of the others, or the verified share of each. Accounts without a value
        are left out of its measure.

    Examples
    --------
    >>> frame = pd.DataFrame({"followers": [1, 2, 3, 10]})
    >>> table = measure_effects(frame, np.array([0, 0, 1, 1]))
    >>> table[["delta", "inside", "outside"]].to_numpy().tolist()
    [[-1.0, 1.5, 6.5], [1.0, 6.5, 1.5]]
    """
    names = [name for name in (*NUMBERS, "is_verified") if name in frame]
    rows: list[dict[str, Any]] = []
    clusters = np.unique(labels)
    for name in names:
        known = frame[name].notna().to_numpy()
        values = frame[name][known].astype("float64")
        ranks = values.rank().to_numpy()
        for cluster in clusters:
            member = labels[known] == cluster
            n_in, n_out = member.sum(), (~member).sum()
            if not n_in or not n_out:
                continue
            # The Mann-Whitney statistic, as a share of all pairs and put on -1 to 1.
            above = ranks[member].sum() - n_in * (n_in + 1) / 2
            summary = "mean" if name == "is_verified" else "median"
            rows.append(
                {
                    "cluster": int(cluster),
                    "measure": name,
                    "delta": 2 * above / (n_in * n_out) - 1,
                    "inside": values[member].agg(summary),
                    "outside": values[~member].agg(summary),
                }
            )
    return pd.DataFrame(rows).sort_values(["cluster", "measure"], ignore_index=True)


def strongest_effects(
    effects: pd.DataFrame, cluster: int, language: Language = ENGLISH
) -> list[dict[str, Any]]:
    """Return what sets a cluster apart most, as words.

    Likes per video and follower are left out where engagement is there: they are nearly the same.

    Parameters
    ----------
    effects : DataFrame of shape (n_clusters * n_measures, 5)
        As :func:`measure_effects` returns it.
    cluster : int
        Which cluster.
    language : Language
        Of the words.

    Returns
    -------
    list of dict
        ``words``, ``values`` and ``delta`` of each, the strongest first, :data:`MOST_EFFECTS` at
        the most; empty where no effect is as large as a small one.
    """
    own = effects[effects["cluster"] == cluster]
    if (own["measure"] == "engagement_rate").any():
        own = own[own["measure"] != "like_rate"]
    own = own[own["delta"].abs() >= DEGREES[-1][0]]
    strongest = own.iloc[own["delta"].abs().argsort()[::-1].to_numpy()].head(MOST_EFFECTS)
    return [word_effect(row, language) for row in strongest.to_dict("records")]


def word_effect(effect: Mapping[Any, Any], language: Language = ENGLISH) -> dict[str, Any]:
    """Put one effect into words.

    Examples
    --------
    >>> word_effect({"measure": "followers", "delta": 0.9, "inside": 2e6, "outside": 5_000})
    {'words': 'far more followers', 'values': '2M, the rest 5K', 'delta': '+0.90'}
    """
    name, delta = effect["measure"], effect["delta"]
    degree = language.say(next(word for least, word in DEGREES if abs(delta) >= least))
    inside, outside = (
        language.percent(effect[side])
        if name == "is_verified"
        else write_value(name, effect[side], language)
        for side in ("inside", "outside")
    )
    text = _comparison(name, more=delta > 0)
    values = language.say("{inside}, the rest {outside}", inside=inside, outside=outside)
    return {
        "words": language.say(text, degree=degree, measure=plain_name(name, language)),
        "values": values,
        "delta": f"{'+' if delta >= 0 else '-'}{language.grouped(abs(delta), 2)}",
    }


def _comparison(name: str, more: bool) -> str:
    if name == "is_verified" and more:
        return message("{degree} more often verified")
    if name == "is_verified":
        return message("{degree} less often verified")
    if COLUMNS[name].kind == "count":
        return message("{degree} more {measure}") if more else message("{degree} fewer {measure}")
    return message("{degree} higher {measure}") if more else message("{degree} lower {measure}")


LABELS = {
    "account_id": message("account id"),
    "followers": message("followers"),
    "following": message("accounts followed"),
    "likes": message("likes"),
    "videos": message("videos"),
    "engagement_rate": message("engagement"),
    "like_rate": message("like rate"),
    "comment_rate": message("comment rate"),
    "engagement_by_views": message("engagement by views"),
    "engagement_vs_size": message("engagement for size"),
    "is_verified": message("verified"),
}
"""What people call the columns that hold measures."""


def plain_name(column: str, language: Language = ENGLISH) -> str:
    """Return what people call a column.

    Examples
    --------
    >>> plain_name("following"), plain_name("comment_rate")
    ('accounts followed', 'comment rate')
    """
    return language.say(LABELS.get(column, column.replace("_", " ")))
