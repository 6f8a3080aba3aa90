"""Accounts that lie with Spark assigned where they lie, to a folder of Parquet files."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from tiktok_segments.accounts import row_sample
from tiktok_segments.accounts.lake import (
    LakeSource,
    clean_lake,
    digest_of_content,
    open_session,
    plain_failures,
)
from tiktok_segments.accounts.lake.settings import SparkSettings
from tiktok_segments.accounts.notes import describe_matching
from tiktok_segments.accounts.outcome import nothing_left
from tiktok_segments.accounts.privacy.rounding import round_accounts
from tiktok_segments.accounts.settings import DatasetSettings
from tiktok_segments.errors import InputError
from tiktok_segments.files import whole_file, whole_folder
from tiktok_segments.monitoring.account_sums import AssignedSums, Assignment, segment_shares
from tiktok_segments.monitoring.assign_files import rejected_path
from tiktok_segments.monitoring.assign_partition import AssigningPartition
from tiktok_segments.monitoring.unit_change import check_units
from tiktok_segments.spreadsheet import append_rows
from tiktok_segments.tracking.named_model import NamedModel

_FILES = (".csv", ".gz", ".jsonl", ".xlsx")


def assign_lake(
    model: NamedModel,
    version: str,
    settings: DatasetSettings,
    spark: SparkSettings,
    output: Path,
    tell: Callable[[str, int, int | None], None],
    digits: int | None = None,
) -> Assignment:
    """Have Spark assign the accounts of an export to a model's segments.

    Parameters
    ----------
    model : NamedModel
        Whose segments.
    version : str
        What to call the model.
    settings : DatasetSettings
        The export and the rules of cleaning; no outliers are left out.
    spark : SparkSettings
        Where Spark runs.
    output : Path
        A folder that is not there yet, which all machines of a cluster see under this name. It
        appears whole or not at all, with a Parquet file a partition; the rejected rows go beside
        it.
    tell : callable
        Called with what is done, rows done, and rows in all where that is known.
    digits : int or None
        Significant digits of the accounts' numbers; None leaves them as they are.

    Returns
    -------
    Assignment
        As of a stream.

    Raises
    ------
    InputError
        If Spark is not there, the export cannot be used, lacks a column that the model reads, is
        in another unit, or holds no account that can be assigned; or if the output cannot be
        written.
    """
    _check_folder(output)

    def show_step(step: str) -> None:
        tell(step, 0, None)

    data = settings.data
    naming = data.naming()
    show_step("Starting Spark")
    session = open_session(spark)
    with plain_failures(data.table or str(data.address)):
        source = LakeSource.open(session, data, naming)
        reading = clean_lake(source, settings, naming, show_step)
        if not reading.rows:
            raise nothing_left(source.name, reading.summary)
        model.require_columns(pd.DataFrame(columns=reading.names))
        whole = AssignedSums(model)
        show_step("Adding up the accounts")
        reading.stored(source.name).go_through(whole, row_sample.BLOCK_ROWS, lambda done: None)
        check_units(whole.sums, [name for name, _ in data.hints.units])
        assigning = AssigningPartition(model, version, tuple(reading.names), digits)
        show_step("Reading the rejected rows")
        rejected = round_accounts(reading.rejected(), digits)
        with whole_file(rejected_path(output)) as beside, whole_folder(output) as folder:
            append_rows(rejected, beside, first=True)
            show_step("Assigning and writing")
            assigned = reading.accounts().mapInArrow(assigning, assigning.declared)
            assigned.write.mode("overwrite").parquet(folder.resolve().as_uri())
            _check_rows(folder, output, reading.rows)
        sha256 = source.sha256() or digest_of_content(reading, source.name)
        reading.forget()
    tell("Assigning and writing", reading.rows, reading.rows)
    matches = reading.cleaning.file.matches
    return Assignment(
        source=source.name,
        sha256=sha256,
        output=output,
        rejected_file=rejected_path(output),
        version=version,
        summary=reading.summary,
        segments=segment_shares(model, whole.sums),
        sums=whole.sums,
        notes=tuple(describe_matching(source.name, matches, reading.derived, reading.warnings)),
        pseudonymous=data.pseudonyms is not None,
    )


def _check_folder(output: Path) -> None:
    """Refuse what is no folder of this machine."""
    if re.match(r"[a-z][a-z0-9+.-]+:/", str(output)):
        raise InputError(
            f"output={output}: engine=spark writes to a folder that this machine sees.\n"
            "Give one that is mounted here and on the cluster's machines."
        )
    if output.name.endswith(_FILES):
        raise InputError(
            f"output={output}: engine=spark writes a folder of Parquet files.\n"
            "Give a folder's name, as in output=assigned."
        )


def _check_rows(folder: Path, output: Path, rows: int) -> None:
    """Refuse a folder that lacks accounts, as where each machine wrote to its own disk."""
    there = sum(pq.read_metadata(file).num_rows for file in folder.glob("*.parquet"))
    if there != rows:
        raise InputError(
            f"Spark wrote {rows:,} accounts to {output}, of which {there:,} are seen here.\n"
            "Give a folder that this machine and all of the cluster share."
        )
