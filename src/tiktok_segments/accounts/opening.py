"""The clean accounts of an export in batches: of large files as they are read, else in memory."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from tiktok_segments.accounts.batches import StreamedAccounts, UnsettledError
from tiktok_segments.accounts.cleaning import clean_profiles
from tiktok_segments.accounts.filters import CleanRules
from tiktok_segments.accounts.matched import MatchedRecords
from tiktok_segments.accounts.outcome import Cleaned, Export, Matches
from tiktok_segments.accounts.privacy.unnamed import tell_beside, unnamed
from tiktok_segments.accounts.reading import read_files
from tiktok_segments.accounts.settings import (
    DataSettings,
    Part,
    clean_rules,
    parse_data,
)
from tiktok_segments.containers.header import tells_nothing
from tiktok_segments.containers.opening import BatchSize, open_records
from tiktok_segments.containers.records import NotStreamableError
from tiktok_segments.containers.side_files import left_out_note
from tiktok_segments.containers.sources import find_files
from tiktok_segments.errors import InputError
from tiktok_segments.files import digest, sha256_of

SMALL = 2**25
"""Bytes of a file that is read whole: quicker there, and what it takes of memory is little."""
BATCH_ROWS = BatchSize().rows
"""Accounts that are given at once."""


class AccountBatches:
    """The clean accounts of an export, batch by batch.

    Large files of Parquet, CSV, TSV or JSON Lines with a row per account, one or many, are never in
    memory as a whole. Everything else is, and is given in parts: an export of which one file must
    be read whole, too.

    Parameters
    ----------
    data : DataSettings
        Which export; its path is given.
    rules : CleanRules
        The account filter and the limit for missing values.
    folder : Path
        Where to set rows apart meanwhile, if a file that is not in memory needs it.
    progress : callable
        Called with one short text per step.
    small : int
        Bytes of an export up to which it is read whole.
    needed : collection of str, optional
        Columns that no account may lack, beside the required ones; all by default.

    Raises
    ------
    InputError
        If there is no such file, or it cannot be used.
    """

    def __init__(
        self,
        data: DataSettings,
        rules: CleanRules,
        *,
        folder: Path,
        progress: Callable[[str], None],
        small: int = SMALL,
        needed: Collection[str] | None = None,
    ) -> None:
        self._data, self._rules, self._progress = data, rules, progress
        self._needed = None if needed is None else {*needed, *rules.columns}
        self._accounts = self._stream(folder, small) or self._read()

    def _stream(self, folder: Path, small: int) -> StreamedAccounts | None:
        found = find_files(str(self._data.path))
        if sum(file.stat().st_size for file in found.files) <= small:
            return None
        naming = self._data.naming()
        files: list[MatchedRecords] = []
        others: list[str] = []
        try:
            for file in found.files:
                self._progress(f"looking through {file.name}")
                (records,) = open_records(file, naming.select, naming.hints, size=BatchSize())
                if len(found.files) > 1 and tells_nothing(records.names, naming.select):
                    others.append(records.name)
                else:
                    files.append(MatchedRecords(records, naming, needed=self._needed))
            if not files:  # reading them whole says what each lacks
                return None
            left_out = [left_out_note(found.source.name, others)] if others else []
            pseudonyms = self._data.pseudonyms
            accounts = StreamedAccounts(
                files,
                self._rules,
                source=pseudonyms.label if pseudonyms else str(found.source),
                folder=folder,
                needed=self._needed,
                notes=tell_beside([*found.notes, *left_out], pseudonyms),
            )
        except NotStreamableError:  # such as an archive, which is read whole
            return None
        self._found = found
        return accounts

    def _read(self) -> _WholeAccounts:
        naming = self._data.naming()
        export = read_files(str(self._data.path), naming, self._progress, self._needed)
        return _WholeAccounts(export, self._rules, self._needed)

    @property
    def source(self) -> str:
        """What to call the export: its absolute path."""
        return self._accounts.source

    @property
    def rows(self) -> int | None:
        """Records of the export, where that is known beforehand."""
        return self._accounts.rows

    @property
    def matches(self) -> Matches:
        """What was matched to what."""
        return self._accounts.matches

    @property
    def derived(self) -> tuple[str, ...]:
        """Formulas used; complete after the last batch."""
        return self._accounts.derived

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader should know; complete after the last batch."""
        accounts, pseudonyms = self._accounts, self._data.pseudonyms
        if pseudonyms is None or not isinstance(accounts, StreamedAccounts):
            return accounts.warnings
        return unnamed(accounts.warnings, pseudonyms, self._found)

    def sha256(self) -> str:
        """Return the digest of the export's bytes; takes a while where they are many."""
        accounts = self._accounts
        if isinstance(accounts, StreamedAccounts):
            return digest([sha256_of(file) for file in self._found.files])
        return accounts.sha256

    def batches(self) -> Iterator[Cleaned]:
        """Give the accounts from the first on.

        Yields
        ------
        Cleaned
            A part of the export; the parts' rows one below the other are those of the whole.

        Raises
        ------
        UnsettledError
            If the batches given are not what the whole file makes of them. Ask again.
        InputError
            If the file turns out not to be an export of TikTok profiles.
        """
        try:
            yield from self._accounts.batches()
        except NotStreamableError:
            self._accounts = self._read()
            raise UnsettledError from None


class _WholeAccounts:
    """The clean accounts of an export in memory."""

    def __init__(self, export: Export, rules: CleanRules, needed: Collection[str] | None) -> None:
        self._cleaned = clean_profiles(export, rules, needed=needed)
        self.matches, self.derived = export.matches, export.derived
        self.warnings = (*export.warnings, *self._cleaned.warnings)
        self.source, self.sha256 = export.source, export.sha256
        self.rows: int | None = export.rows

    def batches(self) -> Iterator[Cleaned]:
        """Give the accounts in parts; what was rejected and counted comes with the first one."""
        whole = self._cleaned
        frame = whole.frame
        yield Cleaned(frame.iloc[:BATCH_ROWS], whole.rejected, whole.filtered, whole.summary)
        for start in range(BATCH_ROWS, len(frame), BATCH_ROWS):
            part = frame.iloc[start : start + BATCH_ROWS].reset_index(drop=True)
            yield Cleaned(part, whole.rejected.iloc[:0], {}, whole.summary.iloc[:0])


def open_accounts(
    config: Part,
    *,
    folder: Path,
    progress: Callable[[str], None] | None = None,
    small: int = SMALL,
    needed: Collection[str] | None = None,
) -> AccountBatches:
    """Open the accounts of the export that a configuration names.

    Parameters
    ----------
    config : mapping
        ``data`` and ``clean`` are read, as in ``conf/data`` and ``conf/clean``.
    folder : Path
        Where to set rows apart meanwhile, if a file that is not in memory needs it.
    progress : callable, optional
        Called with one short text per step.
    small : int
        Bytes of an export up to which it is read whole.
    needed : collection of str, optional
        Columns that no account may lack, beside the required ones; all by default.

    Returns
    -------
    AccountBatches
        In the order of the export.

    Raises
    ------
    InputError
        If there is no such file, or it cannot be used.
    """
    data = parse_data(config["data"])
    if data.path is None:
        raise InputError("Which accounts? Give an export: data.path=FILE")
    tell = progress or (lambda step: None)
    return AccountBatches(
        data,
        clean_rules(config["clean"]),
        folder=folder,
        progress=tell,
        small=small,
        needed=needed,
    )
