"""Any known export of TikTok profiles to one frame of canonical columns."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from tiktok_segments.accounts.derive import complete_columns, without_video_columns
from tiktok_segments.accounts.matched import MatchedRecords, first_records
from tiktok_segments.accounts.notes import (
    count_ambiguous,
    describe_ambiguous,
    describe_empty,
    describe_faults,
    describe_shared,
    describe_times,
)
from tiktok_segments.accounts.outcome import Export, Matches
from tiktok_segments.accounts.privacy.unnamed import tell_beside, unname
from tiktok_segments.accounts.settings import Naming
from tiktok_segments.containers.header import tells_nothing
from tiktok_segments.containers.hints import Decimal, Hints, Rows
from tiktok_segments.containers.opening import open_contents
from tiktok_segments.containers.records import (
    RecordBatches,
    put_together,
    rejections,
)
from tiktok_segments.containers.side_files import left_out_note
from tiktok_segments.containers.sources import find_files, read_bytes
from tiktok_segments.errors import InputError
from tiktok_segments.export.aliases import alias_table, load_alias_table
from tiktok_segments.export.faults import FaultyCells, add_up_faults
from tiktok_segments.export.rows.merged_videos import merge_videos
from tiktok_segments.export.settling import HEAD
from tiktok_segments.files import digest
from tiktok_segments.schema import REQUIRED


@dataclass(frozen=True)
class _Part:
    """One file, read whole."""

    name: str
    matches: Matches
    frame: pd.DataFrame
    rejected: pd.DataFrame
    warnings: list[str]
    faults: tuple[FaultyCells, ...]


def read_export(
    path: str | Path,
    *,
    columns: Mapping[str, str] | None = None,
    sheet: str | None = None,
    header: int | None = None,
    encoding: str | None = None,
    decimal: Decimal | None = None,
    rows: Rows | None = None,
    units: Mapping[str, str] | None = None,
    aliases: Mapping[str, Any] | str | Path | None = None,
    progress: Callable[[str], None] | None = None,
) -> Export:
    """Read an export of TikTok profiles, of any known container and shape.

    Parameters
    ----------
    path : str or Path
        A file (CSV, TSV, JSON, JSON Lines, Parquet, Excel; plain, gzip or zip), a folder or a
        glob pattern. Of several files those are left out, and told, that are no exports by their
        names, as README.md is, or have no column for an account nor for its followers.
    columns : mapping of str to str, optional
        Canonical column to its name in the file, where the alias table does not know it.
    sheet : str, optional
        Sheet of an Excel workbook; the one that has the columns by default.
    header : int, optional
        Line of the column names, from 1; looked for by default.
    encoding : str, optional
        Encoding of a text file, as Python calls it; recognised by default.
    decimal : {".", ","}, optional
        Decimal mark; by default the numbers of the file tell.
    rows : {"videos", "accounts"}, optional
        What a row is; by default the columns tell.
    units : mapping of str to str, optional
        Canonical column to the unit of its numbers, as in ``{"followers": "thousands"}``, where
        neither names nor values tell.
    aliases : mapping, str or Path, optional
        Table of the names that exports give their columns, or its file in YAML;
        ``conf/aliases.yaml`` by default.
    progress : callable, optional
        Called with one short text per step.

    Returns
    -------
    Export
        For :func:`~tiktok_segments.accounts.cleaning.clean_profiles`; ``rows`` equals the frame's
        ``source_rows`` plus the rejected rows.

    Raises
    ------
    InputError
        If the file cannot be read as TikTok profiles; the message says where and what to do.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "export.csv"
    ...     pd.DataFrame({"username": ["ana"], "fans": ["1.5K"]}).to_csv(file, index=False)
    ...     export = read_export(file)
    >>> export.frame[["account_id", "followers"]].values.tolist()
    [['ana', 1500.0]]
    """
    hints = Hints.of(
        columns=columns,
        sheet=sheet,
        header=header,
        encoding=encoding,
        decimal=decimal,
        rows=rows,
        units=units,
    )
    table = alias_table(aliases) if isinstance(aliases, Mapping) else load_alias_table(aliases)
    return read_files(path, Naming(table, hints), progress or (lambda step: None))


def read_files(
    path: str | Path,
    naming: Naming,
    tell: Callable[[str], None],
    needed: Collection[str] | None = None,
) -> Export:
    """Read an export, as :func:`read_export` does.

    Parameters
    ----------
    path : str or Path
        A file, a folder or a glob pattern.
    naming : Naming
        How it may call its columns, and what the user says about it.
    tell : callable
        Called with one short text per step.
    needed : collection of str, optional
        Canonical columns that no account may lack; all by default. A wrong cell in another one is
        left empty and told.

    Returns
    -------
    Export
        As read_export.

    Raises
    ------
    InputError
        As read_export.
    """
    found = find_files(path)
    hashes, parts, others, names = [], [], [], []
    for file in found.files:
        tell(f"reading {file.name}")
        data = read_bytes(file)
        hashes.append(hashlib.sha256(data).hexdigest())
        opened = open_contents(data, file.name, naming.select, naming.hints)
        del data
        several = len(found.files) > 1 or len(opened) > 1
        for records in opened:
            names.append(records.name)
            if several and tells_nothing(records.names, naming.select):
                others.append(records)
            else:
                parts.append(_read_part(records, naming, needed))
    if not parts:  # a column of names may hold the accounts, else each says what it lacks
        parts = [_read_part(records, naming, needed) for records in others]
        others = []
    notes = [left_out_note(found.source.name, [one.name for one in others])] if others else []
    notes = tell_beside([*found.notes, *notes], naming.pseudonyms)
    export = _assemble(parts, digest(hashes), str(found.source), notes)
    tell(f"{export.rows:,} rows read")
    return export if naming.pseudonyms is None else unname(export, naming.pseudonyms, found, names)


def _read_part(batches: RecordBatches, naming: Naming, needed: Collection[str] | None) -> _Part:
    records = put_together(list(batches.batches()))
    file = MatchedRecords(batches, naming, first_records([records], HEAD), needed)
    if not len(records.lines) and not len(records.rejected):
        raise InputError(f"{file.name} has a header but no row.\nExport it again with its data.")
    parsed = file.parse(file.look_at(records))
    file.check_addresses(parsed.addresses)
    warnings = [
        *file.notes,
        *records.warnings,
        *describe_times(parsed.unreadable_times, file.name),
        *describe_ambiguous(count_ambiguous(parsed.rejected), file.name),
        *describe_faults(parsed.faults, file.name),
    ]
    return _Part(file.name, file.matches, parsed.frame, parsed.rejected, warnings, parsed.faults)


def _stack(frames: list[pd.DataFrame], names: list[str]) -> pd.DataFrame:
    """One frame as it is; several one below the other, each row with its file's name."""
    if len(frames) == 1:
        return frames[0].reset_index(drop=True)
    named = [frame.assign(file=name) for frame, name in zip(frames, names, strict=True)]
    return pd.concat(named, ignore_index=True)


def _assemble(
    parts: Sequence[_Part], sha256: str, source: str, notes: Sequence[str] = ()
) -> Export:
    names = [part.name for part in parts]
    frame = _stack([part.frame for part in parts], names)
    rejected = _stack([part.rejected for part in parts], names)
    rows = len(frame) + len(rejected)
    warnings = [*(warning for part in parts for warning in part.warnings), *notes]
    derived: list[str] = []
    matches = parts[0].matches
    warnings += describe_shared([part.matches for part in parts])
    if any(part.matches.per_video for part in parts):
        frame, repeated, derived = merge_videos(frame)
        rejected = pd.concat([rejected, repeated], ignore_index=True)
    frame = without_video_columns(frame)
    empty = [str(n) for n in frame if n not in REQUIRED and len(frame) and frame[n].isna().all()]
    warnings += describe_empty(empty)
    frame, formulas = complete_columns(frame, empty)
    return Export(
        frame,
        rejected if len(rejected) else rejections([], [], ""),
        matches,
        tuple(derived + formulas),
        tuple(warnings),
        rows,
        sha256,
        source,
        add_up_faults(fault for part in parts for fault in part.faults),
    )
