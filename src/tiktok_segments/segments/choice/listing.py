"""A shortlist of all accounts of a segmentation, whether they are in memory or not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tiktok_segments.segments.choice.decisions import Decisions
from tiktok_segments.segments.choice.everyone import take_of_every_part
from tiktok_segments.segments.choice.exclusions import Exclusions
from tiktok_segments.segments.choice.shortlist import (
    find_candidates,
    has_value,
    make_shortlist,
    rank_candidates,
    unknown_value,
)
from tiktok_segments.segments.choice.similar import find_alike, point_of
from tiktok_segments.segments.choice.wanted import Wanted
from tiktok_segments.segments.segmentation import Segmentation


@dataclass(frozen=True)
class Listing:
    """A shortlist, and what it left out.

    Attributes
    ----------
    table : DataFrame of shape (n_listed, n_columns)
        As :func:`~tiktok_segments.segments.choice.shortlist.make_shortlist` returns it.
    excluded : int
        Accounts that were left out by name or brand.
    sampled : int
        Accounts that scores are shares of, where these are not all; else 0.
    """

    table: pd.DataFrame
    excluded: int
    sampled: int


def list_accounts(
    segmentation: Segmentation,
    wanted: Wanted,
    decisions: Decisions | None = None,
    exclusions: Exclusions | None = None,
) -> Listing:
    """Make a shortlist of all accounts.

    Where they are not in memory their export is read once more, and the best of each part are
    kept; scores are then shares of the accounts drawn.

    Parameters
    ----------
    segmentation : Segmentation
        Named segments of a run.
    wanted : Wanted
        Goal, number and filters.
    decisions : Decisions, optional
        What somebody decided on some accounts.
    exclusions : Exclusions, optional
        Who is left out.

    Returns
    -------
    Listing
        The best, and what was left out.

    Raises
    ------
    InputError
        If a filter has a value that no account has, or nothing is left.
    """
    point = point_of(segmentation, wanted.like) if wanted.like else None
    if not segmentation.dataset.stored:
        part = _judge(segmentation, wanted, exclusions, point)
        table = make_shortlist(segmentation.accounts, wanted, decisions, part.unwanted, part.alike)
        return Listing(table, part.excluded, 0)
    among = segmentation.accounts
    seen = dict.fromkeys(wanted.equal, False)

    def take(part: Segmentation) -> tuple[pd.DataFrame, int]:
        judged = _judge(part, wanted, exclusions, point)
        for column, value in wanted.equal.items():
            seen[column] |= bool(has_value(part.accounts, column, value).any())
        found = find_candidates(
            part.accounts, wanted, decisions, judged.unwanted, judged.alike, among
        )
        # Where segments take turns each may give as many as are wanted.
        best = (found.groupby("segment").cumcount() < wanted.n).to_numpy()
        if "decision" in found:
            best |= (found["decision"] == "yes").to_numpy()
        return found[best], judged.excluded

    taken = take_of_every_part(segmentation, "looking for the best", take)
    for column, value in wanted.equal.items():
        if not seen[column]:
            raise unknown_value(among, column, value)
    candidates = pd.concat([table for table, _ in taken])
    sampled = 0 if wanted.like else len(among)
    return Listing(rank_candidates(candidates, wanted), sum(n for _, n in taken), sampled)


@dataclass(frozen=True)
class _Judged:
    unwanted: pd.Series | None
    alike: pd.DataFrame | None

    @property
    def excluded(self) -> int:
        return 0 if self.unwanted is None else int(self.unwanted.sum())


def _judge(
    part: Segmentation, wanted: Wanted, exclusions: Exclusions | None, point: np.ndarray | None
) -> _Judged:
    return _Judged(
        None if exclusions is None else exclusions.holds(part.accounts),
        None if point is None else find_alike(part, str(wanted.like), point),
    )
