"""A data set whose accounts lie on disk."""

from __future__ import annotations

from tiktok_segments.accounts.cleaning import with_nan
from tiktok_segments.accounts.dataset import Dataset
from tiktok_segments.accounts.large.gathering import gather_accounts
from tiktok_segments.accounts.large.outliers import leave_outliers_out
from tiktok_segments.accounts.large.temporary_folder import TemporaryFolder, large_folder
from tiktok_segments.accounts.notes import (
    Listener,
    describe_matching,
    describe_small,
    summary_table,
    used_note,
)
from tiktok_segments.accounts.opening import AccountBatches
from tiktok_segments.accounts.outcome import Cleaned, with_used
from tiktok_segments.accounts.settings import DatasetSettings


def load_stored(settings: DatasetSettings, listener: Listener) -> Dataset:
    """Read an export as a stream.

    Parameters
    ----------
    settings : DatasetSettings
        The export, the rules of cleaning, and which outliers are left out.
    listener : Listener
        Told of the reading.

    Returns
    -------
    Dataset
        Of which ``frame`` has the accounts drawn.

    Raises
    ------
    InputError
        If the export cannot be used, or the disk has no room.
    """
    place = TemporaryFolder(large_folder())
    with listener.reading() as progress:
        accounts = AccountBatches(
            settings.data,
            settings.clean,
            folder=place.folder,
            progress=progress,
            small=0,
            needed=settings.needed,
        )
        found = gather_accounts(accounts, place, progress, texts=settings.texts)
    cleaned = Cleaned(found.frame, found.rejected, {}, found.summary)
    frame, stored = with_nan(found.frame), found.stored
    n_clean = stored.rows if stored else len(frame)
    notes = [
        *describe_matching(accounts.source, accounts.matches, accounts.derived, accounts.warnings),
        *summary_table(cleaned, per_video=accounts.matches.per_video),
        "engine: stream, all accounts on disk and a sample in memory",
        *describe_small(frame["followers"], n_clean),
    ]
    listener.found(notes)
    stored, frame = leave_outliers_out(stored, frame, settings.outliers)
    rows = stored.rows if stored else len(frame)
    if rows < n_clean:
        notes.append(used_note(rows, n_clean - rows))
        listener.found(notes[-1:])
    return Dataset(
        frame=frame,
        source=accounts.source,
        sha256=found.sha256,
        synthetic=False,
        cleaning=with_used(found.summary, n_clean - rows, rows),
        rejected=found.rejected,
        notes=tuple(notes),
        matches=accounts.matches,
        is_whole=found.is_whole,
        engine="stream",
        stored=stored,
    )
