"""The sum that k-means makes small."""

from __future__ import annotations

import numpy as np


def within_inertia(X: np.ndarray, labels: np.ndarray) -> float:
    """Summed squared distances of the rows to the mean of their cluster.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
    labels : ndarray of shape (n_samples,)
        Integers from 0.

    Returns
    -------
    float

    Examples
    --------
    >>> within_inertia(np.array([[0.0], [2.0], [5.0]]), np.array([0, 0, 1]))
    2.0
    """
    indicator = np.eye(labels.max() + 1)[labels]
    sizes = np.maximum(indicator.sum(axis=0), 1)
    centres = indicator.T @ X / sizes[:, None]
    return float(((X - centres[labels]) ** 2).sum())
