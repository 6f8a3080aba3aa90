"""Numbers of accounts that are handed on: so many digits of them as are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from tiktok_segments.errors import InputError

MOST = 15
"""Digits that a float has."""

EXACT = ["cluster", "line", "rank"]
"""Columns of numbers that say nothing of an account."""


def read_digits(data: Mapping[str, Any]) -> int | None:
    """Return the significant digits that ``data`` asks for; None where numbers stay as they are.

    Raises
    ------
    InputError
        If that is no whole number from 1 to :data:`MOST`.
    """
    digits = data.get("round")
    if digits is None:
        return None
    if isinstance(digits, bool) or not isinstance(digits, int) or not 1 <= digits <= MOST:
        raise InputError(f"privacy.round is {digits}; give a whole number from 1 to {MOST}.")
    return digits


def round_accounts(frame: pd.DataFrame, digits: int | None) -> pd.DataFrame:
    """Return accounts with numbers of so many significant digits.

    Parameters
    ----------
    frame : DataFrame of shape (n_accounts, n_columns)
        Not changed.
    digits : int or None
        None leaves them as they are.

    Returns
    -------
    DataFrame of shape (n_accounts, n_columns)
        In the same dtypes; texts, flags, times and the columns :data:`EXACT` as they are.

    Examples
    --------
    >>> frame = pd.DataFrame({"followers": [1_234_567, 0], "like_rate": [0.04567, 12.3]})
    >>> round_accounts(frame, 2).values.tolist()
    [[1200000.0, 0.046], [0.0, 12.0]]
    """
    if digits is None:
        return frame
    numbers = frame.select_dtypes(["number"]).columns.difference(EXACT)
    return frame.assign(**{name: _round(frame[name], digits) for name in map(str, numbers)})


def _round(column: pd.Series, digits: int) -> pd.Series:
    values = column.to_numpy(dtype="float64", na_value=np.nan)
    told = [float(f"{value:.{digits}g}") for value in values]
    return pd.Series(told, index=column.index).astype(column.dtype)
