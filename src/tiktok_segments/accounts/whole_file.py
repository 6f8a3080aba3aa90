"""What only a whole export tells, and what tells it batch by batch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import pandas as pd

from tiktok_segments.accounts.cleaning import missing_counts, sparse_columns
from tiktok_segments.accounts.duplicates import Duplicates
from tiktok_segments.accounts.matched import ADDRESSES, MatchedRecords
from tiktok_segments.accounts.notes import (
    count_ambiguous,
    describe_ambiguous,
    describe_faults,
    describe_times,
)
from tiktok_segments.accounts.outcome import BOOKKEEPING
from tiktok_segments.cells.spelling import Spelling, Told, join_told
from tiktok_segments.containers.records import Records
from tiktok_segments.export.faults import FaultyCells, add_up_faults
from tiktok_segments.export.values import Parsed
from tiktok_segments.schema import REQUIRED


@dataclass(frozen=True)
class FileFacts:
    """What a whole export tells about every row of it.

    Parameters
    ----------
    spellings : mapping of int to Spelling
        How each of its files spells numbers, flags and times, by the file's number; one that is
        not there is settled by the file's first batch.
    empty : tuple of str
        Columns without any value.
    sparse : tuple of str
        Columns that too many rows lack.
    duplicates : Duplicates or None
        What becomes of accounts that come twice; None as long as nobody has looked.
    """

    spellings: Mapping[int, Spelling]
    empty: tuple[str, ...] = ()
    sparse: tuple[str, ...] = ()
    duplicates: Duplicates | None = None


@dataclass
class FileFindings:
    """What the batches so far tell of one file.

    Parameters
    ----------
    file : MatchedRecords
        The file.

    Attributes
    ----------
    told : dict of str to frozenset of str
        What the cells of each readable column tell of how the file spells its values.
    """

    file: MatchedRecords
    told: Told = field(default_factory=dict)
    _warnings: list[str] = field(default_factory=list)
    _unreadable_times: Counter[str] = field(default_factory=Counter)
    _ambiguous: Counter[str] = field(default_factory=Counter)
    _faults: tuple[FaultyCells, ...] = ()
    _addresses: list[pd.Series] = field(default_factory=list)

    def add_told(self, told: Told) -> None:
        """Take in what a batch's unparsed cells tell."""
        self.told = join_told(self.told, told)

    def add_parsed(self, records: Records, parsed: Parsed) -> None:
        """Take in a batch's values.

        Raises
        ------
        InputError
            If the file's first addresses are another platform's, wherever the batches end.
        """
        self._warnings += records.warnings
        self._unreadable_times.update(parsed.unreadable_times)
        self._ambiguous.update(count_ambiguous(parsed.rejected))
        self._faults = add_up_faults([*self._faults, *parsed.faults])
        seen = sum(map(len, self._addresses))
        if seen < ADDRESSES:
            self._addresses.append(parsed.addresses.head(ADDRESSES - seen))
            if seen + len(self._addresses[-1]) == ADDRESSES:
                self.file.check_addresses(pd.concat(self._addresses))

    def plain(self) -> dict[str, Any]:
        """Return what was found but the addresses as plain data, for :meth:`join`."""
        return {
            "told": {name: sorted(words) for name, words in self.told.items()},
            "warnings": self._warnings,
            "times": self._unreadable_times,
            "ambiguous": self._ambiguous,
            "faults": [asdict(fault) for fault in self._faults],
        }

    def join(self, plain: Mapping[str, Any]) -> None:
        """Take in what another part of the file told."""
        self.add_told({name: frozenset(words) for name, words in plain["told"].items()})
        self._warnings += plain["warnings"]
        self._unreadable_times.update(plain["times"])
        self._ambiguous.update(plain["ambiguous"])
        faults = [FaultyCells(**fault) for fault in plain["faults"]]
        self._faults = add_up_faults([*self._faults, *faults])

    def end(self) -> list[str]:
        """Return what a reader should know of the file, when all of it was seen.

        Raises
        ------
        InputError
            If its addresses, fewer than are looked at otherwise, are another platform's.
        """
        if self._addresses and sum(map(len, self._addresses)) < ADDRESSES:
            self.file.check_addresses(pd.concat(self._addresses))
        return [
            *self.file.notes,
            *self._warnings,
            *describe_times(self._unreadable_times, self.file.name),
            *describe_ambiguous(self._ambiguous, self.file.name),
            *describe_faults(self._faults, self.file.name),
        ]


@dataclass
class Evidence:
    """What the batches so far tell of the columns of the whole export.

    Attributes
    ----------
    rows : int
        Readable rows.
    """

    rows: int = 0
    _values: dict[str, int] = field(default_factory=dict)
    _lacking: dict[str, int] = field(default_factory=dict)

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

    def plain(self) -> dict[str, Any]:
        """Return it as plain data, for :meth:`join`."""
        return {"rows": self.rows, "values": self._values, "lacking": self._lacking}

    def join(self, plain: Mapping[str, Any]) -> None:
        """Take in what other rows of the export told."""
        self.rows += plain["rows"]
        for own, more in ((self._values, plain["values"]), (self._lacking, plain["lacking"])):
            for name, count in more.items():
                own[name] = own.get(name, 0) + count

    def empty(self) -> tuple[str, ...]:
        """Columns without a value."""
        return tuple(name for name, count in self._values.items() if self.rows and not count)

    def sparse(self, limit: float) -> dict[str, float]:
        """Columns that too many rows lack, with the share of the rows that do.

        An empty column is left out before them, and is none of them.
        """
        empty = self.empty()
        lacking = {name: count for name, count in self._lacking.items() if name not in empty}
        return sparse_columns(lacking, self.rows, limit)
