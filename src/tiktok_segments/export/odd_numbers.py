"""Numbers that are spelled for people: groups, decimal commas, suffixes and percent signs."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tiktok_segments.schema import Column

_ODD = (
    r"^(?P<sign>[+-]?) ?(?P<digits>\d[\d., ]{0,60}|[.,]\d{1,40}?) ?"
    r"(?P<unit>k|m|b|mn|bn|%)?$"
)
_COMMA_MANTISSA = r"^([+-]?\d),(\d{1,40}e[+-]?\d{1,3})$"
_SPACES = r"[\x{00a0}\x{2009}\x{202f}\x{2007}]"
_EXPONENTS = {"k": "e3", "m": "e6", "mn": "e6", "b": "e9", "bn": "e9", "%": "e-2"}

# 1,234,567.8 is certain; 1,234 alone is thousands in a count and a decimal comma elsewhere.
_COMMAS_GROUP = r"^[1-9]\d{0,2}(,\d{3}){2,}(\.\d+)?$|^[1-9]\d{0,2}(,\d{3})+\.\d+$"
_ONE_COMMA = r"^[1-9]\d{0,2},\d{3}$"
DOTS_GROUP = r"^[1-9]\d{0,2}(\.\d{3}){2,}(,\d+)?$|^[1-9]\d{0,2}(\.\d{3})+,\d+$"
_SPACES_GROUP = r"^[1-9]\d{0,2}( \d{3})+([.,]\d+)?$"
_DECIMAL = r"^\d*[.,]\d+$|^\d+[.,]?$"


def read_odd(texts: pa.StringArray, column: Column, percent: bool) -> np.ndarray:
    """Read numbers with groups, a decimal comma, a suffix or a percent sign.

    Parameters
    ----------
    texts : pyarrow.StringArray
        In lower case, without blanks around.
    column : Column
        What the numbers are; decides about a lone comma and the suffixes.
    percent : bool
        Whether plain numbers are percentages.

    Returns
    -------
    ndarray of float64, shape (n_texts,)
        NaN where a text is not such a number.

    Examples
    --------
    >>> from tiktok_segments.schema import COLUMNS
    >>> read_odd(pa.array(["12.5m", "1,234", "3,5e+03"]), COLUMNS["followers"], False).tolist()
    [12500000.0, 1234.0, 3500.0]
    """
    values = _read_decimal_comma_exponents(texts)
    if percent:
        values /= 100
    return np.where(np.isnan(values), _read_suffixed(texts, column, percent), values)


def _read_decimal_comma_exponents(texts: pa.StringArray) -> np.ndarray:
    """Texts like ``3,5e+06``."""
    fitting = pc.match_substring_regex(texts, _COMMA_MANTISSA)
    dotted = pc.replace_substring_regex(texts, _COMMA_MANTISSA, r"\1.\2")
    return to_float(pc.if_else(fitting, dotted, None))


def _read_suffixed(texts: pa.StringArray, column: Column, percent: bool) -> np.ndarray:
    """Sign, digits with groups or a comma, and a suffix that the kind of column allows."""
    parts = pc.extract_regex(pc.replace_substring_regex(texts, _SPACES, " "), _ODD)
    sign, digits, unit = (pc.struct_field(parts, name) for name in ("sign", "digits", "unit"))
    has_unit = pc.not_equal(unit, "")
    allowed = ("%", "") if column.kind == "rate" else ("", "k", "m", "mn", "b", "bn")
    good = pc.is_in(unit, value_set=pa.array(allowed))
    number = _with_a_decimal_dot(pc.utf8_trim_whitespace(digits), has_unit, column)
    # A suffix becomes an exponent in the text, so 16.6% is exactly the number 0.166.
    exponent = unit
    for suffix, text in _EXPONENTS.items():
        exponent = pc.if_else(pc.equal(unit, suffix), text, exponent)
    joined = pc.binary_join_element_wise(sign, number, exponent, "")
    values = to_float(pc.if_else(good, joined, None))
    with_unit = has_unit.fill_null(False).to_numpy(zero_copy_only=False)
    if percent:
        values[~with_unit] /= 100
    if column.kind == "count":
        values[with_unit] = np.round(values[with_unit])
    return values


def _with_a_decimal_dot(
    digits: pa.StringArray, has_unit: pa.BooleanArray, column: Column
) -> pa.StringArray:
    """Digits without groups; null where commas, dots and spaces stand as in no number."""
    commas_group = pc.match_substring_regex(digits, _COMMAS_GROUP)
    if column.kind != "rate":
        one_comma = pc.match_substring_regex(digits, _ONE_COMMA)
        commas_group = pc.or_(commas_group, pc.and_(one_comma, pc.invert(has_unit)))
    dots_group = pc.match_substring_regex(digits, DOTS_GROUP)
    spaces_group = pc.match_substring_regex(digits, _SPACES_GROUP)
    decimal = pc.match_substring_regex(digits, _DECIMAL)
    with_dot = pc.replace_substring(digits, ",", ".")
    return pc.case_when(
        pc.make_struct(commas_group, dots_group, spaces_group, decimal),
        pc.replace_substring(digits, ",", ""),
        pc.replace_substring(pc.replace_substring(digits, ".", ""), ",", "."),
        pc.replace_substring(with_dot, " ", ""),
        with_dot,
    )


def to_float(texts: pa.StringArray) -> np.ndarray:
    """Read plain numbers of float64; NaN where a text is null."""
    bare = pc.replace_substring_regex(texts, r"^\+", "")
    return np.array(pc.cast(bare, pa.float64()))
