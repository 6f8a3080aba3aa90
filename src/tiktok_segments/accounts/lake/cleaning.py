"""A partition of an export cleaned where it lies, by the functions that clean every export."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from tiktok_segments.accounts.cleaning import WholeFile, clean_profiles
from tiktok_segments.accounts.derive import complete_columns
from tiktok_segments.accounts.duplicates import find_duplicates, hash_texts
from tiktok_segments.accounts.filters import CleanRules
from tiktok_segments.accounts.lake.batch_records import (
    Origins,
    RowNumbering,
    name_files,
    take_records,
)
from tiktok_segments.accounts.lake.layout import (
    FOUND,
    REJECTED,
    account_blocks,
    aside_frame,
    aside_rows,
    lost_block,
    note_rows,
)
from tiktok_segments.accounts.matched import MatchedRecords
from tiktok_segments.accounts.outcome import Cleaned, Export
from tiktok_segments.accounts.whole_file import Evidence, FileFacts, FileFindings
from tiktok_segments.containers.records import rejections
from tiktok_segments.export.values import Parsed

BLOCK_ROWS = 2**17
"""Accounts of a block, at most."""


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
    is_csv : bool
        Whether it is CSV, whose texts may be guarded against spreadsheets.
    several : bool
        Whether its files are several, so that a rejected row is told with its own.
    facts : FileFacts
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
    is_csv: bool
    several: bool
    facts: FileFacts
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
        numbering = RowNumbering(2 if self.is_csv else 1)
        spelling = self.facts.spellings[0]
        for batch in batches:
            if not batch.num_rows:
                continue
            origins = numbering.of(batch)
            records = take_records(batch, self.names, self.positions, is_csv=self.is_csv)
            cells = self.file.look_at(records)
            found.add_told(cells.told())
            parsed, rows = self._placed(self.file.parse(cells, spelling), origins)
            found.add_parsed(records, parsed)
            evidence.add_parsed(parsed.frame)
            frame, derived = complete_columns(parsed.frame, self.facts.empty)
            evidence.add_complete(frame)
            outcome.derived = tuple(derived)
            keys = hash_texts(frame["account_id"])
            aside = self._are_aside(keys)
            own = frame[~aside].reset_index(drop=True)
            size = len(own) + len(parsed.rejected)
            export = Export(own, parsed.rejected, self.file.matches, tuple(derived), (), size)
            cleaned = clean_profiles(
                export, self.rules, WholeFile(self.facts.sparse, None), needed=self.needed
            )
            if aside.any():
                outcome.aside += int(aside.sum())
                some = frame[aside].drop(columns=list(self.facts.sparse))
                order = origins.order(rows[aside])
                yield aside_rows(some.reset_index(drop=True), order)
            yield from self.give(cleaned, own, outcome)
            yield from _lost(cleaned, keys[~aside])
        yield note_rows(FOUND, [outcome.note(found.plain(), evidence.plain())])

    def _placed(self, parsed: Parsed, origins: Origins) -> tuple[Parsed, np.ndarray]:
        """Say where rows are from that go by their places in a batch; give these, too."""
        places, bad = (part["line"].to_numpy() for part in (parsed.frame, parsed.rejected))
        lines = origins.lines
        frame = parsed.frame.assign(line=lines[places])
        rejected = parsed.rejected.assign(line=lines[bad])
        if self.several:
            frame["file"] = self.name_files(origins.files[places])
            rejected["file"] = self.name_files(origins.files[bad])
        faults = tuple(replace(one, line=int(lines[one.line])) for one in parsed.faults)
        return replace(parsed, frame=frame, rejected=rejected, faults=faults), places

    def name_files(self, texts: Sequence[str] | np.ndarray) -> np.ndarray:
        """Return the names of files as they may be told."""
        names, hidden = name_files(texts), self.file.pseudonyms
        return names if hidden is None else np.array([hidden.name(name) for name in names])

    def _are_aside(self, keys: np.ndarray) -> np.ndarray:
        if self.repeated is None:
            return np.ones(len(keys), dtype=bool)
        return np.isin(keys, self.repeated)

    def give(
        self, cleaned: Cleaned, rows: pd.DataFrame, outcome: Outcome
    ) -> Iterator[pa.RecordBatch]:
        """Yield the clean accounts of some rows, and those rejected."""
        whole, blocks = account_blocks(_with_lines(cleaned, rows), self.bound, BLOCK_ROWS)
        outcome.add(cleaned, whole)
        yield from blocks
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
        frame, order = aside_frame(pa.Table.from_batches(parts), self.columns)
        if self.cleaning.several:
            frame["file"] = self.cleaning.name_files(order)
        none, matches = rejections([], [], ""), self.cleaning.file.matches
        export = Export(frame, none, matches, self.derived, (), len(frame))
        whole = WholeFile((), find_duplicates)
        cleaned = clean_profiles(export, self.cleaning.rules, whole, needed=self.cleaning.needed)
        unknown = cleaned.rejected["value"].str.replace("line 0", "another row", regex=False)
        cleaned = replace(cleaned, rejected=cleaned.rejected.assign(value=unknown))
        outcome = Outcome()
        yield from self.cleaning.give(cleaned, frame, outcome)
        yield note_rows(FOUND, [outcome.note({}, {})])


class Outcome:
    """What became of a partition's rows."""

    def __init__(self) -> None:
        self.summary: dict[str, int] = {}
        self.texts = self.rejected = self.aside = 0
        self.is_whole = True
        self.derived: tuple[str, ...] = ()

    def add(self, cleaned: Cleaned, texts: int) -> None:
        """Take in a batch, of which so many accounts have their texts."""
        self.texts += texts
        self.rejected += len(cleaned.rejected)
        for rule, rows in zip(cleaned.summary["rule"], cleaned.summary["rows"], strict=True):
            self.summary[rule] = self.summary.get(rule, 0) + int(rows)
        numbers = cleaned.frame.select_dtypes(["number", "bool", "boolean"])
        self.is_whole &= not bool(numbers.isna().any(axis=None))

    def note(self, file: dict[str, Any], evidence: dict[str, Any]) -> str:
        """Return it as JSON."""
        return json.dumps(
            {
                "summary": self.summary, "is_whole": self.is_whole, "derived": self.derived,
                "file": file, "evidence": evidence, "texts": self.texts,
                "rejected": self.rejected, "aside": self.aside,
            }
        )  # fmt: skip


def _with_lines(cleaned: Cleaned, rows: pd.DataFrame) -> pd.DataFrame:
    """Return clean accounts with the lines of the rows that they are; 0 where Spark knows none."""
    frame = cleaned.frame
    if len(frame) == len(rows):
        return frame.assign(line=rows["line"].to_numpy())
    stays = rows if cleaned.rejected.empty else rows[~rows["line"].isin(cleaned.rejected["line"])]
    lines = stays.drop_duplicates("account_id", keep="last").set_index("account_id")["line"]
    found = lines.reindex(frame["account_id"]).fillna(0).astype("int64")
    return frame.assign(line=found.to_numpy())


def _lost(cleaned: Cleaned, keys: np.ndarray) -> Iterator[pa.RecordBatch]:
    """Yield the hashes of the rows that are no clean account."""
    if len(cleaned.frame) < len(keys):
        kept = pd.Series(hash_texts(cleaned.frame["account_id"])).value_counts()
        lost = pd.Series(keys).value_counts().sub(kept, fill_value=0).astype(int)
        yield lost_block(lost.index.repeat(lost).to_numpy())


def _as_lines(rejected: pd.DataFrame) -> list[str]:
    return rejected.to_json(orient="records", lines=True, force_ascii=False).splitlines()
