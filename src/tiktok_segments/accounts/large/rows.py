"""All accounts in a file, their numbers or all of them: written once, read as often as needed."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from types import TracebackType
from typing import ClassVar

import numpy as np
import pandas as pd
import pyarrow as pa

from tiktok_segments.accounts.large.account_pass import AccountPass, Bound, show_blocks
from tiktok_segments.accounts.large.temporary_folder import TemporaryFolder, in_gb
from tiktok_segments.accounts.outcome import KEY
from tiktok_segments.errors import InputError

FILE = "accounts.arrow"
"""As it is in memory: packed, it would be smaller, but it is read many times and soon removed."""

GROUP_ROWS = 2**18
"""Accounts that are written at once: what pandas and scikit-learn cost for each block is little
beside what they do with so many."""


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
    """Numbers and flags of all accounts of an export, in its order; their texts where asked for.

    Attributes
    ----------
    place : TemporaryFolder
        Where the file is; removed with the last of these objects.
    rows : int
        Accounts.
    columns : tuple of str
        Canonical columns.
    has_texts : bool
        Whether texts are among them, as accounts' ids are.
    bounds : tuple of (str, float, float)
        Columns with the smallest and largest value of the accounts that count; the others in the
        file are passed over.
    has_order : bool
        Whether they come in the same order each time.
    """

    place: TemporaryFolder
    rows: int
    columns: tuple[str, ...]
    has_texts: bool = False
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
        for batch in self._read(needed, size):
            frame = batch.to_pandas()
            if self.bounds:
                frame = frame[within(frame, self.bounds)]
            frame = frame[list(columns)]
            if frame.empty:
                continue  # all are outliers, as the first ones of a sorted export may be
            # Flags that some accounts lack.
            gaps = [name for name in columns if frame[name].dtype == "object"]
            yield frame.astype(dict.fromkeys(gaps, "float64")) if gaps else frame

    def _read(self, names: Sequence[str], size: int) -> Iterator[pa.RecordBatch]:
        """Read columns, and nothing of the others."""
        places = [[*self.columns, KEY].index(name) for name in names]
        options = pa.ipc.IpcReadOptions(included_fields=places)
        with (
            pa.OSFile(str(self.place.folder / FILE)) as source,
            pa.ipc.open_file(source, options=options) as file,
        ):
            for number in range(file.num_record_batches):
                group = file.get_batch(number)
                for start in range(0, group.num_rows, size):
                    yield group.slice(start, size)

    def narrowed(self, bounds: tuple[Bound, ...], rows: int) -> StoredRows:
        """Return the accounts within some bounds, of which there are so many."""
        return replace(self, bounds=bounds, rows=rows)

    def go_through(self, through: AccountPass, size: int, tell: Callable[[int], None]) -> None:
        """Show all accounts to a pass; ``tell`` is called with how many were shown so far."""
        show_blocks(self.blocks(through.columns, size), through, tell)


class RowWriter:
    """Writes accounts to a file.

    Parameters
    ----------
    place : TemporaryFolder
        Where.
    texts : bool
        Whether their texts are written beside their numbers and flags.
    expected : int or None
        How many there may be, for which there must be room; None where nobody knows.

    Attributes
    ----------
    rows : int
        Accounts written.
    """

    def __init__(
        self, place: TemporaryFolder, *, texts: bool = False, expected: int | None = None
    ) -> None:
        self.place, self.rows = place, 0
        self._texts, self._expected = texts, expected
        self._open = ExitStack()
        self._writer: pa.ipc.RecordBatchFileWriter | None = None
        self._columns: tuple[str, ...] = ()
        self._held: list[pa.Table] = []

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
            If the disk is full, or would be by the size of the first accounts.
        """
        if not len(frame):
            return
        written = frame if self._texts else frame.select_dtypes(["number", "bool", "boolean"])
        table = pa.Table.from_pandas(written, preserve_index=False).replace_schema_metadata()
        self._held.append(table.append_column(KEY, pa.array(keys)))
        self.rows += len(frame)
        if self._writer is None:
            if self._expected is not None:
                self.place.require(self._held[0].nbytes * self._expected // len(frame))
            self._columns = tuple(map(str, written))
            self._writer = self._begin(self._held[0].schema)
        if sum(part.num_rows for part in self._held) >= GROUP_ROWS:
            self._write(self._writer)

    def _begin(self, schema: pa.Schema) -> pa.ipc.RecordBatchFileWriter:
        with _explaining(self.place):
            file = self._open.enter_context(pa.OSFile(str(self.place.folder / FILE), "wb"))
            return self._open.enter_context(pa.ipc.new_file(file, schema))

    def _write(self, writer: pa.ipc.RecordBatchFileWriter) -> None:
        group = pa.concat_tables(self._held).combine_chunks()
        self._held.clear()
        with _explaining(self.place):
            writer.write_table(group)

    def end(self) -> StoredRows:
        """Return what was written."""
        if self._held and self._writer is not None:
            self._write(self._writer)
        with _explaining(self.place):
            self._open.close()
        return StoredRows(self.place, self.rows, self._columns, self._texts)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            with suppress(OSError):  # the end of the file does not fit either; the first is told
                self._open.close()


@contextmanager
def _explaining(place: TemporaryFolder) -> Iterator[None]:
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
