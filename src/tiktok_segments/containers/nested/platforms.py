"""Platforms as keys of records: those below another one than TikTok's are no accounts of ours."""

from __future__ import annotations

import re
from collections.abc import Collection

from tiktok_segments.containers.platform_names import OTHERS, SHORT, TIKTOK

PLATFORM = "platform"
"""Column of the platform that stands around records."""
_OF = r"accounts?|creators?|influencers?|profiles?|users?|channels?|data|results?|items?|list"
_MOST = 30
"""Keys beyond which they are no platforms."""
_KEY = re.compile(
    rf"(?:(?:{_OF})[\s_-]*)?(?:(?P<word>{TIKTOK}|{OTHERS})|(?P<short>tt|x|{SHORT}))(?:[\s_-]*(?:{_OF}))?",
    re.IGNORECASE,
)


def platform_of(text: str) -> str | None:
    """Return the platform that a key names; None where it names none.

    Examples
    --------
    >>> platform_of("TikTok"), platform_of("instagram_accounts"), platform_of("IG")
    ('TikTok', 'instagram', 'IG')
    >>> platform_of("tiktok_fan"), platform_of("DE")
    (None, None)
    """
    found = _KEY.fullmatch(text.strip())
    return (found["word"] or found["short"]) if found else None


def are_platforms(keys: Collection[str]) -> bool:
    """Whether keys are platforms: all of them, or one by its full name.

    Examples
    --------
    >>> are_platforms(["ig", "tt"]), are_platforms(["all", "YouTube"]), are_platforms(["x", "y"])
    (True, True, False)
    """
    if len(keys) > _MOST:
        return False
    found = [_KEY.fullmatch(key.strip()) for key in keys]
    return bool(found) and (all(found) or any(one["word"] for one in found if one))
