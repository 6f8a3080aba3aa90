"""Suffixes of numbers: 12.5K, 2,3 Mio., 4.5万, 12,3 тыс. подписчиков, 9,1 %.

Short forms after the compact decimal formats of the Unicode Common Locale Data Repository
(https://cldr.unicode.org), and what people write beside them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

_SURE = {
    2: "hundred hundreds",
    3: "k к thousand thousands тыс тысяч тысяча тысячи тис тисяч тисячі хил χιλ tsd tausend tys "
    "tysiąc tysiące tysięcy tis tn mille mila millier milliers miles bin rb ribu nghìn ngàn ألف "
    "الف آلاف هزار हज़ार हजार 千 천 พัน duizend mii ezer",
    4: "万 萬 만 w หมื่น",
    5: "lakh lakhs lac lacs l लाख แสน 십만",
    6: "mn mm mio mln mlns million millions millionen millón millon millones milhão "
    "milhao milhões milhoes milione milioni milyon miljoen miljoner milj mill mi jt juta triệu "
    "trieu tr млн миллион миллиона миллионов мільйон мільйонів εκ مليون ملايين میلیون मिलियन "
    "百万 百萬 백만 ล้าน milion miliony milionów",
    7: "crore crores cr करोड़ क॰ 千万 千萬 천만",
    8: "亿 億 억",
    9: "bn billion billions mrd mrds mld md mds mia mlrd mr bi bilhão bilhões bilhao bilhoes "
    "milliarde milliarden milliard milliards miliardo miliardi miliard miljard miliar milyar "
    "milmillones млрд миллиард миллиардов δισ tỷ tỉ مليار میلیارد अरब 十亿 십억",
}
_EXPONENTS = {word: power for power, words in _SURE.items() for word in words.split()} | {
    "mil mi": 9, "mil m": 9, "mil mill": 9, "mil millones": 9, "mil milhões": 9,
}  # fmt: skip

_UNSURE = {"mil": None, "m": 6, "b": 9, "n": None, "t": None}
"""Suffixes that mean something else in another language, and what they mean where nothing says."""

_BY_LANGUAGE = {
    "mil": dict.fromkeys(("es", "pt", "ca", "gl"), 3) | dict.fromkeys(("cs", "sk", "hr"), 6),
    "m": {"id": 9},
    "b": {"tr": 3},
    "n": {"vi": 3},
    "t": {"vi": 9, "da": 3, "fi": 3},
}
_TELLING = {
    "id": {"rb", "jt", "ribu", "juta", "miliar"},
    "tr": {"bin", "milyon", "milyar"},
    "vi": {"tr", "nghìn", "triệu", "tỷ"},
    "pt": {"milhão", "milhões", "mi", "bi", "bilhão", "bilhões", "milhoes", "bilhoes"},
    "es": {"millón", "millones", "millon", "mill"},
    "cs": {"tis"},
}
"""Suffixes that tell in which language a file's numbers are."""

_RATES = {
    -2: "% percent pct prozent pourcent procent процент процента процентов yüzde パーセント "
    "퍼센트 百分比 प्रतिशत",
    -3: "‰ permille promille",
}
_SHARES = {word: power for power, words in _RATES.items() for word in words.split()} | {
    "per cent": -2, "por ciento": -2, "por cento": -2, "pour cent": -2, "per cento": -2,
    "per mille": -3,
}  # fmt: skip

_FOOTNOTES = "*†‡ "

_COUNTED = re.compile(
    r"\s*(?:followers?|fans?|subs(?:cribers?)?|following|likes?|hearts?|views?|plays?|videos?|"
    r"posts?|comments?|shares?|avg|follower:innen|abonnent(?:en|s)?|abonn[ée]e?s?|seguidor(?:es|as?)?|"
    r"seguaci|curtidas?|me gusta|mi piace|j['’]aimes?|mentions j['’]aime|visualiza\w+|vues?|"
    r"reproducciones|aufrufe|v[íi]deos?|volgers?|obserwując\w+|obserwator\w+|polubie\w*|takipçi|"
    r"beğeni|izlenme|pengikut|suka|người theo dõi|lượt thích|подписчик\w*|підписник\w*|лайк\w*|"
    r"просмотр\w*|видео|відео|인|명|개|회|팔로워|좋아요|人|名|个|個|次|件|粉丝|粉絲|关注者|追蹤者|"
    r"フォロワー|いいね|赞|讚|本|متابع\w*|إعجاب\w*|معجب\w*|फ़ॉलोअर\w*|लाइक\w*)\s*$"
)


def power_of(rest: str, *, rate: bool, meanings: Iterable[tuple[str, int | None]]) -> int | None:
    """Return the power of ten that what stands behind a number says.

    Parameters
    ----------
    rest : str
        In lower case: a suffix, what is counted, both or nothing.
    rate : bool
        Whether the number is a rate, which is per hundred or per thousand but never in millions.
    meanings : iterable of (str, int or None)
        What suffixes of several meanings say in this file; see :func:`settle_suffixes`.

    Returns
    -------
    int or None
        None where the rest says nothing that is known.

    Raises
    ------
    AmbiguousSuffixError
        If it means one thing in one language and another in the next, and the file does not tell.

    Examples
    --------
    >>> rests = ("k", "тыс. подписчиков", "万粉丝", "x")
    >>> [power_of(rest, rate=False, meanings=()) for rest in rests]
    [3, 3, 4, None]
    >>> power_of("%", rate=True, meanings=()), power_of("k", rate=True, meanings=())
    (-2, None)
    """
    word = _bare(rest)
    if rate:
        return 0 if not word else _SHARES.get(word)
    suffix = word
    if word not in _EXPONENTS and word not in _UNSURE:
        suffix = _bare(_COUNTED.sub("", word, count=1))
    if not suffix:
        return 0
    if suffix in _UNSURE:
        power = dict(meanings).get(suffix, _UNSURE[suffix])
        if power is None:
            raise AmbiguousSuffixError(suffix)
        return power
    return _EXPONENTS.get(suffix)


class AmbiguousSuffixError(Exception):
    """The suffix has several meanings, and the file does not tell which."""


def suffixes_in(rests: Collection[str]) -> frozenset[str]:
    """Return the known suffixes among what stands behind a column's numbers.

    Examples
    --------
    >>> sorted(suffixes_in(["тыс. подписчиков", "m", "apples"]))
    ['m', 'тыс']
    """
    words = (_bare(rest) for rest in rests)
    known = {_bare(_COUNTED.sub("", word, count=1)) if _is_long(word) else word for word in words}
    return frozenset(word for word in known if word in _EXPONENTS or word in _UNSURE)


def settle_suffixes(
    suffixes: Collection[str], spoken: Collection[str], possible: Collection[str] = ()
) -> tuple[tuple[str, int | None], ...]:
    """Say what the suffixes mean that have several meanings, by the company they keep.

    Parameters
    ----------
    suffixes : collection of str
        All that the file's numbers have.
    spoken : collection of str
        Codes of languages that words of its cells are in.
    possible : collection of str
        Codes of languages one of which the names of its columns are in; asked last.

    Returns
    -------
    tuple of (str, int or None)
        The power of ten of each that is not to be taken as usual; None where nothing tells.

    Examples
    --------
    >>> settle_suffixes({"mil", "m"}, ()), settle_suffixes({"mil"}, (), {"es", "pt"})
    ((('mil', 3),), (('mil', 3),))
    >>> settle_suffixes({"mil"}, ()), settle_suffixes({"b", "bin"}, ())
    ((), (('b', 3),))
    """
    present = frozenset(suffixes)
    codes = set(spoken) | {code for code, words in _TELLING.items() if present & words}
    settled: list[tuple[str, int | None]] = []
    for suffix in sorted(present & _UNSURE.keys()):
        known = _BY_LANGUAGE[suffix]
        told: set[int | None] = {power for code, power in known.items() if code in codes}
        if suffix == "m" and "mm" in present and not present & {"k", "к"}:
            told = {3}  # as accountants write thousands and millions
        if suffix == "mil" and not told:
            told = _by_exclusion(present)
        if not told:
            told = {known.get(code, _UNSURE[suffix]) for code in possible}
            told = told if len(told) == 1 else set()
        if told:
            settled.append((suffix, told.pop() if len(told) == 1 else None))
    return tuple(settled)


def _by_exclusion(present: frozenset[str]) -> set[int | None]:
    """Nobody writes a thousand, or a million, in two ways in one file."""
    others: set[int | None] = {_EXPONENTS[word] for word in present if word in _EXPONENTS}
    if "m" in present:
        others.add(6)
    both: set[int | None] = {3, 6}
    return both - others if others & both else set()


def _is_long(word: str) -> bool:
    return word not in _EXPONENTS and word not in _UNSURE


def _bare(word: str) -> str:
    return " ".join(word.rstrip(_FOOTNOTES).replace(".", " ").split())
