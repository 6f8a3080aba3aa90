"""The clean accounts of one large file, batch by batch, as cleaning it whole gives them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from tiktok_segments.accounts.cleaning import WholeFile, clean_profiles, find_missing
from tiktok_segments.accounts.derive import complete_columns
from tiktok_segments.accounts.duplicates import PART_ROWS, Duplicates, Handles, resolve_duplicates
from tiktok_segments.accounts.filters import CleanRules
from tiktok_segments.accounts.matched import ADDRESSES, MatchedRecords
from tiktok_segments.accounts.notes import (
    count_ambiguous,
    describe_ambiguous,
    describe_empty,
    describe_faults,
    describe_sparse,
    describe_times,
)
from tiktok_segments.accounts.outcome import Cleaned, Export
from tiktok_segments.accounts.whole_file import Evidence, Facts
from tiktok_segments.containers.records import NotStreamableError
from tiktok_segments.export.faults import Fault, add_up_faults

Item = TypeVar("Item")
_END: Any = object()


class UnsettledError(Exception):
    """The batches given so far rest on an assumption that the rest of the file disproved.

    Who catches it drops what was made of them and asks for the batches again.
    """


@dataclass
class _Pass:
    """What one reading of the file has gathered so far."""

    evidence: Evidence = field(default_factory=Evidence)
    handles: Handles = field(default_factory=Handles)
    warnings: list[str] = field(default_factory=list)
    unreadable_times: Counter[str] = field(default_factory=Counter)
    ambiguous: Counter[str] = field(default_factory=Counter)
    faults: tuple[Fault, ...] = ()
    urls: list[pd.Series] = field(default_factory=list)


class StreamedAccounts:
    """The clean accounts of one file.

    Whether a column is empty, what its dots mean, whether an account comes again: such things
    only the whole file tells. The first batch suggests them, and the batches are given as if that
    were true of all. Where the end of the file has disproved it, everything given is void, and
    the file is read again with what is known by then. A file that is in order is read once.

    Parameters
    ----------
    file : MatchedRecords
        In batches.
    rules : CleanRules
        The account filter and the limit for missing values.
    path : Path
        The file's.
    source : str
        What to call the file.
    folder : Path
        Where to set rows apart meanwhile, if accounts come twice.
    needed : collection of str, optional
        Columns that no account may lack, as the file was opened with; all by default.

    Attributes
    ----------
    matches : Matches
        What was matched to what.
    rows : int or None
        Records of the file, where that is known beforehand.
    derived, warnings : tuple of str
        Formulas used, and what a reader should know; complete after the last batch.

    Raises
    ------
    NotStreamableError
        If the file must be read whole.
    InputError
        If it is not an export of TikTok profiles.
    """

    def __init__(
        self,
        file: MatchedRecords,
        rules: CleanRules,
        *,
        path: Path,
        source: str,
        folder: Path,
        needed: Collection[str] | None = None,
    ) -> None:
        if file.matching.per_video:
            raise NotStreamableError("rows of videos are merged")
        self.file, self.path, self.source = file, path, source
        self.rules, self.folder, self.needed = rules, folder, needed
        self.matches, self.rows = file.matches, file.records.rows
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
            If the file turns out not to be an export of TikTok profiles.
        """
        run = _Pass()
        facts = self._facts
        duplicates = facts.duplicates.of if facts.duplicates else None
        for export, rows in self._exports(facts, run):
            own = _own(duplicates, rows, export) if duplicates else None
            whole = WholeFile(facts.sparse, own)
            yield clean_profiles(export, self.rules, whole, needed=self.needed)
        if not run.evidence.rows:
            raise NotStreamableError("no row can be read")
        self._facts = self._settle(facts, run)
        if self._facts is not facts:
            raise UnsettledError

    def _guess(self) -> Facts:
        """Take the first batch for the whole file."""
        evidence = Evidence()
        first = next(iter(self.file.records.batches()), None)
        if first is None:
            raise NotStreamableError("no row")
        cells = self.file.look_at(first)
        evidence.add_told(cells.told())
        spelling = self.file.settle(evidence.told)
        parsed = self.file.parse(cells, spelling).frame
        evidence.add_parsed(parsed)
        complete, _ = complete_columns(parsed, evidence.empty())
        evidence.add_complete(complete)
        sparse = tuple(evidence.sparse(self.rules.max_missing_share))
        return Facts(spelling, evidence.empty(), sparse)

    def _exports(self, facts: Facts, run: _Pass) -> Iterator[tuple[Export, np.ndarray]]:
        """Give each batch as an export of its own, and the numbers of its readable rows."""
        for records in _ahead(self.file.records.batches()):
            cells = self.file.look_at(records)
            run.evidence.add_told(cells.told())
            parsed = self.file.parse(cells, facts.spelling)
            first = run.evidence.rows
            run.evidence.add_parsed(parsed.frame)
            run.handles.add(parsed.frame["account_id"])
            run.warnings += records.warnings
            run.unreadable_times.update(parsed.unreadable_times)
            run.ambiguous.update(count_ambiguous(parsed.rejected))
            run.faults = add_up_faults([*run.faults, *parsed.faults])
            self._look_at_addresses(parsed.frame, run)
            frame, derived = complete_columns(parsed.frame, facts.empty)
            self.derived = tuple(derived)
            run.evidence.add_complete(frame)
            rows = len(frame) + len(parsed.rejected)
            export = Export(frame, parsed.rejected, self.matches, self.derived, (), rows)
            yield export, np.arange(first, first + len(frame))

    def _look_at_addresses(self, frame: pd.DataFrame, run: _Pass) -> None:
        """Refuse another platform's file by its first addresses, wherever the batches end."""
        seen = sum(map(len, run.urls))
        if seen < ADDRESSES:
            addresses = frame["url" if "url" in frame else "account_id"]
            run.urls.append(addresses.head(ADDRESSES - seen))
            if seen + len(run.urls[-1]) == ADDRESSES:
                self.file.check_addresses(pd.concat(run.urls))

    def _settle(self, assumed: Facts, run: _Pass) -> Facts:
        """Return what the whole file tells; the very same facts where they hold."""
        evidence = run.evidence
        if sum(map(len, run.urls)) < ADDRESSES and run.urls:
            self.file.check_addresses(pd.concat(run.urls))
        empty, sparse = evidence.empty(), evidence.sparse(self.rules.max_missing_share)
        # An empty column is left out before those that too many rows lack are looked for.
        sparse = {name: share for name, share in sparse.items() if name not in empty}
        found = Facts(self.file.settle(evidence.told), empty, tuple(sparse))
        self.warnings = (
            *self.file.notes,
            *run.warnings,
            *describe_times(run.unreadable_times, self.file.name),
            *describe_ambiguous(run.ambiguous, self.file.name),
            *describe_faults(run.faults, self.file.name),
            *describe_empty(found.empty),
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
            run = _Pass()
            for export, rows in self._exports(facts, run):
                frame = export.frame.drop(columns=list(facts.sparse))
                alive = find_missing(frame, export.derived, self.needed)[0] == ""
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


def _ahead(items: Iterable[Item]) -> Iterator[Item]:
    """Give items, each fetched by a thread while the one before is used."""
    iterator = iter(items)
    with ThreadPoolExecutor(max_workers=1) as pool:
        following = pool.submit(next, iterator, _END)
        while (item := following.result()) is not _END:
            following = pool.submit(next, iterator, _END)
            yield item
