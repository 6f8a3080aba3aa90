"""A column's distinct texts, folded: digits of every script to those of ASCII, marks to plain ones.

Whatever is done per text is done once for each text that differs, and not once a row.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

# Marks that normal form KC leaves as they are. An Arabic thousands mark only ever groups, as an
# apostrophe does; the Arabic decimal mark is a decimal dot.
_MARKS = str.maketrans(
    {
        "−": "-", "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-",
        "―": "-", "﹣": "-",
        "’": "'", "‘": "'", "ʼ": "'", "′": "'", "`": "'", "´": "'", "٬": "'",
        "٫": ".", "،": ",", "、": ",", "٪": "%", "؉": "‰",
        "\u0640": None,
    }
    | dict.fromkeys([0x00AD, *range(0x200B, 0x2010), 0x061C, *range(0x202A, 0x202F)])
    | dict.fromkeys([*range(0x2060, 0x206A), 0xFEFF])
)  # fmt: skip

_EQUALLED = r'^=(?:"([^"]*)"|([+-]?\d[\d.,]*))$'


@dataclass(frozen=True)
class Distinct:
    """A column of texts, each of which is kept once.

    Parameters
    ----------
    texts : pyarrow.StringArray
        Folded; two may be alike that were not alike in the file.
    codes : ndarray of int, shape (n_rows,)
        Position of each row's text; the number of texts where the cell is empty.
    """

    texts: pa.StringArray
    codes: np.ndarray

    def spread(self, of_texts: np.ndarray, missing: object) -> np.ndarray:
        """Return for each row what was found for its text.

        Parameters
        ----------
        of_texts : ndarray, shape (n_texts,)
            A value for each text.
        missing : object
            That of an empty cell.

        Returns
        -------
        ndarray, shape (n_rows,)
            In the order of the rows.
        """
        return np.append(of_texts, np.array([missing], dtype=of_texts.dtype))[self.codes]


def encode_distinct(texts: pa.ChunkedArray) -> pa.DictionaryArray:
    """Each distinct text once, and which one every row has."""
    encoded = texts.combine_chunks()
    if not pa.types.is_dictionary(texts.type):
        encoded = encoded.dictionary_encode()
    return encoded.combine_chunks() if isinstance(encoded, pa.ChunkedArray) else encoded


def find_distinct(texts: pa.ChunkedArray) -> Distinct:
    """Find the distinct texts of a column, and fold them.

    Parameters
    ----------
    texts : pyarrow.ChunkedArray
        Strings.

    Returns
    -------
    Distinct
        In order of first appearance.

    Examples
    --------
    >>> found = find_distinct(pa.chunked_array([["١٢٫٥ %", "1M", None], ["1M"]]))
    >>> found.texts.to_pylist(), found.codes.tolist()
    (['12.5 %', '1m'], [0, 1, 2, 1])
    """
    encoded = encode_distinct(texts)
    folded = fold_texts(encoded.dictionary.cast(pa.string()))
    codes = encoded.indices.fill_null(len(folded)).to_numpy(zero_copy_only=False)
    return Distinct(folded, codes)


def fold_texts(texts: pa.StringArray) -> pa.StringArray:
    """Fold texts: lower case, plain blanks and marks, digits of ASCII, no blanks around.

    Examples
    --------
    >>> fold_texts(pa.array(["１２，５", "१२,३४,५६७", "1\u202f234", "1’234", " −5 "])).to_pylist()
    ['12,5', '12,34,567', '1 234', "1'234", '-5']
    >>> fold_texts(pa.array(["83200¹", "1½", "①"])).to_pylist()
    ['83200¹', '1½', '①']
    """
    if not pc.all(pc.string_is_ascii(texts)).as_py():
        ascii_only = pc.string_is_ascii(texts)
        odd = texts.filter(pc.invert(ascii_only)).to_pylist()
        folded = pa.array([_fold(text) for text in odd], pa.string())
        texts = pc.replace_with_mask(texts, pc.invert(ascii_only), folded)
    texts = pc.utf8_trim_whitespace(texts)
    return pc.utf8_lower(without_equals(texts))


def without_equals(texts: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """Take away the equals sign by which a spreadsheet keeps a text, or computes a lone number.

    Examples
    --------
    >>> without_equals(pa.array(['="00120"', "=12.5", "=1+1", "=SUM(A1)"])).to_pylist()
    ['00120', '12.5', '=1+1', '=SUM(A1)']
    """
    if not pc.any(pc.starts_with(texts, "=")).as_py():
        return texts
    return pc.replace_substring_regex(texts, _EQUALLED, r"\1\2")


def _fold(text: str) -> str:
    """Fold one text with letters beyond ASCII; Arrow's own form KC takes Korean syllables apart.

    A footnote mark or a fraction, as in 83200¹, is no digit, as which form KC would write it.
    """
    marks, letters = _folding()
    plain = [
        part if marks.match(part) else unicodedata.normalize("NFKC", part)
        for part in marks.split(text)
    ]
    return "".join(plain).translate(letters)


@cache
def _folding() -> tuple[re.Pattern[str], dict[int, str | None]]:
    """Return what form KC must not touch, and what is changed beside it; most files need none."""
    digits, marks = {}, []
    for letter in map(chr, range(0x80, 0x1_FFFF)):
        if letter.isdecimal():
            digits[ord(letter)] = str(unicodedata.decimal(letter))
        elif unicodedata.category(letter) == "No":
            marks.append(letter)
    return re.compile(f"([{''.join(marks)}]+)"), _MARKS | digits


def any_matches(texts: pa.StringArray, pattern: str) -> bool:
    """Say whether any text matches a pattern; where the first do, the others are not looked at."""
    start, size = 0, 1000
    while start < len(texts):
        if pc.any(pc.match_substring_regex(texts.slice(start, size), pattern)).as_py():
            return True
        start, size = start + size, size * 8
    return False
