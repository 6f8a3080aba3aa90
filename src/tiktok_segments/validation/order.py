"""An order of rows and columns that does not depend on how the export was sorted."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tiktok_segments.accounts.row_sample import account_keys, draw_ranks


def canonical_sample(X: np.ndarray, max_rows: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Order columns and rows by their values, so that seeded draws do not see the given order.

    Columns go by the shape of their distribution (deciles in standard deviations from the mean,
    which a change of unit leaves alone), rows by their values in that order of columns. Above
    ``max_rows`` rows it is those whose values' hash is smallest, so that not all are sorted.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
    max_rows : int
        Rows wanted.
    seed : int
        Seed of the sample.

    Returns
    -------
    rows : ndarray of shape (min(n_samples, max_rows),)
    columns : ndarray of shape (n_features,)
        Indices, so that `X[rows][:, columns]` is the canonical sample.

    Examples
    --------
    >>> X = np.array([[3.0, 1.0], [1.0, 1.0], [2.0, 7.0]])
    >>> rows, columns = canonical_sample(X, max_rows=10, seed=0)
    >>> X[rows][:, columns].tolist()
    [[1.0, 1.0], [2.0, 7.0], [3.0, 1.0]]
    """
    deciles = np.quantile(X, np.linspace(0, 1, 11), axis=0)
    deciles = deciles - deciles.mean(axis=0)
    spread = deciles.std(axis=0)
    shapes = (deciles / np.where(spread > 0, spread, 1.0)).round(9)
    columns = np.lexsort(shapes[::-1])
    rows = np.arange(len(X))
    if len(X) > max_rows:
        keys = account_keys(pd.DataFrame(X[:, columns]))
        rows = np.argpartition(draw_ranks(keys, seed), max_rows)[:max_rows]
    return rows[np.lexsort(X[rows][:, columns[::-1]].T)], columns
