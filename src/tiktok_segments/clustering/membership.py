"""Membership: how clearly and how surely an account belongs to its cluster, and which is next."""

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans

from tiktok_segments.clustering.redrawn_centres import measure_stability

UNCLEAR_BELOW = 0.1
"""An account whose confidence is below this is about as near to the next segment."""

STABLE_FROM = 0.75
"""An account that stays with its segment in a smaller share of the redraws is a border case."""


def measure_membership(
    kmeans: KMeans, X: np.ndarray, labels: np.ndarray, redrawn: np.ndarray
) -> pd.DataFrame:
    """Measure how clearly and how surely each account belongs to its cluster.

    The confidence is 1 - a / b, a being the distance to the own centre and b that to the nearest
    other one, in the scaled features: the simplified silhouette of Hruschka, Campello & Castro
    2006 (Inf. Sci. 176:1898), with the larger of a and b always being b.

    Parameters
    ----------
    kmeans : KMeans
        Fitted, with two clusters at least.
    X : ndarray of shape (n_accounts, n_features)
        Accounts in the scaled space.
    labels : ndarray of shape (n_accounts,)
        Cluster of each account, as k-means predicts it.
    redrawn : ndarray of shape (n_redraws, n_clusters, n_features)
        Centres on halves of the accounts, as
        :func:`~tiktok_segments.clustering.redrawn_centres.redraw_centres` returns them.

    Returns
    -------
    DataFrame of shape (n_accounts, 5)
        ``distance`` to the own centre (scaled units), ``next_cluster``, ``confidence`` from 0
        (halfway between two segments) to 1 (at its segment's centre), ``stability``, the share
        of the redraws in which it stays with its segment, and ``ambiguous``: whether that is
        below :data:`STABLE_FROM`.
    """
    table = _from_distances(kmeans.transform(X), labels)
    table["stability"] = measure_stability(X, labels, redrawn)
    table["ambiguous"] = table["stability"] < STABLE_FROM
    return table


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
    """
    rows = np.arange(len(labels))
    own = distances[rows, labels]
    others = distances.copy()
    others[rows, labels] = np.inf
    following = others.argmin(axis=1)
    return pd.DataFrame(
        {
            "distance": own,
            "next_cluster": following,
            "confidence": measure_confidence(own, others[rows, following]),
        }
    )
