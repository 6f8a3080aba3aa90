"""What is worked out in one pass over all accounts, wherever these are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol, Self

import numpy as np
import pandas as pd

from tiktok_segments.accounts.large.prefetching import prefetched
from tiktok_segments.accounts.large.temporary_folder import TemporaryFolder

Sums = Mapping[str, np.ndarray]
"""What a pass over some of the accounts found."""


Bound = tuple[str, float, float]
"""A column, and the smallest and the largest of its values that count."""


class AccountPass(Protocol):
    """Takes in accounts block by block.

    Where accounts are in many places, each place has a copy of it that begins with nothing, and
    takes in the blocks that are there. What the copies found is put together, in any order.

    Attributes
    ----------
    columns : sequence of str
        Canonical columns that it reads.
    """

    columns: Sequence[str]

    def prepare(self, block: pd.DataFrame) -> Any:
        """Return what :meth:`add` takes of some accounts, of shape (n_rows, n_columns).

        Does not depend on what was seen before: a thread does it ahead. What calls scikit-learn is
        done either here or in :meth:`add` (:func:`~.prefetching.prefetched` says why).
        """
        return block

    def add(self, prepared: Any) -> None:
        """Take in what was prepared of some accounts."""
        ...

    def found(self) -> Sums:
        """Return what was found so far."""
        ...

    def join(self, found: Sums) -> None:
        """Take in what another found of other accounts."""
        ...


class AllRows(Protocol):
    """Numbers and flags of all accounts of an export, wherever they are; texts at some places."""

    @property
    def place(self) -> TemporaryFolder:
        """Where to put files meanwhile."""
        ...

    @property
    def rows(self) -> int:
        """Accounts."""
        ...

    @property
    def bounds(self) -> tuple[Bound, ...]:
        """Columns with the smallest and largest value of the accounts that count."""
        ...

    @property
    def has_order(self) -> bool:
        """Whether they come in the same order each time."""
        ...

    @property
    def has_texts(self) -> bool:
        """Whether texts can be asked for, too."""
        ...

    def keys(self) -> np.ndarray:
        """Return the hashes of all accounts' ids, as unsigned 64-bit integers: eight bytes each."""
        ...

    def blocks(self, columns: Sequence[str], size: int) -> Iterator[pd.DataFrame]:
        """Give some columns of all accounts, so many accounts at a time at most."""
        ...

    def narrowed(self, bounds: tuple[Bound, ...], rows: int) -> Self:
        """Return the accounts within some bounds, of which there are so many."""
        ...

    def go_through(self, through: AccountPass, size: int, tell: Callable[[int], None]) -> None:
        """Show all accounts to a pass; ``tell`` is called with how many were shown so far."""
        ...


def show_blocks(
    blocks: Iterator[pd.DataFrame], through: AccountPass, tell: Callable[[int], None]
) -> None:
    """Show blocks to a pass one after the other, and tell how many accounts were shown."""

    def prepare(block: pd.DataFrame) -> tuple[int, Any]:
        return len(block), through.prepare(block)

    done = 0
    for rows, prepared in prefetched(map(prepare, blocks)):
        through.add(prepared)
        done += rows
        tell(done)
