"""The clean accounts of large files, batch by batch, as cleaning them whole gives them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from tiktok_segments.accounts.cleaning import WholeFile, clean_profiles, find_missing
from tiktok_segments.accounts.derive import complete_columns
from tiktok_segments.accounts.duplicates import PART_ROWS, Duplicates, Handles, resolve_duplicates
from tiktok_segments.accounts.filters import CleanRules
from tiktok_segments.accounts.large.prefetching import prefetched
from tiktok_segments.accounts.matched import MatchedRecords
from tiktok_segments.accounts.notes import describe_empty, describe_shared, describe_sparse
from tiktok_segments.accounts.outcome import KEY, Cleaned, Export
from tiktok_segments.accounts.whole_file import Evidence, FileFacts, FileFindings
from tiktok_segments.cells.spelling import Spelling
from tiktok_segments.containers.records import NotStreamableError
from tiktok_segments.export.values import Parsed


class UnsettledError(Exception):
    """The batches given so far rest on an assumption that the rest of the file disproved.

    Who catches it drops what was made of them and asks for the batches again.
    """


class _Pass:
    """What one reading of the export has gathered so far."""

    def __init__(self, files: Sequence[MatchedRecords]) -> None:
        self.evidence, self.handles = Evidence(), Handles()
        self.files = [FileFindings(file) for file in files]
        self.spellings: dict[int, Spelling] = {}


class StreamedAccounts:
    """The clean accounts of one file, or of several one after the other.

    Whether a column is empty, what its dots mean, whether an account comes again: such things
    only the whole export tells. The first rows suggest them, and the batches are given as if that
    were true of all. Where the end has disproved it, everything given is void, and the export is
    read again with what is known by then. An export that is in order is read once.

    Parameters
    ----------
    files : sequence of MatchedRecords
        At least one, in batches.
    rules : CleanRules
        The account filter and the limit for missing values.
    source : str
        What to call the export.
    folder : Path
        Where to set rows apart meanwhile, if accounts come twice.
    needed : collection of str, optional
        Columns that no account may lack, as the files were opened with; all by default.
    notes : sequence of str, optional
        What a reader should know beside what the files tell.

    Attributes
    ----------
    matches : Matches
        What was matched to what; of several files in the first.
    rows : int or None
        Records of the export, where that is known beforehand.
    derived, warnings : tuple of str
        Formulas used, and what a reader should know; complete after the last batch.

    Raises
    ------
    NotStreamableError
        If the export must be read whole.
    InputError
        If it is not an export of TikTok profiles.
    """

    def __init__(
        self,
        files: Sequence[MatchedRecords],
        rules: CleanRules,
        *,
        source: str,
        folder: Path,
        needed: Collection[str] | None = None,
        notes: Sequence[str] = (),
    ) -> None:
        if any(file.matching.per_video for file in files):
            raise NotStreamableError("rows of videos are merged")
        self.files, self.source = files, source
        self.rules, self.folder, self.needed = rules, folder, needed
        self.matches = files[0].matches
        rows = [file.records.rows for file in files]
        self.rows = None if None in rows else sum(number or 0 for number in rows)
        self.derived: tuple[str, ...] = ()
        self.warnings: tuple[str, ...] = ()
        self._notes = tuple(notes)
        heads = [self._head(file) for file in files]
        self._no_row = pd.concat([head.iloc[:0] for head in heads])
        self._facts = self._guess(heads)

    def batches(self) -> Iterator[Cleaned]:
        """Give the accounts from the first on.

        Yields
        ------
        Cleaned
            A part of the export; the parts' rows one below the other are those of all of it.

        Raises
        ------
        UnsettledError
            After the last batch, if those given are not what the whole export makes of them. Ask
            again.
        NotStreamableError
            If the export must be read whole after all.
        InputError
            If it turns out not to be an export of TikTok profiles.
        """
        run = _Pass(self.files)
        facts = self._facts
        duplicates = facts.duplicates.of if facts.duplicates else None
        for export, rows in self._exports(facts, run):
            own = _own(duplicates, rows) if duplicates else None
            whole = WholeFile(facts.sparse, own)
            yield clean_profiles(export, self.rules, whole, needed=self.needed)
        if not run.evidence.rows:
            raise NotStreamableError("no row can be read")
        found = self._settle(facts, run)
        if found is not None:
            self._facts = found
            raise UnsettledError

    def _head(self, file: MatchedRecords) -> pd.DataFrame:
        if file.head is None:
            raise NotStreamableError("no row")
        return file.parse(file.look_at(file.head)).frame

    def _guess(self, heads: Sequence[pd.DataFrame]) -> FileFacts:
        """Take the first rows for the whole export."""
        evidence = Evidence()
        common = [self._with_all_columns(head) for head in heads]
        for frame in common:
            evidence.add_parsed(frame)
        for frame in common:
            evidence.add_complete(complete_columns(frame, evidence.empty())[0])
        return FileFacts({}, evidence.empty(), tuple(evidence.sparse(self.rules.max_missing_share)))

    def _with_all_columns(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return a file's rows with the columns of all files; what one lacks is missing there."""
        if len(frame.columns) == len(self._no_row.columns):
            return frame
        return pd.concat([frame, self._no_row])

    def _exports(self, facts: FileFacts, run: _Pass) -> Iterator[tuple[Export, np.ndarray]]:
        """Give each batch as an export of its own, and the numbers of its readable rows."""
        several = len(self.files) > 1
        for number, file in enumerate(self.files):
            for parsed in prefetched(self._parsed(number, facts, run)):
                frame, rejected = self._with_all_columns(parsed.frame), parsed.rejected
                frame = frame.assign(**{KEY: run.handles.add(frame["account_id"])})
                if several:
                    frame, rejected = frame.assign(file=file.name), rejected.assign(file=file.name)
                first = run.evidence.rows
                run.evidence.add_parsed(frame)
                frame, derived = complete_columns(frame, facts.empty)
                self.derived = tuple(derived)
                run.evidence.add_complete(frame)
                rows = len(frame) + len(rejected)
                export = Export(frame, rejected, self.matches, self.derived, (), rows)
                yield export, np.arange(first, first + len(frame))

    def _parsed(self, number: int, facts: FileFacts, run: _Pass) -> Iterator[Parsed]:
        """Read the batches of a file."""
        found = run.files[number]
        file = found.file
        for records in prefetched(file.records.batches()):
            cells = file.look_at(records)
            found.add_told(cells.told())
            if number not in run.spellings:
                run.spellings[number] = facts.spellings.get(number) or file.settle(found.told)
            parsed = file.parse(cells, run.spellings[number])
            found.add_parsed(records, parsed)
            yield parsed

    def _settle(self, facts: FileFacts, run: _Pass) -> FileFacts | None:
        """Return what the whole export tells; None where it is what was assumed."""
        empty = run.evidence.empty()
        sparse = run.evidence.sparse(self.rules.max_missing_share)
        spellings = {number: one.file.settle(one.told) for number, one in enumerate(run.files)}
        self.warnings = (
            *(warning for file in run.files for warning in file.end()),
            *self._notes,
            *describe_shared([file.matches for file in self.files]),
            *describe_empty(empty),
            *describe_sparse(sparse),
        )
        found = FileFacts(spellings, empty, tuple(sparse))
        assumed = FileFacts(run.spellings, facts.empty, facts.sparse)
        if found != assumed:
            return found
        repeated, n_rows = run.handles.repeated() if facts.duplicates is None else (None, 0)
        if repeated is None or not n_rows:
            return None
        return replace(found, duplicates=self._resolve(found, repeated, n_rows))

    def _resolve(self, facts: FileFacts, repeated: np.ndarray, n_rows: int) -> Duplicates:
        def possible() -> Iterator[tuple[np.ndarray, pd.DataFrame]]:
            for export, rows in self._exports(facts, _Pass(self.files)):
                frame = export.frame.drop(columns=list(facts.sparse))
                alive = find_missing(frame, export.derived, self.needed)[0] == ""
                yield rows[alive], frame[alive]

        n_parts = 1 + n_rows // PART_ROWS
        return resolve_duplicates(possible(), repeated, n_parts, self.folder)


def _own(
    duplicates: Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]],
    rows: np.ndarray,
) -> Callable[[pd.DataFrame], tuple[np.ndarray, np.ndarray]]:
    """Return the file's duplicates as cleaning asks a part for them."""
    return lambda frame: duplicates(rows[frame.index.to_numpy()])
