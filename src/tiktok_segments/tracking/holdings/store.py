"""What can be asked of a store, whatever keeps it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol

from tiktok_segments.tracking.holdings.cells import Cell


class Store(Protocol):
    """A store of MLflow's, reached in whichever way."""

    @property
    def address(self) -> str:
        """As MLflow takes it."""
        ...

    @property
    def label(self) -> str:
        """What people call it: its file, or its address without a password."""
        ...

    @property
    def remains(self) -> str:
        """What still holds the old texts after :meth:`rewrite`; empty where nothing does."""
        ...

    def roots(self) -> list[str]:
        """Return the addresses below which experiments keep their artifacts.

        Raises
        ------
        InputError
            If the store cannot be read.
        """
        ...

    def texts(self, words: Sequence[str], erase: Callable[[str], str]) -> Iterator[Cell]:
        """Yield every cell that names something, each with its text without it.

        Parameters
        ----------
        words : sequence of str
            In small letters; only cells that hold one of them are looked at.
        erase : callable
            Returns a text without the names.

        Raises
        ------
        InputError
            If the store cannot be read.
        """
        ...

    def rewrite(self, cells: Iterable[Cell]) -> None:
        """Write cells anew, and leave nothing of the old ones where this store can.

        Raises
        ------
        InputError
            If the store cannot be written.
        """
        ...
