"""What tells accounts apart from others where no file of theirs is on this machine."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import pandas as pd

from tiktok_segments.accounts import row_sample
from tiktok_segments.accounts.lake.reading import Reading
from tiktok_segments.accounts.large.account_pass import KEY, AccountPass, Sums


def digest_of_content(reading: Reading, source: str) -> str:
    """Return the SHA-256 of what became of the rows and of all accounts' numbers.

    Parameters
    ----------
    reading : Reading
        Whose assumptions hold.
    source : str
        What is read.

    Returns
    -------
    str
        The same for any order of the accounts, and any partitions.
    """
    stored = reading.stored(source)
    whole = _Content(stored.columns)
    stored.go_through(whole, row_sample.BLOCK_ROWS, lambda done: None)
    return hashlib.sha256(f"{reading.summary.to_csv()}{whole.sum[0]}".encode()).hexdigest()


class _Content(AccountPass):
    """Sums up the numbers of all accounts, the same for any order of them."""

    def __init__(self, columns: tuple[str, ...]) -> None:
        self.columns: Sequence[str] = (*columns, KEY)
        self.sum = np.zeros(1, dtype=np.uint64)

    def add(self, block: pd.DataFrame) -> None:
        hashes = pd.util.hash_pandas_object(block.astype({KEY: "float64"}), index=False).to_numpy()
        self.sum += (hashes ^ block[KEY].to_numpy()).sum(keepdims=True, dtype=np.uint64)

    def found(self) -> Sums:
        return {"sum": self.sum}

    def join(self, found: Sums) -> None:
        self.sum += found["sum"]
