"""Membership: how clearly an account belongs to its cluster, and which comes next."""

import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline

AMBIGUOUS_BELOW = 0.1
"""An account whose confidence is below this is a border case."""


def measure_membership(pipeline: Pipeline, frame: pd.DataFrame, labels: np.ndarray) -> pd.DataFrame:
    """Measure how clearly each account belongs to its cluster.

    The confidence is 1 - a / b, a being the distance to the own centre and b that to the nearest
    other one, in the scaled features: the simplified silhouette of Hruschka, Campello & Castro
    2006 (Inf. Sci. 176:1898), with the larger of a and b always being b.

    Parameters
    ----------
    pipeline : Pipeline
        Fitted, ending in k-means with two clusters at least.
    frame : DataFrame of shape (n_accounts, n_columns)
        Clean profiles with the columns that the pipeline reads.
    labels : ndarray of shape (n_accounts,)
        Cluster of each account, as the pipeline predicts it.

    Returns
    -------
    DataFrame of shape (n_accounts, 4)
        ``distance`` to the own centre (scaled units), ``next_cluster``, ``confidence`` from 0
        (halfway between two segments) to 1 (at its segment's centre) and ``ambiguous``: whether
        the confidence is below :data:`AMBIGUOUS_BELOW`. The index is the frame's.
    """
    return _from_distances(pipeline.transform(frame), labels).set_index(frame.index)


def measure_confidence(own: np.ndarray, nearest: np.ndarray) -> np.ndarray:
    """Return 1 - a / b of each account, as in :func:`measure_membership`.

    Parameters
    ----------
    own, nearest : ndarray of shape (n_accounts,)
        Distance to the own centre, and to the nearest other one, in the scaled space.

    Returns
    -------
    ndarray of shape (n_accounts,)
        From 0 to 1; 0 where both centres are on one spot with the account.

    Examples
    --------
    >>> measure_confidence(np.array([1.0, 2.0]), np.array([4.0, 2.0])).tolist()
    [0.75, 0.0]
    """
    ratio = np.divide(own, nearest, out=np.ones_like(own), where=nearest > 0)
    return np.clip(1 - ratio, 0, 1)


def _from_distances(distances: np.ndarray, labels: np.ndarray) -> pd.DataFrame:
    """Measure membership from the distances to every centre.

    Examples
    --------
    >>> table = _from_distances(np.array([[1.0, 4.0], [2.1, 2.0]]), np.array([0, 1]))
    >>> table["next_cluster"].to_list(), table["confidence"].round(3).to_list()
    ([1, 0], [0.75, 0.048])
    >>> table["ambiguous"].to_list()
    [False, True]
    """
    rows = np.arange(len(labels))
    own = distances[rows, labels]
    others = distances.copy()
    others[rows, labels] = np.inf
    following = others.argmin(axis=1)
    confidence = measure_confidence(own, others[rows, following])
    return pd.DataFrame(
        {
            "distance": own,
            "next_cluster": following,
            "confidence": confidence,
            "ambiguous": confidence < AMBIGUOUS_BELOW,
        }
    )
