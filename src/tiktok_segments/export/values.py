"""Records of one file to canonical columns; a row with an impossible value is rejected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from tiktok_segments.containers.records import Records, rejections
from tiktok_segments.errors import InputError
from tiktok_segments.export.matching import Matching
from tiktok_segments.export.numbers import PROBLEMS, read_numbers
from tiktok_segments.export.texts import (
    read_accounts,
    read_flags,
    read_text,
    read_times,
    to_series,
)
from tiktok_segments.schema import NUMERIC_KINDS, READABLE

_ADDRESS = r"tiktok\.com/@(?P<handle>[^/?#\s]+)"


class _Rejection:
    """First problem of each row: a row is rejected once, for one reason."""

    def __init__(self, n_rows: int) -> None:
        self.bad = np.zeros(n_rows, dtype=bool)
        self._rules: dict[int, str] = {}
        self._values: dict[int, str] = {}

    def mark(self, wrong: np.ndarray, rule: str, cells: pa.ChunkedArray) -> None:
        """Reject the rows of a mask, and keep what their cells hold."""
        new = np.flatnonzero(wrong & ~self.bad)
        if new.size:
            self.bad[new] = True
            values = cells.take(pa.array(new)).to_pandas().astype(str)
            self._rules.update(dict.fromkeys(new.tolist(), rule))
            self._values.update(zip(new.tolist(), values, strict=True))

    def listed(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Rejected rows in their order."""
        rows = np.flatnonzero(self.bad)
        values = [self._values[row] for row in rows.tolist()]
        accounts = frame["account_id"].iloc[rows].fillna("")
        rejected = rejections(frame["line"].iloc[rows], values, "", accounts)
        rejected["rule"] = pd.Series([self._rules[row] for row in rows.tolist()], dtype="str")
        return rejected


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
    """

    frame: pd.DataFrame
    rejected: pd.DataFrame
    unreadable_times: dict[str, int]


@dataclass(frozen=True)
class Spelling:
    """How a whole file spells what one of its cells alone does not tell.

    Parameters
    ----------
    dots : mapping of str to str
        Per column of counts, what a lone dot is (see :func:`~.numbers.settle_dots`).
    silent : mapping of str to float
        Per column of flags, what an empty cell says (see :func:`~.texts.settle_flags`).
    """

    dots: Mapping[str, str] = field(default_factory=dict)
    silent: Mapping[str, float] = field(default_factory=dict)


def parse_values(
    records: Records, matching: Matching, file: str, spelling: Spelling | None = None
) -> Parsed:
    """Read every matched column.

    Parameters
    ----------
    records : Records
        Unparsed columns.
    matching : Matching
        Which column is which.
    file : str
        For messages.
    spelling : Spelling, optional
        What the whole file tells, where these records are a part of it.

    Returns
    -------
    Parsed
        Numbers as float64 with NaN for missing, flags as float64 1, 0 or NaN, texts as ``str``.

    Raises
    ------
    InputError
        If one name stands over two columns that disagree.
    """
    n_rows = len(records.lines)
    rejection = _Rejection(n_rows)
    columns: dict[str, pd.Series | np.ndarray] = {"line": records.lines}
    spelling = spelling or Spelling()
    unreadable_times: dict[str, int] = {}
    sources = {
        name: _resolve(name, claim, records, file) for name, claim in matching.positions.items()
    }
    cells = {name: records.columns[position] for name, position in sources.items()}
    columns["account_id"] = _accounts(cells, records.guarded, rejection)
    for name, column in cells.items():
        kind = READABLE[name].kind
        if records.may_hold_nul and pa.types.is_string(column.type):
            nul = pc.match_substring(column, "\0").fill_null(False).to_numpy()
            rejection.mark(nul, f"NUL byte in {name}", column)
        if kind in NUMERIC_KINDS:
            numbers = read_numbers(
                column,
                READABLE[name],
                percent=sources[name] in matching.percent,
                dots=spelling.dots.get(name),
            )
            columns[name] = numbers.values
            for code in np.unique(numbers.problems[numbers.problems > 0]):
                rejection.mark(numbers.problems == code, f"{PROBLEMS[code]} {name}", column)
        elif kind == "flag":
            columns[name], unreadable = read_flags(column, silent=spelling.silent.get(name))
            rejection.mark(unreadable, f"unreadable {name}", column)
        elif kind == "time":
            columns[name], n_unreadable = read_times(column)
            if n_unreadable:
                unreadable_times[name] = n_unreadable
        elif name != "account_id":
            columns[name] = to_series(read_text(column, guarded=records.guarded))
    arrays = {name: pd.Series(column, copy=False).array for name, column in columns.items()}
    frame = pd.DataFrame(arrays, copy=False)
    rejected = rejection.listed(frame)
    if rejection.bad.any():
        frame = frame[~rejection.bad].reset_index(drop=True)
    return Parsed(frame, rejected, unreadable_times)


def _accounts(cells: dict[str, pa.ChunkedArray], guarded: bool, rejection: _Rejection) -> pd.Series:
    """The handle column, or the handle within the profile's address."""
    if "account_id" not in cells:
        found = pc.extract_regex(read_text(cells["url"], guarded=guarded), _ADDRESS)
        accounts = to_series(pc.struct_field(found, "handle"))
        rejection.mark(accounts.isna().to_numpy(), "missing account_id", cells["url"])
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
