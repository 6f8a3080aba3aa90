"""Outliers left out of accounts that are not in memory: their quartiles, found in passes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
import pandas as pd

from tiktok_segments.accounts.filters import (
    OutlierRule,
    drop_outliers,
    require_kept,
    require_outlier_column,
)
from tiktok_segments.accounts.large.account_pass import AccountPass, AllRows, Sums
from tiktok_segments.accounts.large.quantiles import WIDTH, QuantileSearch
from tiktok_segments.accounts.large.rows import within

SIZE = 2**18
"""Accounts that are looked at at once."""


Rows = TypeVar("Rows", bound=AllRows)


def leave_outliers_out(
    stored: Rows | None, drawn: pd.DataFrame, rule: OutlierRule
) -> tuple[Rows | None, pd.DataFrame]:
    """Leave the outliers out of all accounts, and out of those drawn.

    Parameters
    ----------
    stored : AllRows or None
        All accounts; None where those drawn are all.
    drawn : DataFrame of shape (n_drawn, n_columns)
        A uniform sample of them.
    rule : OutlierRule
        As for :func:`leave_out`.

    Returns
    -------
    stored : AllRows or None
        The accounts that are left.
    drawn : DataFrame of shape (n_left, n_columns)
        Those drawn that are left, numbered anew.

    Raises
    ------
    InputError
        If a column is not there, or no account is left.
    """
    if stored and rule.columns:
        stored = leave_out(stored, drawn, rule)
        drawn = drawn[within(drawn, stored.bounds)].reset_index(drop=True)
    else:
        drawn = drop_outliers(drawn, rule.columns, rule.factor)
    require_kept(drawn)
    return stored, drawn


def leave_out(stored: Rows, drawn: pd.DataFrame, rule: OutlierRule) -> Rows:
    """Find the bounds of an outlier rule, as dropping outliers in memory does.

    Parameters
    ----------
    stored : AllRows
        All accounts, in a file here or with Spark.
    drawn : DataFrame of shape (n_drawn, n_columns)
        A uniform sample of them.
    rule : OutlierRule
        Its quartiles are of all accounts that the columns before left over, exactly.

    Returns
    -------
    AllRows
        The accounts within the bounds; what is stored is the same.

    Raises
    ------
    InputError
        If a column is not there.
    """
    for name in rule.columns:
        require_outlier_column(drawn, name)
        sample = drawn[within(drawn, stored.bounds)][name].to_numpy(dtype=float)
        first, third = (_quantile(stored, sample, name, share) for share in (0.25, 0.75))
        margin = rule.factor * (third - first)
        bounds = (*stored.bounds, (name, first - margin, third + margin))
        stored = stored.narrowed(bounds, stored.rows)
    counting = _Counting(rule.columns[:1])
    stored.go_through(counting, SIZE, lambda done: None)
    return stored.narrowed(stored.bounds, counting.rows)


def _quantile(stored: AllRows, sample: np.ndarray, name: str, share: float) -> float:
    width = WIDTH
    while True:
        seeking = _Seeking(name, QuantileSearch(sample, width, share))
        stored.go_through(seeking, SIZE, lambda done: None)
        if (found := seeking.search.quantile()) is not None:
            return found
        width *= 4


class _Seeking(AccountPass):
    """Shows a column to a search for its quantile."""

    def __init__(self, name: str, search: QuantileSearch) -> None:
        self.columns: Sequence[str] = [name]
        self.search = search

    def add(self, block: pd.DataFrame) -> None:
        self.search.add(block[self.columns[0]].to_numpy(dtype=float))

    def found(self) -> Sums:
        return self.search.found()

    def join(self, found: Sums) -> None:
        self.search.join(found)


class _Counting(AccountPass):
    """Counts accounts."""

    def __init__(self, columns: Sequence[str]) -> None:
        self.columns: Sequence[str] = columns
        self.rows = 0

    def add(self, block: pd.DataFrame) -> None:
        self.rows += len(block)

    def found(self) -> Sums:
        return {"rows": np.array(self.rows)}

    def join(self, found: Sums) -> None:
        self.rows += int(found["rows"])
