from __future__ import annotations

import math

import pyarrow as pa
import pytest

from tiktok_segments.cells.numbers import read_numbers
from tiktok_segments.cells.problems import PROBLEMS
from tiktok_segments.schema import COLUMNS, MEASURES

COUNT, RATE, AVERAGE = COLUMNS["likes"], COLUMNS["like_rate"], MEASURES["average_likes"]


def read(cell: object, column: object = COUNT, *, percent: bool = False) -> float | str:
    factor = 0.01 if percent else 1.0
    numbers = read_numbers(pa.chunked_array([[cell]]), column, factor=factor)
    problem = PROBLEMS[numbers.problems[0]]
    return problem or float(numbers.values[0])


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ('="12000"', 12_000),
        ("=12000", 12_000),
        ('="12,000"', 12_000),
        ('="1.5M"', 1_500_000),
        ("12 000*", 12_000),
        ("12.5K **", 12_500),
        ("12,345\u2020", 12_345),
        ("12.5M", 12_500_000),
        ("340K", 340_000),
        ("78.9m", 78_900_000),
        ("1.2B", 1_200_000_000),
        ("16,037 M", 16_037_000),
        ("16,037\u00a0M", 16_037_000),
        ("1,2K", 1_200),
        ("1,234.5K", 1_234_500),
        ("1,234,567", 1_234_567),
        ("12,34,567", 1_234_567),
        ("١٢", 12),
        ("1,234", 1_234),
        ("1.234.567", 1_234_567),
        ("1 234 567", 1_234_567),
        ("1\u202f234", 1_234),
        ("3e+06", 3_000_000),
        ("3E6", 3_000_000),
        ("1,755E+06", 1_755_000),
        ("637000.0", 637_000),
        ("+5", 5),
        (" 5 ", 5),
        ("0", 0),
        (637000.0, 637_000),
        (7, 7),
    ],
)
def test_counts_are_read_as_they_are_spelled(cell: object, expected: int) -> None:
    assert read(cell) == expected


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ("1.234", "ambiguous"),
        ("637.000", "ambiguous"),
        ("0,123", "fractional"),
        ("12,34", "fractional"),
        ("1,2345,678", "unreadable"),
        ("5%", "unreadable"),
        ("5 apples", "unreadable"),
        ("1.2.3", "unreadable"),
        ("K", "unreadable"),
        ("0x10", "unreadable"),
        ("=1+1", "unreadable"),
        ("=SUM(A1:A9)", "unreadable"),
        ("*", "unreadable"),
        ("12k+", "only a bound of"),
        (">10k", "only a bound of"),
        ("\u2265 10,000", "only a bound of"),
        ("1.2W+", "only a bound of"),
        ("12+5", "unreadable"),
        ("1_000", "unreadable"),
        ("-5", "negative"),
        ("-1.5K", "negative"),
        ("inf", "infinite"),
        ("-Infinity", "infinite"),
        ("1e400", "too large"),
        ("1e300", "too large"),
        (math.inf, "infinite"),
        ("2B2", "unreadable"),
        ("5000B", "too large"),
        (True, "unreadable"),
    ],
)
def test_what_is_no_count_is_never_a_number(cell: object, problem: str) -> None:
    assert read(cell) == problem


@pytest.mark.parametrize("cell", ["", "null", "N/A", "-", "none", "NaN", "NULL", " ", None])
def test_nulls_are_missing_and_no_problem(cell: str | None) -> None:
    array = pa.chunked_array([pa.array([cell], type=pa.string())])
    numbers = read_numbers(array, COUNT)
    assert math.isnan(numbers.values[0])
    assert numbers.problems.tolist() == [0]


@pytest.mark.parametrize(
    ("cell", "percent", "expected"),
    [
        ("16.60%", False, 0.166),
        ("16,6 %", False, 0.166),
        ("0,0496", False, 0.0496),
        ("0.0496", False, 0.0496),
        ("63.5", False, 63.5),
        ("1e-05", False, 1e-05),
        ("9,083810515356584e-05", False, 9.083810515356584e-05),
        ("9,08E-05", False, 9.08e-05),
        ("1,66E+01", True, 0.166),
        ("9,08E-05K", False, "unreadable"),
        ("16.6", True, 0.166),
        ("16.6%", True, 0.166),
        (16.6, True, 0.166),
        ("5K", False, "unreadable"),
        ("-1%", False, "negative"),
    ],
)
def test_rates_are_fractions(cell: object, percent: bool, expected: float | str) -> None:
    assert read(cell, RATE, percent=percent) == (
        expected if isinstance(expected, str) else pytest.approx(expected, rel=1e-15)
    )


def test_the_other_values_tell_what_a_lone_dot_is() -> None:
    thousands = read_numbers(pa.chunked_array([["637.000", "1.234", "1.234.567"]]), COUNT)
    assert thousands.values.tolist() == [637_000, 1_234, 1_234_567]
    decimals = read_numbers(pa.chunked_array([["637.000", "12345.000"]]), COUNT)
    assert decimals.values.tolist() == [637, 12_345]


def test_averages_may_be_fractions() -> None:
    assert read("1,603.7", AVERAGE) == 1603.7
    assert read("2.5", AVERAGE) == 2.5
    assert read("1,234", AVERAGE) == 1234


def test_a_column_is_read_row_by_row_whatever_repeats() -> None:
    cells = pa.chunked_array([["1K", "x", "1K"], ["", "2"]])
    numbers = read_numbers(cells, COUNT)
    assert numbers.values[[0, 2, 4]].tolist() == [1000, 1000, 2]
    assert numbers.problems.tolist() == [0, 1, 0, 0, 0]
