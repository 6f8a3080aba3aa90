"""What the columns of a file may be called, and the units that their names say."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tiktok_segments.cells.folding import normalise
from tiktok_segments.containers.hints import valid_units
from tiktok_segments.export.aliases import AliasTable
from tiktok_segments.export.unit_names import LOCAL_UNITS, unit_of_name
from tiktok_segments.schema import NUMERIC_KINDS, READABLE


@dataclass(frozen=True)
class Reading:
    """One way to read a column's name: what it is called, and the unit that it says.

    Parameters
    ----------
    position : int
        Of the column.
    unit : str or None
        As its name has it.
    is_part : bool
        Whether the name says more, as whose followers they are: a column called so plainly is
        meant before.
    is_tiktok : bool
        Whether the name says that it is TikTok's: one that does not may be of all platforms.
    """

    position: int
    unit: str | None
    is_part: bool = False
    is_tiktok: bool = False


UNSURE = "mil"
"""A unit that is a thousand in Spanish and Portuguese, and short for a million elsewhere."""

Index = dict[str, list[Reading]]
"""Columns by what they may be called, normalised."""


def index_names(names: Sequence[str], table: AliasTable) -> Index:
    """Return the columns by what they may be called: without their unit, and as they stand."""
    index: Index = {}
    known = table.known
    parts: list[tuple[str, Reading]] = []
    for position, whole in enumerate(names):
        if _CHANGE.search(whole):
            continue
        ours, name = _TIKTOK.search(whole) is not None, _apart(whole)
        base, unit = ("handle", None) if name.strip() == "@" else unit_of_name(name)
        key = normalise(base)
        readings = {key: _local(unit, table.languages.get(key, frozenset()))}
        if readings[key] is None or "%" not in name:  # which is no part of a name
            readings.setdefault(normalise(name), None)
        if unit and readings[key] is None:
            del readings[key]
        for key, said in readings.items():
            if key:
                index.setdefault(key, []).append(Reading(position, said, is_tiktok=ours))
        if known.isdisjoint(readings):
            within = next((key for key in endings(name) if key in known), None)
            if within is not None:
                parts.append((within, Reading(position, None, is_part=True, is_tiktok=ours)))
            elif unit not in LOCAL_UNITS and (plainer := _without_owner(base, table)):
                parts.append((plainer, Reading(position, unit, is_part=True, is_tiktok=ours)))
    for key, reading in parts:
        index.setdefault(key, []).append(reading)
    return index


_OWNER = (
    r"(?:(?:tik\s?tok(?:er)?|tt|creator|influencer|author|account|profile|user|channel|talent|kol|"
    r"blogger|streamer|page|handle)(?:['\u2019]?s)?)"
)
_ALL = (
    r"(?:total|overall|lifetime|all[ -]?time|cumulative|current|latest|now|today|to date|public|"
    r"number|no\.?|nr\.?|num|count|amount|sum|of|the|#|n\.?|"
    r"gesamt|aktuell|anzahl|anz\.?|total(?:es|e|i|ais)?|totaux|complessiv[iao]|actual(?:es)?|"
    r"nombre|nbr?e?\.?|n\u00ba|n\u00b0|\u2116|n[u\u00fa]m(?:ero)?\.?|cantidad|quantidade|qtde?\.?|"
    r"liczba|jumlah|s\u1ed1(?: l\u01b0\u1ee3ng)?|toplam|"
    r"\u043a\u043e\u043b-?\u0432\u043e|\u043a\u043e\u043b\u0438\u0447\u0435\u0441\u0442\u0432\u043e|"
    r"\u043a\u0456\u043b\u044c\u043a\u0456\u0441\u0442\u044c)"
)
_COUNTED = (
    r"(?:\u4eba|\u540d|\u4ef6|\u672c|\u500b|\u4e2a|\u500b|\u56de|\u6b21|\u7bc7|\ubd07|"
    r"\uba85|\uac1c|\ud68c|\u0447\u0435\u043b\.?|\u0448\u0442\.?|pers(?:ons?|\.)|people|pcs)"
)
_TIKTOK = re.compile(r"tik[\s_]?tok|(?:^|[^a-z])tt(?:[^a-z]|$)", re.IGNORECASE)
_RATE_OF_TIKTOK = re.compile(r"\btik[\s_]?tok[\s_./:|\-\u2013]+(?=er(?![a-z]))", re.IGNORECASE)
_CHANGE = re.compile(r"\+\s*/\s*[-\u2212\u2013]|\u00b1|[(\[]\s*[+\-\u2212]\s*[)\]]|\u0394|\u2206")
"""What a column is called that holds how much something has changed."""
_BRACKET = re.compile(rf"\s*[(\[](?:{_ALL}|{_OWNER}|{_COUNTED}|\s)+[)\]]\s*$")
_FRONT_OWNER = re.compile(rf"^{_OWNER}[\s:\-\u2013|>]+(?=\S)")
_BACK_PLATFORM = re.compile(r"[\s,:\-\u2013|]+(?:(?:on|auf|sur|en|no|em|su)\s+)?(?:tik\s?tok|tt)$")
_FRONT_ALL = re.compile(rf"^(?:{_ALL}[\s:\-]+)+(?:d(?:['\u2019]|(?:es?|u|i|os?) ))?(?=\S)")
_BACK_ALL = re.compile(rf"[\s,:\-]+{_ALL}(?:[\s,:\-]+{_ALL})*$")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def _without_owner(name: str, table: AliasTable) -> str | None:
    """Return the known name that is left without whose it is, and that it is all of it.

    A rate is a rate of something: ``Total engagement`` is none.
    """
    words = _HUMP.sub(" ", unicodedata.normalize("NFKC", name)).replace("_", " ")
    words = " ".join(words.casefold().split())
    owned = _FRONT_OWNER.sub("", _BACK_PLATFORM.sub("", _BRACKET.sub("", words)))
    if (key := normalise(owned)) in table.of_accounts and key not in _NO_NAME:
        return key
    bare = _BACK_ALL.sub("", _FRONT_ALL.sub("", owned))
    key = normalise(_FRONT_OWNER.sub("", bare))
    return key if key in table.counts else None


_NO_NAME = frozenset({"id", "name", "user", "account", "profile", "creator", "channel"})
"""What is left of too many names."""


def _apart(name: str) -> str:
    """Take away whose rate it is where a name without blanks would be another: TikTok ER."""
    return _RATE_OF_TIKTOK.sub("", name)


def _local(unit: str | None, languages: frozenset[str]) -> str | None:
    """Return a unit that a name says, where it is one in the name's language."""
    if unit is None or unit not in LOCAL_UNITS:
        return unit
    meant = {LOCAL_UNITS[unit][code] for code in languages & LOCAL_UNITS[unit].keys()}
    if meant:
        return meant.pop()
    return unit if unit == UNSURE else None


def named_columns(source: str, canonical: str, names: Sequence[str], index: Index) -> list[Reading]:
    """Return the columns that a user names, with their units where these can be the column's."""
    name = _apart(source)
    keys = (normalise(unit_of_name(name)[0]), normalise(name))
    found = [one for key in keys for one in index.get(key, ())]
    exact = [one for one in found if names[one.position] == source]
    if not found and source in names:  # a name that stands for nothing by itself
        return [Reading(names.index(source), None)]
    found = exact[:1] or found
    return [one if fits(canonical, one.unit) else Reading(one.position, None) for one in found]


def fits(canonical: str, unit: str | None) -> bool:
    """Say whether the numbers of a canonical column can be in a unit, as they can in none named."""
    if unit is None:
        return True
    if unit == UNSURE:
        return READABLE[canonical].kind in {"count", "number"}
    return READABLE[canonical].kind in NUMERIC_KINDS and unit in valid_units(canonical)


def languages_of(index: Index, table: AliasTable) -> frozenset[str]:
    """Return the languages that most names are of; English, which all use, where there is none."""
    counts = Counter(code for key in index for code in table.languages.get(key, ()))
    if set(counts) - {"en"}:
        del counts["en"]
    most = max(counts.values(), default=0)
    return frozenset(code for code, count in counts.items() if count == most)


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
