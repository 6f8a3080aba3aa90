"""Descriptions of clusters whose accounts are not in memory: exact, in passes over all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline

from tiktok_segments.accounts.large.account_pass import AccountPass, Sums
from tiktok_segments.accounts.large.quantiles import WIDTH, QuantileSearch
from tiktok_segments.accounts.row_sample import Accounts
from tiktok_segments.clustering.pipeline import raw_columns
from tiktok_segments.schema import NUMBERS

Progress = Callable[[str, int, int], None]
"""Called with what is done, accounts done, and accounts in all."""


def describe_stored_clusters(
    pipeline: Pipeline,
    accounts: Accounts,
    names: Sequence[str],
    ids: Sequence[str],
    progress: Progress,
) -> pd.DataFrame:
    """Summarise the members of each segment in raw units, of all accounts.

    Parameters
    ----------
    pipeline : Pipeline
        Fitted, ending in k-means.
    accounts : Accounts
        Of which those drawn are in memory.
    names, ids : sequence of str
        Name and id of each cluster.
    progress : callable
        See :data:`Progress`.

    Returns
    -------
    DataFrame of shape (n_segments, n_statistics)
        As :func:`~tiktok_segments.segments.describe.describe_segments` returns it for all accounts
        in memory: counts, shares and medians the same, means to rounding.
    """
    frame = accounts.frame
    drawn = np.asarray(pipeline.predict(frame))
    numbers = [name for name in NUMBERS if name in frame]
    flags = ["is_verified"] if "is_verified" in frame else []
    searches = {
        (cluster, name): QuantileSearch(_values(frame, name)[drawn == cluster])
        for cluster in range(len(names))
        for name in numbers
    }
    describing = _Describing(pipeline, [*numbers, *flags], _Medians(pipeline, searches))
    _go_through(accounts, describing, progress, "describing segments")
    medians = _settle(describing.medians, pipeline, accounts, drawn, progress)
    sums, counts, sizes = describing.sums, describing.counts, describing.sizes
    means = np.divide(sums, counts, out=np.full_like(sums, np.nan), where=counts > 0)
    table = {
        "cluster": list(range(len(names))),
        "segment": list(names),
        "segment_id": list(ids),
        "accounts": sizes,
        "share": sizes / sizes.sum(),
    }
    for place, name in enumerate(numbers):
        table[f"{name}_median"] = [medians[cluster, name] for cluster in range(len(names))]
        table[f"{name}_mean"] = means[:, place]
    if flags:
        table["verified_share"] = means[:, -1]
    return pd.DataFrame(table)


def _go_through(accounts: Accounts, through: AccountPass, progress: Progress, step: str) -> None:
    accounts.go_through(through, lambda done: progress(step, done, accounts.n_accounts))


def _settle(
    medians: _Medians,
    pipeline: Pipeline,
    accounts: Accounts,
    drawn: np.ndarray,
    progress: Progress,
) -> dict[tuple[int, str], float]:
    """Return the medians; those beyond their brackets are looked for again in wider ones."""
    settled: dict[tuple[int, str], float] = {}
    width = WIDTH
    while True:
        found = {key: search.quantile() for key, search in medians.searches.items()}
        settled |= {key: value for key, value in found.items() if value is not None}
        open_ones = [key for key, value in found.items() if value is None]
        if not open_ones:
            return settled
        width *= 4
        searches = {
            (cluster, name): QuantileSearch(_values(accounts.frame, name)[drawn == cluster], width)
            for cluster, name in open_ones
        }
        medians = _Medians(pipeline, searches)
        _go_through(accounts, medians, progress, "medians once more")


class _Medians(AccountPass):
    """Shows the members of each cluster to the searches for their medians."""

    def __init__(self, pipeline: Pipeline, searches: dict[tuple[int, str], QuantileSearch]) -> None:
        self.searches = searches
        self._pipeline = pipeline
        self._n_clusters = len(pipeline[-1].cluster_centers_)
        names = dict.fromkeys(name for _, name in searches)
        self.columns: Sequence[str] = list(dict.fromkeys([*raw_columns(pipeline), *names]))

    def prepare(self, block: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray]:
        return block, np.asarray(self._pipeline.predict(block))

    def add(self, prepared: tuple[pd.DataFrame, np.ndarray]) -> None:
        block, labels = prepared
        # Short integers are sorted by their digits; a cluster's members are then side by side.
        order = np.argsort(labels.astype(np.int16), kind="stable")
        ends = np.cumsum(np.bincount(labels, minlength=self._n_clusters))
        members = [slice(*both) for both in zip([0, *ends[:-1]], ends, strict=True)]
        for name in dict.fromkeys(name for _, name in self.searches):
            values = _values(block, name)[order]
            for (cluster, searched), search in self.searches.items():
                if searched == name:
                    search.add(values[members[cluster]])

    def found(self) -> Sums:
        return {
            f"{part} {cluster} {name}": values
            for (cluster, name), search in self.searches.items()
            for part, values in search.found().items()
        }

    def join(self, found: Sums) -> None:
        for (cluster, name), search in self.searches.items():
            parts = ("counts", "inside")
            search.join({part: found[f"{part} {cluster} {name}"] for part in parts})


class _Describing(AccountPass):
    """Adds up the numbers and flags of each cluster's members, beside the search for medians."""

    def __init__(self, pipeline: Pipeline, names: Sequence[str], medians: _Medians) -> None:
        self.medians, self._names = medians, names
        self.columns: Sequence[str] = list(dict.fromkeys([*medians.columns, *names]))
        n_clusters = len(pipeline[-1].cluster_centers_)
        self.sums = np.zeros((n_clusters, len(names)))
        self.counts = np.zeros_like(self.sums)
        self.sizes = np.zeros(n_clusters, dtype=np.int64)

    def prepare(self, block: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray]:
        return self.medians.prepare(block)

    def add(self, prepared: tuple[pd.DataFrame, np.ndarray]) -> None:
        block, labels = prepared
        n_clusters = len(self.sizes)
        self.sizes += np.bincount(labels, minlength=n_clusters)
        for place, name in enumerate(self._names):
            values = _values(block, name)
            own, missing = labels, np.isnan(values)
            if missing.any():
                own, values = labels[~missing], values[~missing]
            self.counts[:, place] += np.bincount(own, minlength=n_clusters)
            self.sums[:, place] += np.bincount(own, values, minlength=n_clusters)
        self.medians.add(prepared)

    def found(self) -> Sums:
        own = {"sums": self.sums, "counts": self.counts, "sizes": self.sizes}
        return {**own, **self.medians.found()}

    def join(self, found: Sums) -> None:
        self.sums += found["sums"]
        self.counts += found["counts"]
        self.sizes += found["sizes"]
        self.medians.join(found)


def _values(frame: pd.DataFrame, name: str) -> np.ndarray:
    return frame[name].to_numpy(dtype="float64")
