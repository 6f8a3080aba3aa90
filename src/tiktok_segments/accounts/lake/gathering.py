"""One reading of an export by Spark, on what its first rows tell, then on what the whole does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tiktok_segments.accounts.derive import complete_columns
from tiktok_segments.accounts.lake.cleaning import Cleaning
from tiktok_segments.accounts.lake.failures import plain_failures
from tiktok_segments.accounts.lake.reading import ALL, Gathered, Reading, bound_for
from tiktok_segments.accounts.lake.source import HeadRecords, LakeSource
from tiktok_segments.accounts.matched import MatchedRecords
from tiktok_segments.accounts.settings import DatasetSettings, Naming
from tiktok_segments.accounts.whole_file import Evidence, Facts
from tiktok_segments.errors import InputError


def gather_lake(
    source: LakeSource, settings: DatasetSettings, naming: Naming, tell: Callable[[str], None]
) -> Gathered:
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

    Returns
    -------
    Gathered
        Does not depend on the order of the rows, nor on the partitions.

    Raises
    ------
    InputError
        If the export cannot be used, or no account is left of it.
    """
    with plain_failures(source.name):
        tell("Reading: the first rows")
        cleaning = _begin(source, source.head(), settings, naming)
        tell("Reading: counting rows")
        cleaning = replace(cleaning, bound=bound_for(source.frame.count()))
        again = ""
        while True:
            tell(f"Reading and cleaning{again}")
            reading = Reading.of(source, cleaning)
            following = reading.disproved(tell)
            if following is None:
                return reading.gathered(source)
            reading.forget()
            cleaning, again = following, ", once more, with what the whole told"


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
        guarded=source.kind == "csv",
        facts=Facts({0: spelling}, evidence.empty(), sparse),
        rules=settings.clean,
        needed=needed,
        bound=ALL,
    )
