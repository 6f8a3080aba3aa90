"""Records of one file to canonical columns; a row with an impossible value is rejected."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from tiktok_segments.cells.flags import flags_in, prepare_flags, read_flags
from tiktok_segments.cells.numbers import Numbers, prepare_numbers, read_numbers
from tiktok_segments.cells.problems import PROBLEMS
from tiktok_segments.cells.spelling import Spelling
from tiktok_segments.cells.texts import lost_digits, read_accounts, read_text, to_series
from tiktok_segments.cells.times import days_in, prepare_times, read_times
from tiktok_segments.containers.records import Records
from tiktok_segments.errors import InputError
from tiktok_segments.export.faults import Fault, Rejection, add_up_faults
from tiktok_segments.export.matching import Matching
from tiktok_segments.export.rows.other_rows import are_totals, of_tiktok, on_another_platform
from tiktok_segments.export.rows.summed_rows import sum_up_by_values
from tiktok_segments.schema import COLUMNS, NUMERIC_KINDS, READABLE

UNDECIDED = " (day or month first)"
_ADDRESS = r"(?i)tiktok\.com/@(?P<handle>[^/?#\s]+)"


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
    faults : tuple of Fault
        Wrong cells in columns that no row is rejected for.
    """

    frame: pd.DataFrame
    rejected: pd.DataFrame
    unreadable_times: dict[str, int]
    addresses: pd.Series
    faults: tuple[Fault, ...] = ()


OTHER_PLATFORM, TOTAL_ROW = "another platform", "total or average of the others"
"""Rules for rows that are no accounts of ours."""


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
            name: records.columns[_resolve(name, claim, records, file)]
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
    _leave_others_out(cells, matching, spelling, numbers, rejection)
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
            columns[name], unreadable = read_flags(ready, silent=silent)
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


def _leave_others_out(
    cells: Cells,
    matching: Matching,
    spelling: Spelling,
    numbers: Mapping[str, Numbers],
    rejection: Rejection,
) -> None:
    """Reject the rows that are no accounts, or those of another platform."""
    given = cells.given
    if "platform" in given:
        rejection.mark(~of_tiktok(given["platform"]), OTHER_PLATFORM, given["platform"])
    if matching.addresses_tell:
        rejection.mark(on_another_platform(given["url"]), OTHER_PLATFORM, given["url"])
    named = given.get("account_id", given.get("url", given.get("video_url")))
    if named is None:
        return
    rejection.mark(are_totals(named), TOTAL_ROW, named)
    if matching.per_video:
        return
    counts = {
        name: one.values
        for name, one in numbers.items()
        if name in COLUMNS and COLUMNS[name].kind == "count"
    }

    def read(rows: np.ndarray) -> dict[str, np.ndarray]:
        return {
            name: read_numbers(
                given[name].take(pa.array(rows)),
                replace(COLUMNS[name], kind="number", maximum=None),
                factor=matching.factor(name),
                spelling=spelling.numbers[name],
            ).values
            for name in counts
        }

    rejection.mark(sum_up_by_values(named, counts, ~rejection.bad, read), TOTAL_ROW, named)


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


def _resolve(name: str, claim: tuple[int, ...], records: Records, file: str) -> int:
    """One name over several columns is fine only where they say the same."""
    first, *others = claim
    for other in others:
        if not records.columns[first].equals(records.columns[other]):
            raise InputError(
                f"{file}: the column {records.names[first]!r} for {name} is there twice "
                f"(columns {first + 1} and {other + 1}) with different values.\n"
                f'Keep one, or rename one and say data.columns.{name}="COLUMN".'
            )
    return first
