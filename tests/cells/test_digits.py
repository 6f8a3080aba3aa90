from __future__ import annotations

import pyarrow as pa
import pytest

from tiktok_segments.cells.distinct import any_matches, fold_texts
from tiktok_segments.cells.numbers import read_numbers
from tiktok_segments.cells.problems import PROBLEMS
from tiktok_segments.schema import COLUMNS

COUNT, RATE = COLUMNS["likes"], COLUMNS["like_rate"]


@pytest.mark.parametrize(
    "cell",
    [
        "1234567", "1,234,567", "1.234.567", "1 234 567", "1\u00a0234\u00a0567",
        "1\u202f234\u202f567", "1\u2009234\u2009567", "1'234'567", "1’234’567", "12,34,567",
        "١٢٣٤٥٦٧", "١٬٢٣٤٬٥٦٧", "۱۲۳۴۵۶۷", "۱٬۲۳۴٬۵۶۷", "१२,३४,५६७", "१२३४५६७",
        "１２３４５６７", "１，２３４，５６７", "১২৩৪৫৬৭", "๑๒๓๔๕๖๗", "+1234567", "\u200f1234567",
        "\ufeff1,234,567", "1 234 567,0", "1'234'567.0", "12,34,567.0",
    ],
)  # fmt: skip
def test_a_count_is_the_same_in_every_script(cell: str) -> None:
    assert read_numbers(pa.chunked_array([[cell]]), COUNT).values.tolist() == [1_234_567]


@pytest.mark.parametrize(
    "cell",
    ["0.125", "0,125", "٠٫١٢٥", "۰٫۱۲۵", "०.१२५", "０．１２５", ".125", "12.5%", "12,5\u00a0%"],
)
def test_a_rate_is_the_same_in_every_script(cell: str) -> None:
    assert read_numbers(pa.chunked_array([[cell]]), RATE).values.tolist() == [0.125]


@pytest.mark.parametrize("cell", ["-5", "−5", "–5", "5-", "5 −", "-١٢", "－５"])
def test_every_minus_makes_a_count_negative(cell: str) -> None:
    numbers = read_numbers(pa.chunked_array([[cell]]), COUNT)
    assert PROBLEMS[numbers.problems[0]] == "negative"


@pytest.mark.parametrize("cell", ["1,2345,678", "1 23 456 7", "1''234", "12'34", "½", "Ⅻ", "①a"])
def test_groups_that_no_one_writes_are_unreadable(cell: str) -> None:
    numbers = read_numbers(pa.chunked_array([[cell]]), COUNT)
    assert PROBLEMS[numbers.problems[0]] == "unreadable"


def test_texts_of_ascii_are_folded_as_they_are() -> None:
    assert fold_texts(pa.array([" 12K", None, "x"])).to_pylist() == ["12k", None, "x"]


def test_a_match_is_found_wherever_it_stands() -> None:
    texts = pa.array([*(str(number) for number in range(20_000)), "x"])
    assert any_matches(texts, "x")
    assert not any_matches(texts, "y")
