"""Numbers as exports spell them, whole columns at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tiktok_segments.cells.decimal_marks import LONE, Marks, marks_in, settle_marks
from tiktok_segments.cells.distinct import Distinct, any_matches, find_distinct
from tiktok_segments.cells.odd_numbers import read_odd, scaled, to_float
from tiktok_segments.cells.problems import (
    FRACTIONAL,
    INFINITE,
    NEGATIVE,
    TOO_LARGE,
    why_unread,
)
from tiktok_segments.cells.suffixes import suffixes_in
from tiktok_segments.cells.texts import is_text
from tiktok_segments.schema import Column

NULLS = pa.array(
    ["", "null", "n/a", "na", "-", "--", "none", "nan", "#n/a", "nil", "undefined", r"\n", "<na>",
     "n.a.", "n/d", "n.d.", "k.a.", "k. a.", "s/d", "н/д", "нет данных", "无", "無", "なし", "없음"]
)  # fmt: skip
_PLAIN = r"^[+-]?(\d{1,40}(\.\d*)?|\.\d+)(e(\+?\d{1,2}|-\d{1,3}))?$"
_LONE_DOT = f"^[+-]?{LONE['.']}$"
_NOT_QUITE_PLAIN = r"[^\d.eE+-]|[eE][+-]?\d{3}"
"""What float64 is cast from and is no plain number: inf, nan, and more than a float holds."""
_SAFE_DIGITS, _SAFE_LENGTH, _NOISE = 15, 40, 1e-12
_REST = r"\d[.,' ]?(?P<rest> ?[^\d.,' ]\D{0,60})$"


@dataclass(frozen=True)
class Numbers:
    """A column of numbers.

    Parameters
    ----------
    values : ndarray of float64, shape (n_rows,)
        NaN where missing or wrong.
    problems : ndarray of int8, shape (n_rows,)
        Code into ``cells.problems.PROBLEMS``; 0 where the value is fine or missing.
    """

    values: np.ndarray
    problems: np.ndarray


@dataclass(frozen=True)
class NumberSpelling:
    """How a file spells the numbers of one column.

    Parameters
    ----------
    marks : Marks
        What a lone dot and a lone comma are.
    meanings : tuple of (str, int or None)
        What suffixes of several meanings say, as powers of ten; None where the file does not tell.
    """

    marks: Marks
    meanings: tuple[tuple[str, int | None], ...] = ()


@dataclass(frozen=True)
class Prepared:
    """A column, or a part of it, ready to be read.

    Parameters
    ----------
    cells : pyarrow.ChunkedArray or Distinct
        Numbers where all cells are plain ones; else the distinct texts; else what is no text.
    told : frozenset of str
        What it tells of how its file spells numbers: that of
        :func:`~tiktok_segments.cells.decimal_marks.marks_in`, and ``suffix ...`` for each.
    """

    cells: pa.ChunkedArray | Distinct
    told: frozenset[str] = frozenset()


def prepare_numbers(cells: pa.ChunkedArray, column: Column) -> Prepared:
    """Make numbers of texts where all are plain, else find the distinct ones.

    Parameters
    ----------
    cells : pyarrow.ChunkedArray
        Of any type.
    column : Column
        What the numbers are.

    Returns
    -------
    Prepared
        For :func:`read_numbers`.

    Examples
    --------
    >>> from tiktok_segments.schema import COLUMNS
    >>> sorted(prepare_numbers(pa.chunked_array([["12,3 mil", "5"]]), COLUMNS["likes"]).told)
    ['suffix mil', 'suffixed decimal comma']
    """
    kind = cells.type
    if pa.types.is_dictionary(kind):
        if not is_text(kind.value_type):
            return Prepared(cells.cast(kind.value_type))
    elif not is_text(kind):
        return Prepared(cells)
    elif (plain := _plain(cells, column)) is not None:
        return plain
    found = find_distinct(cells)
    texts = found.texts.filter(pc.invert(pc.ascii_is_decimal(found.texts)))
    told = marks_in(texts, column)
    if column.kind != "rate":
        ending = texts.filter(pc.match_substring_regex(texts, r"\d[^\d]+$"))
        rests = pc.struct_field(pc.extract_regex(ending, _REST), "rest").unique().drop_null()
        told |= {f"suffix {suffix}" for suffix in suffixes_in(rests.to_pylist())}
    return Prepared(found, told)


def _plain(cells: pa.ChunkedArray, column: Column) -> Prepared | None:
    """Texts that are all plain numbers, as numbers; None where one is not, or means two things."""
    given = pc.if_else(pc.equal(cells, ""), pa.scalar(None, cells.type), cells)
    longest = pc.max(pc.binary_length(given)).as_py() or 0
    if longest <= _SAFE_DIGITS and pc.all(pc.ascii_is_decimal(given)).as_py() is not False:
        return Prepared(given.cast(pa.int64()))
    if column.kind == "count" or longest > _SAFE_LENGTH or any_matches(given, _NOT_QUITE_PLAIN):
        return None
    if column.kind == "number" and any_matches(given, _LONE_DOT):
        return None
    try:
        values = given.cast(pa.float64())
    except pa.ArrowInvalid:  # one is no plain number
        return None
    has_dot = pc.any(pc.match_substring(given, ".")).as_py()
    return Prepared(values, frozenset({"decimal dot"} if has_dot else ()))


def read_numbers(
    cells: pa.ChunkedArray | Prepared,
    column: Column,
    *,
    factor: float = 1.0,
    spelling: NumberSpelling | None = None,
) -> Numbers:
    """Read a column of numbers.

    Each distinct text is read once: ``12.5M``, ``16,037 M``, ``1,234,567``, ``3e+06``, ``16.60%``,
    ``2.3万``, ``12,3 тыс.``, ``١٢٬٣٤٥``.

    Parameters
    ----------
    cells : pyarrow.ChunkedArray or Prepared
        Texts, or numbers already.
    column : Column
        What the numbers are; decides about a lone comma and the valid range.
    factor : float
        What plain numbers are in: 0.01 for percent, 1000 for thousands. A cell with a percent sign
        or a suffix has a unit of its own.
    spelling : NumberSpelling, optional
        What the whole file tells; by default these cells alone do.

    Returns
    -------
    Numbers
        Values and problems, row by row.

    Examples
    --------
    >>> from tiktok_segments.cells.problems import PROBLEMS
    >>> from tiktok_segments.schema import COLUMNS
    >>> cells = pa.chunked_array([["12.5M", "1,234", "null", "-5"]])
    >>> numbers = read_numbers(cells, COLUMNS["followers"])
    >>> numbers.values.tolist(), [PROBLEMS[code] for code in numbers.problems]
    ([12500000.0, 1234.0, nan, nan], ['', '', '', 'negative'])
    """
    prepared = cells if isinstance(cells, Prepared) else prepare_numbers(cells, column)
    cells = prepared.cells
    if isinstance(cells, Distinct):
        read = _read_texts(cells.texts, column, factor, spelling)
        return Numbers(cells.spread(read.values, np.nan), cells.spread(read.problems, 0))
    if not _is_number(cells.type):
        return Numbers(np.full(len(cells), np.nan), pc.is_valid(cells).to_numpy() * np.int8(1))
    # Integers with gaps go through float64; decimals through digits, as Arrow loses the last one.
    exact = cells.cast(pa.string()) if pa.types.is_decimal(cells.type) else cells
    values = pc.cast(exact, pa.float64(), safe=False).to_numpy().copy()
    problems = np.zeros(len(values), dtype=np.int8)
    if factor != 1:
        values = scaled(values, factor, whole=column.kind == "count")
    elif pa.types.is_integer(cells.type) and _lie_within(cells, column):
        return Numbers(values, problems)
    return _checked(values, problems, column)


def _read_texts(
    texts: pa.StringArray, column: Column, factor: float, spelling: NumberSpelling | None
) -> Numbers:
    if spelling is None:
        own = marks_in(texts, column)
        spelling = NumberSpelling(settle_marks(own, own, column, scaled=factor > 1))
    plain = pc.match_substring_regex(texts, _PLAIN)
    if spelling.marks.dots != "decimal":
        plain = pc.and_(plain, pc.invert(pc.match_substring_regex(texts, _LONE_DOT)))
    whole = column.kind == "count"
    values = scaled(to_float(pc.if_else(plain, texts, None)), factor, whole=whole)
    problems = np.zeros(len(texts), dtype=np.int8)
    odd = pc.invert(pc.or_(plain, pc.is_in(texts, value_set=NULLS))).to_numpy(zero_copy_only=False)
    if odd.any():
        odd_texts = texts.filter(pa.array(odd))
        read = read_odd(
            odd_texts, column, spelling.marks, factor=factor, meanings=spelling.meanings
        )
        values[odd] = read.values
        problems[odd] = why_unread(odd_texts, read.ambiguous, np.isnan(read.values))
    return _checked(values, problems, column)


def _is_number(kind: pa.DataType) -> bool:
    of = pa.types
    return bool(of.is_integer(kind) or of.is_floating(kind) or of.is_decimal(kind))


def _lie_within(cells: pa.ChunkedArray, column: Column) -> bool:
    """Say whether whole numbers all are in a column's range: one look instead of many."""
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
            given, values = values, np.round(values)  # 110.00000000000001 is a float's 1.1 * 100
            codes[(codes == 0) & (np.abs(given - values) > _NOISE * values)] = FRACTIONAL
    return Numbers(np.where(codes == 0, values, np.nan), codes)
