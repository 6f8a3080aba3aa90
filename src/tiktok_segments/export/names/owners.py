"""Names that say more than what is measured: whose it is, over which time, that it is all of it."""

from __future__ import annotations

import re
import unicodedata

from tiktok_segments.cells.folding import normalise
from tiktok_segments.export.aliases import AliasTable

_OWNER = (
    r"(?:(?:tik\s?tok(?:er)?|tt|creator|influencer|author|account|profile|user|channel|talent|kol|"
    r"blogger|streamer|page|handle)(?:['\u2019]?s)?)"
)
_ALL = (
    r"(?:total|overall|lifetime|all[ -]?time|all|cumulative|current|latest|now|today|to date|"
    r"public|number|no\.?|nr\.?|num|count|amount|sum|of|the|#|n\.?|"
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
_BRACKET = re.compile(rf"\s*[(\[](?:{_ALL}|{_OWNER}|{_COUNTED}|\s)+[)\]]\s*$")
_FRONT_OWNER = re.compile(rf"^{_OWNER}[\s:\-\u2013|>]+(?=\S)")
_BACK_PLATFORM = re.compile(r"[\s,:\-\u2013|]+(?:(?:on|auf|sur|en|no|em|su)\s+)?(?:tik\s?tok|tt)$")
_FRONT_ALL = re.compile(rf"^(?:{_ALL}[\s:\-]+)+(?:d(?:['\u2019]|(?:es?|u|i|os?) ))?(?=\S)")
_BACK_ALL = re.compile(rf"[\s,:\-]+{_ALL}(?:[\s,:\-]+{_ALL})*$")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def without_owner(name: str, table: AliasTable) -> str | None:
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
