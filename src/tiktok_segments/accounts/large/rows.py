"""The numbers of all accounts in a file: written batch by batch, read as often as needed."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from types import TracebackType
from typing import ClassVar

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet

from tiktok_segments.accounts.large.account_pass import KEY, AccountPass, Bound, show_blocks
from tiktok_segments.accounts.large.place import Place, in_gb
from tiktok_segments.errors import InputError
from tiktok_segments.files import parquet_writer

FILE = "accounts.parquet"

BYTES_PER_VALUE = 8
"""What a number takes on disk at most, for the room that is asked for beforehand."""


def within(frame: pd.DataFrame, bounds: Sequence[Bound]) -> np.ndarray:
    """Say which accounts are within all bounds, ndarray of bool of shape (n_accounts,).

    Examples
    --------
    >>> within(pd.DataFrame({"videos": [1, 5, 9]}), [("videos", 1, 5)]).tolist()
    [True, True, False]
    """
    inside = np.ones(len(frame), dtype=bool)
    for name, low, high in bounds:
        inside &= frame[name].between(low, high).to_numpy(dtype=bool)
    return inside


@dataclass(frozen=True, eq=False)
class StoredRows:
    """Numbers and flags of all accounts of an export, in its order.

    Attributes
    ----------
    place : Place
        Where the file is; removed with the last of these objects.
    rows : int
        Accounts.
    columns : tuple of str
        Canonical columns.
    bounds : tuple of (str, float, float)
        Columns with the smallest and largest value of the accounts that count; the others in the
        file are passed over.
    has_order : bool
        Whether they come in the same order each time.
    """

    place: Place
    rows: int
    columns: tuple[str, ...]
    bounds: tuple[Bound, ...] = ()
    has_order: ClassVar[bool] = True

    def keys(self) -> np.ndarray:
        """Return the hashes of all accounts' ids, as unsigned 64-bit integers: eight bytes each."""
        return np.concatenate([block[KEY].to_numpy() for block in self.blocks([KEY], 2**20)])

    def blocks(self, columns: Sequence[str], size: int) -> Iterator[pd.DataFrame]:
        """Give the accounts from the first on.

        Parameters
        ----------
        columns : sequence of str
            Canonical columns.
        size : int
            Accounts at a time, at most.

        Yields
        ------
        DataFrame of shape (n_rows, n_columns)
            In the columns' order; one account at least.
        """
        needed = list(dict.fromkeys([*columns, *(name for name, _, _ in self.bounds)]))
        # Buffered ahead, what was read would be kept until the last row: the whole file, by then.
        with pa.parquet.ParquetFile(self.place.folder / FILE, pre_buffer=False) as file:
            for batch in file.iter_batches(size, columns=needed):
                frame = batch.to_pandas()
                frame = frame[within(frame, self.bounds)][list(columns)]
                if frame.empty:
                    continue  # all are outliers, as the first ones of a sorted export may be
                gaps = frame.select_dtypes("object").columns  # flags that some accounts lack
                yield frame.astype(dict.fromkeys(gaps, "float64"))

    def narrowed(self, bounds: tuple[Bound, ...], rows: int) -> StoredRows:
        """Return the accounts within some bounds, of which there are so many."""
        return replace(self, bounds=bounds, rows=rows)

    def go_through(self, through: AccountPass, size: int, tell: Callable[[int], None]) -> None:
        """Show all accounts to a pass; ``tell`` is called with how many were shown so far."""
        show_blocks(self.blocks(through.columns, size), through, tell)


class RowWriter:
    """Writes the numbers and flags of accounts to a file.

    Parameters
    ----------
    place : Place
        Where.

    Attributes
    ----------
    rows : int
        Accounts written.
    """

    def __init__(self, place: Place) -> None:
        self.place, self.rows = place, 0
        self._writer: pa.parquet.ParquetWriter | None = None
        self._columns: tuple[str, ...] = ()

    def __enter__(self) -> RowWriter:
        return self

    def add(self, frame: pd.DataFrame, keys: np.ndarray) -> None:
        """Write a batch of accounts.

        Parameters
        ----------
        frame : DataFrame of shape (n_accounts, n_columns)
            Clean accounts.
        keys : ndarray of shape (n_accounts,)
            The hashes of their ids.

        Raises
        ------
        InputError
            If the disk is full.
        """
        if not len(frame):
            return
        numbers = frame.select_dtypes(["number", "bool", "boolean"])
        with _explaining(self.place):
            table = pa.Table.from_pandas(numbers, preserve_index=False)
            table = table.append_column(KEY, pa.array(keys))
            if self._writer is None:
                self._columns = tuple(map(str, numbers))
                # Read many times and soon removed: packed, it would be a quarter smaller only.
                self._writer = parquet_writer(self.place.folder / FILE, table.schema, "none")
            self._writer.write_table(table)
        self.rows += len(frame)

    def end(self) -> StoredRows:
        """Return what was written."""
        with _explaining(self.place):
            if self._writer is not None:
                self._writer.close()
        return StoredRows(self.place, self.rows, self._columns)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._writer is not None and kind is not None:
            with suppress(OSError):  # the end of the file does not fit either; the first is told
                self._writer.close()


@contextmanager
def _explaining(place: Place) -> Iterator[None]:
    """Say in plain words that a disk is full."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise
        written = sum(file.stat().st_size for file in place.folder.iterdir())
        raise InputError(
            f"The disk of {place.folder.parent} is full: the numbers of all accounts do not fit "
            f"on it, {in_gb(written)} were written.\nMake room there, or set engine=memory."
        ) from None


def stored_size(rows: int, columns: int) -> int:
    """Return the bytes that so many accounts take, at most.

    Examples
    --------
    >>> stored_size(1_000_000, 7)
    56000000
    """
    return int(np.prod([rows, columns, BYTES_PER_VALUE]))
