"""One reading of an export as a stream: all numbers to a file, a sample of accounts to memory."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np
import pandas as pd
import pyarrow as pa

from tiktok_segments.accounts import row_sample
from tiktok_segments.accounts.batches import UnsettledError
from tiktok_segments.accounts.large.prefetching import prefetched
from tiktok_segments.accounts.large.ranks import draw_ranks, smallest_ranks
from tiktok_segments.accounts.large.rows import RowWriter, StoredRows
from tiktok_segments.accounts.large.temporary_folder import TemporaryFolder
from tiktok_segments.accounts.opening import AccountBatches
from tiktok_segments.accounts.outcome import nothing_left
from tiktok_segments.accounts.row_sample import account_keys


@dataclass(frozen=True)
class StreamGathering:
    """What came of an export.

    Attributes
    ----------
    frame : DataFrame of shape (n_drawn, n_columns)
        The accounts drawn, with all columns: as
        :attr:`~tiktok_segments.accounts.row_sample.Accounts.drawn` are of all of them.
    stored : StoredRows or None
        All accounts, their numbers or with their texts; None where those drawn are all.
    summary : DataFrame of shape (n_rules, 2)
        ``rule`` and ``rows``: what became of the rows.
    rejected : DataFrame of shape (n_rejected, 4)
        Every row that was bad.
    sha256 : str
        Digest of the export's bytes.
    is_whole : bool
        Whether no account lacks a number.
    """

    frame: pd.DataFrame
    stored: StoredRows | None
    summary: pd.DataFrame
    rejected: pd.DataFrame
    sha256: str
    is_whole: bool


def gather_accounts(
    accounts: AccountBatches,
    place: TemporaryFolder,
    progress: Callable[[str], None],
    *,
    texts: bool = False,
) -> StreamGathering:
    """Read an export once.

    Parameters
    ----------
    accounts : AccountBatches
        The export.
    place : TemporaryFolder
        Where the numbers of all accounts go.
    progress : callable
        Called with one short text per batch.
    texts : bool
        Whether the texts of all accounts are kept there, too.

    Returns
    -------
    StreamGathering
        Does not depend on the order of the rows, nor on the size of the batches; where all
        accounts are drawn they are in the order of the export.

    Raises
    ------
    InputError
        If the export cannot be used, no account is left of it, or the disk is full.
    """
    with ThreadPoolExecutor(max_workers=1) as aside:
        digest = aside.submit(accounts.sha256)
        again = ""
        while True:
            try:
                # What an earlier reading wrote has room, and is written over.
                writer = RowWriter(place, texts=texts, expected=None if again else accounts.rows)
                reading = _read(accounts, writer, progress, again)
                break
            except UnsettledError:
                again = ", once more, with what the whole file told"
        # What Arrow keeps of the batches for more of them, some 70 MB, is for the fit from here on.
        pa.default_memory_pool().release_unused()
        summary = pd.concat(reading.summaries).groupby("rule", sort=False)["rows"].sum()
        if not reading.drawn.seen:
            raise nothing_left(accounts.source, summary.reset_index())
        return StreamGathering(
            frame=reading.drawn.frame(),
            stored=reading.stored if reading.drawn.seen > row_sample.FIT_ROWS else None,
            summary=summary.reset_index(),
            rejected=pd.concat(reading.rejected, ignore_index=True),
            sha256=digest.result(),
            is_whole=reading.is_whole and not summary.index.str.startswith("rejected: miss").any(),
        )


@dataclass
class _Reading:
    """What one reading has gathered."""

    drawn: _Drawn
    summaries: list[pd.DataFrame] = field(default_factory=list)
    rejected: list[pd.DataFrame] = field(default_factory=list)
    stored: StoredRows | None = None
    is_whole: bool = True


def _read(
    accounts: AccountBatches, writer: RowWriter, progress: Callable[[str], None], again: str
) -> _Reading:
    reading = _Reading(_Drawn(row_sample.FIT_ROWS))
    started, done = perf_counter(), 0
    with writer:
        for cleaned in prefetched(accounts.batches()):
            reading.summaries.append(cleaned.summary)
            if len(cleaned.rejected) or not reading.rejected:
                reading.rejected.append(cleaned.rejected)
            keys = account_keys(cleaned.frame) if cleaned.keys is None else cleaned.keys
            reading.drawn.add(cleaned.frame, keys)
            numbers = cleaned.frame.select_dtypes(["number", "bool", "boolean"])
            reading.is_whole &= not numbers.isna().any(axis=None)
            writer.add(cleaned.frame, keys)
            done += int(cleaned.summary["rows"].iloc[0]) if len(cleaned.summary) else 0
            progress(f"Reading{again}: {tell_pace(done, accounts.rows, perf_counter() - started)}")
        reading.stored = writer.end()
    return reading


def tell_pace(done: int, total: int | None, seconds: float) -> str:
    """Say how many rows are done, how fast, and how long the others will take.

    Examples
    --------
    >>> tell_pace(2_000_000, 10_000_000, 4.0), tell_pace(1000, None, 0.5)
    ('2,000,000 of 10,000,000 rows, 500,000/s, 16 s left', '1,000 rows, 2,000/s')
    """
    rate = done / max(seconds, 1e-9)
    if total is None:
        return f"{done:,} rows, {rate:,.0f}/s"
    left = (total - done) / max(rate, 1e-9)
    return f"{done:,} of {total:,} rows, {rate:,.0f}/s, {left:,.0f} s left"


class _Drawn:
    """The accounts with the smallest ranks of those seen so far.

    Parameters
    ----------
    wanted : int
        How many; at times half as many again are held.
    """

    def __init__(self, wanted: int) -> None:
        self.wanted, self.seen = wanted, 0
        self._frames: list[pd.DataFrame] = []
        self._ranks: list[np.ndarray] = []
        self._bound: np.uint64 | None = None

    def add(self, frame: pd.DataFrame, keys: np.ndarray) -> None:
        """Look at a batch of accounts, and the hashes of their ids."""
        if not len(frame):
            return
        self.seen += len(frame)
        ranks = draw_ranks(keys, 0)
        if self._bound is not None:
            near = np.flatnonzero(ranks <= self._bound)
            frame, ranks = frame.iloc[near], ranks[near]
        self._frames.append(frame)
        self._ranks.append(ranks)
        if 2 * sum(map(len, self._ranks)) > 3 * self.wanted:
            self._thin()

    def frame(self) -> pd.DataFrame:
        """Return the accounts: by rank, or all in their order where there are no more."""
        if self.seen > self.wanted:
            self._thin()
        return pd.concat(self._frames, ignore_index=True)

    def _thin(self) -> None:
        ranks = np.concatenate(self._ranks)
        rows = smallest_ranks(ranks, self.wanted)
        frame = pd.concat(self._frames, ignore_index=True).iloc[rows]
        self._frames, self._ranks = [frame], [ranks[rows]]
        self._bound = ranks[rows[-1]]
