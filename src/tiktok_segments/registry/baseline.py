"""The baseline of a model: what it saw when it was fitted, small enough to travel with it."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

Columns = Mapping[str, Any] | pd.DataFrame
"""Columns by their names: a frame, or arrays of one length."""

BINS = 10
"""Bins of a feature, by its deciles."""


def measure_baseline(
    frame: pd.DataFrame, X: np.ndarray, labels: np.ndarray, columns: list[str], n_segments: int
) -> dict[str, Any]:
    """Measure what later accounts are compared with.

    Parameters
    ----------
    frame : DataFrame of shape (n_accounts, n_columns)
        Clean profiles that the model was fitted on, or another set that it assigned.
    X : ndarray of shape (n_accounts, n_features)
        Their scaled features.
    labels : ndarray of shape (n_accounts,)
        Cluster of each, from 0.
    columns : list of str
        Canonical columns that the model reads.
    n_segments : int
        Number of clusters, which may be without accounts.

    Returns
    -------
    dict
        Plain data. ``accounts``; by cluster ``segment_shares``, ``segment_means`` of the scaled
        features and ``segment_covariances`` about them (not a number where there is no account);
        ``columns``: per column
        ``minimum`` and ``maximum``, the inner ``edges`` of at most :data:`BINS` bins (deciles,
        each value in the bin whose upper edge it does not exceed) and the ``shares`` of the
        accounts in the bins.

    Examples
    --------
    >>> frame = pd.DataFrame({"videos": [0, 0, 0, 5, 9]})
    >>> labels = np.array([0, 0, 0, 1, 1])
    >>> found = measure_baseline(frame, frame.to_numpy(dtype=float), labels, ["videos"], 2)
    >>> found["segment_shares"], found["columns"]["videos"]["maximum"]
    ([0.6, 0.4], 9.0)
    >>> found["columns"]["videos"]["edges"][0], found["columns"]["videos"]["shares"][0]
    (0.0, 0.6)
    >>> found["segment_means"], found["segment_covariances"]
    ([[0.0], [7.0]], [[[0.0]], [[4.0]]])
    """
    moments = [_moments(X[labels == segment]) for segment in range(n_segments)]
    return {
        "accounts": len(frame),
        "segment_shares": (np.bincount(labels, minlength=n_segments) / len(labels)).tolist(),
        "segment_means": [mean.tolist() for mean, _ in moments],
        "segment_covariances": [covariance.tolist() for _, covariance in moments],
        "columns": {name: _describe(frame[name].to_numpy(dtype=float)) for name in columns},
    }


def _moments(X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    if not len(X):
        return np.full(X.shape[1], np.nan), np.full((X.shape[1], X.shape[1]), np.nan)
    mean = X.mean(axis=0)
    return mean, (X - mean).T @ (X - mean) / len(X)


def _describe(values: np.ndarray) -> dict[str, Any]:
    quantiles = np.linspace(0, 1, BINS + 1)[1:-1]
    # An observed value, not one between two: ties fall into one bin whole.
    edges = np.unique(np.quantile(values, quantiles, method="inverted_cdf"))
    edges = edges[edges < values.max()]
    return {
        "minimum": float(values.min()),
        "maximum": float(values.max()),
        "edges": edges.tolist(),
        "shares": bin_shares(values, edges).tolist(),
    }


def bin_shares(values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Return the share of the values in each bin between ascending inner edges.

    Parameters
    ----------
    values : ndarray of shape (n_values,)
    edges : ndarray of shape (n_edges,)
        A value equal to an edge counts below it.

    Returns
    -------
    ndarray of shape (n_edges + 1,)
        They add up to 1.

    Examples
    --------
    >>> bin_shares(np.array([1.0, 2.0, 3.0, 9.0]), np.array([2.0])).tolist()
    [0.5, 0.5]
    """
    return count_bins(values, edges) / len(values)


def count_bins(values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Return how many values are in each bin, as :func:`bin_shares` has them."""
    places = np.searchsorted(edges, values, side="left")
    return np.bincount(places, minlength=len(edges) + 1)


def out_of_range(baseline: Mapping[str, Any], frame: Columns) -> np.ndarray:
    """Tell which accounts are beyond what the model saw, in any column that it reads.

    Parameters
    ----------
    baseline : mapping
        As :func:`measure_baseline` returns it.
    frame : mapping of str to ndarray of shape (n_accounts,), or DataFrame
        The columns that the model reads.

    Returns
    -------
    ndarray of bool of shape (n_accounts,)

    Examples
    --------
    >>> baseline = {"columns": {"videos": {"minimum": 1.0, "maximum": 9.0}}}
    >>> out_of_range(baseline, {"videos": np.array([1.0, 9.0, 10.0])}).tolist()
    [False, False, True]
    """
    columns = baseline["columns"]
    beyond = np.zeros(len(frame[next(iter(columns))]), dtype=bool)
    for name, column in columns.items():
        values = np.asarray(frame[name], dtype=float)
        beyond |= (values < column["minimum"]) | (values > column["maximum"])
    return beyond
