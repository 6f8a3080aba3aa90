"""Lists beside that of the accounts which are none of its: those taken out, earlier, similar."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tiktok_segments.containers.side_files import list_names

_TAKEN_OUT = (
    r"removed|excluded|deleted|blocked|banned|rejected|ignored|dropped|discarded|unfollowed|lost|"
    r"inactive|archived|black[\s_-]?list(?:ed)?|block[\s_-]?list"
)
_SIMILAR = r"similar|suggested|suggestions?|related|recommended|recommendations?|look[\s_-]?alikes?"
_EARLIER = r"previous|prev|old|former|before|outdated"
_OF = (
    r"accounts?|creators?|influencers?|profiles?|users?|authors?|channels?|data|results?|items?|"
    r"list|records?|rows?|entries|snapshot|export|week|month"
)
_KEY = re.compile(
    rf"(?:(?:{_OF})[\s_-]*)?(?:{_TAKEN_OUT}|{_SIMILAR}|{_EARLIER})(?:[\s_-]*(?:{_OF}))*",
    re.IGNORECASE,
)


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
    found = [key for key in all_keys if _KEY.fullmatch(key.strip())]
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
