"""Records of one file: named columns, each record's line, and records that are broken."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import ArrayLike

REJECTED_COLUMNS = ("line", "account", "rule", "value", "followers")
NOTE_ROW = "title or note"
"""Rule for rows that are none of the table's."""
EXCERPT = 200
"""Characters of a bad value that are shown."""


Select = Callable[[Sequence[str]], Sequence[int]]
"""Column names in, positions to read out: containers skip what nobody asked for."""


class NotStreamableError(Exception):
    """The file must be read whole: for its kind, or for something odd in it.

    Never meant for the user: who catches it reads the whole file, which works or says what is
    wrong.
    """


@dataclass(frozen=True)
class Records:
    """Records of one file before their values are read.

    Parameters
    ----------
    names : list of str
        Every column's name in the file; names may repeat.
    columns : dict of int to pyarrow.ChunkedArray
        The selected columns by position, all of one length.
    lines : ndarray of shape (n_records,)
        Where each record starts: the physical line of a CSV or JSON Lines file, the row of a
        sheet, the record's number (from 1) in a JSON array or a Parquet file.
    rejected : DataFrame
        Broken records: line, account, rule, value.
    warnings : list of str
        What a reader should know.
    may_hold_nul : bool
        Whether a NUL byte can be among the cells.
    guarded : bool
        Whether text cells may carry the apostrophe that keeps a spreadsheet from computing them.
    """

    names: list[str]
    columns: dict[int, pa.ChunkedArray]
    lines: np.ndarray
    rejected: pd.DataFrame = field(default_factory=lambda: rejections([], [], ""))
    warnings: list[str] = field(default_factory=list)
    may_hold_nul: bool = True
    guarded: bool = False


@dataclass(frozen=True)
class Place:
    """Where the names of a file's columns stand, for messages.

    Parameters
    ----------
    where : str
        As in ``line 3``.
    settings : str
        What says another place, as in ``data.header=N``; nothing where there is no other.
    kind : str
        What the file is, as in ``CSV with commas, utf-8``.
    above : str
        The lines above them.
    """

    where: str
    settings: str = ""
    kind: str = ""
    above: str = ""


class RecordBatches(Protocol):
    """One file's records, which can be asked for again and again.

    Attributes
    ----------
    name : str
        The file's, for messages.
    names : list of str
        Its columns.
    rows : int or None
        Its records, where that is known beforehand.
    place : Place
        Where the names of its columns stand.
    """

    name: str
    names: list[str]
    rows: int | None
    place: Place

    def batches(self) -> Iterator[Records]:
        """Give the records from the first on; ``warnings`` come with the last batch.

        Raises
        ------
        NotStreamableError
            If something is odd that only the whole file can tell.
        InputError
            If the file is damaged.
        """
        ...


class OneBatch:
    """Records that were read at once, as :class:`RecordBatches`.

    Parameters
    ----------
    name : str
        The file's.
    records : Records
        All of them.
    place : Place
        Where the names of its columns stand.
    """

    def __init__(self, name: str, records: Records, place: Place) -> None:
        self.name, self.place = name, place
        self.names = records.names
        self.rows: int | None = len(records.lines)
        self._records = records

    def batches(self) -> Iterator[Records]:
        """Give all records."""
        yield self._records


def put_together(batches: Sequence[Records]) -> Records:
    """Put the batches of one file one below the other.

    Parameters
    ----------
    batches : sequence of Records
        At least one.

    Returns
    -------
    Records
        Of the whole file.

    Examples
    --------
    >>> column = pa.chunked_array([["1", "2"]])
    >>> batches = [Records(["fans"], {0: column}, np.array(lines)) for lines in ([2, 3], [4, 5])]
    >>> put_together(batches).columns[0].to_pylist(), put_together(batches).lines.tolist()
    (['1', '2', '1', '2'], [2, 3, 4, 5])
    """
    first = batches[0]
    if len(batches) == 1:
        return first
    columns = {
        position: pa.chunked_array(
            [chunk for one in batches for chunk in one.columns[position].chunks], column.type
        )
        for position, column in first.columns.items()
    }
    return Records(
        first.names,
        columns,
        np.concatenate([one.lines for one in batches]),
        pd.concat([one.rejected for one in batches], ignore_index=True),
        [warning for one in batches for warning in one.warnings],
        any(one.may_hold_nul for one in batches),
        first.guarded,
    )


def rejections(
    lines: ArrayLike,
    values: ArrayLike,
    rule: str,
    accounts: ArrayLike | None = None,
    followers: ArrayLike | None = None,
) -> pd.DataFrame:
    """Frame of rejected rows.

    Parameters
    ----------
    lines : array-like of int
        Where each row starts.
    values : array-like of str
        What was found, cut to an excerpt.
    rule : str
        Why the rows are rejected.
    accounts : array-like of str, optional
        Whose rows they are; empty where that is not known.
    followers : array-like of float, optional
        How large the accounts are; NaN where that is not known.

    Returns
    -------
    DataFrame
        Columns line, account, rule, value, followers.

    Examples
    --------
    >>> rejections([3], ["12 apples"], "unreadable followers", ["ann"]).values.tolist()
    [[3, 'ann', 'unreadable followers', '12 apples', nan]]
    """
    starts = np.asarray(lines, dtype=np.int64)
    if not len(starts):
        return _NONE.copy()
    frame = pd.DataFrame({"line": starts})
    frame["account"] = _texts(np.full(len(starts), "") if accounts is None else accounts)
    frame["rule"] = _texts(np.full(len(starts), rule))
    frame["value"] = _texts(values).str.slice(0, EXCERPT)
    frame["followers"] = np.asarray(np.nan if followers is None else followers, dtype=float)
    return frame


_NONE = pd.DataFrame({name: pd.Series(dtype="str") for name in REJECTED_COLUMNS}).astype(
    {"line": np.int64, "followers": np.float64}
)


def _texts(values: ArrayLike) -> pd.Series:
    return pd.Series(np.asarray(values, dtype=object), dtype="str")
