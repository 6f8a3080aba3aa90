"""Rejections that select: rows left out for a rule so often, or of such a size, that it shows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from tiktok_segments.accounts.dataset import Dataset
from tiktok_segments.accounts.privacy.forgotten import FORGOTTEN
from tiktok_segments.containers.records import NOTE_ROW
from tiktok_segments.errors import InputError
from tiktok_segments.export.rows.left_out import OTHER_PLATFORM, TOTAL_ROW
from tiktok_segments.wording import whole_percent

MOST = 0.1
"""Share of the rows that a rule may reject."""

_SLIP = 2
"""Rows from which on they are no single slip."""

_P_VALUE, _EFFECT = 0.001, 0.3
"""Of the test for sizes, and of its rank-biserial correlation, from which on they differ."""

_NOBODY_LOST = frozenset(
    {
        "identical duplicate", "older duplicate", "contradictory duplicate", "repeated video",
        OTHER_PLATFORM, TOTAL_ROW, NOTE_ROW, FORGOTTEN,
    }
)  # fmt: skip
"""Rules that take away no account of ours, or one that asked for it: nothing is to be mended."""


def check_rejections(dataset: Dataset, settings: Mapping[str, Any]) -> None:
    """Refuse to train on what a rule has made another population of.

    Parameters
    ----------
    dataset : Dataset
        Clean accounts, and the rows that were rejected.
    settings : mapping
        A training configuration; ``clean.allow_selective_rejection`` lets all pass.

    Raises
    ------
    InputError
        Naming the rule, what its first row held, and the settings.
    """
    if rejects_freely(settings):
        return
    n_rows = int(dataset.cleaning["rows"].iloc[0])
    kept = dataset.frame["followers"].to_numpy(dtype=float)
    for rule, rows in dataset.rejected.groupby("rule", sort=False):
        sizes = rows["followers"].dropna().to_numpy(dtype=float)
        why = why_selective(str(rule), len(rows), n_rows, sizes, kept)
        if why:
            given = rows.loc[rows["value"] != "", "value"]
            example = str(given.iloc[0]) if len(given) else ""
            name = Path(dataset.source).name
            raise InputError(say_selective(name, str(rule), len(rows), n_rows, example, why))


def rejects_freely(settings: Mapping[str, Any]) -> bool:
    """Return ``clean.allow_selective_rejection``.

    Raises
    ------
    InputError
        If it is neither true nor false.
    """
    allowed = settings["clean"].get("allow_selective_rejection", False)
    if not isinstance(allowed, bool):
        raise InputError(f"clean.allow_selective_rejection is {allowed!r}; give true or false.")
    return allowed


def are_too_many(n_rejected: int, n_rows: int) -> bool:
    """Say whether rejected rows alone make another population of the others.

    Examples
    --------
    >>> are_too_many(1, 5), are_too_many(2, 15)
    (False, True)
    """
    return n_rejected >= _SLIP and n_rejected > MOST * n_rows


def why_selective(
    rule: str, n_rejected: int, n_rows: int, sizes: np.ndarray, kept: np.ndarray
) -> str:
    """Say how the rows that a rule rejects differ from those kept.

    Sizes are compared by the two-sided test of Mann and Whitney (1947), *Annals of Mathematical
    Statistics* 18, 50-60.

    Parameters
    ----------
    rule : str
        Of the rejected rows.
    n_rejected, n_rows : int
        How many it rejects, of how many in the file.
    sizes, kept : ndarray of float64
        Followers of the rejected rows where they are known, and of the accounts that are kept.

    Returns
    -------
    str
        Empty where the rule takes no account away, or few and like the others.

    Examples
    --------
    >>> why_selective("unreadable likes", 30, 200, np.empty(0), np.empty(0))
    'more than 10 %'
    >>> [why_selective(rule, 30, 200, np.empty(0), np.empty(0))
    ...  for rule in ("older duplicate", "forgotten")]
    ['', '']
    """
    from scipy.stats import mannwhitneyu  # a tenth of a second, for files with rejected rows only

    if rule in _NOBODY_LOST or n_rejected < _SLIP:
        return ""
    if are_too_many(n_rejected, n_rows):
        return f"more than {whole_percent(MOST)}"
    if len(sizes) < _SLIP or not len(kept):
        return ""
    statistic, p_value = mannwhitneyu(sizes, kept)
    effect = 2 * statistic / (len(sizes) * len(kept)) - 1
    if p_value >= _P_VALUE or abs(effect) < _EFFECT:
        return ""
    return (
        f"of accounts with {np.median(sizes):,.0f} followers in the median, those kept having "
        f"{np.median(kept):,.0f} (Mann-Whitney U test, p < {_P_VALUE})"
    )


def say_selective(
    name: str, rule: str, n_rejected: int, n_rows: int, example: str, why: str
) -> str:
    """Return the message of a rule that selects, with the way on.

    Examples
    --------
    >>> said = say_selective("a.csv", "missing likes", 30, 200, "", "more than 10 %")
    >>> said.splitlines()[0]
    "a.csv: 'missing likes' rejects 30 of 200 rows, more than 10 %."
    """
    shown = f", as in {example!r}" if example else ""
    return (
        f"{name}: {rule!r} rejects {n_rejected:,} of {n_rows:,} rows{shown}, {why}.\n"
        "What is left is another population. check_export.py shows these rows; mend them, "
        "or go on without: clean.allow_selective_rejection=true"
    )
