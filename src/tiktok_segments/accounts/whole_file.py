"""What only a whole file tells, and what tells it batch by batch."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from tiktok_segments.accounts.cleaning import missing_counts, sparse_columns
from tiktok_segments.accounts.duplicates import Duplicates
from tiktok_segments.accounts.outcome import BOOKKEEPING
from tiktok_segments.cells.spelling import Spelling, Told, join_told
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

    def add_told(self, told: Told) -> None:
        """Take in what a batch's unparsed cells tell."""
        self.told = join_told(self.told, told)

    def add_parsed(self, frame: pd.DataFrame) -> None:
        """Take in a batch's readable rows."""
        self.rows += len(frame)
        for name in map(str, frame):
            if name not in BOOKKEEPING and name not in REQUIRED:
                self._values[name] = self._values.get(name, 0) + int(frame[name].count())

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
