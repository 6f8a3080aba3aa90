"""Accounts that are left out: by the filter of what a buyer wants to see, and as outliers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tiktok_segments.errors import InputError


@dataclass(frozen=True)
class CleanRules:
    """What a buyer wants to see, and when a column counts as absent.

    Parameters
    ----------
    min_followers : int
        Accounts with fewer are filtered.
    regions, languages : tuple of str
        Only these are kept, whatever their case; all where empty.
    verified_only : bool
        Keep verified accounts only.
    max_missing_share : float
        A column missing in a larger share of the rows is treated as absent, with a warning;
        below that a row that lacks a needed number is rejected. No number is ever filled in.
    """

    min_followers: int = 0
    regions: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    verified_only: bool = False
    max_missing_share: float = 0.5

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of numbers and flags that decide whom they keep, beside the followers."""
        return ("is_verified",) if self.verified_only else ()

    @property
    def keeps_all(self) -> bool:
        """Whether no account is filtered."""
        return not (self.min_followers or self.regions or self.languages or self.verified_only)


@dataclass(frozen=True)
class OutlierRule:
    """Which extreme accounts are left out; none by default.

    Parameters
    ----------
    columns : tuple of str
        Looked at in this order.
    factor : float
        Distance from the quartiles, in interquartile ranges.
    """

    columns: tuple[str, ...] = ()
    factor: float = 1.5


def check_rules(rules: CleanRules, frame: pd.DataFrame) -> None:
    """Refuse rules that are out of range or ask for a column that is not there.

    Raises
    ------
    InputError
        Naming the rule.
    """
    if rules.min_followers < 0:
        raise InputError(f"clean.min_followers={rules.min_followers} is below 0.\nGive 0 or more.")
    if not 0 <= rules.max_missing_share <= 1:
        raise InputError(
            f"clean.max_missing_share={rules.max_missing_share} is not a share.\nGive 0 to 1."
        )
    needs = {
        "region": ("clean.regions", bool(rules.regions)),
        "language": ("clean.languages", bool(rules.languages)),
        "is_verified": ("clean.verified_only", rules.verified_only),
    }
    for column, (rule, asked) in needs.items():
        if asked and column not in frame:
            raise InputError(
                f"{rule} needs the column {column}, which this export does not have.\n"
                f'Leave the rule out, or name the column: data.columns.{column}="COLUMN".'
            )


def apply_filters(frame: pd.DataFrame, rules: CleanRules) -> np.ndarray:
    """Say which filter takes each account away.

    Parameters
    ----------
    frame : DataFrame
        Accounts with followers, and region, language, is_verified where a rule needs them.
    rules : CleanRules
        What to keep.

    Returns
    -------
    ndarray of str, shape (n_rows,)
        The first filter that an account fails; empty where it stays.

    Examples
    --------
    >>> frame = pd.DataFrame({"followers": [5, 50]})
    >>> apply_filters(frame, CleanRules(min_followers=10)).tolist()
    ['followers below 10', '']
    """
    removed_by = np.full(len(frame), "", dtype=object)

    def remove(fails: pd.Series, name: str) -> None:
        removed_by[fails.to_numpy() & (removed_by == "")] = name

    if rules.min_followers:
        remove(frame["followers"] < rules.min_followers, f"followers below {rules.min_followers:,}")
    if rules.regions:
        name = f"region not {' or '.join(rules.regions)}"
        remove(~_is_one_of(frame["region"], rules.regions), name)
    if rules.languages:
        name = f"language not {' or '.join(rules.languages)}"
        remove(~_is_one_of(frame["language"], rules.languages), name)
    if rules.verified_only:
        remove(frame["is_verified"] != 1, "not verified")
    return removed_by


def drop_outliers(frame: pd.DataFrame, columns: Sequence[str], factor: float) -> pd.DataFrame:
    """Drop rows beyond the quartiles, one column after the other.

    A row goes where its value is below Q1 - factor × IQR or above Q3 + factor × IQR (Tukey 1977,
    *Exploratory Data Analysis*), the quartiles being those of the rows that the columns before
    left over.

    Parameters
    ----------
    frame : DataFrame of shape (n_accounts, n_columns)
        Clean profiles.
    columns : sequence of str
        Columns to look at, in this order; none keeps every row.
    factor : float
        Distance from the quartiles, in interquartile ranges.

    Returns
    -------
    DataFrame of shape (n_kept, n_columns)
        The rows kept, in their order, numbered anew.

    Raises
    ------
    InputError
        If a column is not there.

    Examples
    --------
    >>> frame = pd.DataFrame({"followers": [1, 2, 3, 4, 100]})
    >>> drop_outliers(frame, ["followers"], factor=1.5)["followers"].to_list()
    [1, 2, 3, 4]
    """
    for name in columns:
        require_outlier_column(frame, name)
        first, third = frame[name].quantile([0.25, 0.75])
        margin = factor * (third - first)
        frame = frame[frame[name].between(first - margin, third + margin)]
    return frame.reset_index(drop=True)


def require_outlier_column(frame: pd.DataFrame, name: str) -> None:
    """Refuse an outlier rule that looks at a column which is not there.

    Raises
    ------
    InputError
        Naming the column.
    """
    if name not in frame:
        raise InputError(
            f"The outlier rule looks at {name}, which this file does not have.\n"
            "Choose outliers=keep."
        )


def require_kept(frame: pd.DataFrame) -> None:
    """Refuse an outlier rule that leaves no account.

    Raises
    ------
    InputError
        Saying what to choose.
    """
    if frame.empty:
        raise InputError("The outlier rule leaves no account; choose outliers=keep.")


def _is_one_of(column: pd.Series, wanted: Sequence[str]) -> pd.Series:
    return column.str.strip().str.casefold().isin([text.casefold() for text in wanted])
