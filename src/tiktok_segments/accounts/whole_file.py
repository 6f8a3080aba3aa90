"""What only a whole file tells, and what tells it batch by batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa

from tiktok_segments.accounts.cleaning import missing_counts, sparse_columns
from tiktok_segments.accounts.duplicates import Duplicates
from tiktok_segments.accounts.outcome import BOOKKEEPING
from tiktok_segments.export.numbers import dots_in_counts, settle_dots
from tiktok_segments.export.texts import flags_in, settle_flags
from tiktok_segments.export.values import Spelling
from tiktok_segments.schema import READABLE, REQUIRED


@dataclass(frozen=True)
class Facts:
    """What a whole file tells about every row of it.

    Parameters
    ----------
    spelling : Spelling
        How it spells numbers and flags.
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
        silent = [one.spelling.silent for one in (self, other)]
        return (
            self.spelling.dots == other.spelling.dots
            # Not a number is no equal of itself.
            and silent[0].keys() == silent[1].keys()
            and np.array_equal([*silent[0].values()], [*silent[1].values()], equal_nan=True)
            and (self.empty, self.sparse) == (other.empty, other.sparse)
        )


@dataclass
class Evidence:
    """What the batches so far tell of the whole file.

    Attributes
    ----------
    rows : int
        Readable rows.
    """

    rows: int = 0
    _dots: dict[str, frozenset[str]] = field(default_factory=dict)
    _said: dict[str, frozenset[str]] = field(default_factory=dict)
    _values: dict[str, int] = field(default_factory=dict)
    _lacking: dict[str, int] = field(default_factory=dict)
    _rates: dict[str, _Above] = field(default_factory=dict)

    def add_cells(self, cells: Mapping[str, pa.ChunkedArray]) -> None:
        """Take in a batch's unparsed cells by readable column."""
        for name, column in cells.items():
            if READABLE[name].kind == "count":
                self._dots[name] = self._dots.get(name, frozenset()) | dots_in_counts(column)
            elif READABLE[name].kind == "flag":
                self._said[name] = self._said.get(name, frozenset()) | flags_in(column)

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

    def spelling(self) -> Spelling:
        """How the file spells numbers and flags, as far as is known."""
        return Spelling(
            {name: settle_dots(told) for name, told in self._dots.items()},
            {name: settle_flags(said) for name, said in self._said.items()},
        )

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
