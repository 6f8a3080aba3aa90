"""Numbers that are spelled for people: groups, decimal commas, suffixes and percent signs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tiktok_segments.cells.decimal_marks import LONE, Marks, plain_spelling
from tiktok_segments.cells.myriads import read_myriads
from tiktok_segments.cells.suffixes import AmbiguousSuffixError, power_of
from tiktok_segments.schema import Column

_ODD = (
    r"^(?P<about>~|'|≈|≃|約|约|ca\.? |approx\.? |about |%)? ?(?P<sign>[+-]?) ?"
    r"(?P<digits>\d[\d.,' ]{0,60}|[.,]\d{1,40})(?P<rest>[^\d.,' ].{0,60})?$"
)
_COMMA_MANTISSA = r"^([+-]?\d),(\d{1,40}e[+-]?\d{1,3})$"

# 1,234,567.8 and 12,34,567 are certain; 1,234 alone is settled over the file.
_GROUPS = (
    r"^[1-9]\d{0,2}(G\d{3}){2,}(D\d+)?$|^[1-9]\d{0,2}(G\d{3})+D\d+$"
    r"|^[1-9]\d?(G\d{2})+G\d{3}(D\d+)?$"
)
_COMMAS_GROUP = _GROUPS.replace("G", "[,]").replace("D", "[.]")
_DOTS_GROUP = _GROUPS.replace("G", "[.]").replace("D", "[,]")
_BLANKS_GROUP = r"^[1-9]\d{0,2}([ ']\d{3})+([.,]\d+)?$|^[1-9]\d?([ ']\d{2})+[ ']\d{3}([.,]\d+)?$"
_MILLIONS = pa.array([f"e{power}" for power in range(6, 10)])
_DECIMAL = r"^\d*[.,]\d+$|^\d+[.,]?$"


@dataclass(frozen=True)
class OddNumbers:
    """What odd texts say.

    Parameters
    ----------
    values : ndarray of float64, shape (n_texts,)
        NaN where a text is not such a number, or means two things.
    ambiguous : ndarray of bool, shape (n_texts,)
        Texts that mean two things.
    """

    values: np.ndarray
    ambiguous: np.ndarray


def read_odd(
    texts: pa.StringArray,
    column: Column,
    marks: Marks,
    *,
    factor: float = 1.0,
    meanings: tuple[tuple[str, int | None], ...] = (),
) -> OddNumbers:
    """Read numbers with groups, a decimal comma, a suffix or a percent sign.

    Parameters
    ----------
    texts : pyarrow.StringArray
        Folded.
    column : Column
        What the numbers are; decides about the suffixes.
    marks : Marks
        What a lone dot and a lone comma are.
    factor : float
        What numbers without a unit of their own are in.
    meanings : tuple of (str, int or None)
        What suffixes of several meanings say.

    Returns
    -------
    OddNumbers
        Text by text.

    Examples
    --------
    >>> from tiktok_segments.schema import COLUMNS
    >>> texts = pa.array(["12.5m", "1,234", "3,5e+03", "2.3万", "1'234'567"])
    >>> read_odd(texts, COLUMNS["followers"], Marks("decimal", "thousands")).values.tolist()
    [12500000.0, 1234.0, 3500.0, 23000.0, 1234567.0]
    """
    easy = plain_spelling(texts, column, marks)
    values, whole = to_float(easy), column.kind == "count"
    if column.kind != "rate":  # whose percent signs are units of their own
        values = scaled(values, factor, whole=whole)
    ambiguous = np.zeros(len(texts), dtype=bool)
    hard = np.isnan(values)
    if hard.any():
        left = texts.filter(pa.array(hard))
        scientific = scaled(_read_decimal_comma_exponents(left), factor, whole=whole)
        spelled = _read_spelled(left, column, marks, factor, meanings)
        values[hard] = np.where(np.isnan(scientific), spelled.values, scientific)
        if column.kind != "rate":
            myriads = read_myriads(left)
            values[hard] = np.where(np.isnan(myriads), values[hard], myriads)
        ambiguous[hard] = spelled.ambiguous
    return OddNumbers(values, ambiguous)


def scaled(values: np.ndarray, factor: float, *, whole: bool = False) -> np.ndarray:
    """Return numbers times a factor; 16.6 percent is exactly the number 0.166.

    Parameters
    ----------
    values : ndarray
        Numbers in some unit.
    factor : float
        Of the unit.
    whole : bool
        Whether they are counts, which in thousands or the like may be rounded ones.

    Returns
    -------
    ndarray
        Numbers in single ones.
    """
    if factor == 1:
        return values
    values = values / round(1 / factor) if factor < 1 else values * factor
    return np.round(values) if whole else values


def _read_decimal_comma_exponents(texts: pa.StringArray) -> np.ndarray:
    """Texts like ``3,5e+06``."""
    fitting = pc.match_substring_regex(texts, _COMMA_MANTISSA)
    dotted = pc.replace_substring_regex(texts, _COMMA_MANTISSA, r"\1.\2")
    return to_float(pc.if_else(fitting, dotted, None))


def _read_spelled(
    texts: pa.StringArray,
    column: Column,
    marks: Marks,
    factor: float,
    meanings: tuple[tuple[str, int | None], ...],
) -> OddNumbers:
    """Sign, digits with groups or a comma, and a suffix that the kind of column allows."""
    parts = pc.extract_regex(texts, _ODD)
    about, sign, digits, rest = (
        pc.struct_field(parts, name) for name in ("about", "sign", "digits", "rest")
    )
    trailing = pc.equal(pc.utf8_trim_whitespace(rest), "-")
    sign = pc.if_else(pc.and_(trailing, pc.equal(sign, "")), "-", sign)
    rest = pc.if_else(trailing, "", rest)
    # Turks and Basques write %9,1.
    leading = pc.equal(about, "%")
    rest = pc.if_else(pc.and_(leading, pc.equal(rest, "")), "%", pc.if_else(leading, "?", rest))
    exponents, has_unit, unsure = _exponents(rest, column, meanings)
    digits = pc.utf8_trim_whitespace(digits)
    in_millions = pc.is_in(exponents, value_set=_MILLIONS)
    number, undecided = _with_a_decimal_dot(digits, has_unit, in_millions, marks)
    joined = pc.binary_join_element_wise(sign, number, exponents, "")
    values = to_float(joined)
    with_unit = has_unit.fill_null(False).to_numpy(zero_copy_only=False)
    whole = column.kind == "count"
    values[~with_unit] = scaled(values[~with_unit], factor, whole=whole)
    if whole:
        values[with_unit] = np.round(values[with_unit])
    ambiguous = undecided | (unsure & ~np.isnan(to_float(number)))
    return OddNumbers(np.where(ambiguous, np.nan, values), ambiguous)


def _exponents(
    rest: pa.StringArray, column: Column, meanings: tuple[tuple[str, int | None], ...]
) -> tuple[pa.StringArray, pa.BooleanArray, np.ndarray]:
    """Return what stands behind each number as an exponent, whether it is a unit, and unsure."""
    encoded = rest.dictionary_encode()
    texts: list[str | None] = []
    units, unsure = [], []
    for word in encoded.dictionary.to_pylist():
        doubtful = False
        try:
            power = power_of(word, rate=column.kind == "rate", meanings=meanings)
        except AmbiguousSuffixError:
            power, doubtful = None, True
        texts.append(None if power is None else f"e{power}")
        units.append(doubtful or power not in (None, 0))
        unsure.append(doubtful)
    # An exponent in the text, so 16.6% is exactly the number 0.166 and 4.35M is whole.
    indices = encoded.indices
    exponents = pa.array(texts, pa.string()).take(indices)
    has_unit = pa.array(units, pa.bool_()).take(indices)
    doubt = pa.array(unsure, pa.bool_()).take(indices).fill_null(False)
    return exponents, has_unit, doubt.to_numpy(zero_copy_only=False)


def _with_a_decimal_dot(
    digits: pa.StringArray,
    has_unit: pa.BooleanArray,
    in_millions: pa.BooleanArray,
    marks: Marks,
) -> tuple[pa.StringArray, np.ndarray]:
    """Digits without groups, null where marks stand as in no number; and which mean two things."""
    commas_group = pc.match_substring_regex(digits, _COMMAS_GROUP)
    dots_group = pc.match_substring_regex(digits, _DOTS_GROUP)
    ambiguous = pa.array(np.zeros(len(digits), dtype=bool))
    lone_marks = (
        (",", marks.commas, marks.suffixed_commas, marks.million_commas),
        (".", marks.dots, marks.suffixed_dots, marks.million_dots),
    )
    for mark, plain, suffixed, million in lone_marks:
        lone = pc.match_substring_regex(digits, f"^{LONE[mark]}$")
        meaning = pc.if_else(in_millions, million, pc.if_else(has_unit, suffixed, plain))
        groups = pc.and_(lone, pc.equal(meaning, "thousands"))
        if mark == ",":
            commas_group = pc.or_(commas_group, groups)
        else:
            dots_group = pc.or_(dots_group, groups)
        undecided = pc.and_(lone, pc.equal(meaning, "ambiguous")).fill_null(False)
        ambiguous = pc.or_(ambiguous, undecided)
    blanks_group = pc.match_substring_regex(digits, _BLANKS_GROUP)
    decimal = pc.match_substring_regex(digits, _DECIMAL)
    with_dot = pc.replace_substring(digits, ",", ".")
    number = pc.case_when(
        pc.make_struct(commas_group, dots_group, blanks_group, decimal),
        pc.replace_substring(digits, ",", ""),
        pc.replace_substring(pc.replace_substring(digits, ".", ""), ",", "."),
        pc.replace_substring_regex(with_dot, "[ ']", ""),
        with_dot,
    )
    return number, ambiguous.to_numpy(zero_copy_only=False)


def to_float(texts: pa.StringArray) -> np.ndarray:
    """Read plain numbers of float64; NaN where a text is null."""
    bare = pc.replace_substring_regex(texts, r"^\+", "")
    return np.array(pc.cast(bare, pa.float64()))
