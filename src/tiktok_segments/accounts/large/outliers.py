"""Outliers left out of accounts that are not in memory: their quartiles, found in passes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from tiktok_segments.accounts.filters import OutlierRule, require_outlier_column
from tiktok_segments.accounts.large.quantiles import WIDTH, QuantileSearch
from tiktok_segments.accounts.large.rows import StoredRows, within

SIZE = 2**18
"""Accounts that are looked at at once."""


def leave_out(stored: StoredRows, drawn: pd.DataFrame, rule: OutlierRule) -> StoredRows:
    """Find the bounds of an outlier rule, as dropping outliers in memory does.

    Parameters
    ----------
    stored : StoredRows
        All accounts.
    drawn : DataFrame of shape (n_drawn, n_columns)
        A uniform sample of them.
    rule : OutlierRule
        Its quartiles are of all accounts that the columns before left over, exactly.

    Returns
    -------
    StoredRows
        The accounts within the bounds; the file is the same.

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
        stored = replace(stored, bounds=bounds)
    rows = sum(len(block) for block in stored.blocks(rule.columns[:1], SIZE))
    return replace(stored, rows=rows)


def _quantile(stored: StoredRows, sample: np.ndarray, name: str, share: float) -> float:
    width = WIDTH
    while True:
        search = QuantileSearch(sample, width, share)
        for block in stored.blocks([name], SIZE):
            search.add(block[name].to_numpy(dtype=float))
        if (found := search.quantile()) is not None:
            return found
        width *= 4
