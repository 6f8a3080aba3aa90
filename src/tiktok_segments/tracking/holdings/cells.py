"""Cells of a store's rows, and the search for a name in them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Cell:
    """A text in a row of a store, and what it is to say instead.

    Attributes
    ----------
    table, column : str
        Where, by the names of MLflow's schema.
    key : dict
        The row: value of each column of the table's primary key.
    text : str
        The new text.
    fixed : bool
        Whether it cannot be changed in the way that the store is reached.
    """

    table: str
    column: str
    key: dict[str, str | int]
    text: str
    fixed: bool = False


def changed_cells(
    table: str,
    key: Mapping[str, str | int],
    texts: Mapping[str, object],
    erase: Callable[[str], str],
    *,
    fixed: bool = False,
) -> Iterator[Cell]:
    """Yield the cells of a row that a name is taken out of.

    Examples
    --------
    >>> row = {"name": "by maya", "value": None}
    >>> [cell.text for cell in changed_cells("t", {"id": 1}, row, lambda t: t.replace("maya", "?"))]
    ['by ?']
    """
    for column, text in texts.items():
        if isinstance(text, str) and (kept := erase(text)) != text:
            yield Cell(table, column, dict(key), kept, fixed)
