"""Rejections that select: rows left out for a rule so often, or of such a size, that it shows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from tiktok_segments.accounts.dataset import Dataset
from tiktok_segments.errors import InputError
from tiktok_segments.export.values import OTHER_PLATFORM, TOTAL_ROW
from tiktok_segments.wording import whole_percent

MOST = 0.1
"""Share of the rows that a rule may reject."""

_SLIP = 2
"""Rows from which on they are no single slip."""

_P_VALUE, _EFFECT = 0.001, 0.3
"""Of the test for sizes, and of its rank-biserial correlation, from which on they differ."""

_NOBODY_LOST = frozenset(
    {
        "identical duplicate", "older duplicate", "contradictory duplicate", "repeated video",
        OTHER_PLATFORM, TOTAL_ROW,
    }
)  # fmt: skip
"""Rules that take away rows and no account of ours."""


def check_rejections(dataset: Dataset, settings: Mapping[str, Any]) -> None:
    """Refuse to train on what a rule has made another population of.

    Parameters
    ----------
    dataset : Dataset
        Clean accounts, and the rows that were rejected.
    settings : mapping
        A training configuration; ``clean.allow_selective_rejection`` lets all pass.

    Raises
    ------
    InputError
        Naming the rule, what its first row held, and the settings.
    """
    allowed = settings["clean"].get("allow_selective_rejection", False)
    if not isinstance(allowed, bool):
        raise InputError(f"clean.allow_selective_rejection is {allowed!r}; give true or false.")
    if allowed:
        return
    n_rows = int(dataset.cleaning["rows"].iloc[0])
    for rule, rows in dataset.rejected.groupby("rule", sort=False):
        if rule in _NOBODY_LOST or len(rows) < _SLIP:
            continue
        why = _too_many(rows, n_rows) or _other_sizes(rows, dataset.frame)
        if why:
            raise InputError(
                f"{Path(dataset.source).name}: {rule!r} rejects {len(rows):,} of {n_rows:,} rows"
                f"{_example(rows)}, {why}.\n"
                "What is left is another population. check_export.py shows these rows; mend them, "
                "or go on without: clean.allow_selective_rejection=true"
            )


def _too_many(rows: pd.DataFrame, n_rows: int) -> str:
    return f"more than {whole_percent(MOST)}" if len(rows) > MOST * n_rows else ""


def _other_sizes(rows: pd.DataFrame, kept: pd.DataFrame) -> str:
    """Say how the sizes of rejected accounts differ from those kept; empty where they do not.

    By the two-sided test of Mann and Whitney (1947), *Annals of Mathematical Statistics* 18, 50-60.
    """
    from scipy.stats import mannwhitneyu  # a tenth of a second, for files with rejected rows only

    sizes = rows["followers"].dropna()
    if len(sizes) < _SLIP or kept.empty:
        return ""
    statistic, p_value = mannwhitneyu(sizes, kept["followers"])
    effect = 2 * statistic / (len(sizes) * len(kept)) - 1
    if p_value >= _P_VALUE or abs(effect) < _EFFECT:
        return ""
    return (
        f"of accounts with {sizes.median():,.0f} followers in the median, those kept having "
        f"{kept['followers'].median():,.0f} (Mann-Whitney U test, p < {_P_VALUE})"
    )


def _example(rows: pd.DataFrame) -> str:
    given = rows.loc[rows["value"] != "", "value"]
    return f", as in {given.iloc[0]!r}" if len(given) else ""
