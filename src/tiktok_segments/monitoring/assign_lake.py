"""Accounts that lie with Spark assigned where they lie, to a folder of Parquet files."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from tiktok_segments.accounts import row_sample
from tiktok_segments.accounts.lake import (
    LakeSource,
    clean_lake,
    digest_of_content,
    on_partitions,
    open_session,
    plain_failures,
    watched,
)
from tiktok_segments.accounts.lake.settings import SparkSettings
from tiktok_segments.accounts.large.temporary_folder import TemporaryFolder
from tiktok_segments.accounts.notes import describe_matching
from tiktok_segments.accounts.outcome import nothing_left
from tiktok_segments.accounts.privacy.rounding import round_accounts
from tiktok_segments.accounts.settings import DatasetSettings
from tiktok_segments.errors import InputError
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
    *,
    in_tables: bool = False,
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
        A folder that is not there yet, which all machines of a cluster see under this name, for a
        Parquet file a partition; the rejected rows go beside it. It appears whole or not at all;
        what killed processes left of it is removed.
    tell : callable
        Called with what is done, rows done, and rows in all where that is known.
    digits : int or None
        Significant digits of the accounts' numbers; None leaves them as they are.
    in_tables : bool
        Whether the output is a table instead, as in ``catalog.schema.table``, that is not there
        yet; the rejected rows go to one beside it. It gets its name once all is in it.

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
    if not in_tables:
        _check_folder(output)

    def show_step(step: str) -> None:
        tell(step, 0, None)

    data = settings.data
    naming = data.naming()
    show_step("Starting Spark")
    session = open_session(spark)
    if in_tables:
        _check_tables(session, output)
    with plain_failures(data.table or str(data.address)):
        source = LakeSource.open(session, data, naming)
        reading = clean_lake(source, settings, naming, show_step)
        if not reading.rows:
            raise nothing_left(source.name, reading.summary)
        model.require_columns(pd.DataFrame(columns=reading.names))
        whole = AssignedSums(model)
        rows = reading.rows
        reading.stored(source.name).go_through(
            whole, row_sample.BLOCK_ROWS, lambda done: tell("Adding up the accounts", done, rows)
        )
        check_units(whole.sums, [name for name, _ in data.hints.units])
        assigning = AssigningPartition(model, version, tuple(reading.names), digits)
        show_step("Reading the rejected rows")
        rejected = round_accounts(reading.rejected(), digits)
        show_step(step := "Assigning and writing")
        assigned = on_partitions(reading.accounts(), assigning, assigning.declared)
        write = _write_tables if in_tables else _write_folder
        with watched(assigned, lambda done, of: tell(step, rows * done // of, rows)):
            write(session, assigned, rejected, output, rows)
        sha256 = source.sha256() or digest_of_content(reading, source.name)
        reading.forget()
    tell(step, rows, rows)
    matches = reading.cleaning.file.matches
    return Assignment(
        source=source.name,
        sha256=sha256,
        output=output,
        rejected_file=Path(rejected_table(str(output))) if in_tables else rejected_path(output),
        version=version,
        summary=reading.summary,
        segments=segment_shares(model, whole.sums),
        sums=whole.sums,
        notes=tuple(describe_matching(source.name, matches, reading.derived, reading.warnings)),
        pseudonymous=data.pseudonyms is not None,
        in_tables=in_tables,
    )


def _check_folder(output: Path) -> None:
    """Refuse what is no new folder of this machine."""
    if stored := re.match(r"([a-z][a-z0-9+.-]+):/+(.*)", str(output)):
        raise InputError(
            f"output={stored[1]}://{stored[2]}: no folder can appear whole at once there.\n"
            "Write a table instead, as in output_table=catalog.schema.table, or give a folder that "
            "is mounted\nunder one path here and on the cluster's machines."
        )
    if output.exists() and not (output.is_dir() and not any(output.iterdir())):
        raise InputError(f"{output} is there already.\nGive another output, or move it away.")
    if output.name.endswith(_FILES):
        raise InputError(
            f"output={output}: engine=spark writes a folder of Parquet files.\n"
            "Give a folder's name, as in output=assigned."
        )


def _write_folder(
    session: Any, assigned: Any, rejected: pd.DataFrame, output: Path, rows: int
) -> None:
    """Write accounts to a folder, and the rejected rows beside it."""
    hidden = output.parent / f".{output.name}.unfinished"
    try:
        hidden.mkdir(parents=True, exist_ok=True)
        place = TemporaryFolder(hidden)
        try:
            folder, beside = place.folder / output.name, place.folder / "rejected.csv"
            with beside.open("wb") as file:
                append_rows(rejected, file, first=True)
            assigned.write.parquet(folder.resolve().as_uri())
            there = sum(pq.read_metadata(file).num_rows for file in folder.glob("*.parquet"))
            if there != rows:
                raise InputError(
                    f"Spark wrote {rows:,} accounts to {output}, of which {there:,} are seen here."
                    "\nGive a folder that this machine and all of the cluster share."
                )
            beside.replace(rejected_path(output))
            folder.rename(output)
        finally:
            del place  # and what is in it
            with suppress(OSError):  # another process writes there
                hidden.rmdir()
    except OSError as error:
        raise InputError(
            f"{output} cannot be written: {error.strerror or error}.\nGive another output."
        ) from None


def _check_tables(session: Any, output: Path) -> None:
    """Refuse tables that are there, and a schema that is not."""
    if not re.fullmatch(r"[\w-]+(\.[\w-]+){1,2}", str(output)):
        raise InputError(
            f"output_table={output} is no name of a table.\nGive one as in catalog.schema.table."
        )
    schema = str(output).rpartition(".")[0]
    with plain_failures(f"output_table={output}"):
        if not session.catalog.databaseExists(_quoted(schema)):
            raise InputError(
                f"output_table={output}: Spark's catalogue has no {schema}.\n"
                f"Make it first: CREATE SCHEMA {schema}"
            )
        for table in (str(output), rejected_table(str(output))):
            if session.catalog.tableExists(_quoted(table)):
                raise InputError(
                    f"output_table: {table} is there already.\nGive another, or drop it."
                )


def _write_tables(
    session: Any, assigned: Any, rejected: pd.DataFrame, output: Path, rows: int
) -> None:
    """Write accounts and rejected rows to tables of other names, and rename them."""
    mark = f"_unfinished_{uuid4().hex[:8]}"
    accounts, others = str(output), rejected_table(str(output))
    made = [_quoted(name + mark) for name in (others, accounts)]
    with plain_failures(f"output_table={output}"):
        try:
            kinds = (f"{name} {'bigint' if name == 'line' else 'string'}" for name in rejected)
            table = pa.Table.from_pandas(rejected, preserve_index=False)
            listed = session.createDataFrame(table, ", ".join(kinds))
            for frame, table in zip((listed, assigned), made, strict=True):
                frame.write.saveAsTable(table)
            there = session.read.table(made[1]).count()
            if there != rows:
                raise InputError(f"Spark wrote {there:,} of {rows:,} accounts to {output}.")
            for name in (others, accounts):
                # The name of Spark's own catalogue may not stand in a new name.
                renamed = _quoted(name.removeprefix("spark_catalog."))
                session.sql(f"ALTER TABLE {_quoted(name + mark)} RENAME TO {renamed}")
                made[:] = [_quoted(name) if one == _quoted(name + mark) else one for one in made]
            made.clear()
        finally:
            for table in made:
                session.sql(f"DROP TABLE IF EXISTS {table}")


def rejected_table(table: str) -> str:
    """Return where the rejected rows of a table go.

    Examples
    --------
    >>> rejected_table("main.marketing.assigned")
    'main.marketing.assigned_rejected'
    """
    return f"{table}_rejected"


def _quoted(name: str) -> str:
    return ".".join(f"`{part}`" for part in name.split("."))
