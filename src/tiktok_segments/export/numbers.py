"""Numbers as exports spell them, whole columns at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tiktok_segments.export.odd_numbers import DOTS_GROUP, read_odd, to_float
from tiktok_segments.schema import Column

NULLS = pa.array(["", "null", "n/a", "na", "-", "--", "none", "nan", "#n/a", "nil", "undefined"])
PROBLEMS = ("", "unreadable", "infinite", "negative", "fractional", "too large", "ambiguous")
"""What can be wrong with a number; the position is its code, 0 is fine."""
UNREADABLE, INFINITE, NEGATIVE, FRACTIONAL, TOO_LARGE, AMBIGUOUS = range(1, 7)

_PLAIN = r"^[+-]?(\d{1,40}(\.\d{0,400})?|\.\d{1,400})(e(\+?\d{1,2}|-\d{1,3}))?$"
_INFINITE = r"^[+-]?(inf|infinity|\d[\d.]*e\+?\d{3,})$"

_ONE_DOT = r"^[1-9]\d{0,2}\.\d{3}$"


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
    values = to_float(pc.if_else(plain, texts, None))
    if percent:
        values /= 100
    problems = np.zeros(len(texts), dtype=np.int8)
    odd = pc.invert(pc.or_(plain, pc.is_in(texts, value_set=NULLS))).to_numpy(zero_copy_only=False)
    if odd.any():
        odd_texts = texts.filter(pa.array(odd))
        values[odd] = read_odd(odd_texts, column, percent)
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
    if pc.any(pc.match_substring_regex(texts, DOTS_GROUP)).as_py():
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
