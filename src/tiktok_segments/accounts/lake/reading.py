"""An export that Spark has cleaned on some assumption: whether it holds, and what came of it."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
import pyarrow as pa

from tiktok_segments.accounts import row_sample
from tiktok_segments.accounts.lake.cleaning import Cleaning, Resolving
from tiktok_segments.accounts.lake.layout import (
    ALL,
    ASIDE,
    BLOCK,
    FOUND,
    LOST,
    NUMBERS,
    REJECTED,
    SPARK_SCHEMA,
    WHOLE,
    is_number,
    read_blocks,
)
from tiktok_segments.accounts.lake.repeats import find_repeats
from tiktok_segments.accounts.lake.rows import LakeRows
from tiktok_segments.accounts.lake.shipping import on_partitions
from tiktok_segments.accounts.lake.source import LakeSource
from tiktok_segments.accounts.large.temporary_folder import TemporaryFolder, large_folder
from tiktok_segments.accounts.notes import describe_empty, describe_sparse
from tiktok_segments.accounts.outcome import KEY
from tiktok_segments.accounts.privacy.unnamed import say_pseudonyms
from tiktok_segments.accounts.whole_file import Evidence, FileFacts, FileFindings
from tiktok_segments.containers.records import rejections
from tiktok_segments.errors import InputError
from tiktok_segments.schema import COLUMNS

MOST_REJECTED = 100_000
"""Rejected rows that are brought here; all are counted."""

ASIDE_ROWS = 200_000
"""Rows of accounts that come twice that are resolved in one place, about: all are in its memory."""

MARGIN = 1.2
"""More accounts than a sample needs are looked at, since some of the rows are lost."""


def bound_for(rows: int) -> int:
    """Return the rank below which so many rows have as many accounts as a sample needs."""
    share = MARGIN * row_sample.FIT_ROWS / max(rows, 1)
    return ALL if share >= 1 else int(share * ALL)


@dataclass
class Reading:
    """An export, cleaned on the assumption of some facts."""

    cleaning: Cleaning
    frame: Any
    resolved: Any
    findings: FileFindings
    evidence: Evidence
    summary: pd.DataFrame
    is_whole: bool
    derived: tuple[str, ...]
    texts: int
    rejections: int

    @classmethod
    def of(cls, source: LakeSource, cleaning: Cleaning) -> Reading:
        """Have Spark clean an export."""
        frame = on_partitions(source.frame, cleaning, SPARK_SCHEMA).persist()
        notes = _notes(frame)
        derived = next((tuple(note["derived"]) for note in notes if note["derived"]), ())
        resolved = None
        if cleaning.repeated is None or len(cleaning.repeated):
            names = [name for name in COLUMNS if name in _columns(cleaning, derived)]
            resolving = Resolving(tuple(names), cleaning, derived)
            parts = 1 + sum(note["aside"] for note in notes) // ASIDE_ROWS
            aside = frame.where(f"kind = {ASIDE}").repartition(parts, KEY)
            resolved = on_partitions(aside, resolving, SPARK_SCHEMA).persist()
            notes += _notes(resolved)
        findings, evidence = FileFindings(cleaning.file), Evidence()
        for note in notes:
            if note["file"]:
                findings.join(note["file"])
                evidence.join(note["evidence"])
        return cls(
            cleaning=cleaning,
            frame=frame,
            resolved=resolved,
            findings=findings,
            evidence=evidence,
            summary=_add_up(note["summary"] for note in notes),
            is_whole=all(note["is_whole"] for note in notes),
            derived=derived,
            texts=sum(note["texts"] for note in notes),
            rejections=sum(note["rejected"] for note in notes),
        )

    def disproved(self, tell: Callable[[str], None]) -> Cleaning | None:
        """Return how the export is to be cleaned instead; None where all that was assumed holds.

        Raises
        ------
        InputError
            If no row can be read.
        """
        assumed, evidence = self.cleaning.facts, self.evidence
        sparse = tuple(evidence.sparse(self.cleaning.rules.max_missing_share))
        spelling = self.cleaning.file.settle(self.findings.told)
        found = FileFacts({0: spelling}, evidence.empty(), sparse)
        if not evidence.rows:
            raise InputError("No row of the export can be read.")
        if found != assumed:
            return replace(self.cleaning, facts=found)
        if self.resolved is None:
            tell("Looking for accounts that come twice")
            repeated = find_repeats(self._blocks(self._all, LOST))
            if repeated is None or len(repeated):
                return replace(self.cleaning, repeated=repeated)
        missing = min(self.rows, row_sample.FIT_ROWS)
        if self.cleaning.bound < ALL and self.texts < missing:
            wider = max(bound_for(self.rows), min(2 * self.cleaning.bound, ALL))
            return replace(self.cleaning, bound=wider)
        return None

    @property
    def _all(self) -> int:
        """The kind of rows that has all clean accounts."""
        return WHOLE if self.cleaning.bound == ALL else NUMBERS

    def _blocks(self, *kinds: int) -> Any:
        """Return the rows of some kinds."""
        wanted = f"kind in ({', '.join(map(str, kinds))})"
        first, *others = [part.where(wanted) for part in self.parts]
        return first.union(others[0]) if others else first

    def accounts(self) -> Any:
        """Return blocks with all clean accounts."""
        return self._blocks(self._all).select(BLOCK)

    def drawn(self, names: Sequence[str]) -> pa.Table:
        """Bring columns of those here of which a sample is taken: all whose texts are there."""
        blocks = self._blocks(WHOLE).select(BLOCK).toArrow()
        return pa.concat_tables(read_blocks(blocks, names))

    def stored(self, source: str) -> LakeRows:
        """Return the accounts' numbers, which stay with Spark until :meth:`forget`."""
        numbers = tuple(name for name in self.names if is_number(name))
        return LakeRows(
            self.accounts(), self.rows, numbers, TemporaryFolder(large_folder()), source
        )

    @property
    def parts(self) -> list[Any]:
        """What Spark keeps."""
        return [one for one in (self.frame, self.resolved) if one is not None]

    @property
    def rows(self) -> int:
        """Clean accounts."""
        return int(self.summary["rows"].iloc[1])

    @property
    def names(self) -> list[str]:
        """Canonical columns of the clean accounts, those left out that too few accounts have."""
        names = [name for name in COLUMNS if name in _columns(self.cleaning, self.derived)]
        return [name for name in names if name not in self.cleaning.facts.sparse]

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader should know."""
        most = self.cleaning.rules.max_missing_share
        hidden = self.cleaning.file.pseudonyms
        return (
            *self.findings.end(),
            *([say_pseudonyms(hidden)] if hidden else []),
            *describe_empty(self.cleaning.facts.empty),
            *describe_sparse(self.evidence.sparse(most)),
        )

    def rejected(self) -> pd.DataFrame:
        """Bring the rejected rows here, :data:`MOST_REJECTED` at the most."""
        notes: list[str] = []
        for part in self.parts if self.rejections else []:
            some = part.where(f"kind = {REJECTED}").select("note").limit(MOST_REJECTED).toArrow()
            notes += some.column("note").to_pylist()
        if not notes:
            return rejections([], [], "")
        frame = pd.read_json(io.StringIO("\n".join(notes)), lines=True, dtype=False)
        none = rejections([0], [""], "")
        several = ["file"] if self.cleaning.several else []
        frame = frame.reindex(columns=[*none.columns, *several])
        frame = frame.astype({name: none[name].dtype for name in none.columns})
        by = [*several, "line", "rule", "account"]
        return frame.sort_values(by, kind="stable", ignore_index=True)

    def forget(self) -> None:
        """Have Spark forget what it keeps."""
        for one in self.parts:
            one.unpersist()


def _columns(cleaning: Cleaning, derived: Iterable[str]) -> set[str]:
    """Return the canonical columns of the clean accounts."""
    own = {*cleaning.file.matching.positions, "account_id"} - {*cleaning.facts.empty}
    own -= cleaning.file.left_out
    return own | {formula.split(" = ")[0] for formula in derived}


def _notes(frame: Any) -> list[dict[str, Any]]:
    """Return what the partitions tell."""
    told = frame.where(f"kind = {FOUND}").select("note").toArrow()
    return [json.loads(note) for note in told.column("note").to_pylist()]


def _add_up(summaries: Iterable[dict[str, int]]) -> pd.DataFrame:
    """Add up what became of the rows: input and kept first, then by rule."""
    total: dict[str, int] = {"input": 0, "kept": 0}
    for summary in summaries:
        for rule, rows in summary.items():
            total[rule] = total.get(rule, 0) + rows
    rules = ["input", "kept", *sorted(rule for rule in total if ": " in rule)]
    return pd.DataFrame({"rule": rules, "rows": [total[rule] for rule in rules]})
