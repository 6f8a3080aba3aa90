"""Descriptions of clusters whose accounts are not in memory: exact, in passes over all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline

from tiktok_segments.accounts.large.quantiles import WIDTH, QuantileSearch
from tiktok_segments.accounts.row_sample import Accounts
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
    clusters = range(len(names))
    sums = np.zeros((len(names), len(numbers) + len(flags)))
    counts = np.zeros_like(sums)
    sizes = np.zeros(len(names), dtype=np.int64)
    searches = {
        (cluster, name): QuantileSearch(_values(frame, name)[drawn == cluster])
        for cluster in clusters
        for name in numbers
    }
    for block, labels in labelled_blocks(pipeline, accounts, progress, "describing segments"):
        sizes += np.bincount(labels, minlength=len(names))
        columns = {name: _values(block, name) for name in (*numbers, *flags)}
        for place, values in enumerate(columns.values()):
            there = ~np.isnan(values)
            counts[:, place] += np.bincount(labels[there], minlength=len(names))
            sums[:, place] += np.bincount(labels[there], values[there], minlength=len(names))
        _add(searches, columns, labels)
    medians = _settle(searches, pipeline, accounts, drawn, progress)
    means = np.divide(sums, counts, out=np.full_like(sums, np.nan), where=counts > 0)
    table = {
        "cluster": list(clusters),
        "segment": list(names),
        "segment_id": list(ids),
        "accounts": sizes,
        "share": sizes / sizes.sum(),
    }
    for place, name in enumerate(numbers):
        table[f"{name}_median"] = [medians[cluster, name] for cluster in clusters]
        table[f"{name}_mean"] = means[:, place]
    if flags:
        table["verified_share"] = means[:, -1]
    return pd.DataFrame(table)


def labelled_blocks(
    pipeline: Pipeline, accounts: Accounts, progress: Progress, step: str
) -> Iterator[tuple[pd.DataFrame, np.ndarray]]:
    """Give all accounts block by block, with the cluster of each.

    Yields
    ------
    DataFrame of shape (n_rows, n_columns)
        The numbers of some accounts.
    ndarray of shape (n_rows,)
        Their clusters.
    """
    done = 0
    for block in accounts.blocks(list(map(str, accounts.frame))):
        yield block, np.asarray(pipeline.predict(block))
        done += len(block)
        progress(step, done, accounts.n_accounts)


def _settle(
    searches: dict[tuple[int, str], QuantileSearch],
    pipeline: Pipeline,
    accounts: Accounts,
    drawn: np.ndarray,
    progress: Progress,
) -> dict[tuple[int, str], float]:
    """Return the medians; those beyond their brackets are looked for again in wider ones."""
    medians: dict[tuple[int, str], float] = {}
    width = WIDTH
    while searches:
        found = {key: search.quantile() for key, search in searches.items()}
        medians |= {key: value for key, value in found.items() if value is not None}
        width *= 4
        searches = {
            (cluster, name): QuantileSearch(_values(accounts.frame, name)[drawn == cluster], width)
            for (cluster, name), value in found.items()
            if value is None
        }
        if searches:
            names = {name for _, name in searches}
            for block, labels in labelled_blocks(pipeline, accounts, progress, "medians once more"):
                _add(searches, {name: _values(block, name) for name in names}, labels)
    return medians


def _add(
    searches: dict[tuple[int, str], QuantileSearch],
    columns: dict[str, np.ndarray],
    labels: np.ndarray,
) -> None:
    members = {cluster: labels == cluster for cluster in {cluster for cluster, _ in searches}}
    for (cluster, name), search in searches.items():
        search.add(columns[name][members[cluster]])


def _values(frame: pd.DataFrame, name: str) -> np.ndarray:
    return frame[name].to_numpy(dtype="float64")
