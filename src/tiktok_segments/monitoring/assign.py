"""Segments of a batch of accounts: which, how clearly, and whether the model knows their like."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from sklearn.metrics.pairwise import euclidean_distances
from sklearn.neighbors import NearestCentroid

from tiktok_segments.accounts.large.account_pass import AccountPass, Sums
from tiktok_segments.accounts.privacy.rounding import round_accounts
from tiktok_segments.clustering.membership import measure_confidence
from tiktok_segments.registry.baseline import out_of_range
from tiktok_segments.tracking.named_model import NamedModel

NEAR = 1e-12
"""Relative difference of two squared distances below which rounding could decide between them."""


@dataclass(frozen=True)
class Assigned:
    """What a model says of a batch of accounts.

    Attributes
    ----------
    X : ndarray of shape (n_accounts, n_features)
        Scaled features.
    positions : ndarray of shape (n_accounts,)
        Position of each account's segment among the model's.
    confidence : ndarray of shape (n_accounts,)
        From 0, halfway between two segments, to 1, at the segment's centre.
    out_of_range : ndarray of bool of shape (n_accounts,)
        Whether a column that the model reads is beyond what it saw; nowhere for a model that was
        never promoted, which does not tell.
    """

    X: np.ndarray
    positions: np.ndarray
    confidence: np.ndarray
    out_of_range: np.ndarray


def assign_accounts(model: NamedModel, frame: pd.DataFrame) -> Assigned:
    """Assign accounts to a model's segments, as its ``predict`` does.

    Parameters
    ----------
    model : NamedModel
        Whose segments.
    frame : DataFrame of shape (n_accounts, n_columns)
        Clean profiles.

    Returns
    -------
    Assigned
        Row by row.

    Raises
    ------
    InputError
        If a column that the model reads is not there.

    Examples
    --------
    >>> from sklearn.preprocessing import StandardScaler
    >>> from tiktok_segments.segments.identity import new_identities
    >>> from tiktok_segments.clustering.pipeline import build_pipeline, fit_pipeline
    >>> from tiktok_segments.clustering.pipeline import naming_pipeline
    >>> frame = pd.DataFrame({"followers": [10, 12, 900, 950]})
    >>> clusters = build_pipeline({"followers": "log_count"}, StandardScaler(),
    ...                           k=2, n_init=1, seed=0)
    >>> _ = fit_pipeline(clusters, frame)
    >>> names = ["Small", "Large"]
    >>> model = NamedModel("run a", "a", naming_pipeline(clusters, names),
    ...                    tuple(new_identities("a", names)), baseline={}, facts={})
    >>> assign_accounts(model, pd.DataFrame({"followers": [11, 800]})).positions.tolist()
    [0, 1]
    """
    model.require_columns(frame)
    if not len(frame):
        nothing = np.empty((0, model.centres.shape[1]))
        none = np.empty(0, dtype=np.int64)
        return Assigned(nothing, none, np.empty(0), np.empty(0, dtype=bool))
    X = model.scale(frame)
    squares = euclidean_distances(X, model.centres, squared=True)
    positions = squares.argmin(axis=1)
    rows = np.arange(len(X))
    own = squares[rows, positions]
    squares[rows, positions] = np.inf
    nearest = squares.min(axis=1)
    confidence = measure_confidence(np.sqrt(own), np.sqrt(nearest))
    # Squares are rounded at the size of the numbers that they are differences of.
    size = np.einsum("ij,ij->i", X, X) + np.square(model.centres).sum(axis=1).max()
    near = nearest - own <= NEAR * size
    if near.any():
        # One way of rounding decides between equals: the model's own, on the same memory.
        positions[near] = _positions(model).predict(X)[near]
    # A run that was never promoted does not tell what it saw.
    beyond = out_of_range(model.baseline, frame) if model.baseline else np.zeros(len(X), dtype=bool)
    return Assigned(X, positions, confidence, beyond)


def _positions(model: NamedModel) -> NearestCentroid:
    """The model's last step, answering with positions instead of names."""
    step = copy(model.pipeline[-1])
    step.classes_ = np.arange(len(model.segments))
    return step


def assigned_table(
    model: NamedModel,
    version: str,
    frame: pd.DataFrame,
    assigned: Assigned,
    digits: int | None = None,
) -> pa.Table:
    """Lay out accounts with their segments.

    Parameters
    ----------
    model : NamedModel
        That assigned them.
    version : str
        What to call the model.
    frame : DataFrame of shape (n_accounts, n_columns)
        Clean profiles.
    assigned : Assigned
        As :func:`assign_accounts` returns it.
    digits : int or None
        Significant digits of the accounts' numbers; None leaves them as they are.

    Returns
    -------
    pyarrow.Table
        ``account_id``, ``segment``, ``segment_id``, ``confidence``, ``model_version``,
        ``out_of_range``, then the other columns of the frame.
    """
    confidence = pd.DataFrame({"confidence": assigned.confidence})
    frame, confidence = round_accounts(frame, digits), round_accounts(confidence, digits)
    codes = pa.array(assigned.positions.astype(np.int32))
    profile = pa.Table.from_pandas(frame, preserve_index=False)
    named: dict[str, Any] = {
        "account_id": profile.column("account_id"),
        "segment": pa.DictionaryArray.from_arrays(codes, model.names),
        "segment_id": pa.DictionaryArray.from_arrays(
            codes, [segment.segment_id for segment in model.segments]
        ),
        "confidence": confidence["confidence"].to_numpy(),
        "model_version": pa.DictionaryArray.from_arrays(
            np.zeros(len(frame), dtype=np.int32), [version]
        ),
        "out_of_range": assigned.out_of_range,
    }
    others = [name for name in profile.column_names if name not in named]
    return pa.table({**named, **{name: profile.column(name) for name in others}})


class SegmentPairs(AccountPass):
    """Counts accounts by their segments of two models, wherever they are.

    Parameters
    ----------
    first, second : NamedModel
        The models.

    Attributes
    ----------
    counts : ndarray of shape (n_first, n_second)
        Accounts in each pair of segments.
    """

    def __init__(self, first: NamedModel, second: NamedModel) -> None:
        self.columns: Sequence[str] = tuple(dict.fromkeys([*first.columns, *second.columns]))
        self.counts = np.zeros((len(first.segments), len(second.segments)), dtype=np.int64)
        self._models = first, second

    def add(self, block: pd.DataFrame) -> None:
        """Take in some accounts."""
        places = [model.assign(block) for model in self._models]
        pairs = np.ravel_multi_index(places, self.counts.shape)
        self.counts += np.bincount(pairs, minlength=self.counts.size).reshape(self.counts.shape)

    def found(self) -> Sums:
        """Return the counts so far."""
        return {"counts": self.counts}

    def join(self, found: Sums) -> None:
        """Add those of other accounts."""
        self.counts += found["counts"]
