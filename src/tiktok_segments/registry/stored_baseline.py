"""What a baseline says of all accounts where these are not in memory: sums of passes over them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline

from tiktok_segments.accounts.large.account_pass import AccountPass, Sums
from tiktok_segments.accounts.row_sample import Accounts
from tiktok_segments.clustering.pipeline import raw_columns
from tiktok_segments.registry.baseline import count_bins, out_of_range


def measure_columns(
    accounts: Accounts, columns: Mapping[str, Any], progress: Callable[[str, int, int], None]
) -> dict[str, dict[str, Any]]:
    """Measure extremes of all accounts, and their shares in bins that a sample cut.

    Parameters
    ----------
    accounts : Accounts
        Not all of them in memory.
    columns : mapping of str to mapping
        ``edges`` of each column, as in :func:`~tiktok_segments.registry.baseline.measure_baseline`.
    progress : callable
        Called with what is done, accounts done, and accounts in all.

    Returns
    -------
    dict of str to dict
        ``minimum``, ``maximum`` and ``shares`` of each column.
    """
    seen = _Extremes({name: np.asarray(column["edges"]) for name, column in columns.items()})
    total = accounts.n_accounts
    accounts.go_through(seen, lambda done: progress("measuring the baseline", done, total))
    return {
        name: {
            "minimum": float(seen.low[place]),
            "maximum": float(seen.high[place]),
            "shares": (seen.counts[name] / total).tolist(),
        }
        for place, name in enumerate(columns)
    }


class _Extremes(AccountPass):
    """Finds the extremes of columns, and counts values in bins between ascending inner edges."""

    def __init__(self, edges: Mapping[str, np.ndarray]) -> None:
        self.columns: Sequence[str] = list(edges)
        self._edges = edges
        self.low, self.high = np.full(len(edges), np.inf), np.full(len(edges), -np.inf)
        self.counts = {name: np.zeros(len(own) + 1, np.int64) for name, own in edges.items()}

    def add(self, block: pd.DataFrame) -> None:
        values = block[list(self.columns)].to_numpy(dtype=float)
        self.low = np.minimum(self.low, values.min(axis=0))
        self.high = np.maximum(self.high, values.max(axis=0))
        for place, (name, edges) in enumerate(self._edges.items()):
            self.counts[name] += count_bins(values[:, place], edges)

    def found(self) -> Sums:
        return {"low": self.low, "high": self.high, **self.counts}

    def join(self, found: Sums) -> None:
        self.low = np.minimum(self.low, found["low"])
        self.high = np.maximum(self.high, found["high"])
        for name, counts in self.counts.items():
            counts += found[name]


def count_assigned(
    pipeline: Pipeline,
    accounts: Accounts,
    baseline: Mapping[str, Any],
    progress: Callable[[str, int, int], None],
) -> tuple[np.ndarray, int]:
    """Count all accounts by cluster, and those beyond what a model saw.

    Parameters
    ----------
    pipeline : Pipeline
        Fitted, ending in k-means.
    accounts : Accounts
        Not all of them in memory.
    baseline : mapping
        With the ``columns`` of :func:`~tiktok_segments.registry.baseline.measure_baseline`.
    progress : callable
        Called with what is done, accounts done, and accounts in all.

    Returns
    -------
    sizes : ndarray of int of shape (n_clusters,)
    beyond : int
        As :func:`~tiktok_segments.registry.baseline.out_of_range` tells them.
    """
    counting = _Counting(pipeline, baseline)
    accounts.go_through(counting, lambda done: progress("segments", done, accounts.n_accounts))
    return counting.sizes, int(counting.beyond)


class _Counting(AccountPass):
    """Counts accounts by cluster, and those out of range."""

    def __init__(self, pipeline: Pipeline, baseline: Mapping[str, Any]) -> None:
        self.columns: Sequence[str] = raw_columns(pipeline)
        self._pipeline, self._baseline = pipeline, baseline
        self.sizes = np.zeros(len(pipeline[-1].cluster_centers_), dtype=np.int64)
        self.beyond = np.array(0)

    def prepare(self, block: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        return np.asarray(self._pipeline.predict(block)), out_of_range(self._baseline, block)

    def add(self, prepared: tuple[np.ndarray, np.ndarray]) -> None:
        labels, beyond = prepared
        self.sizes += np.bincount(labels, minlength=len(self.sizes))
        self.beyond += np.count_nonzero(beyond)

    def found(self) -> Sums:
        return {"sizes": self.sizes, "beyond": self.beyond}

    def join(self, found: Sums) -> None:
        self.sizes += found["sizes"]
        self.beyond += found["beyond"]
