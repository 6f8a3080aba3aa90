"""Accounts to be clustered, and seeded samples that depend on who they are and on nothing else.

Rows are drawn by a hash of the accounts' ids: their order, the size of the batches they are read
in, and the engine that fits change nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import index

import numpy as np
import pandas as pd

from tiktok_segments.accounts.large.account_pass import AccountPass, AllRows, show_blocks
from tiktok_segments.accounts.large.ranks import draw_ranks, smallest_ranks
from tiktok_segments.defaults import LARGEST_SEED
from tiktok_segments.errors import InputError

SAMPLE_ROWS = 5_000
"""Above this many accounts silhouettes and figures are of a sample."""

FIT_ROWS = 250_000
"""Above this many accounts a clustering starts from a sample of as many.

On 10,000 rows k-means can land in another optimum than on all, which no pass leaves; from 250,000
on the passes end within 0.03 % of the best inertia (a continuum of a million rows, k up to 12).
"""

BLOCK_ROWS = 2**18
"""Accounts of a block, where all are gone through in blocks."""


@dataclass(frozen=True, eq=False)
class Accounts:
    """Accounts to be clustered.

    Equal to nothing but itself, so that what is fitted on it can be kept by it.

    Attributes
    ----------
    frame : DataFrame of shape (n_accounts, n_columns)
        Clean canonical columns.
    synthetic : bool
        Whether the accounts were made by the sample generator.
    keys : ndarray of shape (n_accounts,)
        As :func:`account_keys` returns them: samples are drawn by it.
    stored : AllRows or None
        The numbers of all accounts elsewhere, where ``frame`` has those drawn.
    """

    frame: pd.DataFrame
    synthetic: bool
    keys: np.ndarray
    stored: AllRows | None = None

    @classmethod
    def of(
        cls, frame: pd.DataFrame, *, synthetic: bool = False, stored: AllRows | None = None
    ) -> Accounts:
        """Take what a clustering needs of accounts.

        Parameters
        ----------
        frame : DataFrame of shape (n_accounts, n_columns)
            Clean canonical columns, with the accounts' ids where there are any.
        synthetic : bool
            Whether the accounts were made by the sample generator.
        stored : AllRows, optional
            All accounts, where the frame has those drawn.

        Returns
        -------
        Accounts
            The columns that hold no texts.
        """
        numbers = frame.select_dtypes(["number", "bool"])
        return cls(numbers, synthetic, account_keys(frame), stored)

    @property
    def n_accounts(self) -> int:
        """How many accounts there are."""
        return self.stored.rows if self.stored else len(self.frame)

    def every_key(self) -> np.ndarray:
        """Return the keys of all accounts, in memory or not: eight bytes each."""
        return self.stored.keys() if self.stored else self.keys

    @property
    def has_order(self) -> bool:
        """Whether the accounts come in the same order each time."""
        return self.stored is None or self.stored.has_order

    @cached_property
    def drawn(self) -> Accounts:
        """The accounts that a clustering starts from, which are the same for every engine.

        Up to :data:`FIT_ROWS` accounts all of them, in their order. Else those with the smallest
        hash of the id, in the order of the hashes: uniform, and the same for any order of the
        rows, split into files or size of the batches.
        """
        if self.stored:
            return Accounts(self.frame, self.synthetic, self.keys)
        if self.n_accounts <= FIT_ROWS:
            return self
        rows = smallest_ranks(draw_ranks(self.keys, 0), FIT_ROWS)
        return Accounts(self.frame.iloc[rows], self.synthetic, self.keys[rows])

    def blocks(self, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
        """Give all accounts in their order, some of the columns of :data:`BLOCK_ROWS` at a time."""
        if self.stored:
            yield from self.stored.blocks(columns, BLOCK_ROWS)
            return
        frame = self.frame[list(columns)]
        for start in range(0, len(frame), BLOCK_ROWS):
            yield frame.iloc[start : start + BLOCK_ROWS]

    def go_through(self, through: AccountPass, tell: Callable[[int], None]) -> None:
        """Show all accounts to a pass; ``tell`` is called with how many were shown so far."""
        if self.stored:
            self.stored.go_through(through, BLOCK_ROWS, tell)
        else:
            show_blocks(self.blocks(through.columns), through, tell)


def account_keys(frame: pd.DataFrame) -> np.ndarray:
    """Hash each account's id, or its values where there are no ids.

    Parameters
    ----------
    frame : DataFrame of shape (n_accounts, n_columns)
        Accounts.

    Returns
    -------
    ndarray of shape (n_accounts,)
        Unsigned 64-bit integers.

    Examples
    --------
    >>> frame = pd.DataFrame({"account_id": ["a", "b"], "followers": [1, 2]})
    >>> bool((account_keys(frame)[::-1] == account_keys(frame[::-1])).all())
    True
    """
    if "account_id" in frame:
        ids = frame["account_id"].to_numpy(dtype=object)
        return np.asarray(pd.util.hash_array(ids, categorize=False))
    return pd.util.hash_pandas_object(frame, index=False).to_numpy()


def draw_rows(keys: np.ndarray, seed: int, max_rows: int) -> np.ndarray:
    """Draw rows whatever their clusters, so that every clustering is examined on the same ones.

    Parameters
    ----------
    keys : ndarray of shape (n_samples,)
        As :func:`account_keys` returns them.
    seed : int
        Seed of the draw.
    max_rows : int
        Rows wanted.

    Returns
    -------
    ndarray of shape (min(n_samples, max_rows),)
        Positions, ascending; all of them up to ``max_rows``.

    Examples
    --------
    >>> keys = np.arange(100, dtype="uint64")
    >>> drawn = draw_rows(keys, seed=0, max_rows=10)
    >>> again = 99 - draw_rows(keys[::-1], seed=0, max_rows=10)
    >>> len(drawn), drawn.tolist() == sorted(again.tolist())
    (10, True)
    """
    if len(keys) <= max_rows:
        return np.arange(len(keys))
    ranks = draw_ranks(keys, seed)
    return np.sort(np.argpartition(ranks, max_rows)[:max_rows])


def sample_rows(
    labels: np.ndarray, keys: np.ndarray, seed: int, max_rows: int = SAMPLE_ROWS
) -> np.ndarray:
    """Choose rows so that each cluster has its share of them, and two at least where it has two.

    Parameters
    ----------
    labels : ndarray of shape (n_samples,)
        Cluster of each row.
    keys : ndarray of shape (n_samples,)
        As :func:`account_keys` returns them.
    seed : int
        Seed of the choice.
    max_rows : int
        Rows wanted; rounding and the two per cluster can add a few.

    Returns
    -------
    ndarray of shape (n_sampled,)
        Positions, ascending; all of them up to ``max_rows``.

    Examples
    --------
    >>> keys = np.arange(100, dtype="uint64")
    >>> rows = sample_rows(np.repeat([0, 1], [98, 2]), keys, seed=0, max_rows=10)
    >>> len(rows), rows[-2:].tolist()
    (12, [98, 99])
    """
    if len(labels) <= max_rows:
        return np.arange(len(labels))
    ranks = draw_ranks(keys, seed)
    chosen = []
    for cluster in np.unique(labels):
        members = np.flatnonzero(labels == cluster)
        wanted = max(round(len(members) * max_rows / len(labels)), 2)
        chosen.append(members[np.argsort(ranks[members], kind="stable")[:wanted]])
    return np.sort(np.concatenate(chosen))


def check_seed(random_state: int) -> int:
    """Return a seed, or refuse what is not a whole number from 0 to 2**32 - 1.

    Raises
    ------
    InputError
        If it is not such a number; ``None`` would give another answer each time.

    Examples
    --------
    >>> check_seed(np.int64(7))
    7
    """
    try:
        seed = -1 if isinstance(random_state, (bool, np.bool_)) else index(random_state)
    except TypeError:
        seed = -1
    if not 0 <= seed <= LARGEST_SEED:
        raise InputError(
            f"random_state is {random_state!r}; give a whole number from 0 to {LARGEST_SEED}."
        )
    return seed
