"""Parts of an export made by a thread while those before are used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")

_END = object()


def prefetched(items: Iterable[Item]) -> Iterator[Item]:
    """Give items, each made by a thread while the one before is used.

    Making them may call scikit-learn, or using them, but not both: it changes the filters of
    warnings for a moment, which all threads share.

    Parameters
    ----------
    items : iterable
        Asked for one item at a time, and for one more than were taken.

    Yields
    ------
    object
        The items in their order; what making one raises comes in the item's place.

    Examples
    --------
    >>> list(prefetched(range(3)))
    [0, 1, 2]
    """
    iterator = iter(items)
    with ThreadPoolExecutor(max_workers=1) as pool:
        following = pool.submit(next, iterator, _END)
        while (item := following.result()) is not _END:
            following = pool.submit(next, iterator, _END)
            yield item  # type: ignore[misc]  # not the end
