"""Of several columns for one measure, the one that holds most of it: values, then digits."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tiktok_segments.cells.numbers import read_numbers
from tiktok_segments.cells.texts import TEXT_NULLS, as_strings
from tiktok_segments.containers.records import Records
from tiktok_segments.export.first_look import Spell
from tiktok_segments.export.handle_columns import PROFILE, share_of
from tiktok_segments.export.matching import Matching
from tiktok_segments.export.values import Cells
from tiktok_segments.schema import NUMERIC_KINDS, READABLE

_SAME = 0.05
"""Relative difference up to which a rounded and an exact value are one."""

_MOSTLY, _MOSTLY_ZERO = 0.9, 0.5
_LINK = r"(?i)^\s*https?://|tiktok\.com/"
_JOINED = 0.02
"""Share of the rows that one column must fill for the other."""


@dataclass(frozen=True)
class Content:
    """What the first rows of a column hold.

    Parameters
    ----------
    values : ndarray of float64, shape (n_rows,)
        NaN where there is none, or none that can be read.
    given : ndarray of bool, shape (n_rows,)
        Whether there is something in the cell.
    """

    values: np.ndarray
    given: np.ndarray

    @property
    def filled(self) -> float:
        """Share of the rows with a value that can be read."""
        return float(np.mean(~np.isnan(self.values))) if len(self.values) else 0.0

    @property
    def unreadable(self) -> float:
        """Share of the rows with something that cannot be read."""
        return float(np.mean(self.given & np.isnan(self.values))) if len(self.values) else 0.0


def choose_column(first: Content, others: Sequence[Content]) -> tuple[int, str]:
    """Choose among the columns that carry names of one measure.

    Parameters
    ----------
    first : Content
        Of the column whose name comes first in the table of names.
    others : sequence of Content
        Of the other columns, in the order of the table.

    Returns
    -------
    position : int
        0 for the first, else the other's position from 1.
    why : str
        Empty for the first.

    Examples
    --------
    >>> rounded = Content(np.array([23_400.0, np.nan]), np.array([True, True]))
    >>> exact = Content(np.array([23_437.0, 2_400_000_123.0]), np.array([True, True]))
    >>> choose_column(rounded, [exact])
    (1, 'it has values where the other has none')
    """
    best, why = 0, ""
    contents = [first, *others]
    for position in range(1, len(contents)):
        reason = _is_better(contents[position], contents[best])
        if reason:
            best, why = position, reason
    return best, why


def _is_better(one: Content, other: Content) -> str:
    """Say why one column is better than another; empty where it is not."""
    if other.filled < 0.5 * one.filled:
        return "the other is empty in most rows"
    both = ~np.isnan(one.values) & ~np.isnan(other.values)
    if not both.any() or one.filled < _MOSTLY * other.filled:
        return ""
    if _overflows(one.values[both], other.values[both]):
        return ""
    if _overflows(other.values[both], one.values[both]):
        return "the other holds what is left of large numbers in 32 bits"
    if np.mean((one.values[both] > 0) & (other.values[both] == 0)) > _MOSTLY_ZERO:
        return "the other is 0 in most rows"
    apart = np.abs(one.values[both] - other.values[both])
    alike = apart <= _SAME * np.maximum(np.abs(one.values[both]), np.abs(other.values[both]))
    if np.mean(alike) < _MOSTLY:
        return ""
    if one.unreadable < other.unreadable or one.filled > other.filled:
        return "it has values where the other has none"
    if _digits(one.values[both]) > _digits(other.values[both]):
        return "the other is rounded"
    return ""


def fill_each_other(one: Content, other: Content) -> bool:
    """Say whether a column holds what another one lacks, and the same where both hold something.

    Examples
    --------
    >>> one, other = np.array([5.0, np.nan, np.nan, 7.0]), np.array([np.nan, 6.0, 2.0, 7.0])
    >>> fill_each_other(*(Content(values, ~np.isnan(values)) for values in (one, other)))
    True
    """
    if one.unreadable or other.unreadable:
        return False
    here, there = ~np.isnan(one.values), ~np.isnan(other.values)
    lacking = int(np.sum(there & ~here))
    same = np.array_equal(one.values[here & there], other.values[here & there])
    return same and lacking >= max(2, _JOINED * len(here))


def _overflows(values: np.ndarray, others: np.ndarray) -> bool:
    """Say whether values are what is left of others in 32 bits, and nothing else."""
    apart = values != others
    lost = (others >= 2**31) & ((others - values) % 2**32 == 0)
    return bool(apart.any() and lost[apart].all())


def _digits(values: np.ndarray) -> int:
    """Return how many digits the values have before the zeros at their end, all together."""
    return sum(len(f"{value:.12g}".replace(".", "").strip("0")) for value in np.abs(values))


def take_better_columns(
    names: Sequence[str],
    head: Records,
    matching: Matching,
    spell: Spell,
    file: str,
) -> tuple[Matching, list[str]]:
    """Take of several columns with names of one measure the one that holds most of it."""
    positions, joined, notes = dict(matching.positions), dict(matching.joined), []
    for canonical, others in matching.others.items():
        if canonical in {"account_id", "platform"}:  # which their own cells tell
            continue
        first = positions.setdefault(canonical, others[:1])[0]
        candidates = list(dict.fromkeys([first, *others]))
        if canonical == "url" and any(
            share_of(as_strings(head.columns[one]), PROFILE) > 0 for one in candidates
        ):
            contents = [_addresses(head.columns[one]) for one in candidates]
            chosen, why = choose_column(contents[0], contents[1:])
            why = why and "it holds the profiles' addresses"
        else:
            contents = [_content(head, matching, spell, file, canonical, one) for one in candidates]
            chosen, why = choose_column(contents[0], contents[1:])
        if chosen:
            taken, left = names[candidates[chosen]], names[candidates[0]]
            positions[canonical] = (candidates[chosen],)
            notes.append(f"{canonical} is read from {taken!r}, not {left!r}: {why}")
        rest = [place for place in range(len(candidates)) if place != chosen]
        fills = next((n for n in rest if fill_each_other(contents[chosen], contents[n])), None)
        counted = READABLE[canonical].kind in NUMERIC_KINDS
        if fills is not None and counted and candidates[chosen] not in matching.factors:
            joined[candidates[chosen]] = candidates[fills]
            one, other = (names[candidates[place]] for place in (chosen, fills))
            notes.append(
                f"{canonical} is read from {one!r} and, where that is empty, from {other!r}: they "
                "contradict each other nowhere"
            )
    return replace(matching, positions=positions, joined=joined), notes


def leave_addresses_out(
    names: Sequence[str], head: Records, matching: Matching, said: Collection[str]
) -> tuple[Matching, list[str]]:
    """Use no column of links as a count or rate: one called Video may lead to a video.

    Parameters
    ----------
    names : sequence of str
        The file's columns.
    head : Records
        Its first rows.
    matching : Matching
        What the names were matched to.
    said : collection of str
        Canonical columns whose column the user names, which is not asked again.

    Returns
    -------
    matching : Matching
        Without the columns of numbers that hold links in most of their cells.
    notes : list of str
        What was left out.

    Examples
    --------
    >>> cells = pa.chunked_array([["https://www.tiktok.com/@ana/video/7"]])
    >>> head = Records(["Video"], {0: cells}, np.array([2]))
    >>> leave_addresses_out(["Video"], head, Matching({"videos": (0,)}, False, {}), ())[0].positions
    {}
    """
    positions, notes = dict(matching.positions), []
    for name, claim in matching.positions.items():
        if name in said or READABLE[name].kind not in NUMERIC_KINDS:
            continue
        if share_of(as_strings(head.columns[claim[0]]), _LINK) > _MOSTLY_ZERO:
            del positions[name]
            notes.append(f"{names[claim[0]]!r} is no {name}: it holds links; not used")
    return replace(matching, positions=positions), notes


def _content(
    head: Records,
    matching: Matching,
    spell: Spell,
    file: str,
    canonical: str,
    position: int,
) -> Content:
    alone = replace(matching, positions={canonical: (position,)})
    cells = Cells.of(head, alone, file)
    texts = as_strings(cells.given[canonical])
    given = pc.invert(pc.or_kleene(pc.is_null(texts), pc.is_in(texts, value_set=TEXT_NULLS)))
    if READABLE[canonical].kind not in NUMERIC_KINDS:
        filled = pc.greater(pc.utf8_length(texts), 0).fill_null(False).to_numpy()
        return Content(np.where(filled, 1.0, np.nan), filled)
    spelling = spell(cells, alone).numbers[canonical]
    numbers = read_numbers(cells.ready[canonical], READABLE[canonical], spelling=spelling)
    return Content(numbers.values, given.to_numpy(zero_copy_only=False))


def _addresses(cells: pa.ChunkedArray) -> Content:
    """Take for values the addresses that name a profile: a short link names none."""
    texts = as_strings(cells)
    named = pc.match_substring_regex(texts, PROFILE).fill_null(False).to_numpy()
    return Content(np.where(named, 1.0, np.nan), pc.is_valid(texts).to_numpy())
