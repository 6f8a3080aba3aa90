"""Missing canonical columns from others, where the arithmetic is sound."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd


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
