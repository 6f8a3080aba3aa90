"""Parts of an export fetched and prepared by threads, while those before are used."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")
Prepared = TypeVar("Prepared")

_END = object()
_MOST_THREADS = 4
"""More wait for the one that fetches."""


def prefetched(items: Iterable[Item]) -> Iterator[Item]:
    """Give items, each fetched by a thread while the one before is used.

    Parameters
    ----------
    items : iterable
        Asked for one item at a time, and for one more than were taken.

    Yields
    ------
    object
        The items in their order; what fetching raises comes in the item's place.

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


def prepared_ahead(
    prepare: Callable[[Item], Prepared], items: Iterable[Item]
) -> Iterator[Prepared]:
    """Give what a function makes of items, made by a few threads while those before are used.

    Parameters
    ----------
    prepare : callable
        Needs nothing of the other items.
    items : iterable
        At most as many are held as there are threads, and two more.

    Yields
    ------
    object
        In the items' order, whichever thread is first.

    Examples
    --------
    >>> list(prepared_ahead(str.upper, ["maya", "noah"]))
    ['MAYA', 'NOAH']
    """
    threads = min(os.cpu_count() or 1, _MOST_THREADS)
    coming = prefetched(items)
    with ThreadPoolExecutor(max_workers=threads) as pool:
        begun: deque[Future[Prepared]] = deque(
            pool.submit(prepare, item) for item in islice(coming, threads)
        )
        while begun:
            done = begun.popleft().result()
            begun.extend(pool.submit(prepare, item) for item in islice(coming, 1))
            yield done
