"""Numbers as exports spell them, whole columns at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tiktok_segments.schema import Column

NULLS = pa.array(["", "null", "n/a", "na", "-", "--", "none", "nan", "#n/a", "nil", "undefined"])
PROBLEMS = ("", "unreadable", "infinite", "negative", "fractional", "too large", "ambiguous")
"""What can be wrong with a number; the position is its code, 0 is fine."""
UNREADABLE, INFINITE, NEGATIVE, FRACTIONAL, TOO_LARGE, AMBIGUOUS = range(1, 7)

_PLAIN = r"^[+-]?(\d{1,40}(\.\d{0,400})?|\.\d{1,400})(e(\+?\d{1,2}|-\d{1,3}))?$"
_INFINITE = r"^[+-]?(inf|infinity|\d[\d.]*e\+?\d{3,})$"
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
_DOTS_GROUP = r"^[1-9]\d{0,2}(\.\d{3}){2,}(,\d+)?$|^[1-9]\d{0,2}(\.\d{3})+,\d+$"
_SPACES_GROUP = r"^[1-9]\d{0,2}( \d{3})+([.,]\d+)?$"
_ONE_DOT = r"^[1-9]\d{0,2}\.\d{3}$"
_DECIMAL = r"^\d*[.,]\d+$|^\d+[.,]?$"


@dataclass(frozen=True)
class Numbers:
    """A column of numbers.

    Parameters
    ----------
    values : ndarray of float64, shape (n_rows,)
        NaN where missing or wrong.
    problems : ndarray of int8, shape (n_rows,)
        Code into PROBLEMS; 0 where the value is fine or missing.
    """

    values: np.ndarray
    problems: np.ndarray


def read_numbers(
    cells: pa.ChunkedArray, column: Column, *, percent: bool = False, dots: str | None = None
) -> Numbers:
    """Read a column of numbers.

    Each distinct text is read once: ``12.5M``, ``16,037 M``, ``1,234,567``, ``3e+06``, ``16.60%``.

    Parameters
    ----------
    cells : pyarrow.ChunkedArray
        Texts, or numbers already.
    column : Column
        What the numbers are; decides about a lone comma and the valid range.
    percent : bool
        Whether plain numbers are percentages.
    dots : str, optional
        What a lone dot in a count is, as :func:`settle_dots` says of the whole column, where
        these cells are a part of it.

    Returns
    -------
    Numbers
        Values and problems, row by row.

    Examples
    --------
    >>> from tiktok_segments.schema import COLUMNS
    >>> cells = pa.chunked_array([["12.5M", "1,234", "null", "-5"]])
    >>> numbers = read_numbers(cells, COLUMNS["followers"])
    >>> numbers.values.tolist(), [PROBLEMS[code] for code in numbers.problems]
    ([12500000.0, 1234.0, nan, nan], ['', '', '', 'negative'])
    """
    kind = cells.type
    if pa.types.is_dictionary(kind):
        cells, kind = cells.cast(kind.value_type), kind.value_type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        # to_numpy gives integers as they are only where none is missing; go through float64.
        values = pc.cast(cells, pa.float64(), safe=False).to_numpy().copy()
        if percent:
            values /= 100
        problems = np.zeros(len(values), dtype=np.int8)
        if not percent and pa.types.is_integer(kind) and _lie_within(cells, column):
            return Numbers(values, problems)
        return _checked(values, problems, column)
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        wrong = pc.is_valid(cells).to_numpy().astype(np.int8) * UNREADABLE
        return Numbers(np.full(len(cells), np.nan), wrong.astype(np.int8))
    encoded = cells.combine_chunks().dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    distinct = _read_texts(encoded.dictionary.cast(pa.string()), column, percent, dots)
    codes = encoded.indices.fill_null(len(distinct.values)).to_numpy(zero_copy_only=False)
    return Numbers(
        np.append(distinct.values, np.nan)[codes], np.append(distinct.problems, 0)[codes]
    )


def _read_texts(texts: pa.StringArray, column: Column, percent: bool, dots: str | None) -> Numbers:
    texts = pc.utf8_lower(pc.utf8_trim_whitespace(texts))
    plain = pc.match_substring_regex(texts, _PLAIN)
    if column.kind != "count":
        dots = "decimal"
    elif dots is None:
        dots = settle_dots(_dots_in(texts))
    one_dot = pc.match_substring_regex(texts, _ONE_DOT)
    if dots == "thousands":
        texts = pc.if_else(one_dot, pc.replace_substring(texts, ".", ""), texts)
    values = _to_float(pc.if_else(plain, texts, None))
    if percent:
        values /= 100
    problems = np.zeros(len(texts), dtype=np.int8)
    odd = pc.invert(pc.or_(plain, pc.is_in(texts, value_set=NULLS))).to_numpy(zero_copy_only=False)
    if odd.any():
        odd_texts = texts.filter(pa.array(odd))
        values[odd] = _read_odd(odd_texts, column, percent)
        infinite = pc.match_substring_regex(odd_texts, _INFINITE).to_numpy(zero_copy_only=False)
        unread = np.isnan(values[odd])
        problems[odd] = np.where(infinite, INFINITE, np.where(unread, UNREADABLE, 0))
    if dots == "ambiguous":
        problems[one_dot.to_numpy(zero_copy_only=False)] = AMBIGUOUS
    return _checked(values, problems, column)


def dots_in_counts(cells: pa.ChunkedArray) -> frozenset[str]:
    """Return what the cells of a column of counts tell of its dots, for :func:`settle_dots`.

    Parameters
    ----------
    cells : pyarrow.ChunkedArray
        The column, or a part of it.

    Returns
    -------
    frozenset of str
        ``thousands``, ``decimal``, both or neither; what parts tell is the union of it.

    Examples
    --------
    >>> sorted(dots_in_counts(pa.chunked_array([["1.234.567", "0.5", "637.000"]])))
    ['decimal', 'thousands']
    """
    kind = cells.type.value_type if pa.types.is_dictionary(cells.type) else cells.type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        return frozenset()
    return _dots_in(pc.utf8_lower(pc.utf8_trim_whitespace(cells.cast(pa.string()).unique())))


def _dots_in(texts: pa.StringArray) -> frozenset[str]:
    told = set()
    if pc.any(pc.match_substring_regex(texts, _DOTS_GROUP)).as_py():
        told.add("thousands")
    plain = pc.match_substring_regex(texts, _PLAIN)
    one_dot = pc.match_substring_regex(texts, _ONE_DOT)
    other_dots = pc.and_(pc.match_substring(texts, "."), pc.invert(one_dot))
    if pc.any(pc.and_(plain, other_dots)).as_py():
        told.add("decimal")
    return frozenset(told)


def settle_dots(told: frozenset[str]) -> str:
    """Say what the dot of 637.000 is: the column's other values tell, or nobody knows.

    Examples
    --------
    >>> settle_dots(frozenset({"thousands", "decimal"})), settle_dots(frozenset())
    ('thousands', 'ambiguous')
    """
    return next((name for name in ("thousands", "decimal") if name in told), "ambiguous")


def _lie_within(cells: pa.ChunkedArray, column: Column) -> bool:
    """Say whether whole numbers are all in a column's range: one look instead of one for each."""
    found = pc.min_max(cells).as_py()
    lowest = -np.inf if column.minimum is None else column.minimum
    highest = np.inf if column.maximum is None else column.maximum
    return found["min"] is None or (lowest <= found["min"] and found["max"] <= highest)


def _checked(values: np.ndarray, problems: np.ndarray, column: Column) -> Numbers:
    """Mark what lies outside the column's range and take its value away."""
    codes = problems.copy()
    with np.errstate(invalid="ignore"):
        codes[np.isinf(values)] = INFINITE
        if column.minimum is not None:
            codes[(codes == 0) & (values < column.minimum)] = NEGATIVE
        if column.maximum is not None:
            codes[(codes == 0) & (values > column.maximum)] = TOO_LARGE
        if column.kind == "count":
            codes[(codes == 0) & (values != np.floor(values)) & ~np.isnan(values)] = FRACTIONAL
    return Numbers(np.where(codes == 0, values, np.nan), codes)


def _read_odd(texts: pa.StringArray, column: Column, percent: bool) -> np.ndarray:
    """Numbers with grouping, a decimal comma, a suffix or a percent sign; NaN where it is none."""
    scientific = pc.match_substring_regex(texts, _COMMA_MANTISSA)
    if pc.any(scientific).as_py():
        dotted = pc.replace_substring_regex(texts, _COMMA_MANTISSA, r"\1.\2")
        values = _to_float(pc.if_else(scientific, dotted, None))
        if percent:
            values /= 100
        others = pc.if_else(scientific, None, texts)
        return np.where(np.isnan(values), _read_odd(others, column, percent), values)
    parts = pc.extract_regex(pc.replace_substring_regex(texts, _SPACES, " "), _ODD)
    sign, digits, unit = (pc.struct_field(parts, name) for name in ("sign", "digits", "unit"))
    digits = pc.utf8_trim_whitespace(digits)
    has_unit = pc.not_equal(unit, "")
    allowed = ("%", "") if column.kind == "rate" else ("", "k", "m", "mn", "b", "bn")
    good = pc.is_in(unit, value_set=pa.array(allowed))
    commas_group = pc.match_substring_regex(digits, _COMMAS_GROUP)
    if column.kind != "rate":
        one_comma = pc.match_substring_regex(digits, _ONE_COMMA)
        commas_group = pc.or_(commas_group, pc.and_(one_comma, pc.invert(has_unit)))
    number = pc.case_when(
        pc.make_struct(
            commas_group,
            pc.match_substring_regex(digits, _DOTS_GROUP),
            pc.match_substring_regex(digits, _SPACES_GROUP),
            pc.match_substring_regex(digits, _DECIMAL),
        ),
        pc.replace_substring(digits, ",", ""),
        pc.replace_substring(pc.replace_substring(digits, ".", ""), ",", "."),
        pc.replace_substring(pc.replace_substring(digits, " ", ""), ",", "."),
        pc.replace_substring(digits, ",", "."),
    )
    # A suffix becomes an exponent in the text, so 16.6% is exactly the number 0.166.
    exponent = unit
    for suffix, text in _EXPONENTS.items():
        exponent = pc.if_else(pc.equal(unit, suffix), text, exponent)
    joined = pc.binary_join_element_wise(sign, number, exponent, "")
    values = _to_float(pc.if_else(good, joined, None))
    with_unit = has_unit.fill_null(False).to_numpy(zero_copy_only=False)
    if percent:
        values[~with_unit] /= 100
    if column.kind == "count":
        values[with_unit] = np.round(values[with_unit])
    return values


def _to_float(texts: pa.StringArray) -> np.ndarray:
    bare = pc.replace_substring_regex(texts, r"^\+", "")
    return np.array(pc.cast(bare, pa.float64()))
