"""Records of one file to canonical columns; a row with an impossible value is rejected."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from tiktok_segments.cells.flags import flags_in, prepare_flags, read_flags
from tiktok_segments.cells.numbers import prepare_numbers, read_numbers
from tiktok_segments.cells.problems import PROBLEMS
from tiktok_segments.cells.spelling import Spelling
from tiktok_segments.cells.texts import (
    TEXT_NULLS,
    as_strings,
    lost_digits,
    read_accounts,
    read_text,
    to_series,
)
from tiktok_segments.cells.times import days_in, prepare_times, read_times
from tiktok_segments.containers.records import Records
from tiktok_segments.errors import InputError
from tiktok_segments.export.faults import FaultyCells, Rejection, add_up_faults
from tiktok_segments.export.matching import Matching
from tiktok_segments.export.rows.left_out import leave_others_out
from tiktok_segments.schema import NUMERIC_KINDS, READABLE

UNDECIDED = " (day or month first)"
_ADDRESS = r"(?i)tiktok\.com/(?:@|%40)(?P<handle>[^/?#\s)>|,;\"'\]&]+)"


@dataclass(frozen=True)
class Parsed:
    """One file's rows in canonical columns.

    Parameters
    ----------
    frame : DataFrame
        Readable columns, and ``line``.
    rejected : DataFrame
        line, account, rule, value.
    unreadable_times : dict of str to int
        Per column of times, cells that hold none and were left empty; only where there are any.
        Dates whose day and month nothing tells apart are counted under the name with UNDECIDED.
    addresses : Series of str
        Of the readable rows; their accounts where the file has no addresses.
    faults : tuple of FaultyCells
        Wrong cells in columns that no row is rejected for.
    """

    frame: pd.DataFrame
    rejected: pd.DataFrame
    unreadable_times: dict[str, int]
    addresses: pd.Series
    faults: tuple[FaultyCells, ...] = ()


@dataclass(frozen=True)
class Cells:
    """The cells of some records, by canonical column.

    Parameters
    ----------
    records : Records
        Where they are from.
    given : dict of str to pyarrow.ChunkedArray
        As they stand in the file.
    ready : dict of str to Prepared, Distinct or pyarrow.ChunkedArray
        Of columns of numbers, flags and times: plain numbers, or each distinct text once.
    """

    records: Records
    given: dict[str, pa.ChunkedArray]
    ready: dict[str, Any]

    @classmethod
    def of(cls, records: Records, matching: Matching, file: str) -> Cells:
        """Find the matched columns among the records'.

        Raises
        ------
        InputError
            If one name stands over two columns that disagree.
        """
        given = {
            name: _joined(name, claim, matching, records, file)
            for name, claim in matching.positions.items()
        }
        return cls(records, given, {name: _prepare(name, cells) for name, cells in given.items()})

    def told(self) -> dict[str, frozenset[str]]:
        """Return what each column tells of how the whole file spells such cells."""
        return {name: _told(name, cells) for name, cells in self.ready.items() if cells is not None}


def _prepare(name: str, cells: pa.ChunkedArray) -> Any:
    kind = READABLE[name].kind
    if kind in NUMERIC_KINDS:
        return prepare_numbers(cells, READABLE[name])
    return {"flag": prepare_flags, "time": prepare_times}.get(kind, lambda _: None)(cells)


def _told(name: str, ready: Any) -> frozenset[str]:
    kind = READABLE[name].kind
    if kind in NUMERIC_KINDS:
        told: frozenset[str] = ready.told
        return told
    return flags_in(ready) if kind == "flag" else days_in(ready)


def parse_values(
    cells: Cells, matching: Matching, spelling: Spelling, optional: Collection[str] = ()
) -> Parsed:
    """Read every matched column.

    Parameters
    ----------
    cells : Cells
        Unparsed columns.
    matching : Matching
        Which column is which, and what its numbers are in.
    spelling : Spelling
        What the whole file tells, of which these cells may be a part.
    optional : collection of str
        Columns of which a wrong cell is left empty, where it else takes its row away.

    Returns
    -------
    Parsed
        Numbers as float64 with NaN for missing, flags as float64 1, 0 or NaN, texts as ``str``.
    """
    records = cells.records
    rejection = Rejection(records.lines, optional)
    columns: dict[str, pd.Series | np.ndarray] = {"line": records.lines}
    unreadable_times: dict[str, int] = {}
    numbers = {
        name: read_numbers(
            ready,
            READABLE[name],
            factor=matching.factor(name),
            spelling=spelling.numbers[name],
        )
        for name, ready in cells.ready.items()
        if READABLE[name].kind in NUMERIC_KINDS
    }
    leave_others_out(cells.given, numbers, matching, spelling, records, rejection)
    columns["account_id"] = _accounts(cells.given, records.guarded, rejection)
    for name, column in cells.given.items():
        kind, ready, nul = READABLE[name].kind, cells.ready[name], None
        if records.may_hold_nul and pa.types.is_string(column.type):
            nul = pc.match_substring(column, "\0").fill_null(False).to_numpy()
            rejection.judge(name, nul, "NUL byte in", column)
        if kind in NUMERIC_KINDS:
            columns[name], problems = numbers[name].values, numbers[name].problems
            for code in np.unique(problems[problems > 0]):
                rejection.judge(name, problems == code, PROBLEMS[code], column)
        elif kind == "flag":
            silent = 0.0 if spelling.silent_no[name] else np.nan
            columns[name], unreadable = read_flags(
                ready, silent=silent, crosses=spelling.crosses[name], minus=spelling.minus[name]
            )
            rejection.judge(name, unreadable, "unreadable", column)
        elif kind == "time":
            times = read_times(ready, order=spelling.days[name])
            columns[name] = times.values
            for kept_out, count in (("", times.n_unreadable), (UNDECIDED, times.n_undecided)):
                if count:
                    unreadable_times[name + kept_out] = count
        elif name != "account_id":
            texts = to_series(read_text(column, guarded=records.guarded))
            if name == "video_id":  # one that lost its digits is another video's, too
                texts = texts.mask(lost_digits(column))
            columns[name] = texts if nul is None else texts.mask(nul)
    arrays = {name: pd.Series(column, copy=False).array for name, column in columns.items()}
    frame = pd.DataFrame(arrays, copy=False)
    rejected = rejection.listed(frame)
    if rejection.bad.any():
        frame = frame[~rejection.bad].reset_index(drop=True)
    addresses = frame["url" if "url" in frame else "account_id"]
    faults = add_up_faults(rejection.faults)
    return Parsed(frame, rejected, unreadable_times, addresses, faults)


def _accounts(cells: dict[str, pa.ChunkedArray], guarded: bool, rejection: Rejection) -> pd.Series:
    """The handle column, or the handle within the profile's address."""
    if "account_id" not in cells:
        addresses = cells.get("url", cells.get("video_url"))
        found = pc.extract_regex(read_text(addresses, guarded=guarded), _ADDRESS)
        accounts = to_series(pc.utf8_lower(pc.struct_field(found, "handle")))
        rejection.mark(accounts.isna().to_numpy(), "missing account_id", addresses)
        return accounts
    accounts, damaged = read_accounts(cells["account_id"], guarded=guarded)
    rejection.mark(damaged, "account_id lost its digits", cells["account_id"])
    rejection.mark(accounts.isna().to_numpy(), "missing account_id", cells["account_id"])
    return accounts


def _joined(
    name: str, claim: tuple[int, ...], matching: Matching, records: Records, file: str
) -> pa.ChunkedArray:
    """Return a column, with what another one holds where it is empty."""
    position, column = claim[0], _resolve(name, claim, records, file)
    if position not in matching.joined:
        return column
    column, apart = _filled(column, records.columns[matching.joined[position]])
    if apart.any():
        line = int(records.lines[np.flatnonzero(apart)[0]])
        first, second = records.names[position], records.names[matching.joined[position]]
        raise InputError(
            f"{file}, line {line:,}: {first!r} and {second!r} hold {name} in different rows, but "
            f'here both do, and differ.\nSay which one to read: data.columns.{name}="{first}"'
        )
    return column


def _filled(column: pa.ChunkedArray, other: pa.ChunkedArray) -> tuple[pa.ChunkedArray, np.ndarray]:
    """Return a column filled from another one, and in which rows both hold something else."""
    if column.type != other.type or pa.types.is_string(column.type):
        column, other = (_without_blanks(as_strings(one)) for one in (column, other))
    both = pc.and_(pc.is_valid(column), pc.is_valid(other))
    apart = pc.and_(both, pc.not_equal(column, other).fill_null(False))
    return pc.coalesce(column, other), apart.to_numpy()


def _without_blanks(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.if_else(pc.is_in(texts, value_set=TEXT_NULLS), pa.scalar(None, texts.type), texts)


def _resolve(name: str, claim: tuple[int, ...], records: Records, file: str) -> pa.ChunkedArray:
    """One name over several columns is fine where none contradicts another: they are one."""
    first, *others = claim
    column = records.columns[first]
    for other in others:
        if column.equals(records.columns[other]):
            continue
        column, apart = _filled(column, records.columns[other])
        if apart.any():
            raise InputError(
                f"{file}: the column {records.names[first]!r} for {name} is there twice "
                f"(columns {first + 1} and {other + 1}) with different values.\n"
                f'Keep one, or rename one and say data.columns.{name}="COLUMN".'
            )
    return column
