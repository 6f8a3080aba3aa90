"""Any known export of TikTok profiles to one frame of canonical columns."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from tiktok_segments.accounts.derive import derive_columns
from tiktok_segments.accounts.result import BOOKKEEPING, Export, Matches
from tiktok_segments.accounts.videos import merge_videos, without_video_columns
from tiktok_segments.errors import InputError
from tiktok_segments.export.aliases import AliasTable, alias_table
from tiktok_segments.export.compression import unpack
from tiktok_segments.export.containers import read_container
from tiktok_segments.export.matching import (
    Matching,
    check_hosts,
    check_matching,
    match_columns,
)
from tiktok_segments.export.records import rejections
from tiktok_segments.export.sources import digest, find_files, read_bytes
from tiktok_segments.export.values import parse_values
from tiktok_segments.schema import COLUMNS, MEASURES, REQUIRED

__all__ = ["Export", "Matches", "read_profiles"]

ADDRESSES = 1000
"""How many of a file's first addresses are looked at."""

_HOST = r"^(?:https?://)?(?:www\.|m\.)?([a-z0-9.-]+\.[a-z]+)(?:/|$)"


@dataclass
class _Reading:
    """What has been read of the parts so far."""

    names: list[str] = field(default_factory=list)
    frames: list[pd.DataFrame] = field(default_factory=list)
    rejected: list[pd.DataFrame] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    matches: list[Matches] = field(default_factory=list)


def read_profiles(
    path: str | Path,
    *,
    columns: Mapping[str, str] | None = None,
    sheet: str | None = None,
    aliases: Mapping[str, Any] | None = None,
    progress: Callable[[str], None] | None = None,
) -> Export:
    """Read an export of any known container and shape.

    Parameters
    ----------
    path : str or Path
        A file (CSV, TSV, JSON, JSON Lines, Parquet, Excel; plain, gzip or zip), a folder or a
        glob pattern of files of one kind.
    columns : mapping of str to str, optional
        Canonical column to its name in the file, where the alias table does not know it.
    sheet : str, optional
        Sheet of an Excel workbook; the first by default.
    aliases : mapping, optional
        Alias table (see ``conf/aliases.yaml``); canonical names only by default.
    progress : callable, optional
        Called with one short text per step.

    Returns
    -------
    Export
        ``rows`` equals the frame's ``source_rows`` plus the rejected rows.

    Raises
    ------
    InputError
        If the file cannot be read as TikTok profiles; the message says where and what to do.
    """
    tell = progress or (lambda step: None)
    table = alias_table(aliases)
    files, source = find_files(path)
    hashes, reading = [], _Reading()
    for file in files:
        tell(f"reading {file.name}")
        data = read_bytes(file)
        hashes.append(hashlib.sha256(data).hexdigest())
        for name, contents in unpack(data, file.name):
            _read_part(contents, name, table, columns, sheet, reading)
    frame = _stack(reading.frames, reading.names)
    rejected = _stack(reading.rejected, reading.names)
    tell(f"{len(frame) + len(rejected):,} rows read")
    return _finish(frame, rejected, reading, digest(hashes), str(source))


def _read_part(
    data: bytes,
    name: str,
    table: AliasTable,
    columns: Mapping[str, str] | None,
    sheet: str | None,
    reading: _Reading,
) -> None:
    overrides = checked_overrides(columns)
    records = read_container(
        data, name, lambda names: match_columns(names, table, overrides).selected(), sheet
    )
    if not records.names and len(records.rejected):
        first = records.rejected.iloc[0]
        raise InputError(
            f"{name}, line {first.line:,}: {first.rule}, and so is every other row.\nExport again."
        )
    matching = match_columns(records.names, table, overrides)
    check_matching(matching, records.names, table, name)
    if not len(records.lines) and not len(records.rejected):
        raise InputError(f"{name} has a header but no row.\nExport it again with its data.")
    parsed = parse_values(records, matching, name)
    if "url" in parsed.frame:
        check_addresses(parsed.frame["url"], table, name)
    frame = parsed.frame.assign(source_rows=1)
    rejected = pd.concat([records.rejected, parsed.rejected])
    reading.names.append(name)
    reading.matches.append(describe_matches(records.names, matching))
    reading.warnings += records.warnings + describe_times(parsed.unreadable_times, name)
    reading.frames.append(frame)
    reading.rejected.append(rejected.sort_values("line", kind="stable"))


def describe_times(unreadable: Mapping[str, int], name: str) -> list[str]:
    """Say how many cells of a file's columns of times hold none."""
    return [
        f"{name}: {count:,} values of {column} are no time; left empty"
        for column, count in unreadable.items()
    ]


def _stack(frames: list[pd.DataFrame], names: list[str]) -> pd.DataFrame:
    """One frame as it is; several one below the other, each row with its file's name."""
    if len(frames) == 1:
        return frames[0].reset_index(drop=True)
    named = [frame.assign(file=name) for frame, name in zip(frames, names, strict=True)]
    return pd.concat(named, ignore_index=True)


def checked_overrides(columns: Mapping[str, str] | None) -> dict[str, str]:
    """Return the columns that a user named, checked.

    Raises
    ------
    InputError
        If one is named for no canonical column.
    """
    overrides = {str(key): str(value) for key, value in (columns or {}).items() if value}
    for canonical in overrides:
        if canonical not in COLUMNS and canonical not in MEASURES:
            raise InputError(
                f"data.columns.{canonical} names no canonical column.\n"
                f"Valid: {', '.join([*COLUMNS, *MEASURES])}."
            )
    return overrides


def check_addresses(urls: pd.Series, table: AliasTable, name: str) -> None:
    """Refuse a file whose first addresses are another platform's.

    Raises
    ------
    InputError
        Naming the platform.
    """
    if len(urls):
        hosts = urls.head(ADDRESSES).str.extract(_HOST, expand=False)
        shares = hosts.value_counts(normalize=True)
        check_hosts({str(host): share for host, share in shares.items()}, table, name)


def describe_matches(names: list[str], matching: Matching) -> Matches:
    """Return what was matched, by the columns' own names."""
    used = {position for claim in matching.positions.values() for position in claim}
    return Matches(
        {canonical: names[claim[0]] for canonical, claim in matching.positions.items()},
        tuple(name for position, name in enumerate(names) if position not in used),
        matching.per_video,
    )


def _finish(
    frame: pd.DataFrame, rejected: pd.DataFrame, reading: _Reading, sha256: str, source: str
) -> Export:
    rows = len(frame) + len(rejected)
    warnings = list(reading.warnings)
    derived: list[str] = []
    matches = reading.matches[0]
    if any(other.columns != matches.columns for other in reading.matches[1:]):
        warnings.append("the files do not share their columns; what one lacks is missing there")
    if any(one.per_video for one in reading.matches):
        frame, repeated, derived = merge_videos(frame)
        rejected = pd.concat([rejected, repeated], ignore_index=True)
    frame = without_video_columns(frame)
    empty = [str(n) for n in frame if n not in REQUIRED and len(frame) and frame[n].isna().all()]
    warnings += describe_empty(empty)
    frame, formulas = complete_columns(frame, empty)
    warnings += _suspicions(frame, matches)
    return Export(
        frame,
        rejected if len(rejected) else rejections([], [], ""),
        matches,
        tuple(derived + formulas),
        tuple(warnings),
        rows,
        sha256,
        source,
    )


def complete_columns(frame: pd.DataFrame, empty: Sequence[str]) -> tuple[pd.DataFrame, list[str]]:
    """Leave empty columns out, derive what follows from the others, and put all in order.

    Parameters
    ----------
    frame : DataFrame
        Canonical columns, measures and bookkeeping.
    empty : sequence of str
        Columns without a value in the whole file.

    Returns
    -------
    frame : DataFrame
        Canonical columns and bookkeeping, index 0 to n-1.
    derived : list of str
        Formulas used.
    """
    frame, derived = derive_columns(frame.drop(columns=list(empty)))
    order = [name for name in (*COLUMNS, *BOOKKEEPING) if name in frame]
    return frame[order].reset_index(drop=True), derived


def describe_empty(empty: Sequence[str]) -> list[str]:
    """Say which columns are absent for want of any value."""
    return [f"{name} is empty in every row: treated as absent" for name in empty]


def suspicious_rates(matches: Matches) -> list[str]:
    """Return the columns of a file that could be percentages by mistake."""
    rates = ("engagement_rate", "like_rate", "comment_rate", "engagement_by_views")
    return [name for name in rates if name in matches.columns]


def describe_suspicion(name: str, matches: Matches) -> str:
    """Say that a rate is readable and probably means something else."""
    return (
        f"half of {name} (column {matches.columns[name]!r}) is above 1: rates are fractions here; "
        "if the file has percentages, put % into the column's name"
    )


def _suspicions(frame: pd.DataFrame, matches: Matches) -> list[str]:
    return [
        describe_suspicion(name, matches)
        for name in suspicious_rates(matches)
        if name in frame and frame[name].median() > 1
    ]
