"""All accounts where Spark keeps them."""

from __future__ import annotations

import io
import weakref
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import pyarrow as pa

from tiktok_segments.accounts.lake.failures import plain_failures
from tiktok_segments.accounts.lake.layout import BLOCK, read_blocks, write_block
from tiktok_segments.accounts.lake.shipping import on_partitions
from tiktok_segments.accounts.lake.watching import watched
from tiktok_segments.accounts.large.account_pass import AccountPass, Bound
from tiktok_segments.accounts.large.rows import within
from tiktok_segments.accounts.large.temporary_folder import TemporaryFolder
from tiktok_segments.accounts.outcome import KEY

AT_ONCE = 2_000_000
"""Accounts that are brought here at once, about."""


@dataclass(frozen=True, eq=False)
class LakeRows:
    """Numbers and flags of all accounts, in Spark's memory and on its disks.

    Attributes
    ----------
    frame : pyspark.sql.DataFrame
        Blocks of their columns and the hash of each id.
    rows : int
        Accounts.
    columns : tuple of str
        Canonical columns.
    place : TemporaryFolder
        For files meanwhile; what Spark keeps is forgotten with it.
    source : str
        What they are of.
    bounds : tuple of (str, float, float)
        Columns with the smallest and largest value of the accounts that count; the others in the
        blocks are passed over.
    has_order : bool
        Whether they come in the same order each time.
    has_texts : bool
        Whether texts are there, too.
    """

    frame: Any
    rows: int
    columns: tuple[str, ...]
    place: TemporaryFolder
    source: str
    bounds: tuple[Bound, ...] = ()
    has_order: ClassVar[bool] = False
    has_texts: ClassVar[bool] = False

    def keys(self) -> np.ndarray:
        """Return the hashes of all accounts' ids, as unsigned 64-bit integers: eight bytes each."""
        return np.concatenate(
            [block[KEY].to_numpy(np.uint64) for block in self.blocks([KEY], AT_ONCE)]
        )

    def blocks(self, columns: Sequence[str], size: int) -> Iterator[pd.DataFrame]:
        """Bring the accounts here, part by part, each so many at a time at most."""
        choosing = Choosing(columns, self.bounds)
        with plain_failures(self.source):
            chosen = on_partitions(self.frame, choosing, f"{BLOCK} binary")
            rows = chosen.toLocalIterator(prefetchPartitions=True)
        while True:
            with plain_failures(self.source):
                row = next(rows, None)
            if row is None:
                return
            block = pa.RecordBatch.from_pydict({BLOCK: [bytes(row[BLOCK])]})
            yield from _frames(block, columns, (), size)

    def narrowed(self, bounds: tuple[Bound, ...], rows: int) -> LakeRows:
        """Return the accounts within some bounds, of which there are so many."""
        return replace(self, bounds=bounds, rows=rows)

    def go_through(self, through: AccountPass, size: int, tell: Callable[[int], None]) -> None:
        """Show all accounts to a pass, each partition to a copy of it where the partition lies.

        How many were shown so far is reckoned from the tasks that are done.
        """
        tell(0)
        parts = watched(self.frame, lambda done, of: tell(self.rows * done // of))
        with plain_failures(self.source), parts:
            going = Going(through, self.bounds, size)
            sums_of_parts = on_partitions(self.frame, going, "found binary").toArrow()
        for found in sums_of_parts.column("found").to_pylist():
            with np.load(io.BytesIO(found), allow_pickle=False) as sums:
                through.join(dict(sums))
        tell(self.rows)


@dataclass(frozen=True)
class Going:
    """Shows a partition to a pass; what Spark calls with its batches.

    Parameters
    ----------
    through : AccountPass
        That has seen nothing.
    bounds : sequence of (str, float, float)
        Of the accounts that count.
    size : int
        Accounts that it is shown at once, at most.
    """

    through: AccountPass
    bounds: Sequence[Bound]
    size: int

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield one row: what the pass found."""
        for batch in batches:
            for part in _frames(batch, self.through.columns, self.bounds, self.size):
                self.through.add(self.through.prepare(part))
        written = io.BytesIO()
        np.savez(written, allow_pickle=False, **self.through.found())
        yield pa.RecordBatch.from_pydict({"found": [written.getvalue()]})


@dataclass(frozen=True)
class Choosing:
    """Makes blocks of some columns and accounts of others; what Spark calls with its batches.

    Parameters
    ----------
    columns : sequence of str
        The columns.
    bounds : sequence of (str, float, float)
        Of the accounts that count.
    """

    columns: Sequence[str]
    bounds: Sequence[Bound]

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield a block for each that has accounts that count."""
        for batch in batches:
            for table in _within(batch, self.columns, self.bounds):
                yield pa.RecordBatch.from_arrays(
                    [pa.array([write_block(table)], pa.binary())], names=[BLOCK]
                )


def _within(
    batch: pa.RecordBatch, columns: Sequence[str], bounds: Sequence[Bound]
) -> Iterator[pa.Table]:
    """Read the accounts of blocks that are within some bounds."""
    for table in read_blocks(batch, [*columns, *(name for name, _, _ in bounds)]):
        if bounds:
            judged = table.select(list(dict.fromkeys(name for name, _, _ in bounds)))
            table = table.filter(pa.array(within(judged.to_pandas(), bounds)))
        if table.num_rows:
            yield table.select(list(columns))


def _frames(
    batch: pa.RecordBatch, columns: Sequence[str], bounds: Sequence[Bound], size: int
) -> Iterator[pd.DataFrame]:
    """Give numbers and flags as a stream does."""
    for table in _within(batch, columns, bounds):
        for start in range(0, table.num_rows, size):
            frame = table.slice(start, size).to_pandas()
            gaps = frame.select_dtypes("object").columns  # flags that some accounts lack
            yield frame.astype(dict.fromkeys(gaps, "float64"))


def release_with(rows: LakeRows, frames: Sequence[Any]) -> None:
    """Have Spark forget what it keeps of some frames when nobody holds the accounts any more.

    The place is common to all that are narrowed from them.
    """
    for frame in frames:
        weakref.finalize(rows.place, _let_go, frame).atexit = False


def _let_go(frame: Any) -> None:
    """Have Spark forget what it keeps of a frame, unless its session has ended before."""
    from pyspark.sql import SparkSession

    if SparkSession.getActiveSession() is not None:
        frame.unpersist()
