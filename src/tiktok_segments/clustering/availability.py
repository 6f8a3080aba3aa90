"""Which feature sets a file can feed, and how many clusters its accounts can make."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from tiktok_segments.errors import InputError

TRANSFORM_NAMES = ("raw", "log_count", "log_rate", "log_comment_rate")
"""Names of the transforms that a feature set can give a column."""


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
        raise InputError(f"There are only {accounts} accounts; segments take at least three.")
    if k >= accounts:
        raise InputError(
            f"k is {k}; with {accounts:,} accounts it must be from 2 to {accounts - 1}."
        )


def runnable_feature_sets(
    columns: Collection[str], feature_sets: Mapping[str, Collection[str]]
) -> list[str]:
    """Feature sets whose columns are all there.

    Parameters
    ----------
    columns : collection of str
        Columns of the clean frame.
    feature_sets : mapping of str to collection of str
        Feature set to the canonical columns that it needs.

    Returns
    -------
    list of str
        In the given order.

    Examples
    --------
    >>> runnable_feature_sets({"followers"}, {"size": ["followers"], "activity": ["videos"]})
    ['size']
    """
    return [name for name, needed in feature_sets.items() if set(needed) <= set(columns)]


def require_feature_set(
    name: str, columns: Collection[str], feature_sets: Mapping[str, Collection[str]]
) -> None:
    """Refuse a feature set that needs a column which this file lacks.

    Parameters
    ----------
    name : str
        The feature set asked for.
    columns : collection of str
        Columns of the clean frame.
    feature_sets : mapping of str to collection of str
        Feature set to the canonical columns that it needs.

    Raises
    ------
    InputError
        Naming the missing columns and the feature sets that can run.
    """
    lacking = [column for column in feature_sets[name] if column not in columns]
    if not lacking:
        return
    others = runnable_feature_sets(columns, feature_sets)
    advice = (
        f"These run on this file: {', '.join(others)}." if others else "None runs on this file."
    )
    raise InputError(
        f"features={name} needs {', '.join(lacking)}, which this file neither has nor gives by "
        f"arithmetic.\n{advice}\n"
        f'If the column is there under another name: data.columns.{lacking[0]}="COLUMN"'
    )
