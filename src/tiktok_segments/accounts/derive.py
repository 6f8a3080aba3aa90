"""Columns that follow from others where the arithmetic is sound."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tiktok_segments.accounts.outcome import BOOKKEEPING
from tiktok_segments.export.rows.merged_videos import VIDEO_COUNTS
from tiktok_segments.schema import COLUMNS, VIDEO_COLUMNS


@dataclass(frozen=True)
class Derivation:
    """One formula.

    Parameters
    ----------
    target : str
        The column it gives.
    needs : tuple of str
        The columns it is computed from.
    formula : str
        In words, for the log.
    compute : callable
        Frame in, Series out; not finite where the formula has no value.
    """

    target: str
    needs: tuple[str, ...]
    formula: str
    compute: Callable[[pd.DataFrame], pd.Series]


DERIVATIONS = (
    Derivation(
        "like_rate",
        ("average_likes", "followers"),
        "like_rate = average likes per video / followers",
        lambda f: f.average_likes / f.followers,
    ),
    Derivation(
        "comment_rate",
        ("average_comments", "followers"),
        "comment_rate = average comments per video / followers",
        lambda f: f.average_comments / f.followers,
    ),
    Derivation(
        "engagement_rate",
        ("like_rate", "comment_rate"),
        "engagement_rate = like_rate + comment_rate (engagement_by_followers)",
        lambda f: f.like_rate + f.comment_rate,
    ),
    Derivation(
        "engagement_by_views",
        ("average_likes", "average_comments", "average_views"),
        "engagement_by_views = (average likes + average comments) / average views",
        lambda f: (f.average_likes + f.average_comments) / f.average_views,
    ),
    # Last, so that a like rate over all videos never adds up with comments of some of them.
    Derivation(
        "like_rate",
        ("likes", "videos", "followers"),
        "like_rate = likes / videos / followers (over all videos ever)",
        lambda f: f.likes / f.videos / f.followers,
    ),
)
"""In order; each is used only where its target is absent and what it needs is there."""


def sources_of(needed: Collection[str], names: Collection[str]) -> set[str]:
    """Return the columns of a file that some columns are, or are computed from.

    Parameters
    ----------
    needed : collection of str
        Canonical columns.
    names : collection of str
        What the file's own columns were matched to.

    Returns
    -------
    set of str
        With the columns that the file has itself; of an average of videos its videos' column.

    Examples
    --------
    >>> sorted(sources_of(["like_rate"], ["followers", "likes", "videos", "is_verified"]))
    ['followers', 'like_rate', 'likes', 'videos']
    """
    parts: dict[str, tuple[str, ...]] = {
        name.replace("video_", "average_"): (name,) for name in VIDEO_COUNTS if name in names
    }
    there = {*names, *parts}
    for derivation in DERIVATIONS:
        if derivation.target not in there and there.issuperset(derivation.needs):
            parts[derivation.target] = derivation.needs
            there.add(derivation.target)
    found: set[str] = set()
    left = list(needed)
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += parts.get(name, ())
    return found


def derive_columns(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Add every column that follows from those present.

    Parameters
    ----------
    frame : DataFrame
        Canonical columns and measures; not changed.

    Returns
    -------
    frame : DataFrame
        With the derived columns; NaN where a formula has no value (no followers, no videos).
    derived : list of str
        Formulas used.

    Examples
    --------
    >>> frame = pd.DataFrame({"followers": [10.0], "likes": [40.0], "videos": [2.0]})
    >>> derive_columns(frame)[0].like_rate.tolist()
    [2.0]
    """
    frame = frame.copy(deep=False)
    derived = []
    for derivation in DERIVATIONS:
        if derivation.target in frame or not set(derivation.needs) <= set(frame.columns):
            continue
        values = derivation.compute(frame)
        frame[derivation.target] = values.where(np.isfinite(values))
        derived.append(derivation.formula)
    return frame, derived


def complete_columns(frame: pd.DataFrame, empty: Sequence[str]) -> tuple[pd.DataFrame, list[str]]:
    """Leave empty columns out, derive what follows from the others, and put all in order.

    Parameters
    ----------
    frame : DataFrame
        Canonical columns, measures and bookkeeping.
    empty : sequence of str
        Columns without a value in the whole file.

    Returns
    -------
    frame : DataFrame
        Canonical columns and bookkeeping, index 0 to n-1.
    derived : list of str
        Formulas used.
    """
    frame, derived = derive_columns(frame.drop(columns=list(empty)))
    order = [name for name in (*COLUMNS, *BOOKKEEPING) if name in frame]
    return frame[order].reset_index(drop=True), derived


def without_video_columns(frame: pd.DataFrame) -> pd.DataFrame:
    """Drop what describes one video only."""
    return frame.drop(columns=[name for name in VIDEO_COLUMNS if name in frame])
