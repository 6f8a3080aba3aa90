"""What only a whole file tells, and what tells it batch by batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from tiktok_segments.accounts.cleaning import missing_counts, sparse_columns
from tiktok_segments.accounts.duplicates import Duplicates
from tiktok_segments.accounts.outcome import BOOKKEEPING
from tiktok_segments.export.spelling import Spelling, Told, join_told
from tiktok_segments.schema import REQUIRED


@dataclass(frozen=True)
class Facts:
    """What a whole file tells about every row of it.

    Parameters
    ----------
    spelling : Spelling
        How it spells numbers, flags and times.
    empty : tuple of str
        Columns without any value.
    sparse : tuple of str
        Columns that too many rows lack.
    duplicates : Duplicates or None
        What becomes of accounts that come twice; None as long as nobody has looked.
    """

    spelling: Spelling
    empty: tuple[str, ...] = ()
    sparse: tuple[str, ...] = ()
    duplicates: Duplicates | None = None

    def same_columns(self, other: Facts) -> bool:
        """Whether everything but the duplicates is the same."""
        mine, others = ((one.spelling, one.empty, one.sparse) for one in (self, other))
        return mine == others


@dataclass
class Evidence:
    """What the batches so far tell of the whole file.

    Attributes
    ----------
    rows : int
        Readable rows.
    told : dict of str to frozenset of str
        What the cells of each readable column tell of how the file spells its values.
    """

    rows: int = 0
    told: dict[str, frozenset[str]] = field(default_factory=dict)
    _values: dict[str, int] = field(default_factory=dict)
    _lacking: dict[str, int] = field(default_factory=dict)
    _rates: dict[str, _Above] = field(default_factory=dict)

    def add_told(self, told: Told) -> None:
        """Take in what a batch's unparsed cells tell."""
        self.told = join_told(self.told, told)

    def add_parsed(self, frame: pd.DataFrame, rates: Sequence[str]) -> None:
        """Take in a batch's readable rows, and what the rates that could be percentages are."""
        self.rows += len(frame)
        for name in map(str, frame):
            if name not in BOOKKEEPING and name not in REQUIRED:
                self._values[name] = self._values.get(name, 0) + int(frame[name].count())
        for name in rates:
            self._rates.setdefault(name, _Above()).add(frame[name].to_numpy())

    def add_complete(self, frame: pd.DataFrame) -> None:
        """Take in a batch's rows once the derived columns are there."""
        for name, count in missing_counts(frame).items():
            self._lacking[name] = self._lacking.get(name, 0) + count

    def empty(self) -> tuple[str, ...]:
        """Columns without a value."""
        return tuple(name for name, count in self._values.items() if self.rows and not count)

    def sparse(self, limit: float) -> dict[str, float]:
        """Columns that too many rows lack, with the share of the rows that do."""
        return sparse_columns(self._lacking, self.rows, limit)

    def suspicious(self) -> list[str]:
        """Rates whose median is above 1."""
        return [name for name, above in self._rates.items() if above.median_is_above()]


@dataclass
class _Above:
    """Whether the median of numbers is above 1, without keeping them.

    Of an even number of values the median is the mean of the two in the middle, so where exactly
    half are above 1 the largest of the others and the smallest of these decide.
    """

    above: int = 0
    others: int = 0
    largest_other: float = -np.inf
    smallest_above: float = np.inf

    def add(self, values: np.ndarray) -> None:
        known = values[~np.isnan(values)]
        high = known[known > 1]
        self.above += len(high)
        self.others += len(known) - len(high)
        if len(high):
            self.smallest_above = min(self.smallest_above, float(high.min()))
        if len(high) < len(known):
            self.largest_other = max(self.largest_other, float(known[known <= 1].max()))

    def median_is_above(self) -> bool:
        if self.above != self.others:
            return self.above > self.others
        return self.above > 0 and (self.largest_other + self.smallest_above) / 2 > 1
