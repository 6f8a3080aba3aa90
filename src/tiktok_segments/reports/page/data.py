"""The accounts as data for the report's own script: columns, not rows, and safe inside HTML."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from tiktok_segments.clustering.pipeline import raw_columns
from tiktok_segments.language import ENGLISH, Language, message
from tiktok_segments.plots import segment_colours
from tiktok_segments.reports.page.links import profile_addresses
from tiktok_segments.schema import COLUMNS
from tiktok_segments.segments.choice.benchmark import (
    MEASURES,
    MIN_COMPARED,
    benchmark,
    standing,
)
from tiktok_segments.segments.choice.shortlist import score_accounts
from tiktok_segments.segments.effects import plain_name
from tiktok_segments.segments.expected_engagement import fit_expected
from tiktok_segments.segments.explanation import weigh_features
from tiktok_segments.segments.segmentation import Segmentation

PAGE_ACCOUNTS = 5_000
"""The page's table holds at the most this many accounts."""

MAP_ACCOUNTS = 3_000
"""Where not all are in the page, its map shows a random sample of this size."""

LONGEST_TEXT = 300
"""Names and biographies are cut to this many characters in the page."""

NUMBERS = (
    "followers", "following", "likes", "videos", "engagement_rate", "like_rate", "comment_rate",
    "engagement_vs_size", "confidence", "stability",
)  # fmt: skip
GOALS = (message("balanced"), message("reach"), message("engagement"))
"""What a plan can be made for."""
TEXTS = (
    "account_id", "nickname", "biography", "region", "language", "check", "for_its_size",
)  # fmt: skip


def build_page_data(
    segmentation: Segmentation, tiers: Sequence[str], language: Language = ENGLISH
) -> dict[str, Any]:
    """Collect what the page's script draws: accounts, segments, the map.

    Parameters
    ----------
    segmentation : Segmentation
        Named segments of a run.
    tiers : sequence of str
        Names of the follower tiers, the smallest first.
    language : Language
        Of the words.

    Returns
    -------
    dict
        Plain data. ``accounts`` has a list for each column; a segment or a tier is its number.
    """
    accounts = segmentation.accounts
    distance = segmentation.membership["distance"].to_numpy()
    shown = choose_accounts(accounts, distance, PAGE_ACCOUNTS)
    data = {
        "words": language.scripts,
        "run_id": segmentation.run_id,
        "total": len(accounts),
        "synthetic": segmentation.dataset.synthetic,
        "segments": _segments(segmentation),
        "tiers": list(tiers),
        "features": _labelled(raw_columns(segmentation.pipeline), language),
        "n_redraws": len(segmentation.redrawn),
        "redrawn_accounts": segmentation.redrawn_accounts,
        "accounts": _accounts(segmentation, shown, tiers),
        "measures": _labelled([name for name in MEASURES if name in accounts], language),
        "benchmark": _rounded(benchmark(accounts)),
        "least_compared": MIN_COMPARED,
        "standing": {
            group: {
                str(name): _known(column)
                for name, column in standing(accounts, accounts[group], shown).items()
            }
            for group in ("tier", "segment")
        },
        "scores": _scores(accounts.iloc[shown], accounts),
        "points": None,
        "curve": None,
    }
    if "engagement_rate" in accounts:
        data["curve"] = _rounded(fit_expected(accounts))
        if len(shown) < len(accounts):
            data["points"] = _points(segmentation)
    return data


def choose_accounts(accounts: pd.DataFrame, distance: np.ndarray, limit: int) -> np.ndarray:
    """Choose the most typical and the most engaged accounts of each segment.

    Parameters
    ----------
    accounts : DataFrame of shape (n_accounts, n_columns)
        As ``accounts.csv`` has them.
    distance : ndarray of shape (n_accounts,)
        Of each account to its own centre.
    limit : int
        How many accounts there may be in all.

    Returns
    -------
    ndarray of shape (n_chosen,)
        Positions, ascending: all of them where they are not more than the limit; else for each
        segment the same number, half nearest its centre, half highest in engagement for their
        size (in followers, where there is no engagement).

    Examples
    --------
    >>> accounts = pd.DataFrame({"cluster": [0, 0, 0, 1], "engagement_vs_size": [1, 9, 2, 1]})
    >>> choose_accounts(accounts, np.array([0.1, 0.3, 0.2, 0.5]), limit=3).tolist()
    [1, 3]
    >>> choose_accounts(accounts, np.array([0.1, 0.3, 0.2, 0.5]), limit=4).tolist()
    [0, 1, 2, 3]
    """
    if len(accounts) <= limit:
        return np.arange(len(accounts))
    measure = "engagement_vs_size" if "engagement_vs_size" in accounts else "followers"
    engaged = -accounts[measure].to_numpy(dtype="float64")
    clusters = accounts["cluster"].to_numpy()
    quota = max(limit // len(np.unique(clusters)), 1)
    chosen = []
    for cluster in np.unique(clusters):
        members = np.flatnonzero(clusters == cluster)
        lively = members[engaged[members].argsort(kind="stable")][: (quota + 1) // 2]
        typical = members[distance[members].argsort(kind="stable")]
        others = typical[~np.isin(typical, lively)][: quota // 2]
        chosen.append(np.concatenate([lively, others]))
    return np.sort(np.concatenate(chosen))


def script_json(data: object) -> Markup:
    r"""Write data as JSON that cannot end the script element it stands in.

    Examples
    --------
    >>> print(script_json({"name": "</script>"}))
    {"name":"\u003c/script\u003e"}
    """
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 - nothing is left in it that HTML could read


def _accounts(
    segmentation: Segmentation, shown: np.ndarray, tiers: Sequence[str]
) -> dict[str, list[Any]]:
    rows = segmentation.accounts.iloc[shown]
    own = segmentation.labels[shown]
    following = segmentation.membership["next_cluster"].to_numpy()[shown]
    frame = segmentation.dataset.frame.iloc[shown]
    weights = weigh_features(segmentation.pipeline, frame, own, following)
    columns: dict[str, list[Any]] = {
        "segment": own.tolist(),
        "next": following.tolist(),
        "tier": rows["tier"].cat.set_categories(list(tiers)).cat.codes.to_list(),
        "ambiguous": rows["ambiguous"].astype(int).to_list(),
        "weights": (weights * 100).round().astype(int).tolist(),
        "x": np.round(segmentation.X[shown], 3).tolist(),
        "address": profile_addresses(rows, segmentation.dataset.has_profiles),
    }
    if "is_verified" in rows:
        columns["verified"] = _known(rows["is_verified"].astype("Int64"))
    for name in (name for name in TEXTS if name in rows):
        columns[name] = [_cut(text) for text in rows[name].astype(object)]
    return columns | _rounded(rows[[name for name in NUMBERS if name in rows]])


def _points(segmentation: Segmentation) -> dict[str, list[Any]]:
    """Return a random sample for the map: an excerpt of extremes would give a false picture."""
    rng = np.random.default_rng(int(segmentation.config["seed"]))
    chosen = rng.choice(len(segmentation.accounts), MAP_ACCOUNTS, replace=False)
    rows = segmentation.accounts.iloc[chosen]
    return {
        "account_id": [_cut(text) for text in rows["account_id"]],
        "segment": segmentation.labels[chosen].tolist(),
    } | _rounded(rows[["followers", "engagement_rate"]])


def _segments(segmentation: Segmentation) -> list[dict[str, Any]]:
    colours = segment_colours(len(segmentation.names))
    columns = raw_columns(segmentation.pipeline)
    result = []
    for cluster, name in enumerate(segmentation.names):
        row = segmentation.segments.iloc[cluster]
        middle = [
            row["verified_share" if COLUMNS[column].kind == "flag" else f"{column}_median"]
            for column in columns
        ]
        result.append(
            {
                "name": name.name,
                "colour": colours[cluster],
                "accounts": int(row["accounts"]),
                "middle": [float(value) for value in middle],
            }
        )
    return result


def _labelled(names: Sequence[str], language: Language) -> list[dict[str, str]]:
    return [
        {"name": name, "label": plain_name(name, language), "kind": COLUMNS[name].kind}
        for name in names
    ]


def _scores(shown: pd.DataFrame, accounts: pd.DataFrame) -> dict[str, list[Any]]:
    """Return how each account ranks for every goal that the data can serve."""
    goals = GOALS if "engagement_vs_size" in accounts else ("reach",)
    scores = pd.DataFrame({goal: score_accounts(accounts, goal) for goal in goals})
    return _rounded(scores.loc[shown.index])


def _rounded(frame: pd.DataFrame) -> dict[str, list[Any]]:
    """Return columns as lists, fractions with six significant digits."""
    return {
        str(name): (
            [None if value != value else float(f"{value:.6g}") for value in column]
            if pd.api.types.is_float_dtype(column)
            else _known(column)
        )
        for name, column in frame.items()
    }


def _known(column: pd.Series) -> list[Any]:
    """Return values, and nothing where one is missing."""
    return [None if pd.isna(value) else value for value in column.to_list()]


def _cut(text: object) -> str:
    if not isinstance(text, str):
        return ""
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"
