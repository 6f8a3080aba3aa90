"""What keys around records mean by themselves: a day, a platform, lists that are not meant."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from tiktok_segments.containers.platform_names import OTHERS, SHORT, TIKTOK
from tiktok_segments.containers.side_files import list_names

NO_ACCOUNT = re.compile(
    r"(data|result|response|user|user_?info|item|profile|record|account|creator|author|payload"
    r"|content|body|list|row|info|stat|stats_?v2|page)s?[ _-]*\d{0,5}|\d{1,5}",
    re.IGNORECASE,
)
"""Keys that are words of envelopes, or numbers of rows."""

_DAY = re.compile(
    r"(?P<year>(?:19|20)\d\d)(?P<mark>[-/._]?)(?P<month>0[1-9]|1[0-2]|(?<=[-/._])[1-9])(?P=mark)"
    r"(?P<day>0[1-9]|[12]\d|3[01]|(?<=[-/._])[1-9])(?P<time>(?:[T ]\d\d:?\d\d\S*)?)"
)
_DAY_FIRST = re.compile(r"\d\d?([-/.])\d\d?\1(?:19|20)\d\d")
_SECONDS = re.compile(r"1\d{9}(?:\d{3}|\.\d+)?")

_LIST = r"accounts?|creators?|influencers?|profiles?|users?|channels?|data|results?|items?|list"
"""Words for a list of accounts, beside which a key says whose it is."""
_PLATFORM = re.compile(
    rf"(?:(?:{_LIST})[\s_-]*)?(?:(?P<word>{TIKTOK}|{OTHERS})|(?P<short>tt|x|{SHORT}))"
    rf"(?:[\s_-]*(?:{_LIST}))?",
    re.IGNORECASE,
)
_MOST_PLATFORMS = 30

_OF = rf"{_LIST}|authors?|records?|rows?|entries|snapshot|export|week|month"
_ASIDE = re.compile(
    rf"(?:(?:{_OF})[\s_-]*)?(?:"
    r"removed|excluded|deleted|blocked|banned|rejected|ignored|dropped|discarded|unfollowed|lost|"
    r"inactive|archived|black[\s_-]?list(?:ed)?|block[\s_-]?list|"
    r"similar|suggested|suggestions?|related|recommended|recommendations?|look[\s_-]?alikes?|"
    rf"previous|prev|old|former|before|outdated)(?:[\s_-]*(?:{_OF}))*",
    re.IGNORECASE,
)
"""Keys of accounts that were taken out, are like those that are meant, or are those of earlier."""


def day_of(text: str) -> str | None:
    """Return a day as times are read, with its time if it has one; None where it is none.

    Examples
    --------
    >>> day_of("2024_05_01"), day_of("20240501"), day_of("2024-05-01T10:00:00Z")
    ('2024-05-01', '2024-05-01', '2024-05-01T10:00:00Z')
    >>> day_of("31.12.2024"), day_of("ana"), day_of("123456")
    ('31.12.2024', None, None)
    """
    found = _DAY.fullmatch(text.strip())
    if found:
        year, month, day = found["year"], found["month"].zfill(2), found["day"].zfill(2)
        return f"{year}-{month}-{day}{found['time']}"
    return text.strip() if _DAY_FIRST.fullmatch(text.strip()) else None


def time_of(value: object) -> str | None:
    """Return a value that is a day or the seconds since 1970; None where it is neither.

    Examples
    --------
    >>> time_of("1700000000"), time_of("2024-05-01"), time_of("today"), time_of(True)
    ('1700000000', '2024-05-01', None, None)
    """
    if not isinstance(value, str):
        return None
    return value.strip() if _SECONDS.fullmatch(value.strip()) else day_of(value)


def platform_of(text: str) -> str | None:
    """Return the platform that a key names; None where it names none.

    Examples
    --------
    >>> platform_of("TikTok"), platform_of("instagram_accounts"), platform_of("IG")
    ('TikTok', 'instagram', 'IG')
    >>> platform_of("tiktok_fan"), platform_of("DE")
    (None, None)
    """
    found = _PLATFORM.fullmatch(text.strip())
    return (found["word"] or found["short"]) if found else None


def are_platforms(keys: Collection[str]) -> bool:
    """Whether a few keys are platforms: all of them, or one by its full name.

    Examples
    --------
    >>> are_platforms(["ig", "tt"]), are_platforms(["all", "YouTube"]), are_platforms(["x", "y"])
    (True, True, False)
    """
    if len(keys) > _MOST_PLATFORMS:
        return False
    found = [_PLATFORM.fullmatch(key.strip()) for key in keys]
    return bool(found) and (all(found) or any(one["word"] for one in found if one))


def set_aside(keys: Iterable[str]) -> list[str]:
    """Return the keys of lists that are not meant beside the others; none where no other is left.

    Parameters
    ----------
    keys : iterable of str
        Under which records lie.

    Examples
    --------
    >>> set_aside(["accounts", "removed", "similarAccounts"]), set_aside(["new", "old_users"])
    (['removed', 'similarAccounts'], ['old_users'])
    >>> set_aside(["similar"]), set_aside(["DE", "US"])
    ([], [])
    """
    all_keys = list(keys)
    found = [key for key in all_keys if _ASIDE.fullmatch(key.strip())]
    return found if len(found) < len(all_keys) else []


def left_aside(key: str, read: Iterable[str]) -> str:
    """Tell that the records under a key are left out.

    Examples
    --------
    >>> left_aside("removed", ["accounts"])
    "the records under 'removed' are not read, only those under 'accounts'"
    >>> left_aside("similar", [])
    "the records under 'similar' are not read, only the account that they stand beside"
    """
    shown = list_names([repr(one) for one in read])
    kept = f"those under {shown}" if shown else "the account that they stand beside"
    return f"the records under {key!r} are not read, only {kept}"
