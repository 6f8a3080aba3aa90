"""Accounts of other platforms: columns that name them, addresses that lie there."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tiktok_segments.cells.folding import normalise
from tiktok_segments.cells.texts import as_strings
from tiktok_segments.containers.platform_names import OTHERS, SHORT, TIKTOK

_TIKTOK = rf"(?i){TIKTOK}|^\W*tt\W*$"
_OTHERS = rf"(?i){OTHERS}|^\W*(?:{SHORT}|x)\W*$|\b(?:vk|fb|insta)\b"
_OTHER_HOSTS = (
    r"(?i)(?:^|//|\.)(?:instagram|youtube|facebook|twitter|x|twitch|snapchat|pinterest|linkedin|"
    r"threads|kwai|likee|bilibili|weibo|xiaohongshu|vk|kuaishou)\.(?:com|net|tv|cn|ru|video)(?:/|$)|"
    r"(?:^|//)youtu\.be/"
)
_TICK = r"(?i)^\W*x?\W*$"
"""A cell that is ticked, where it is no name of a platform."""
_MOST_PLATFORMS = 30
"""Different names beyond which a column is no column of platforms."""

_OF_ANYTHING = frozenset(
    map(normalise, ("source", "media", "medium", "site", "app", "social", "account type",
                    "channel type", "platform type", "media type", "profile type", "sns type",
                    "social profile type", "sm", "type", "category", "service", "provider",
                    "where", "réseau", "red", "rede", "canale", "serwis", "kênh", "媒体",
                    "メディア", "채널", "매체", "渠道", "ช่องทาง"))
)  # fmt: skip
"""Names of columns of platforms that are, as often, of where somebody was found."""


def of_tiktok(cells: pa.ChunkedArray) -> np.ndarray:
    """Say of which rows the platform is TikTok, or not said.

    Examples
    --------
    >>> of_tiktok(pa.chunked_array([["TikTok", "instagram", None]])).tolist()
    [True, False, True]

    Where each platform is named once, in the first of its rows, it is that of the rows below, too:

    >>> of_tiktok(pa.chunked_array([["Instagram", None, "TikTok", None]])).tolist()
    [False, False, True, True]
    """
    texts = cells.cast(pa.string())
    silent = pc.equal(pc.utf8_length(pc.utf8_trim_whitespace(texts)), 0).fill_null(True).to_numpy()
    ours = pc.match_substring_regex(texts, _TIKTOK).fill_null(False).to_numpy()
    named = np.flatnonzero(~silent)
    if _name_groups(texts, silent, named):
        of = np.searchsorted(named, np.arange(len(silent)), side="right") - 1
        return np.asarray(ours[named[of]], dtype=bool)
    return np.asarray(silent | ours, dtype=bool)


def _name_groups(texts: pa.ChunkedArray, silent: np.ndarray, named: np.ndarray) -> bool:
    """Say whether platforms stand over groups of rows, as in cells that were merged."""
    if not 2 <= len(named) <= _MOST_PLATFORMS or silent[0] or silent.mean() < 0.5:
        return False
    return bool(pc.count_distinct(texts.take(pa.array(named))).as_py() == len(named))


def tells_platforms(name: str, cells: pa.ChunkedArray) -> bool:
    """Say whether a column tells the platform of each account, with TikTok among them.

    Examples
    --------
    >>> tells_platforms("Platform", pa.chunked_array([["TikTok", "Some other"]]))
    True
    >>> tells_platforms("Source", pa.chunked_array([["TikTok search", "Agency"]]))
    False
    """
    if normalise(name) in _OF_ANYTHING:
        return name_platforms(cells)
    return _names_tiktok(as_strings(cells))


def other_platform(name: str, cells: pa.ChunkedArray) -> str | None:
    """Return the other platform that a column without TikTok names; None where it names none.

    Examples
    --------
    >>> other_platform("Platform", pa.chunked_array([["Instagram", "YouTube"]]))
    'Instagram'
    >>> other_platform("Source", pa.chunked_array([["Instagram DM", "Facebook ad"]]))
    >>> other_platform("Service", pa.chunked_array([["x", None, "x"]]))
    """
    texts = cells.cast(pa.string()).drop_null()
    if normalise(name) in _OF_ANYTHING:
        ticked = pc.all(pc.match_substring_regex(texts, _TICK)).as_py()
        if ticked or not _only_platforms(cells):
            return None
    named = texts.filter(pc.match_substring_regex(texts, _OTHERS))
    return str(named[0].as_py()) if len(named) > len(texts) / 2 else None


def on_another_platform(addresses: pa.ChunkedArray) -> np.ndarray:
    """Say which addresses lie on another platform than TikTok.

    Examples
    --------
    >>> cells = ["https://www.tiktok.com/@ana", "https://youtu.be/x", "instagram.com/ana", None]
    >>> on_another_platform(pa.chunked_array([cells])).tolist()
    [False, True, True, False]
    """
    texts = as_strings(addresses)
    found = np.zeros(len(texts), dtype=bool)
    others = pc.invert(pc.match_substring(texts, "tiktok.com")).fill_null(False)
    places = np.flatnonzero(others.to_numpy())
    if len(places):
        found[places] = pc.match_substring_regex(texts.filter(others), _OTHER_HOSTS).to_numpy()
    return found


def lie_on_tiktok(addresses: pa.ChunkedArray) -> bool:
    """Say whether most of the addresses lie on TikTok.

    Examples
    --------
    >>> lie_on_tiktok(pa.chunked_array([["https://www.tiktok.com/@ana", None]]))
    True
    """
    given = as_strings(addresses).drop_null()
    given = given.filter(pc.match_substring(given, "."))
    if not len(given):
        return False
    on_it = pc.match_substring_regex(given, r"(?i)\btiktok\.com/")
    return bool(pc.mean(on_it.cast(pa.int8())).as_py() > 0.5)


def name_platforms(cells: pa.ChunkedArray) -> bool:
    """Say whether a column holds nothing but platforms, and TikTok among them.

    Examples
    --------
    >>> name_platforms(pa.chunked_array([["TikTok", "IG", None]]))
    True
    >>> name_platforms(pa.chunked_array([["TikTok fan", "Ann of TikTok"]]))
    False
    """
    return _names_tiktok(as_strings(cells)) and _only_platforms(cells)


def are_platforms(texts: pa.ChunkedArray) -> np.ndarray:
    """Say which texts are a platform's name and nothing else.

    Examples
    --------
    >>> are_platforms(pa.chunked_array([["INSTAGRAM:", "TikTok", "instagram.ana", None]])).tolist()
    [True, True, False, False]
    """
    named = pc.and_(pc.match_substring_regex(texts, f"{_TIKTOK}|{_OTHERS}"), _are_bare(texts))
    return np.asarray(named.fill_null(False).to_numpy())


def _are_bare(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """Say in which texts nothing is left without names of platforms."""
    left = pc.replace_substring_regex(texts, f"{_TIKTOK}|{_OTHERS}", "")
    return pc.invert(pc.match_substring_regex(left, r"[\pL\pN]"))


def _names_tiktok(texts: pa.ChunkedArray) -> bool:
    return bool(pc.any(pc.match_substring_regex(texts, _TIKTOK)).as_py())


def _only_platforms(cells: pa.ChunkedArray) -> bool:
    """Say whether a column holds nothing but platforms."""
    texts = as_strings(cells).drop_null()
    few = pc.count_distinct(texts).as_py() <= _MOST_PLATFORMS
    return len(texts) > 0 and few and bool(pc.all(_are_bare(texts)).as_py())
