"""Units that stand in a column's own name: "Followers (millions)", "Engagement rate in percent"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

_SPELLINGS = {
    "fraction": "fraction fractions decimal decimals proportion 0-1 0–1 0..1 0.0-1.0 0.00-1.00",
    "percent": "% 0-100 0–100 percent percentage pct prozent pourcent pourcentage porcentaje "
    "porcentagem "
    "percentuale percentuali percentual procent "
    "процент процентов проценты yüzde 百分比 パーセント 퍼센트",
    "permille": "‰ permille promille",
    "hundreds": "hundreds 00s",
    "thousands": "k thousand thousands 000 000s tsd tausend tausende millier milliers miles "
    "mille migliaia milhares тыс тысяч тысячи tys tysiące 千 천 ribu nghìn '000 '000s x1000 1000 "
    "พัน тис тисяч हज़ार हजार ألف الف آلاف بالألف بالآلاف هزار nghìn ngàn",
    "ten thousands": "万 萬 만 w หมื่น",
    "lakh": "lakh lakhs lac lacs लाख แสน",
    "crore": "crore crores करोड़",
    "millions": "m mn mm mio million millions millionen millones millón milhão milhões milioni "
    "milione mln млн миллион миллионов milyon juta triệu 百万 百萬 백만 ล้าน "
    "مليون ملايين بالمليون بالملايين میلیون x1000000",
    "mil": "mil",
    "bin": "bin",
    "billions": "bn billion billions mrd mld milliarde milliarden milliards млрд miliar",
}
LOCAL_UNITS: Mapping[str, Mapping[str, str]] = {
    "mil": {"es": "thousands", "pt": "thousands"},
    "bin": {"tr": "thousands"},
}
"""Words that are a unit in some languages: mil may be a million, and a bin a class, elsewhere."""

_LEADING = frozenset({"percent", "permille", "thousands", "millions", "billions"})
_UNITS = {word: unit for unit, words in _SPELLINGS.items() for word in words.split()}

_BRACKETS = re.compile(r"^(?P<base>.*?)\s*[(\[{]\s*(?P<unit>[^()\[\]{}]+?)\s*[)\]}]\s*$")
_IN = re.compile(
    r"^(?P<base>.+?)[\s_,\-]+(?:in|en|em|w|в|dalam|as)[\s_]+(?:a\s+)?(?P<unit>\S+?)\.?$"
)
_LAST = re.compile(r"^(?P<base>.+?)[\s_,\-]+(?P<unit>[^\s_]+?)\.?$")
_FIRST = re.compile(r"^(?P<unit>[^\s_]+)[\s_]+(?:of[\s_]+|de[\s_]+|d['’])?(?P<base>.+)$")
_COUNTED = re.compile(
    r"\s*(?:人|名|명|회|次|回|чел|людей|people|persons?|users?|accounts?|followers?|views?|likes?)\.?$"
)
"""What stands in brackets behind a unit: (тыс. чел.), (千人)."""
_LEADING_IN = re.compile(
    r"^(?:(?:单位|單位|単位|단위|units?|einheit|unité|unidade?|ед\.?(?: изм\.?)?)\s*[:=]?\s*)?"
    r"(?:(?:in|en|em|w|в|as)\s+)?"
)
_TIMES = re.compile(r"^(?P<base>.+?)[\s(\[]+[x×*]\s*1(?P<zeros>(?:[., ]?000){1,2})[)\]]?$")
_GLUED = re.compile(r"^(?P<base>.+?)(?P<unit>percentage|percent|pct|[%‰])$", re.IGNORECASE)


def unit_of_name(name: str) -> tuple[str, str | None]:
    """Part a column's name from the unit that it says.

    Parameters
    ----------
    name : str
        As the file has it.

    Returns
    -------
    base : str
        The name without the unit; the whole name where it says none.
    unit : str or None
        A unit of :func:`~tiktok_segments.containers.hints.valid_units`, or one of
        LOCAL_UNITS, which the language of the base decides.

    Examples
    --------
    >>> unit_of_name("Followers (in millions)"), unit_of_name("engagement_rate_pct")
    (('Followers', 'millions'), ('engagement_rate', 'percent'))
    >>> unit_of_name("Follower in Tsd."), unit_of_name("% engagement"), unit_of_name("likes")
    (('Follower', 'thousands'), ('engagement', 'percent'), ('likes', None))
    """
    folded = unicodedata.normalize("NFKC", name).strip()
    found = _BRACKETS.match(folded)
    if found and found["base"]:
        inner = _LEADING_IN.sub("", found["unit"].casefold())
        if unit := _unit(inner) or _unit(_COUNTED.sub("", inner)):
            return found["base"], unit
    if found := _TIMES.match(folded):
        return found["base"], "thousands" if found["zeros"].count("0") == 3 else "millions"
    if (found := _IN.match(folded)) and (unit := _unit(found["unit"])):
        return found["base"], unit
    if folded[:1] in "%‰" and len(folded) > 1:
        return folded[1:].strip(), _UNITS[folded[0]]
    if (found := _LAST.match(folded)) and (unit := _unit(found["unit"])):
        return found["base"], unit
    if (found := _FIRST.match(folded)) and (unit := _unit(found["unit"])) in _LEADING:
        return found["base"], unit
    if found := _GLUED.match(folded):
        return found["base"].rstrip(" _-"), _UNITS[found["unit"].casefold()]
    return name, None


def _unit(word: str) -> str | None:
    bare = word.casefold().strip(" .*").replace("×", "x").replace(",", "").replace("x ", "x")
    return _UNITS.get(bare)
