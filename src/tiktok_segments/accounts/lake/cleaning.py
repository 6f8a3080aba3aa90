"""A partition of an export cleaned where it lies, by the functions that clean every export."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from tiktok_segments.accounts.cleaning import WholeFile, clean_profiles
from tiktok_segments.accounts.derive import complete_columns
from tiktok_segments.accounts.duplicates import find_duplicates, hash_texts
from tiktok_segments.accounts.filters import CleanRules
from tiktok_segments.accounts.lake.layout import (
    ACCOUNT,
    ASIDE,
    FOUND,
    LOST,
    REJECTED,
    account_rows,
    note_rows,
)
from tiktok_segments.accounts.lake.source import FILE, LINE, START
from tiktok_segments.accounts.matched import MatchedRecords
from tiktok_segments.accounts.outcome import Cleaned, Export
from tiktok_segments.accounts.whole_file import Evidence, Facts, FileFindings
from tiktok_segments.containers.records import Records, rejections

MOST_REPEATED = 5_000_000
"""Accounts that come twice, up to which Spark moves their rows only."""


@dataclass(frozen=True)
class Cleaning:
    """Cleans the partitions of an export; what Spark calls with the batches of each.

    Parameters
    ----------
    file : MatchedRecords
        The export, by its first records.
    names : list of str
        Its columns.
    positions : list of int
        Of those that are read.
    guarded : bool
        Whether its texts may be guarded against spreadsheets.
    facts : Facts
        What the whole export tells, as far as it is known.
    rules : CleanRules
        The filter and the limit for missing values.
    needed : frozenset of str or None
        Columns that no account may lack.
    bound : int
        Rank up to which an account's texts are kept.
    repeated : ndarray of uint64 or None
        Hashes of accounts that come twice, whose rows are set aside; None sets all aside.
    """

    file: MatchedRecords
    names: list[str]
    positions: list[int]
    guarded: bool
    facts: Facts
    rules: CleanRules
    needed: frozenset[str] | None
    bound: int
    repeated: np.ndarray | None = field(default_factory=lambda: np.empty(0, np.uint64))

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Clean a partition.

        Yields
        ------
        RecordBatch
            In the columns of :mod:`~tiktok_segments.accounts.lake.layout`; last what was found.
        """
        found, evidence, outcome = FileFindings(self.file), Evidence(), Outcome()
        lines = _Lines()
        spelling = self.facts.spellings[0]
        for batch in batches:
            if not batch.num_rows:
                continue
            columns = {
                position: pa.chunked_array([batch.column(f"c{position}")])
                for position in self.positions
            }
            files = batch.column(FILE).to_numpy(zero_copy_only=False)
            records = Records(self.names, columns, lines.of(batch, files), guarded=self.guarded)
            cells = self.file.look_at(records)
            found.add_told(cells.told())
            parsed = self.file.parse(cells, spelling)
            found.add_parsed(records, parsed)
            evidence.add_parsed(parsed.frame)
            frame, derived = complete_columns(parsed.frame, self.facts.empty)
            evidence.add_complete(frame)
            outcome.derived = tuple(derived)
            keys = hash_texts(frame["account_id"])
            aside = self._are_aside(keys)
            own = frame[~aside].reset_index(drop=True)
            rows = len(own) + len(parsed.rejected)
            export = Export(own, parsed.rejected, self.file.matches, tuple(derived), (), rows)
            cleaned = clean_profiles(
                export, self.rules, WholeFile(self.facts.sparse, None), needed=self.needed
            )
            outcome.add(cleaned)
            if aside.any():
                some = frame[aside].drop(columns=list(self.facts.sparse))
                yield account_rows(some.reset_index(drop=True), ASIDE)
            yield from self._rows(cleaned, own, keys[~aside])
        yield note_rows(FOUND, [outcome.note(found.plain(), evidence.plain())])

    def _are_aside(self, keys: np.ndarray) -> np.ndarray:
        if self.repeated is None:
            return np.ones(len(keys), dtype=bool)
        return np.isin(keys, self.repeated)

    def _rows(
        self, cleaned: Cleaned, own: pd.DataFrame, keys: np.ndarray
    ) -> Iterator[pa.RecordBatch]:
        yield account_rows(_with_lines(cleaned, own), ACCOUNT, self.bound)
        if len(cleaned.frame) < len(keys):
            kept = pd.Series(hash_texts(cleaned.frame["account_id"])).value_counts()
            lost = pd.Series(keys).value_counts().sub(kept, fill_value=0).astype(int)
            lost = lost[lost > 0]
            yield note_rows(LOST, [""] * int(lost.sum()), lost.index.repeat(lost).to_numpy())
        if len(cleaned.rejected):
            yield note_rows(REJECTED, _as_lines(cleaned.rejected))


@dataclass(frozen=True)
class Resolving:
    """Resolves accounts that come twice, all rows of an account being in one partition.

    Parameters
    ----------
    columns : tuple of str
        Canonical columns of the rows.
    cleaning : Cleaning
        That set them aside.
    """

    columns: tuple[str, ...]
    cleaning: Cleaning
    derived: tuple[str, ...]

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Clean the rows of a partition together."""
        parts = [batch for batch in batches if batch.num_rows]
        if not parts:
            return
        frame = aside_frame(pa.Table.from_batches(parts), self.columns)
        none, matches = rejections([], [], ""), self.cleaning.file.matches
        export = Export(frame, none, matches, self.derived, (), len(frame))
        whole = WholeFile((), find_duplicates)
        cleaned = clean_profiles(export, self.cleaning.rules, whole, needed=self.cleaning.needed)
        yield account_rows(_with_lines(cleaned, frame), ACCOUNT, self.cleaning.bound)
        if len(cleaned.rejected):
            unknown = cleaned.rejected["value"].str.replace("line 0", "another row", regex=False)
            yield note_rows(REJECTED, _as_lines(cleaned.rejected.assign(value=unknown)))
        outcome = Outcome()
        outcome.add(cleaned)
        yield note_rows(FOUND, [outcome.note({}, {})])


class Outcome:
    """What became of a partition's rows."""

    def __init__(self) -> None:
        self.summary: dict[str, int] = {}
        self.is_whole = True
        self.derived: tuple[str, ...] = ()

    def add(self, cleaned: Cleaned) -> None:
        """Take in a batch."""
        for rule, rows in zip(cleaned.summary["rule"], cleaned.summary["rows"], strict=True):
            self.summary[rule] = self.summary.get(rule, 0) + int(rows)
        numbers = cleaned.frame.select_dtypes(["number", "bool", "boolean"])
        self.is_whole &= not bool(numbers.isna().any(axis=None))

    def note(self, file: dict[str, Any], evidence: dict[str, Any]) -> str:
        """Return it as JSON."""
        return json.dumps(
            {
                "summary": self.summary, "is_whole": self.is_whole, "derived": self.derived,
                "file": file, "evidence": evidence,
            }
        )  # fmt: skip


class _Lines:
    """Numbers the rows of files that come from their beginning and in order."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def of(self, batch: pa.RecordBatch, files: np.ndarray) -> np.ndarray:
        lines = np.array(batch.column(LINE).to_numpy(zero_copy_only=False), dtype=np.int64)
        starts = batch.column(START).to_numpy(zero_copy_only=False)
        for file in pd.unique(files):
            own = np.flatnonzero((files == file) & (starts == 0))
            first = self._seen.get(file, 0)
            lines[own] = np.arange(first + 2, first + 2 + len(own))  # below the header
            self._seen[file] = first + len(own)
        return lines


def _with_lines(cleaned: Cleaned, rows: pd.DataFrame) -> pd.DataFrame:
    """Return clean accounts with the lines of the rows that they are; 0 where Spark knows none."""
    frame = cleaned.frame
    if len(frame) == len(rows):
        return frame.assign(line=rows["line"].to_numpy())
    stays = rows if cleaned.rejected.empty else rows[~rows["line"].isin(cleaned.rejected["line"])]
    lines = stays.drop_duplicates("account_id", keep="last").set_index("account_id")["line"]
    found = lines.reindex(frame["account_id"]).fillna(0).astype("int64")
    return frame.assign(line=found.to_numpy())


def _as_lines(rejected: pd.DataFrame) -> list[str]:
    return rejected.to_json(orient="records", lines=True, force_ascii=False).splitlines()


def aside_frame(table: pa.Table, columns: tuple[str, ...]) -> pd.DataFrame:
    """Return rows that were set aside as they were, in an order that no partition decides."""
    names = [*columns, "line", "source_rows"]
    frame = table.select([*columns, "line"]).to_pandas().assign(source_rows=1)
    for name in columns:
        if frame[name].dtype.kind in "iub" or (
            frame[name].dtype == object and name == "is_verified"
        ):
            frame[name] = frame[name].astype("float64")
    return frame.sort_values(["line", *columns], kind="stable", ignore_index=True)[names]
