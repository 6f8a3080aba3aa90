"""An order of rows and columns that does not depend on how the export was sorted."""

from __future__ import annotations

import numpy as np


def canonical_order(X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Order rows and columns by their values, so that seeded draws do not see the given order.

    Columns go by the shape of their distribution (deciles in standard deviations from the mean,
    which a change of unit leaves alone), rows by their values in that order of columns.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)

    Returns
    -------
    rows : ndarray of shape (n_samples,)
    columns : ndarray of shape (n_features,)
        Indices, so that `X[rows][:, columns]` is the canonical sample.

    Examples
    --------
    >>> X = np.array([[3.0, 1.0], [1.0, 1.0], [2.0, 7.0]])
    >>> rows, columns = canonical_order(X)
    >>> X[rows][:, columns].tolist()
    [[1.0, 1.0], [2.0, 7.0], [3.0, 1.0]]
    """
    deciles = np.quantile(X, np.linspace(0, 1, 11), axis=0)
    deciles = deciles - deciles.mean(axis=0)
    spread = deciles.std(axis=0)
    shapes = (deciles / np.where(spread > 0, spread, 1.0)).round(9)
    columns = np.lexsort(shapes[::-1])
    rows = np.lexsort(X[:, columns[::-1]].T)
    return rows, columns
