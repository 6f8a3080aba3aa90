"""All accounts where Spark keeps them."""

from __future__ import annotations

import io
import math
import weakref
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import pyarrow as pa

from tiktok_segments.accounts.lake.failures import plain_failures
from tiktok_segments.accounts.lake.layout import as_unsigned
from tiktok_segments.accounts.large.account_pass import KEY, AccountPass, Bound
from tiktok_segments.accounts.large.place import Place

AT_ONCE = 2_000_000
"""Accounts that are brought here at once, about."""


@dataclass(frozen=True, eq=False)
class LakeRows:
    """Numbers and flags of all accounts, in Spark's memory and on its disks.

    Attributes
    ----------
    frame : pyspark.sql.DataFrame
        Their columns, and the hash of each id.
    rows : int
        Accounts.
    columns : tuple of str
        Canonical columns.
    place : Place
        For files meanwhile; what Spark keeps is forgotten with it.
    source : str
        What they are of.
    bounds : tuple of (str, float, float)
        Columns with the smallest and largest value of the accounts that count; the frame has no
        others.
    has_order : bool
        Whether they come in the same order each time.
    """

    frame: Any
    rows: int
    columns: tuple[str, ...]
    place: Place
    source: str
    bounds: tuple[Bound, ...] = ()
    has_order: ClassVar[bool] = False

    def keys(self) -> np.ndarray:
        """Return the hashes of all accounts' ids, as unsigned 64-bit integers: eight bytes each."""
        return np.concatenate(
            [block[KEY].to_numpy(np.uint64) for block in self.blocks([KEY], AT_ONCE)]
        )

    def blocks(self, columns: Sequence[str], size: int) -> Iterator[pd.DataFrame]:
        """Bring the accounts here, part by part, each so many at a time at most."""
        from pyspark.sql import functions as f

        parts = math.ceil(self.rows / AT_ONCE)
        for part in range(parts):
            own = self.frame.where(f.pmod(f.col(KEY), f.lit(parts)) == part)
            with plain_failures(self.source):
                table = own.select(*columns).toArrow()
            for batch in table.to_batches(max_chunksize=size):
                yield _frame(batch)

    def narrowed(self, bounds: tuple[Bound, ...], rows: int) -> LakeRows:
        """Return the accounts within some bounds, of which there are so many."""
        from pyspark.sql import functions as f

        frame = self.frame
        for name, low, high in bounds:
            frame = frame.where(f.col(name).between(f.lit(float(low)), f.lit(float(high))))
        return replace(self, frame=frame, bounds=bounds, rows=rows)

    def go_through(self, through: AccountPass, size: int, tell: Callable[[int], None]) -> None:
        """Show all accounts to a pass, each partition to a copy of it where the partition lies."""
        tell(0)
        with plain_failures(self.source):
            parts = (
                self.frame.select(*through.columns)
                .mapInArrow(Going(through, size), "found binary")
                .toArrow()
            )
        for found in parts.column("found").to_pylist():
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
    size : int
        Accounts that it is shown at once, at most.
    """

    through: AccountPass
    size: int

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield one row: what the pass found."""
        for batch in batches:
            for start in range(0, batch.num_rows, self.size):
                part = _frame(batch.slice(start, self.size))
                self.through.add(self.through.prepare(part))
        written = io.BytesIO()
        np.savez(written, allow_pickle=False, **self.through.found())
        yield pa.RecordBatch.from_pydict({"found": [written.getvalue()]})


def _frame(batch: pa.RecordBatch) -> pd.DataFrame:
    """Return numbers and flags as a stream gives them."""
    frame = batch.to_pandas()
    gaps = frame.select_dtypes("object").columns  # flags that some accounts lack
    frame = frame.astype(dict.fromkeys(gaps, "float64"))
    return frame.assign(**{KEY: as_unsigned(frame[KEY].to_numpy())}) if KEY in frame else frame


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
