"""Names that say one measure twice, as in two languages."""

from __future__ import annotations

import re

from tiktok_segments.cells.folding import normalise
from tiktok_segments.export.aliases import AliasTable

_BETWEEN = re.compile(
    r"\s*[/|()\[\]\n,;\u00b7\uff08\uff09]\s*|\s+-\s+|\s+or\s+"
    r"|(?<=[^\x00-\u024f])\s*(?=[A-Za-z])|(?<=[A-Za-z])\s*(?=[^\x00-\u024f])"
)
"""What stands between the two: a mark, or only that the letters change."""


def said_twice(name: str, table: AliasTable) -> str | None:
    """Return the first known name of several that all stand for one column of ours.

    Examples
    --------
    >>> table = AliasTable({"followers": ("followers", "fans"), "likes": ("likes", "hearts")})
    >>> said_twice("Followers / Fans", table), said_twice("Likes / Followers", table)
    ('followers', None)
    """
    keys = [key for part in _BETWEEN.split(name) if (key := normalise(part))]
    if len(keys) < 2 or not any(set(keys) <= set(names) for names in table.profile.values()):
        return None
    return keys[0]
