"""What changed since an earlier export: shares, who moved and rises, who is new and gone."""

from pathlib import Path
from typing import Any

import pandas as pd

from tiktok_segments.accounts.dataset import Dataset
from tiktok_segments.accounts.privacy.rounding import read_digits, round_accounts
from tiktok_segments.clustering.pipeline import naming_pipeline
from tiktok_segments.clustering.stored_clusters import describe_stored_clusters
from tiktok_segments.language import ENGLISH, Language
from tiktok_segments.monitoring.comparison import (
    Rising,
    count_in_both,
    find_rising,
    follow_accounts,
    followed_accounts,
    list_rising,
)
from tiktok_segments.monitoring.comparison.rising import say_sureness
from tiktok_segments.segments.describe import describe_segments
from tiktok_segments.segments.segmentation import Segmentation
from tiktok_segments.terminal import progress_bar
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
        ``source``; ``both``, ``new`` and ``gone``, numbers of accounts; ``followed``, how many of
        those in both were looked for, as
        :func:`~tiktok_segments.monitoring.comparison.followed_accounts` has them, and ``moved``,
        how many of these moved; ``segments``, a row for each with its share and median followers
        then and now, of all accounts; and at the most :data:`LISTED` rows of ``rising``,
        ``movers``, ``newcomers`` and ``leavers``, of those followed; ``found``, how many of each
        there are.

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
    model.require_columns(earlier.frame)
    then, now = followed_accounts(earlier, segmentation.dataset)
    both = count_in_both(earlier, segmentation.dataset)
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
        "both": both,
        "new": segmentation.dataset.n_accounts - both,
        "gone": earlier.n_accounts - both,
        "followed": len(followed),
        "moved": len(moved),
        "segments": _segments(_describe(segmentation, model, earlier), segmentation.segments),
        "rising": _rows(round_accounts(rising, digits), places),
        "movers": _rows(round_accounts(movers, digits), places),
        "newcomers": _largest(new),
        "leavers": _largest(gone),
        "found": {
            "rising": len(find_rising(followed, Rising())),
            "movers": len(moved),
            "newcomers": len(new),
            "leavers": len(gone),
        },
    }


def _describe(segmentation: Segmentation, model: NamedModel, earlier: Dataset) -> pd.DataFrame:
    """Describe the segments of the earlier export's accounts, of all of them."""
    if not earlier.stored:
        return describe_segments(earlier.frame, model.assign(earlier.frame), model.names)
    ids = [segment.segment_id for segment in model.segments]
    with progress_bar("accounts") as progress:
        return describe_stored_clusters(
            segmentation.pipeline, earlier.accounts, model.names, ids, progress
        )


def _segments(then: pd.DataFrame, now: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {
            "name": row["segment"],
            "cluster": row["cluster"],
            "then": before["share"],
            "now": row["share"],
            "followers_then": before["followers_median"],
            "followers_now": row["followers_median"],
        }
        for before, row in zip(then.to_dict("records"), now.to_dict("records"), strict=True)
    ]


def _rows(table: pd.DataFrame, places: dict[str, int]) -> list[dict[str, Any]]:
    rows = table.to_dict("records")
    return [
        {str(name): value for name, value in row.items()} | {"cluster": places[row["segment_now"]]}
        for row in rows
    ]


def _largest(accounts: pd.DataFrame) -> list[str]:
    ordered = accounts.sort_values("followers", ascending=False).head(LISTED)
    return [str(name) for name in ordered["account_id"]]
