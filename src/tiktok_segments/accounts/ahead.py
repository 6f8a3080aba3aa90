"""Fetch an iterator's next item while the last one is being used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Item = TypeVar("Item")

_END: Any = object()


def ahead(items: Iterable[Item]) -> Iterator[Item]:
    """Give items, each fetched by a thread while the one before is used.

    Parameters
    ----------
    items : iterable
        Asked for one item at a time.

    Yields
    ------
    object
        The items in their order; an error in fetching one is raised in its place.

    Examples
    --------
    >>> list(ahead(iter("abc")))
    ['a', 'b', 'c']
    """
    iterator = iter(items)
    with ThreadPoolExecutor(max_workers=1) as pool:
        following = pool.submit(next, iterator, _END)
        while (item := following.result()) is not _END:
            following = pool.submit(next, iterator, _END)
            yield item
