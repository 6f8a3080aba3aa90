"""Wrong cells: they take their row away, or are left empty where no row is rejected for them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa

from tiktok_segments.containers.records import rejections


@dataclass(frozen=True)
class FaultyCells:
    """Cells that break a rule in a column that no row is rejected for; they are left empty.

    Parameters
    ----------
    rule : str
        As that of a rejected row, with the column's name.
    count : int
        How many there are.
    line : int
        Where the first one stands.
    value : str
        What that one holds.
    """

    rule: str
    count: int
    line: int
    value: str


def add_up_faults(faults: Iterable[FaultyCells]) -> tuple[FaultyCells, ...]:
    """Make one fault of each rule, the first one's line and value for all.

    Examples
    --------
    >>> add_up_faults([FaultyCells("unreadable is_verified", 1, 3, "?"),
    ...                FaultyCells("unreadable is_verified", 4, 8, "!")])
    (FaultyCells(rule='unreadable is_verified', count=5, line=3, value='?'),)
    """
    by_rule: dict[str, FaultyCells] = {}
    for fault in faults:
        before = by_rule.get(fault.rule)
        both = replace(before, count=before.count + fault.count) if before else fault
        by_rule[fault.rule] = both
    return tuple(by_rule.values())


class Rejection:
    """First problem of each row: a row is rejected once, for one reason.

    Parameters
    ----------
    lines : ndarray of shape (n_rows,)
        Where the rows stand.
    optional : collection of str
        Columns that no row is rejected for.
    """

    def __init__(self, lines: np.ndarray, optional: Collection[str]) -> None:
        self.bad = np.zeros(len(lines), dtype=bool)
        self.faults: list[FaultyCells] = []
        self._lines, self._optional = lines, optional
        self._rules: dict[int, str] = {}
        self._values: dict[int, str] = {}

    def mark(self, wrong: np.ndarray, rule: str, cells: pa.ChunkedArray) -> None:
        """Reject the rows of a mask, and keep what their cells hold."""
        new = np.flatnonzero(wrong & ~self.bad)
        if new.size:
            self.bad[new] = True
            values = _shown(cells.take(pa.array(new)))
            self._rules.update(dict.fromkeys(new.tolist(), rule))
            self._values.update(zip(new.tolist(), values, strict=True))

    def judge(self, name: str, wrong: np.ndarray, problem: str, cells: pa.ChunkedArray) -> None:
        """Reject the rows whose cell of a column is wrong, or note it where none is rejected."""
        rule = f"{problem} {name}"
        if name not in self._optional:
            self.mark(wrong, rule, cells)
            return
        rows = np.flatnonzero(wrong & ~self.bad)
        if rows.size:
            value = _shown(cells.slice(int(rows[0]), 1)).iloc[0]
            self.faults.append(FaultyCells(rule, rows.size, int(self._lines[rows[0]]), value))

    def listed(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Rejected rows in their order."""
        rows = np.flatnonzero(self.bad)
        values = [self._values[row] for row in rows.tolist()]
        accounts = frame["account_id"].iloc[rows].fillna("")
        followers = frame["followers"].iloc[rows]
        rejected = rejections(frame["line"].iloc[rows], values, "", accounts, followers)
        rejected["rule"] = pd.Series([self._rules[row] for row in rows.tolist()], dtype="str")
        return rejected


def _shown(cells: pa.ChunkedArray) -> pd.Series:
    """Return cells as texts; timestamps may be of years that pandas and Python lack."""
    plain = cells.cast(pa.string()) if pa.types.is_timestamp(cells.type) else cells
    return plain.to_pandas().astype(str)
