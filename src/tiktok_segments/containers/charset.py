"""Which encoding a text file has, told by its beginning."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
SAMPLE = 2**18
"""Bytes of a file's beginning that are looked at."""

_TURKISH = "cp1254"
WESTERN = "cp1252"
"""What bytes that are not UTF-8 are where little speaks for anything else."""

CANDIDATES = (
    *("gb18030", "big5hkscs", "cp932", "euc_jis_2004", "cp949"),
    *("cp1250", "cp1251", WESTERN, "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258"),
    *("koi8-r", "cp866", "cp850", "cp874", "iso8859-2", "mac-roman"),
)
"""National encodings that people's programs write, as chardet and Python call them.

The Windows code pages contain latin-1, ISO-8859-9 and most others of ISO-8859.
"""

Judge = Callable[[str], int]
"""How well the beginning of a text, as it reads in one encoding, names known columns."""

_CELL_ENDS = re.compile(rb"[,;\t\r\n]+")  # no byte of a character of several bytes
_SHIFTED = {
    b"\x1b$B": "iso2022_jp_3", b"\x1b$@": "iso2022_jp_3", b"\x1b$)C": "iso2022_kr",
}  # fmt: skip
"""What turns letters of seven bits to Japanese or Korean, as mail and old programs write them."""
_SHIFT = re.compile(b"|".join(map(re.escape, _SHIFTED)))
_MOST = 2**16
_PARTS = 8
_HIGH = re.compile("[\udc80-\udcff]")
_BESIDE_ASCII = re.compile("[^\x00-\x7f\udc80-\udcff]+")
_UNUSUAL = re.compile(r"[\x00-\x08\x0e-\x1f\ue000-\uf8ff\ufffe\uffff]")
_ODD_IN_WORD = re.compile(
    r"[^\W\d_][‚„†‡ˆ‰‹›‘“”•–—˜™¡-©«-´¶-¹»-¿×÷\ufffd][^\W\d_]|[A-Za-z][\u0370-\uffef][A-Za-z]"
)
"""Symbols as in "Pe–a", and letters of another script: so a text looks in a wrong encoding."""
_LEAST_ODD = 0.2
_LEAST_ASCII = 0.3


@dataclass(frozen=True)
class Charset:
    """The encoding of a text.

    Parameters
    ----------
    encoding : str
        As Python calls it.
    why : {"unicode", "said", "recognised"}
        Whether it is Unicode by its bytes, the user's word, or what the bytes look most like.
    mark : bytes
        The byte order mark that the text begins with.
    """

    encoding: str
    why: Literal["unicode", "said", "recognised"] = "unicode"
    mark: bytes = b""

    def shown(self) -> str:
        """Name an encoding that is not Unicode, for messages.

        Examples
        --------
        >>> Charset("gb18030", "recognised").shown()
        ' (read as gb18030)'
        """
        return "" if self.why == "unicode" else f" (read as {self.encoding})"


def recognise(head: bytes, said: str | None = None, judge: Judge | None = None) -> Charset:
    r"""Tell a text's encoding by its first bytes.

    A byte order mark tells it, zeros tell UTF-16, and bytes that are UTF-8 are that, be there a few
    bad ones among them. Of the national encodings it is the one in which most columns are known;
    among equals the one that chardet finds the likeliest by its statistics of languages, but
    Western European wherever that lead is small.

    Parameters
    ----------
    head : bytes
        The first bytes of the file, at most :data:`SAMPLE` are looked at.
    said : str, optional
        The encoding that the user says.
    judge : callable, optional
        How well a text names known columns.

    Returns
    -------
    Charset
        UTF-8 where there are only ASCII characters.

    Examples
    --------
    >>> recognise("Имя,Подписчики,Видео\n".encode("koi8-r"))
    Charset(encoding='koi8-r', why='recognised', mark=b'')
    >>> recognise("naïve 💎".encode())
    Charset(encoding='utf-8', why='unicode', mark=b'')
    """
    sample = head[:SAMPLE]
    if said is not None:
        return Charset(said, "said")
    for mark, encoding in BOMS:
        if sample.startswith(mark):
            return Charset(encoding, mark=mark)
    if sample.isascii() and (shifted := _SHIFT.search(sample)):
        return Charset(_SHIFTED[shifted[0]], "recognised")
    if sample.isascii() and b"\0" not in sample:
        return Charset("utf-8")
    if (wide := _wide_encoding(sample[:4096])) is not None:
        return Charset(wide)
    cells = _telling_cells(sample)
    if _is_utf8(cells):
        return Charset("utf-8")
    return Charset(_national(sample, cells, judge), "recognised")


def _wide_encoding(head: bytes) -> str | None:
    """Tell UTF-16 without a mark: it has zeros, and reads as text with ASCII in it."""
    if b"\0" not in head or len(head) < 8:
        return None
    for encoding in ("utf-16-le", "utf-16-be"):
        text = head[: len(head) // 2 * 2].decode(encoding, errors="replace")
        n_ascii = sum(character.isascii() for character in text)
        if n_ascii >= _LEAST_ASCII * len(text) and not _UNUSUAL.search(text):
            return encoding
    return None


def _telling_cells(sample: bytes) -> list[bytes]:
    """Return the different cells with bytes beyond ASCII: handles and numbers tell no language."""
    whole_lines = sample[: sample.rfind(b"\n") + 1] or sample
    cells = dict.fromkeys(c for c in _CELL_ENDS.split(whole_lines) if not c.isascii())
    sizes = accumulate(len(cell) for cell in cells)
    return [cell for cell, size in zip(cells, sizes, strict=True) if size <= _MOST] or list(cells)


def _is_utf8(cells: Sequence[bytes]) -> bool:
    """Whether cells are UTF-8 but for a few bad bytes.

    Pairs of bytes of Chinese are UTF-8 by chance, whole cells of them or four bytes hardly ever.
    """
    texts = [cell.decode("utf-8", errors="surrogateescape") for cell in cells]
    n_bad = sum(len(_HIGH.findall(text)) for text in texts)
    if not n_bad:
        return True
    good = "".join(part for text in texts for part in _BESIDE_ASCII.findall(text))
    n_whole = sum(_HIGH.search(text) is None for text in texts)
    likely = max(good) > "\uffff" if good else False
    return len(good.encode()) >= n_bad and (likely or 3 * n_whole >= len(texts))


def _national(sample: bytes, cells: Sequence[bytes], judge: Judge | None) -> str:
    chances = {WESTERN: 0.0, **_chances(cells)}
    texts = {name: sample.decode(name, errors="replace") for name in chances}
    known = {name: judge(text) if judge else 0 for name, text in texts.items()}
    most = max(known.values())
    best = max((n for n in texts if known[n] == most), key=lambda n: chances[n])
    if known[WESTERN] < most:
        return best
    western = chances[WESTERN]
    if _has_odd_words(texts[WESTERN]):
        best = max(chances, key=lambda name: (not _has_odd_words(texts[name]), chances[name]))
        return best if chances[best] > western else WESTERN
    if texts[best] != texts[WESTERN] and chances[best] > 1.5 * western + 0.02:
        return best
    # Where the two differ, the letters are Turkish or Icelandic: of these there are few.
    turkish = chances.get(_TURKISH, 0.0) > 0.8 * western and texts[_TURKISH] != texts[WESTERN]
    return _TURKISH if turkish else WESTERN


def _has_odd_words(text: str) -> bool:
    """Whether many of the letters beyond ASCII do not belong in the midst of their words."""
    n_odd = len(_ODD_IN_WORD.findall(text))
    return n_odd > _LEAST_ODD * sum(not character.isascii() for character in text)


def _chances(cells: Sequence[bytes]) -> dict[str, float]:
    """Return how likely each encoding is, of all cells or on average of an eighth of them.

    One broken character excludes an encoding from the whole, but not from the other parts.
    """
    parts = [part for start in range(_PARTS) if (part := cells[start::_PARTS])]
    chances: dict[str, float] = {}
    for part in parts:
        for name, chance in _detect(part).items():
            chances[name] = chances.get(name, 0.0) + chance / len(parts)
    for name, chance in _detect(cells).items():
        chances[name] = max(chance, chances.get(name, 0.0))
    return chances


def _detect(cells: Sequence[bytes]) -> dict[str, float]:
    import chardet  # a twentieth of a second, for texts that are not UTF-8

    found = chardet.detect_all(
        b"\n".join(cells), include_encodings=CANDIDATES, compat_names=False, ignore_threshold=True
    )
    return {str(one["encoding"]): float(one["confidence"]) for one in found if one["encoding"]}
