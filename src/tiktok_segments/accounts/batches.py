"""The clean accounts of one large file, batch by batch, as cleaning it whole gives them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from tiktok_segments.accounts.ahead import ahead
from tiktok_segments.accounts.apart import PART_ROWS, Duplicates, Handles, resolve_duplicates
from tiktok_segments.accounts.cleaning import (
    Cleaned,
    WholeFile,
    clean_profiles,
    describe_sparse,
    find_missing,
)
from tiktok_segments.accounts.filters import CleanRules
from tiktok_segments.accounts.reading import (
    ADDRESSES,
    check_addresses,
    complete_columns,
    describe_empty,
    describe_matches,
    describe_suspicion,
    describe_times,
    suspicious_rates,
)
from tiktok_segments.accounts.result import Export
from tiktok_segments.accounts.whole_file import Evidence, Facts
from tiktok_segments.export.aliases import AliasTable
from tiktok_segments.export.batches import RecordBatches, open_records
from tiktok_segments.export.errors import NotStreamableError, UnsettledError
from tiktok_segments.export.matching import check_matching, match_columns
from tiktok_segments.export.records import Records
from tiktok_segments.export.text_source import CHUNK
from tiktok_segments.export.values import parse_values


@dataclass
class _Pass:
    """What one reading of the file has gathered so far."""

    evidence: Evidence
    handles: Handles
    warnings: list[str]
    unreadable_times: dict[str, int]
    urls: list[pd.Series]


class StreamedAccounts:
    """The clean accounts of one file.

    Whether a column is empty, what its dots mean, whether an account comes again: such things
    only the whole file tells. The first batch suggests them, and the batches are given as if that
    were true of all. Where the end of the file has disproved it, everything given is void, and
    the file is read again with what is known by then. A file that is in order is read once.

    Parameters
    ----------
    path : Path
        Parquet; CSV, TSV or JSON Lines, plain or gzip.
    rules : CleanRules
        The account filter and the limit for missing values.
    table : AliasTable
        Known names of columns.
    overrides : mapping of str to str
        Canonical column to its name in the file.
    source : str
        What to call the file.
    folder : Path
        Where to set rows apart meanwhile, if accounts come twice.
    batch_rows : int
        Rows of a batch of Parquet.
    chunk : int
        Bytes of a batch of text, about.

    Attributes
    ----------
    rows : int or None
        Records of the file, where that is known beforehand.
    derived, warnings : tuple of str
        Formulas used, and what a reader should know; complete after the last batch.

    Raises
    ------
    NotStreamableError
        If the file must be read whole.
    InputError
        If it is no export of TikTok profiles.
    """

    def __init__(
        self,
        path: Path,
        rules: CleanRules,
        table: AliasTable,
        overrides: Mapping[str, str],
        *,
        source: str,
        folder: Path,
        batch_rows: int,
        chunk: int = CHUNK,
    ) -> None:
        self.path, self.source = path, source
        self.rules, self.table, self.folder = rules, table, folder
        self.records: RecordBatches = open_records(
            path,
            lambda names: match_columns(names, table, overrides).selected(),
            batch_rows=batch_rows,
            chunk=chunk,
        )
        names = self.records.names
        self.matching = match_columns(names, table, overrides)
        check_matching(self.matching, names, table, self.records.name)
        if self.matching.per_video:
            raise NotStreamableError("rows of videos are merged")
        self.matches = describe_matches(names, self.matching)
        self.rows = self.records.rows
        self.derived: tuple[str, ...] = ()
        self.warnings: tuple[str, ...] = ()
        self._facts = self._guess()

    def batches(self) -> Iterator[Cleaned]:
        """Give the accounts from the first on.

        Yields
        ------
        Cleaned
            A part of the file; the parts' rows one below the other are those of the whole file.

        Raises
        ------
        UnsettledError
            After the last batch, if those given are not what the whole file makes of them. Ask
            again.
        NotStreamableError
            If the file must be read whole after all.
        InputError
            If the file turns out to be no export of TikTok profiles.
        """
        run = _Pass(Evidence(), Handles(), [], {}, [])
        facts = self._facts
        duplicates = facts.duplicates.of if facts.duplicates else None
        for export, rows in self._exports(facts, run):
            own = _own(duplicates, rows, export) if duplicates else None
            yield clean_profiles(export, self.rules, WholeFile(facts.sparse, own))
        if not run.evidence.rows:
            raise NotStreamableError("no row can be read")
        self._facts = self._settle(facts, run)
        if self._facts is not facts:
            raise UnsettledError

    def _guess(self) -> Facts:
        """Take the first batch for the whole file."""
        evidence = Evidence()
        first = next(iter(self.records.batches()), None)
        if first is None:
            raise NotStreamableError("no row")
        evidence.add_cells(self._cells(first))
        spelling = evidence.spelling()
        parsed = parse_values(first, self.matching, self.records.name, spelling).frame
        evidence.add_parsed(parsed, [])
        complete, _ = complete_columns(parsed, evidence.empty())
        evidence.add_complete(complete)
        sparse = tuple(evidence.sparse(self.rules.max_missing_share))
        return Facts(spelling, evidence.empty(), sparse)

    def _cells(self, records: Records) -> dict[str, object]:
        return {name: records.columns[claim[0]] for name, claim in self.matching.positions.items()}

    def _exports(self, facts: Facts, run: _Pass) -> Iterator[tuple[Export, np.ndarray]]:
        """Give each batch as an export of its own, and the numbers of its readable rows."""
        name = self.records.name
        rates = suspicious_rates(self.matches)
        for records in ahead(self.records.batches()):
            run.evidence.add_cells(self._cells(records))
            parsed = parse_values(records, self.matching, name, facts.spelling)
            first = run.evidence.rows
            run.evidence.add_parsed(parsed.frame, rates)
            run.handles.add(parsed.frame["account_id"])
            run.warnings += records.warnings
            for column, count in parsed.unreadable_times.items():
                run.unreadable_times[column] = run.unreadable_times.get(column, 0) + count
            self._look_at_addresses(parsed.frame, run)
            frame, derived = complete_columns(parsed.frame.assign(source_rows=1), facts.empty)
            self.derived = tuple(derived)
            run.evidence.add_complete(frame)
            rejected = pd.concat([records.rejected, parsed.rejected]).sort_values(
                "line", kind="stable"
            )
            rows = len(frame) + len(rejected)
            export = Export(frame, rejected, self.matches, self.derived, (), rows)
            yield export, np.arange(first, first + len(frame))

    def _look_at_addresses(self, frame: pd.DataFrame, run: _Pass) -> None:
        """Refuse another platform's file by its first addresses, wherever the batches end."""
        seen = sum(map(len, run.urls))
        if "url" in frame and seen < ADDRESSES:
            run.urls.append(frame["url"].head(ADDRESSES - seen))
            if seen + len(run.urls[-1]) == ADDRESSES:
                check_addresses(pd.concat(run.urls), self.table, self.records.name)

    def _settle(self, assumed: Facts, run: _Pass) -> Facts:
        """Return what the whole file tells; the very same facts where they hold."""
        evidence = run.evidence
        if sum(map(len, run.urls)) < ADDRESSES and run.urls:
            check_addresses(pd.concat(run.urls), self.table, self.records.name)
        sparse = evidence.sparse(self.rules.max_missing_share)
        found = Facts(evidence.spelling(), evidence.empty(), tuple(sparse))
        self.warnings = (
            *run.warnings,
            *describe_times(run.unreadable_times, self.records.name),
            *describe_empty(found.empty),
            *(describe_suspicion(name, self.matches) for name in evidence.suspicious()),
            *describe_sparse(sparse),
        )
        if not found.same_columns(assumed):
            return found
        if assumed.duplicates is not None:
            return assumed
        repeated, n_rows = run.handles.repeated()
        if not n_rows:
            return assumed
        return replace(assumed, duplicates=self._resolve(assumed, repeated, n_rows))

    def _resolve(self, facts: Facts, repeated: np.ndarray, n_rows: int) -> Duplicates:
        def possible() -> Iterator[tuple[np.ndarray, pd.DataFrame]]:
            run = _Pass(Evidence(), Handles(), [], {}, [])
            for export, rows in self._exports(facts, run):
                frame = export.frame.drop(columns=list(facts.sparse))
                alive = find_missing(frame, export.derived)[0] == ""
                yield rows[alive], frame[alive]

        n_parts = 1 + n_rows // PART_ROWS
        return resolve_duplicates(possible(), repeated, n_parts, self.folder)


def _own(
    duplicates: Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]],
    rows: np.ndarray,
    export: Export,
) -> Callable[[pd.DataFrame], tuple[np.ndarray, np.ndarray]]:
    """Return the file's duplicates as cleaning asks a part for them."""
    return lambda frame: duplicates(rows[frame.index.to_numpy()])
