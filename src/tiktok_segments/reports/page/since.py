"""What changed since an earlier export: shares, who moved and rises, who is new and gone."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tiktok_segments.accounts.dataset import Dataset
from tiktok_segments.accounts.privacy.rounding import read_digits, round_accounts
from tiktok_segments.clustering.pipeline import naming_pipeline
from tiktok_segments.language import ENGLISH, Language
from tiktok_segments.monitoring.comparison import Rising, follow_accounts, list_rising
from tiktok_segments.monitoring.comparison.rising import say_sureness
from tiktok_segments.segments.segmentation import Segmentation
from tiktok_segments.tracking.named_model import NamedModel

LISTED = 20
"""So many accounts are listed of each kind, the largest or fastest first."""


def compare_since(
    segmentation: Segmentation, earlier: Dataset, language: Language = ENGLISH
) -> dict[str, Any]:
    """Compare a run's accounts with those of an earlier export, by the run's own model.

    Parameters
    ----------
    segmentation : Segmentation
        Named segments of a run.
    earlier : Dataset
        The earlier export, read and filtered by the run's settings.
    language : Language
        Of the words.

    Returns
    -------
    dict
        ``source``; ``both``, ``new``, ``gone`` and ``moved``, numbers of accounts; ``segments``, a
        row for each with its share and median followers then and now; and at the most
        :data:`LISTED` rows of ``rising``, ``movers``, ``newcomers`` and ``leavers``.

    Raises
    ------
    InputError
        If the earlier export lacks a column that the model reads.
    """
    names = [name.name for name in segmentation.names]
    model = NamedModel(
        address=f"run {segmentation.run_id}",
        run_id=segmentation.run_id,
        pipeline=naming_pipeline(segmentation.pipeline, names),
        segments=tuple(segmentation.identities),
        baseline={},
        facts={},
    )
    then, now = earlier.frame, segmentation.dataset.frame
    model.require_columns(then)
    followed = follow_accounts(then, now, model, model)
    moved = followed[followed["segment_then"] != followed["segment_now"]]
    new = now[~now["account_id"].isin(then["account_id"])]
    gone = then[~then["account_id"].isin(now["account_id"])]
    places = {name: number for number, name in enumerate(names)}
    rising = list_rising(followed, Rising(n=LISTED))
    rising["how_sure"] = [say_sureness(row, language) for row in rising.to_dict("records")]
    movers = moved.sort_values("followers_now", ascending=False).head(LISTED)
    digits = read_digits(segmentation.config["data"])
    return {
        "source": Path(earlier.source).name,
        "both": len(followed),
        "new": len(new),
        "gone": len(gone),
        "moved": len(moved),
        "segments": _segments(names, then, model.assign(then), now, segmentation.labels),
        "rising": _rows(round_accounts(rising, digits), places),
        "movers": _rows(round_accounts(movers, digits), places),
        "newcomers": _largest(new),
        "leavers": _largest(gone),
    }


def _segments(
    names: list[str],
    then: pd.DataFrame,
    places_then: np.ndarray,
    now: pd.DataFrame,
    places_now: np.ndarray,
) -> list[dict[str, Any]]:
    rows = []
    for place, name in enumerate(names):
        inside_then, inside_now = places_then == place, places_now == place
        rows.append(
            {
                "name": name,
                "cluster": place,
                "then": float(inside_then.mean()),
                "now": float(inside_now.mean()),
                "followers_then": float(then.loc[inside_then, "followers"].median()),
                "followers_now": float(now.loc[inside_now, "followers"].median()),
            }
        )
    return rows


def _rows(table: pd.DataFrame, places: dict[str, int]) -> list[dict[str, Any]]:
    rows = table.to_dict("records")
    return [
        {str(name): value for name, value in row.items()} | {"cluster": places[row["segment_now"]]}
        for row in rows
    ]


def _largest(accounts: pd.DataFrame) -> list[str]:
    ordered = accounts.sort_values("followers", ascending=False).head(LISTED)
    return [str(name) for name in ordered["account_id"]]
