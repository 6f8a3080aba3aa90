"""Words without what people write differently: case, accents, marks."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_DROPPED = {
    *range(0x0300, 0x0370),  # accents of Latin, Greek and Cyrillic letters
    *range(0x064B, 0x0660), 0x0670, 0x0640,  # Arabic vowels, and the stroke that lengthens words
    0x093C,  # the Devanagari dot below, which many leave out
    *range(0xFE00, 0xFE10),  # what makes a sign a picture
}  # fmt: skip
_NO_LETTER = re.compile("[^a-z0-9]+")
_LETTERS = str.maketrans({"ı": "i", "ł": "l", "đ": "d", "ø": "o", "æ": "ae", "œ": "oe"})


@lru_cache(maxsize=2**14)
def normalise(name: str) -> str:
    """Name without case, accents, spaces, underscores and other marks.

    Parameters
    ----------
    name : str
        Of a column, or a word of a cell.

    Returns
    -------
    str
        Letters, digits, and the vowel signs without which a word of Hindi is another one.

    Examples
    --------
    >>> normalise("authorMeta.fans") == normalise("Author_Meta/Fans")
    True
    >>> [normalise(name) for name in ("Abonnés", "TAKİPÇİ SAYISI", "Тёма", "フォロワー数")]
    ['abonnes', 'takipcisayisi', 'тема', 'フォロワー数']
    """
    if name.isascii():
        return _NO_LETTER.sub("", name.lower())
    folded = unicodedata.normalize("NFKD", name).casefold()
    bare = "".join(character for character in folded if ord(character) not in _DROPPED)
    composed = unicodedata.normalize("NFC", bare).translate(_LETTERS)
    return "".join(
        character
        for character in composed
        if character.isalnum() or unicodedata.category(character).startswith("M")
    )
