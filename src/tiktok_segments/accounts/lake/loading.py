"""A data set whose accounts lie with Spark."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tiktok_segments.accounts.cleaning import with_nan
from tiktok_segments.accounts.dataset import Dataset
from tiktok_segments.accounts.lake.failures import plain_failures
from tiktok_segments.accounts.lake.gathering import gather_lake
from tiktok_segments.accounts.lake.session import open_session
from tiktok_segments.accounts.lake.settings import SparkSettings
from tiktok_segments.accounts.lake.source import LakeSource
from tiktok_segments.accounts.large.outliers import leave_outliers_out
from tiktok_segments.accounts.notes import (
    Listener,
    describe_matching,
    describe_small,
    summary_table,
    used_note,
)
from tiktok_segments.accounts.outcome import Cleaned, with_used
from tiktok_segments.accounts.settings import DatasetSettings


def load_lake(settings: DatasetSettings, spark: SparkSettings, listener: Listener) -> Dataset:
    """Have Spark read an export.

    Parameters
    ----------
    settings : DatasetSettings
        The export, the rules of cleaning and which outliers are left out.
    spark : SparkSettings
        Where Spark runs.
    listener : Listener
        Told of the reading.

    Returns
    -------
    Dataset
        Of which ``frame`` has the accounts drawn.

    Raises
    ------
    InputError
        If Spark is not there, or the export cannot be used.
    """
    data = settings.data
    naming = data.naming()
    with listener.reading() as progress:
        progress("Starting Spark")
        session = open_session(spark)
        with plain_failures(data.table or str(data.address)):
            source = LakeSource.open(session, data, naming)
        with ThreadPoolExecutor(max_workers=1) as aside:
            digest = aside.submit(source.sha256)
            found = gather_lake(source, settings, naming, progress)
            sha256 = digest.result()
    frame, rule = with_nan(found.frame), settings.outliers
    stored = found.stored
    kept = stored.rows if stored else len(frame)
    few = describe_small(frame["followers"], kept)
    with plain_failures(source.name):
        stored, frame = leave_outliers_out(stored, frame, rule)
    rows = stored.rows if stored else len(frame)
    dropped = kept - rows
    cleaned = Cleaned(found.frame, found.rejected, {}, found.summary)
    matches = found.file.matches
    notes = [
        *describe_matching(source.name, matches, found.derived, found.warnings),
        *summary_table(cleaned),
        "engine: spark, all accounts there and a sample in memory here",
        *few,
    ]
    listener.found(notes)
    if dropped:
        notes.append(used_note(rows, dropped))
        listener.found(notes[-1:])
    return Dataset(
        frame=frame,
        source=source.name,
        sha256=sha256 or str(found.digest),
        synthetic=False,
        cleaning=with_used(found.summary, dropped, rows),
        rejected=found.rejected,
        notes=tuple(notes),
        matches=matches,
        is_whole=found.is_whole,
        engine="spark",
        stored=stored,
    )
