"""Admissibility: what k-means can be given, and whether its clusters can be trusted at all."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from tiktok_segments.errors import InputError

MAX_SKEW = 2.0
"""Largest absolute skewness of a column."""

MAX_CORRELATION = 0.98
"""Largest absolute Pearson correlation of two columns."""


def inadmissible_reasons(X: np.ndarray, columns: Sequence[str]) -> list[str]:
    """Say in words why a transformed space is not fit for k-means.

    A skewed column makes clusters of its tail, a pair of columns that say the same counts one
    concept twice, and a binary column carves out itself.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        The columns as k-means sees them, before or after the scaler (no linear scaler changes the
        answer).
    columns : sequence of str
        Their names.

    Returns
    -------
    list of str
        Empty for an admissible space. A binary column is reported as binary only, not as skewed
        too; a constant column is reported as constant.

    Examples
    --------
    >>> likes = np.array([1.0, 2.0, 3.0, 4.0])
    >>> X = np.column_stack([likes, 2 * likes, [0, 0, 0, 1]])
    >>> for reason in inadmissible_reasons(X, ["likes", "views", "is_verified"]):
    ...     print(reason)
    is_verified is binary
    likes and views say the same (correlation 1.000, at most 0.98)
    """
    X = np.asarray(X, dtype=float)
    n_values = np.array([len(np.unique(column)) for column in X.T])
    reasons = [f"{columns[i]} is constant" for i in np.flatnonzero(n_values == 1).tolist()]
    reasons += [f"{columns[i]} is binary" for i in np.flatnonzero(n_values == 2).tolist()]
    varying = np.flatnonzero(n_values > 1)
    Z = X[:, varying] - X[:, varying].mean(axis=0)
    Z /= Z.std(axis=0)
    skews = dict(zip(varying.tolist(), (Z**3).mean(axis=0).tolist(), strict=True))
    reasons += [
        f"{columns[i]} is skewed (skew {skew:.4g}, at most {MAX_SKEW:g} either way)"
        for i, skew in skews.items()
        if n_values[i] > 2 and abs(skew) > MAX_SKEW
    ]
    correlation = Z.T @ Z / len(Z)
    reasons += [
        f"{columns[varying[i]]} and {columns[varying[j]]} say the same "
        f"(correlation {correlation[i, j]:.3f}, at most {MAX_CORRELATION:g})"
        for i, j in combinations(range(len(varying)), 2)
        if abs(correlation[i, j]) > MAX_CORRELATION
    ]
    return reasons


def require_more_accounts(k: int, accounts: int) -> None:
    """Refuse a number of clusters for which there are too few accounts.

    Raises
    ------
    InputError
        Naming the numbers that are valid.

    Examples
    --------
    >>> require_more_accounts(9, accounts=9)
    Traceback (most recent call last):
    ...
    tiktok_segments.errors.InputError: k is 9; with 9 accounts it must be from 2 to 8.
    """
    if accounts < 3:
        raise InputError(
            f"There {'is one account' if accounts == 1 else f'are {accounts} accounts'} only; "
            "segments take at least three."
        )
    if k >= accounts:
        raise InputError(
            f"k is {k}; with {accounts:,} accounts it must be from 2 to {accounts - 1}."
        )
