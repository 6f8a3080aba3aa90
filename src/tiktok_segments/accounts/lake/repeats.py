"""Accounts that come more than once, found by the hashes of their ids, share by share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from tiktok_segments.accounts.lake.layout import BLOCK, read_blocks
from tiktok_segments.accounts.lake.shipping import on_partitions
from tiktok_segments.accounts.outcome import KEY

MOST_REPEATED = 5_000_000
"""Accounts that come twice, up to which Spark moves their rows only."""

SHARES = 256
"""Parts of the hashes' range; all of a part are looked at in one place."""


def find_repeats(blocks: Any) -> np.ndarray | None:
    """Have Spark find the hashes that come more than once, eight bytes moved for each row.

    Parameters
    ----------
    blocks : pyspark.sql.DataFrame
        With blocks that have :data:`KEY`.

    Returns
    -------
    ndarray of uint64 or None
        Sorted; None where there are more than :data:`MOST_REPEATED`.
    """
    shared = on_partitions(blocks.select(BLOCK), share_out, f"{KEY} int, {BLOCK} binary")
    found = on_partitions(shared.repartition(KEY), find_again, f"{BLOCK} binary").toArrow()
    again = np.concatenate([np.empty(0, np.uint64), *_hashes(found.column(BLOCK))])
    return None if len(again) > MOST_REPEATED else np.sort(again)


def share_out(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Give the hashes of a partition's accounts, parted by their range."""
    found = [
        block.column(KEY).to_numpy() for batch in batches for block in read_blocks(batch, [KEY])
    ]
    keys = np.sort(np.concatenate([np.empty(0, np.uint64), *found]))
    starts = np.arange(1, SHARES, dtype=np.uint64) * np.uint64(2**64 // SHARES)
    shares = np.split(keys, np.searchsorted(keys, starts))
    held = [number for number, share in enumerate(shares) if len(share)]
    written = [shares[number].tobytes() for number in held]
    yield pa.RecordBatch.from_arrays(
        [pa.array(held, pa.int32()), pa.array(written, pa.binary())], names=[KEY, BLOCK]
    )


def find_again(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Give the hashes that come more than once in some shares, each of which is there as a whole.

    Examples
    --------
    >>> parts = [np.array(part, np.uint64).tobytes() for part in ([1, 2, 5], [2, 7], [1, 2])]
    >>> (found,) = find_again(iter([pa.RecordBatch.from_pydict({"block": parts})]))
    >>> np.frombuffer(found.column("block")[0].as_py(), np.uint64).tolist()
    [1, 2]
    """
    found = [part for batch in batches for part in _hashes(batch.column(BLOCK))]
    keys = np.sort(np.concatenate([np.empty(0, np.uint64), *found]))
    again = np.unique(keys[1:][keys[1:] == keys[:-1]])[: MOST_REPEATED + 1]
    yield pa.RecordBatch.from_arrays([pa.array([again.tobytes()], pa.binary())], names=[BLOCK])


def _hashes(blocks: Any) -> list[np.ndarray]:
    return [np.frombuffer(block.as_buffer(), np.uint64) for block in blocks]
