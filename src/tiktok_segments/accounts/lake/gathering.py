"""One reading of an export by Spark, on what its first rows tell, then on what the whole does."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from tiktok_segments.accounts import row_sample
from tiktok_segments.accounts.derive import complete_columns
from tiktok_segments.accounts.lake.cleaning import Cleaning
from tiktok_segments.accounts.lake.failures import plain_failures
from tiktok_segments.accounts.lake.layout import ALL, plain_frame
from tiktok_segments.accounts.lake.reading import Reading, bound_for
from tiktok_segments.accounts.lake.rows import LakeRows, release_with
from tiktok_segments.accounts.lake.source import HeadRecords, LakeSource
from tiktok_segments.accounts.lake.watching import watched
from tiktok_segments.accounts.large.account_pass import AccountPass, Sums
from tiktok_segments.accounts.matched import MatchedRecords
from tiktok_segments.accounts.outcome import KEY, nothing_left
from tiktok_segments.accounts.settings import DatasetSettings, Naming
from tiktok_segments.accounts.whole_file import Evidence, FileFacts
from tiktok_segments.errors import InputError


@dataclass(frozen=True)
class LakeGathering:
    """What came of an export, as of one that is read as a stream.

    Attributes
    ----------
    frame : DataFrame of shape (n_drawn, n_columns)
        The accounts drawn.
    stored : LakeRows or None
        All accounts; None where those drawn are all.
    summary, rejected : DataFrame
        What became of the rows; of those rejected
        :data:`~tiktok_segments.accounts.lake.reading.MOST_REJECTED` at the most.
    is_whole : bool
        Whether no account lacks a number.
    file : MatchedRecords
        What was matched to what.
    derived, warnings : tuple of str
        Formulas used, and what a reader should know.
    digest : str or None
        SHA-256 of the accounts' numbers; None where the files are on this machine.
    """

    frame: pd.DataFrame
    stored: LakeRows | None
    summary: pd.DataFrame
    rejected: pd.DataFrame
    is_whole: bool
    file: MatchedRecords
    derived: tuple[str, ...]
    warnings: tuple[str, ...]
    digest: str | None


def gather_lake(
    source: LakeSource, settings: DatasetSettings, naming: Naming, tell: Callable[[str], None]
) -> LakeGathering:
    """Clean an export, bring a sample of its accounts here and leave the others with Spark.

    Parameters
    ----------
    source, settings, naming, tell
        As for :func:`clean_lake`.

    Returns
    -------
    LakeGathering
        Does not depend on the order of the rows, nor on the partitions.

    Raises
    ------
    InputError
        If the export cannot be used, or no account is left of it.
    """
    with plain_failures(source.name):
        tell("Reading: counting rows")
        bound = bound_for(source.frame.count())
        return _gathered(clean_lake(source, settings, naming, tell, bound), source)


def clean_lake(
    source: LakeSource,
    settings: DatasetSettings,
    naming: Naming,
    tell: Callable[[str], None],
    bound: int = ALL,
) -> Reading:
    """Read an export once; once more for each thing that only the whole of it told.

    Parameters
    ----------
    source : LakeSource
        The export.
    settings : DatasetSettings
        How it is cleaned.
    naming : Naming
        How its columns may be called.
    tell : callable
        Called with one short text per step.
    bound : int
        Rank up to which an account's texts are kept; those of all by default.

    Returns
    -------
    Reading
        Whose assumptions all hold.

    Raises
    ------
    InputError
        If the export cannot be used.
    """
    with plain_failures(source.name):
        tell("Reading: the first rows")
        cleaning = replace(_begin(source, source.head(), settings, naming), bound=bound)
        again = ""
        while True:
            step = f"Reading and cleaning{again}"
            tell(step)
            with watched(source.frame, partial(_tell_parts, tell, step)):
                reading = Reading.of(source, cleaning)
            following = reading.disproved(tell)
            if following is None:
                return reading
            reading.forget()
            cleaning, again = following, ", once more, with what the whole told"


def _tell_parts(tell: Callable[[str], None], step: str, done: int, total: int) -> None:
    tell(f"{step}: {done:,} of {total:,} parts")


def _gathered(reading: Reading, source: LakeSource) -> LakeGathering:
    """Bring the sample here, and leave the others."""
    if not reading.rows:
        raise nothing_left(source.name, reading.summary)
    names = reading.names
    table = reading.drawn(["rank", "line", *names])
    stored = None
    if reading.rows > row_sample.FIT_ROWS:
        table = table.sort_by("rank").slice(0, row_sample.FIT_ROWS)
        stored = reading.stored(source.name)
        release_with(stored, reading.parts)
    else:
        in_order = table.num_rows and pc.min(table.column("line")).as_py()
        table = (
            table.sort_by([("line", "ascending"), ("rank", "ascending")])
            if in_order
            else (table.sort_by("rank"))
        )
    rejected = reading.rejected()
    digest = None if source.files else digest_of_content(reading, source.name)
    if stored is None:
        reading.forget()
    lost = reading.summary["rule"].str.startswith("rejected: miss").any()
    return LakeGathering(
        frame=plain_frame(table, names),
        stored=stored,
        summary=reading.summary,
        rejected=rejected,
        is_whole=reading.is_whole and not lost,
        file=reading.cleaning.file,
        derived=reading.derived,
        warnings=reading.warnings,
        digest=digest,
    )


def _begin(
    source: LakeSource, head: HeadRecords, settings: DatasetSettings, naming: Naming
) -> Cleaning:
    """Take the first rows for the whole."""
    needed = settings.needed
    needed = None if needed is None else needed | {*settings.clean.columns}
    records = next(iter(head.batches()))
    file = MatchedRecords(head, naming, records, needed)
    if file.matching.per_video:
        raise InputError(
            f"{source.name} has a row per video, which engine=spark does not merge.\n"
            "Use engine=memory, or give a table with a row per account."
        )
    cells = file.look_at(records)
    evidence = Evidence()
    spelling = file.settle(cells.told())
    parsed = file.parse(cells, spelling).frame
    evidence.add_parsed(parsed)
    evidence.add_complete(complete_columns(parsed, evidence.empty())[0])
    sparse = tuple(evidence.sparse(settings.clean.max_missing_share))
    return Cleaning(
        file=file,
        names=source.names,
        positions=source.positions,
        is_csv=source.kind == "csv",
        several=source.several,
        facts=FileFacts({0: spelling}, evidence.empty(), sparse),
        rules=settings.clean,
        needed=needed,
        bound=ALL,
    )


def digest_of_content(reading: Reading, source: str) -> str:
    """Return the SHA-256 of what became of the rows and of all accounts' numbers.

    Parameters
    ----------
    reading : Reading
        Whose assumptions hold.
    source : str
        What is read.

    Returns
    -------
    str
        The same for any order of the accounts, and any partitions.
    """
    stored = reading.stored(source)
    whole = _Content(stored.columns)
    stored.go_through(whole, row_sample.BLOCK_ROWS, lambda done: None)
    return hashlib.sha256(f"{reading.summary.to_csv()}{whole.sum[0]}".encode()).hexdigest()


class _Content(AccountPass):
    """Sums up the numbers of all accounts, the same for any order of them."""

    def __init__(self, columns: tuple[str, ...]) -> None:
        self.columns: Sequence[str] = (*columns, KEY)
        self.sum = np.zeros(1, dtype=np.uint64)

    def add(self, block: pd.DataFrame) -> None:
        hashes = pd.util.hash_pandas_object(block.astype({KEY: "float64"}), index=False).to_numpy()
        self.sum += (hashes ^ block[KEY].to_numpy()).sum(keepdims=True, dtype=np.uint64)

    def found(self) -> Sums:
        return {"sum": self.sum}

    def join(self, found: Sums) -> None:
        self.sum += found["sum"]
