"""An export that Spark has cleaned on some assumption: whether it holds, and what came of it."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from tiktok_segments.accounts import row_sample
from tiktok_segments.accounts.lake.cleaning import MOST_REPEATED, Cleaning, Resolving
from tiktok_segments.accounts.lake.layout import (
    ACCOUNT,
    ASIDE,
    FOUND,
    LOST,
    REJECTED,
    SPARK_SCHEMA,
    as_signed,
    as_unsigned,
)
from tiktok_segments.accounts.lake.rows import LakeRows
from tiktok_segments.accounts.lake.source import LakeSource
from tiktok_segments.accounts.large.account_pass import KEY
from tiktok_segments.accounts.large.place import Place, large_folder
from tiktok_segments.accounts.notes import describe_empty, describe_sparse
from tiktok_segments.accounts.privacy.unnamed import say_pseudonyms
from tiktok_segments.accounts.whole_file import Evidence, Facts, FileFindings
from tiktok_segments.containers.records import rejections
from tiktok_segments.errors import InputError
from tiktok_segments.schema import COLUMNS

MOST_REJECTED = 100_000
"""Rejected rows that are brought here; all are counted."""

MARGIN = 1.2
"""More accounts than a sample needs are looked at, since some of the rows are lost."""

ALL = 2**64 - 1


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

    @classmethod
    def of(cls, source: LakeSource, cleaning: Cleaning) -> Reading:
        """Have Spark clean an export."""
        frame = source.frame.mapInArrow(cleaning, SPARK_SCHEMA).persist()
        notes = _notes(frame)
        derived = next((tuple(note["derived"]) for note in notes if note["derived"]), ())
        resolved = None
        if cleaning.repeated is None or len(cleaning.repeated):
            names = [name for name in COLUMNS if name in _columns(cleaning, derived)]
            resolving = Resolving(tuple(names), cleaning, derived)
            aside = frame.where(f"kind = {ASIDE}").repartition(KEY)
            resolved = aside.mapInArrow(resolving, SPARK_SCHEMA).persist()
            notes += _notes(resolved)
        findings, evidence = FileFindings(cleaning.file), Evidence()
        for note in notes:
            if note["file"]:
                findings.join(note["file"])
                evidence.join(note["evidence"])
        whole = all(note["is_whole"] for note in notes)
        summary = _add_up(note["summary"] for note in notes)
        return cls(cleaning, frame, resolved, findings, evidence, summary, whole, derived)

    def disproved(self, tell: Callable[[str], None]) -> Cleaning | None:
        """Return how the export is to be cleaned instead; None where all that was assumed holds."""
        assumed, evidence = self.cleaning.facts, self.evidence
        sparse = tuple(evidence.sparse(self.cleaning.rules.max_missing_share))
        spelling = self.cleaning.file.settle(self.findings.told)
        found = Facts({0: spelling}, evidence.empty(), sparse)
        if not evidence.rows:
            raise InputError("No row of the export can be read.")
        if found != assumed:
            return replace(self.cleaning, facts=found)
        if self.resolved is None:
            tell("Looking for accounts that come twice")
            repeated = self._repeated()
            if repeated is None or len(repeated):
                return replace(self.cleaning, repeated=repeated)
        missing = min(self.rows, row_sample.FIT_ROWS)
        if self.cleaning.bound < ALL and self.drawn().count() < missing:
            wider = max(bound_for(self.rows), min(2 * self.cleaning.bound, ALL))
            return replace(self.cleaning, bound=wider)
        return None

    def _repeated(self) -> np.ndarray | None:
        """Return the hashes that come more than once; None where there are too many to move."""
        twice = (
            self.frame.where(f"kind in ({ACCOUNT}, {LOST})")
            .groupBy(KEY).count().where("count > 1").select(KEY).limit(MOST_REPEATED + 1).toArrow()
        )  # fmt: skip
        if twice.num_rows > MOST_REPEATED:
            return None
        return np.sort(as_unsigned(twice.column(KEY).to_numpy()))

    def accounts(self) -> Any:
        """Return the clean accounts, in the columns of the layout."""
        own = self.frame.where(f"kind = {ACCOUNT}")
        return own if self.resolved is None else own.union(self.resolved.where(f"kind = {ACCOUNT}"))

    def drawn(self) -> Any:
        """Return those of which a sample is taken: all whose texts are there."""
        if self.cleaning.bound == ALL:
            return self.accounts()
        bound = int(as_signed(np.array([self.cleaning.bound], dtype=np.uint64))[0])
        return self.accounts().where(f"rank <= {bound}")

    def stored(self, source: str) -> LakeRows:
        """Return the accounts' numbers, which stay with Spark until :meth:`forget`."""
        numbers = [n for n in self.names if COLUMNS[n].dtype in ("int64", "float64", "bool")]
        kept = self.accounts().select(*numbers, KEY)
        return LakeRows(kept, self.rows, tuple(numbers), Place(large_folder()), source)

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
        for part in self.parts:
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
