"""Columns that carry the name of one measure and hold another, told by what must hold between them.

A column called *engagement* may count engagements, *likes* may be the likes of an average video,
and an engagement rate may be per view. The other columns tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from tiktok_segments.containers.hints import Hints
from tiktok_segments.export.first_look import FirstLook
from tiktok_segments.export.levels import log10
from tiktok_segments.export.matching import Matching
from tiktok_segments.schema import COLUMNS

_CLOSE = 0.05
"""Decades within which two ways to take one measure agree, in most rows."""

_SAME = 0.002
"""Decades within which two ways to take one measure give the same, but for rounding."""

_ENGAGED = {
    "engagement_rate": ("average_likes", "average_comments"),
    "like_rate": ("average_likes",),
    "comment_rate": ("average_comments",),
}
_IN_WORDS = {
    "engagement_rate": "(likes + comments)",
    "like_rate": "likes",
    "comment_rate": "comments",
}

_APART = 0.7
"""Decades between two measures beyond which they are told apart."""

_GROWS = 0.5
"""Correlation with the logarithm of followers above which something grows with an account."""

_ENOUGH = 8
"""Rows from which on values tell what they measure."""


@dataclass(frozen=True)
class Misnomer:
    """A column that holds something else than its name says.

    Parameters
    ----------
    column : str
        The canonical column that its name stands for.
    measure : str or None
        The canonical column that it is; None where no column of ours holds such values.
    why : str
        What was found, as a clause.
    """

    column: str
    measure: str | None
    why: str


def call_right(
    names: Sequence[str], matching: Matching, look: FirstLook, hints: Hints
) -> tuple[Matching, list[str]]:
    """Call columns what they are, or leave them out, where their names say something else.

    Parameters
    ----------
    names : sequence of str
        The file's columns.
    matching : Matching
        What the names were matched to.
    look : FirstLook
        The first rows in its columns.
    hints : Hints
        What the user says, which stands.

    Returns
    -------
    matching : Matching
        With those columns called otherwise, or without them.
    notes : list of str
        What was found.
    """
    said = {**dict(hints.columns), **dict(hints.units)}
    notes = []
    for found in find_misnomers(look.frame):
        if found.column in said:
            continue
        claim = matching.positions[found.column]
        positions = {n: one for n, one in matching.positions.items() if n != found.column}
        if found.measure is not None and found.measure not in positions:
            positions[found.measure] = claim
            use = f"read as {found.measure}"
        else:
            use = "not used"
        matching = replace(matching, positions=positions)
        notes.append(f"{names[claim[0]]!r} is no {found.column}: {found.why}; {use}")
    return matching, notes


def find_misnomers(frame: pd.DataFrame) -> list[Misnomer]:
    """Find the columns that cannot be what they are called.

    Parameters
    ----------
    frame : DataFrame of shape (n_rows, n_columns)
        The first rows' numbers in canonical columns, NaN where there is none.

    Returns
    -------
    list of Misnomer
        None where there are few rows.

    Examples
    --------
    >>> frame = pd.DataFrame({"followers": [10.0**i for i in range(1, 9)]})
    >>> found, = find_misnomers(frame.assign(engagement_rate=(frame.followers / 10).round()))
    >>> found.column, found.why
    ('engagement_rate', 'its values are whole numbers that grow with followers: a count, no rate')
    """
    if len(frame) < _ENOUGH or "followers" not in frame:
        return []
    found: list[Misnomer | None] = [_counted_rate(frame, name) for name in _rates_in(frame)]
    counted = {one.column for one in found if one}
    found += [one for one in _rates_by_views(frame) if one.column not in counted]
    found.append(_average_called_total(frame))
    return [one for one in found if one is not None]


def _rates_in(frame: pd.DataFrame) -> list[str]:
    return [name for name in map(str, frame) if name in COLUMNS and COLUMNS[name].kind == "rate"]


def _counted_rate(frame: pd.DataFrame, name: str) -> Misnomer | None:
    values = frame[name].dropna()
    if len(values) < _ENOUGH or not (values == values.round()).all() or values.median() <= 1:
        return None
    grows = log10(values).corr(log10(frame.loc[values.index, "followers"]))
    if not grows > _GROWS:
        return None
    why = "its values are whole numbers that grow with followers: a count, no rate"
    return Misnomer(name, None, why)


def _rates_by_views(frame: pd.DataFrame) -> Iterator[Misnomer]:
    """Tell rates per view by likes, comments and views of an average video, in whatever unit."""
    for name, counted in _ENGAGED.items():
        there = [one for one in counted if one in frame]
        if name not in frame or not there or "average_views" not in frame:
            continue
        rate = log10(frame[name]) - log10(frame[there].sum(axis=1, skipna=False))
        by_views = _off_a_unit(rate + log10(frame["average_views"]))
        if not (by_views < _CLOSE < _off_a_unit(rate + log10(frame["followers"]))):
            continue
        why = f"its values are {_IN_WORDS[name]} / views of an average video: a rate per view"
        same = name == "engagement_rate" and there == list(counted) and by_views < _SAME
        free = "engagement_by_views" not in frame
        yield Misnomer(name, "engagement_by_views" if same and free else None, why)


def _off_a_unit(decades: pd.Series) -> float:
    """Return how far most values are from 1, 100 or 1,000, in decades."""
    return min(float((decades - unit).abs().median()) for unit in (0, 2, 3))


def _average_called_total(frame: pd.DataFrame) -> Misnomer | None:
    """Tell likes of an average video from likes of all videos by a rate of likes."""
    if "likes" not in frame or "average_likes" in frame:
        return None
    rate = next((name for name in ("like_rate", "engagement_rate") if name in frame), None)
    if rate is None:
        return None
    off = (log10(frame["likes"]) - log10(frame["followers"]) - log10(frame[rate])).abs().median()
    videos = log10(frame["videos"]).median() if "videos" in frame else _APART
    if not (off < _CLOSE and videos >= _APART):
        return None
    why = f"its values / followers are its {rate}: the likes of an average video, not of all"
    return Misnomer("likes", "average_likes", why)
