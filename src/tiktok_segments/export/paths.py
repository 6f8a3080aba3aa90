"""Names of columns below objects: what a dotted path may be called."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tiktok_segments.cells.folding import normalise

_PATH = re.compile(r"[./]")
_WRAPPERS = frozenset(
    {
        "data", "payload", "response", "result", "results", "item", "items", "body", "list",
        "record", "records", "node", "nodes", "edges", "info", "profile", "profiles", "account",
        "accounts", "tiktok", "attributes", "fields", "user", "users", "userinfo", "creator",
        "creators", "influencer", "influencers", "output", "json", "content", "entity", "row",
    }
)  # fmt: skip
"""Objects that say nothing about the names inside them."""


def endings(path: str) -> Iterator[str]:
    """Give what a dotted path may be called, the longest first.

    A name below objects keeps the last of them, unless that only wraps what is inside.

    Parameters
    ----------
    path : str
        As in ``data.userInfo.stats.followerCount``.

    Yields
    ------
    str
        Normalised.

    Examples
    --------
    >>> list(endings("data.items.user.username"))
    ['itemsuserusername', 'userusername', 'username']
    """
    parts = [part for part in _PATH.split(path) if part]
    for start in range(1, len(parts) - 1):
        yield normalise("".join(parts[start:]))
    if len(parts) > 1 and all(normalise(part) in _WRAPPERS for part in parts[:-1]):
        yield normalise(parts[-1])
