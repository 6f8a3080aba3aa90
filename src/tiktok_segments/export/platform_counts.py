"""A column called TikTok that holds counts: perhaps the followers there, beside those elsewhere."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from tiktok_segments.cells.texts import as_strings
from tiktok_segments.containers.platform_names import OTHERS, SHORT, TIKTOK
from tiktok_segments.containers.records import Records
from tiktok_segments.errors import InputError
from tiktok_segments.export.handle_columns import share_of
from tiktok_segments.export.matching import Matching

_OURS = re.compile(rf"\s*(?:{TIKTOK}|tt)\s*", re.IGNORECASE)
_OTHERS = re.compile(rf"\s*(?:{OTHERS}|{SHORT})\s*", re.IGNORECASE)
_TOGETHER = re.compile(r"total|overall|combined|all|sum|gesamt|reach", re.IGNORECASE)
_COUNT = r"(?i)^\s*\d[\d.,'\s]*[a-z]{0,3}\s*$"
_HUNDREDS = r"(?i)\d\D*\d\D*\d|\d\s*[km]"
_NEARLY_ALL = 0.9


def check_counts_of_platform(
    names: Sequence[str],
    head: Records | None,
    matching: Matching,
    said: Collection[str],
    file: str,
) -> None:
    """Ask whose followers are meant where each platform may have a column of them.

    A list of creators on several platforms has a column of followers for each, called after it
    alone, and often their sum. Such columns may hold prices as well, so nobody can tell.

    Parameters
    ----------
    names : sequence of str
        The file's columns.
    head : Records or None
        Its first rows.
    matching : Matching
        What the names were matched to.
    said : collection of str
        Canonical columns whose column the user names, which is not asked again.
    file : str
        What to call the file.

    Raises
    ------
    InputError
        If nearly every cell of a column called TikTok is a count, beside columns called after
        other platforms, and no column is called followers but one of all platforms together.
    """
    positions = matching.positions
    if head is None or "url" not in positions or "followers" in said:
        return
    links = (positions["url"][0], *matching.others.get("url", ()))
    ours = next((one for one in links if _OURS.fullmatch(names[one])), None)
    if ours is None or not any(map(_OTHERS.fullmatch, names)):
        return
    together = names[positions["followers"][0]].strip() if "followers" in positions else ""
    if together and not _TOGETHER.search(together):
        return
    texts = as_strings(head.columns[ours]).drop_null()
    if min(share_of(texts, _COUNT), share_of(texts, _HUNDREDS)) < _NEARLY_ALL:
        return
    name = names[ours].strip()
    all_of_them = f'; data.columns.followers="{together}" takes those of all together'
    raise InputError(
        f"{file}: the column {name!r} holds counts, beside columns called after other platforms: "
        "they may be the followers on each.\n"
        f'Say it: data.columns.followers="{name}" takes them{all_of_them if together else ""}.'
    )
