"""Files of a run's segments: tables, a document and the report."""

import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet

from tiktok_segments import terminal
from tiktok_segments.accounts.dataset import Dataset
from tiktok_segments.defaults import next_command
from tiktok_segments.files import TABLE_ENDINGS, parquet_writer, whole_file, write_whole
from tiktok_segments.language import ENGLISH, Language, read_language
from tiktok_segments.registry.restoration import restore
from tiktok_segments.reports.page import render_report
from tiktok_segments.reports.page.rounding import handed_on
from tiktok_segments.reports.page.small_groups import list_small_groups
from tiktok_segments.reports.segment_printing import print_report, print_segments, say_next
from tiktok_segments.segments.choice import Decisions
from tiktok_segments.segments.choice.everyone import take_of_every_part
from tiktok_segments.segments.description import describe_segmentation
from tiktok_segments.segments.segmentation import Segmentation, as_document
from tiktok_segments.spreadsheet import write_table
from tiktok_segments.tracking import artifacts, connection, run_log, run_names
from tiktok_segments.tracking.lineage import read_lineage
from tiktok_segments.tracking.store import is_server, project_root, store_address

REPORT_FILES = (
    f"{artifacts.SEGMENTS_TABLE}.csv",
    f"{artifacts.ACCOUNTS_TABLE}.csv",
    f"{artifacts.ACCOUNTS_TABLE}.parquet",
    f"{artifacts.SMALL_GROUPS_TABLE}.csv",
    artifacts.SEGMENTS,
    artifacts.REPORT,
)
"""What :func:`write_segments` writes, where tables are CSV: of the accounts' two the one, and small
groups where there are some."""


def write_segments(
    segmentation: Segmentation,
    folder: Path,
    table_format: str,
    decisions: Decisions | None = None,
    drift: Mapping[str, Any] | None = None,
    earlier: Dataset | None = None,
    weeks: Sequence[Mapping[str, Any]] = (),
    language: Language = ENGLISH,
) -> Iterator[Path]:
    """Write the tables ``segments`` and ``accounts``, ``segments.json`` and ``report.html``.

    Where small groups of accounts stand out that are no segment, ``small_groups`` lists them.

    Parameters
    ----------
    segmentation : Segmentation
        Named segments of a run.
    folder : Path
        Made where it is missing; files of the same names are replaced.
    table_format : {"csv", "xlsx"}
        What the tables are written as; ``accounts`` as Parquet where not all are in memory.
    decisions : Decisions, optional
        That the report opens with.
    drift : mapping or None
        Of these accounts, as ``drift.json`` has it; None takes the newest of the run's model.
    earlier : Dataset, optional
        An earlier export, for what changed since.
    weeks : sequence of mapping
        How the segments went, as for :func:`~tiktok_segments.reports.page.render_report`.
    language : Language
        Of the report.

    Yields
    ------
    Path
        Each file when it is there, whole; the report last.

    Raises
    ------
    InputError
        If a file cannot be written.
    """
    document = json.dumps(as_document(segmentation), indent=2, ensure_ascii=False)
    lineage = read_lineage(segmentation.run_id)
    lineage = replace(lineage, drift=drift) if drift else lineage
    small = list_small_groups(segmentation, handed_on(segmentation).accounts)
    file = folder / f"{artifacts.SMALL_GROUPS_TABLE}.{table_format}"
    for ending in TABLE_ENDINGS:  # an earlier one is not to be taken for these accounts'
        file.with_suffix(ending).unlink(missing_ok=True)
    yield write_table(segmentation.segments, folder / f"{artifacts.SEGMENTS_TABLE}.{table_format}")
    yield _write_accounts(handed_on(segmentation), folder, table_format)
    if len(small):
        yield write_table(small, file)
    yield write_whole(folder / artifacts.SEGMENTS, document)
    page = render_report(segmentation, lineage, decisions, earlier, weeks, language, small)
    yield write_whole(folder / artifacts.REPORT, page)


def print_origin(segmentation: Segmentation, *, reported: bool = False) -> None:
    """Print what the model was fitted on, where that is not these accounts.

    Parameters
    ----------
    segmentation : Segmentation
        Of a run, or of an export in a model's segments.
    reported : bool, default False
        Whether a report of them was written, which has parts that are not about these accounts.
    """
    if segmentation.fitted_elsewhere:
        words = segmentation.fitted_elsewhere.words(reported=reported)
        terminal.console().print(f"\n{words}", markup=False)


def write_all_accounts(segmentation: Segmentation, path: Path) -> Path:
    """Write where each account belongs, those that are not in memory too.

    Parameters
    ----------
    segmentation : Segmentation
        Named segments, of a sample of the accounts.
    path : Path
        A file ending in ``.parquet``; it appears whole or not at all.

    Returns
    -------
    Path
        The same.

    Raises
    ------
    InputError
        If the export cannot be read any more, or the file cannot be written.
    """
    with whole_file(path) as file:
        writer: list[pa.parquet.ParquetWriter] = []

        def write(part: Segmentation) -> None:
            table = pa.Table.from_pandas(handed_on(part).accounts, preserve_index=False)
            if not writer:
                writer.append(parquet_writer(file, table.schema))
            writer[0].write_table(table)

        take_of_every_part(segmentation, "writing accounts", write)
        writer[0].close()
    return path


def _write_accounts(segmentation: Segmentation, folder: Path, table_format: str) -> Path:
    """Write a line for every account; Parquet where there are more than memory is asked to hold."""
    file = folder / f"{artifacts.ACCOUNTS_TABLE}.{table_format}"
    if not segmentation.dataset.stored:
        return write_table(segmentation.accounts, file)
    return write_all_accounts(segmentation, file.with_suffix(".parquet"))


def profile(
    segmentation: Segmentation,
    folder: Path,
    table_format: str,
    decisions: Decisions | None = None,
    earlier: Dataset | None = None,
    language: Language = ENGLISH,
) -> None:
    """Write a run's segments to a folder and to the run, and print them.

    Parameters
    ----------
    segmentation : Segmentation
        Named segments of a run.
    folder : Path
        Where the files go.
    table_format : {"csv", "xlsx"}
        What the tables are written as.
    decisions : Decisions, optional
        That the report opens with.
    earlier : Dataset, optional
        An earlier export, for what changed since.
    language : Language
        Of the report.
    """
    run_id = segmentation.run_id
    kept = artifacts.folder_of_names(run_id, as_document(segmentation))
    written = write_segments(
        segmentation, folder, table_format, decisions, earlier=earlier, language=language
    )
    files, logged = [], []
    # A table of millions is copied while the page is made.
    with ThreadPoolExecutor(max_workers=1) as aside:
        for file in written:
            files.append(file)
            logged.append(aside.submit(artifacts.log_files, run_id, [file], kept))
    for outcome in logged:
        outcome.result()
    lineage = read_lineage(run_id)
    report = connection.run_page(run_id, f"{kept}/{artifacts.REPORT}")
    verdict = lineage.explain_verdict(len(segmentation.names))
    note = describe_segmentation(segmentation, *verdict, report)
    run_log.log_numbers(run_id, tags={run_names.NOTE: note})
    dataset = segmentation.dataset
    origin = "synthetic accounts" if dataset.synthetic else "accounts"
    print_segments(
        segmentation.segments, f"{dataset.n_accounts:,} {origin} of run {segmentation.run_id}"
    )
    print_report(files)
    address = store_address()
    runs = (
        connection.training_runs_page(address)
        if is_server(address)
        else next_command("scripts/ui.py")
    )
    out = terminal.console()
    out.print(f"Compare the runs: {runs}", markup=False, soft_wrap=True)
    following = say_next(
        run_id, lineage.verdict, segmentation.config["data"], synthetic=dataset.synthetic
    )
    out.print(f"Next: {following}", markup=False, soft_wrap=True)


def profile_run(run_id: str, wanted: bool | str, path: str | None) -> None:
    """Name and describe a run's segments, as ``scripts/profile_segments.py`` does.

    Parameters
    ----------
    run_id : str
        A training run.
    wanted : bool or str
        True, or the language of the report.
    path : str or None
        Where its export is now.
    """
    language = ENGLISH if wanted is True else read_language(str(wanted))
    restored = restore(run_id, {"path": path}, naming=None)
    profile(restored, project_root() / "outputs" / "segments", "csv", language=language)
