"""A scaled matrix: checked once, so that all behind it can trust it, and its canonical order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import index

import numpy as np
import pandas as pd

from tiktok_segments.accounts.row_sample import account_keys, draw_rows
from tiktok_segments.errors import InputError

NUMERIC = "biufO"
"""Kinds of NumPy's types that can hold numbers: flags, integers, fractions, and mixed columns."""


def check_matrix(X: np.ndarray | pd.DataFrame) -> np.ndarray:
    """Return scaled features as a matrix that k-means can work on, or refuse them.

    Parameters
    ----------
    X : ndarray or DataFrame of shape (n_samples, n_features)
        Numbers or flags. Not changed.

    Returns
    -------
    ndarray of float64 of shape (n_samples, n_features)
        In C order, as sums in another order would differ in the last digit.

    Raises
    ------
    InputError
        If it has not two dimensions, holds something else than finite numbers, has fewer than
        three rows or no column, its rows are all alike, or its numbers are too large or too close
        together to be squared.

    Examples
    --------
    >>> check_matrix([[1, 2], [3, 4], [5, 6]]).dtype
    dtype('float64')
    >>> check_matrix([1.0, 2.0, 3.0])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    tiktok_segments.errors.InputError: X has the shape (3,); give a matrix of shape (n_samples, ...
    """
    matrix = _as_numbers(X)
    if matrix.ndim != 2:
        hint = "\nA single feature is X.reshape(-1, 1)." if matrix.ndim == 1 else ""
        raise InputError(
            f"X has the shape {matrix.shape}; give a matrix of shape (n_samples, n_features).{hint}"
        )
    if len(matrix) < 3 or not matrix.shape[1]:
        raise InputError(
            f"X has the shape {matrix.shape}; at least three rows and one column are needed."
        )
    if (bad := np.count_nonzero(~np.isfinite(matrix))) > 0:
        raise InputError(
            f"X holds {bad:,} values that are missing or infinite; every value must be a finite "
            "number."
        )
    if (matrix == matrix[0]).all():
        raise InputError(
            f"All {len(matrix):,} rows of X are alike; there is nothing to tell apart."
        )
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        spread = float(np.square(matrix - matrix.mean(axis=0)).sum())
    if not np.finfo(float).tiny < spread < np.inf:
        raise InputError(
            "The numbers in X are too large or too close together to be squared; scale them first."
        )
    return matrix


def check_ks(X: np.ndarray, ks: Iterable[int]) -> list[int]:
    """Return numbers of clusters in rising order without repetitions, or refuse them.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        The rows to be clustered.
    ks : iterable of int
        Whole numbers, as Python or NumPy has them.

    Returns
    -------
    list of int
        At least one.

    Raises
    ------
    InputError
        If there is none, one is not a whole number, is below 2, or is above the number of
        different rows.

    Examples
    --------
    >>> check_ks(np.eye(4), (k for k in (3, 2, 3)))
    [2, 3]
    """
    try:
        wanted = sorted({_whole(k) for k in ks})
    except TypeError:
        raise InputError(f"ks is {ks!r}; give whole numbers, as in range(2, 8).") from None
    if not wanted:
        raise InputError("ks is empty; give at least one number of clusters, as in range(2, 8).")
    if wanted[0] < 2:
        raise InputError(f"ks holds {wanted[0]}; a number of clusters is 2 or more.")
    if wanted[-1] > (distinct := _count_distinct(X, wanted[-1])):
        raise InputError(
            f"ks holds {wanted[-1]}; X has only {distinct:,} different rows, and each cluster "
            "needs one."
        )
    return wanted


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
        rows = draw_rows(account_keys(pd.DataFrame(X[:, columns])), seed, max_rows)
    return rows[np.lexsort(X[rows][:, columns[::-1]].T)], columns


def check_diagnosable(
    X: np.ndarray, ks: Sequence[int], given: Mapping[int, np.ndarray], n_draws: int
) -> None:
    """Refuse what the diagnostics cannot be computed on.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        A scaled space.
    ks : sequence of int
        Numbers of clusters, rising.
    given : mapping of int to ndarray of shape (n_samples,)
        Clusters that are known.
    n_draws : int
        Draws of the reference.

    Raises
    ------
    InputError
        If X is not a finite matrix, a k is out of range, or the labels do not fit.
    """
    if X.ndim != 2 or not np.isfinite(X).all():
        raise InputError("The space to diagnose must be a matrix of finite numbers.")
    if not ks or ks[0] < 2 or 4 * ks[-1] > len(X):
        raise InputError(
            f"Cannot diagnose k = {list(ks)} on {len(X)} accounts: "
            f"k must lie between 2 and a quarter of the accounts."
        )
    if n_draws < 2:
        raise InputError(f"The null needs at least 2 draws; {n_draws} was given.")
    for k, labels in given.items():
        if labels.shape != (len(X),) or labels.min() < 0 or labels.max() >= k:
            raise InputError(f"The labels for k = {k} must be {len(X)} integers from 0 to {k - 1}.")


def _as_numbers(X: np.ndarray | pd.DataFrame) -> np.ndarray:
    try:
        raw = np.asarray(X)
        matrix = np.asarray(raw, dtype=float, order="C") if raw.dtype.kind in NUMERIC else None
    except (TypeError, ValueError):
        matrix = None
    if matrix is None:
        raise InputError("X does not hold numbers only; give a matrix of numbers.")
    return matrix


def _whole(number: int) -> int:
    if isinstance(number, (bool, np.bool_)):
        raise TypeError
    return index(number)


def _count_distinct(X: np.ndarray, needed: int) -> int:
    """Count the different rows, as far as needed: the first rows usually are different enough."""
    first = len(np.unique(X[: 4 * needed], axis=0))
    return first if first >= needed else len(np.unique(X, axis=0))
