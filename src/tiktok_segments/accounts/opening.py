"""Exports that are read whole, and which of both ways an export is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from omegaconf import DictConfig

from tiktok_segments.accounts.batches import StreamedAccounts
from tiktok_segments.accounts.cleaning import Cleaned, clean_profiles
from tiktok_segments.accounts.dataset import (
    check_downloaded,
    clean_rules,
    load_aliases,
    read_export,
)
from tiktok_segments.accounts.filters import CleanRules
from tiktok_segments.accounts.reading import Export, checked_overrides
from tiktok_segments.errors import InputError
from tiktok_segments.export.aliases import alias_table
from tiktok_segments.export.errors import NotStreamableError
from tiktok_segments.export.sources import find_files

SMALL = 2**25
"""Bytes of a file that is read whole: quicker there, and what it takes of memory is little."""
BATCH_ROWS = 262_144
"""Rows of a batch: what pandas costs for each batch is then little beside what it does."""


class WholeAccounts:
    """The clean accounts of an export in memory; the same to ask as ``StreamedAccounts``.

    Parameters
    ----------
    export : Export
        As read.
    rules : CleanRules
        The account filter and the limit for missing values.
    """

    def __init__(self, export: Export, rules: CleanRules) -> None:
        self._cleaned = clean_profiles(export, rules)
        self.matches, self.derived = export.matches, export.derived
        self.warnings = (*export.warnings, *self._cleaned.warnings)
        self.source, self.sha256 = export.source, export.sha256
        self.rows: int | None = export.rows

    def batches(self) -> Iterator[Cleaned]:
        """Give the accounts in parts; what was rejected and counted comes with the first one."""
        whole = self._cleaned
        frame = whole.frame
        first = frame.iloc[:BATCH_ROWS]
        yield Cleaned(first, whole.rejected, whole.filtered, whole.summary)
        for start in range(BATCH_ROWS, len(frame), BATCH_ROWS):
            part = frame.iloc[start : start + BATCH_ROWS].reset_index(drop=True)
            yield Cleaned(part, whole.rejected.iloc[:0], {}, whole.summary.iloc[:0])


def open_accounts(
    data: DictConfig,
    clean: DictConfig,
    *,
    folder: Path,
    progress: Callable[[str], None],
    small: int = SMALL,
) -> StreamedAccounts | WholeAccounts:
    """Open the accounts of the export that a configuration names.

    Parameters
    ----------
    data, clean : DictConfig
        As in ``conf/data`` and ``conf/clean``.
    folder : Path
        Where to set rows apart meanwhile, if a streamed file needs it.
    progress : callable
        Called with one short text per step.
    small : int
        Bytes of a file up to which it is read whole.

    Returns
    -------
    StreamedAccounts or WholeAccounts
        A stream for one large file of Parquet, CSV, TSV or JSON Lines with a row per account.

    Raises
    ------
    InputError
        If there is no such file, or it cannot be used.
    """
    if data.path is None:
        raise InputError("Which accounts? Give an export: data.path=FILE")
    check_downloaded(data)
    files, source = find_files(Path(str(data.path)).expanduser())
    if len(files) == 1 and files[0].stat().st_size > small:
        progress("looking through the file")
        overrides = checked_overrides(dict(data.columns))
        table = alias_table(load_aliases(data.aliases))
        try:
            return StreamedAccounts(
                files[0],
                clean_rules(clean),
                table,
                overrides,
                source=str(source),
                folder=folder,
                batch_rows=BATCH_ROWS,
            )
        except NotStreamableError:
            pass
    return read_whole(data, clean, progress)


def read_whole(
    data: DictConfig, clean: DictConfig, progress: Callable[[str], None]
) -> WholeAccounts:
    """Read the export that a configuration names at once.

    Raises
    ------
    InputError
        If it cannot be used.
    """
    return WholeAccounts(read_export(data, progress), clean_rules(clean))
