"""Names below objects, as JSON has them, written as dotted paths."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tiktok_segments.cells.folding import normalise

_PATH = re.compile(r"[./]")
_ONE_VIDEO = re.compile(
    r"(?:last|latest|recent|newest|top|best|pinned|first|sample)(?:tiktok)?(?:video|post|item)s?"
)
"""An object of one video of an account, whose numbers are not those of the row."""
_WRAPPERS = frozenset(
    {
        "data", "payload", "response", "result", "results", "item", "items", "body", "list",
        "record", "records", "node", "nodes", "edges", "info", "profile", "profiles", "account",
        "accounts", "tiktok", "attributes", "fields", "user", "users", "userinfo", "creator",
        "creators", "influencer", "influencers", "output", "json", "content", "entity", "row",
        "metrics", "metric", "stats", "stat", "statistics", "counts", "counters", "numbers",
        "social", "basic", "details", "general", "overview", "summary", "kpis", "publicmetrics",
        "profiledata", "profileinfo", "userdata", "accountinfo", "authorinfo", "analytics",
        "performance", "measures", "channel", "page", "meta", "identity",
        "platforms", "networks", "socials", "channels", "talent", "kol", "raw",
    }
)  # fmt: skip
"""Objects that say nothing about the names inside them."""
_INNERMOST = frozenset({"value", "raw", "total", "current", "exact", "val", "latest"})
"""What an object has inside whose own name is that of the measure."""


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
    if any(_ONE_VIDEO.search(normalise(part)) for part in parts[:-1]):
        return
    if len(parts) > 1 and normalise(parts[-1]) in _INNERMOST:
        parts.pop()
        yield normalise("".join(parts))
    for start in range(1, len(parts) - 1):
        yield normalise("".join(parts[start:]))
    if parts and all(normalise(part) in _WRAPPERS for part in parts[:-1]):
        yield normalise(parts[-1])
