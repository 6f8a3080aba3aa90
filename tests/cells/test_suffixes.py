from __future__ import annotations

import pyarrow as pa
import pytest

from tiktok_segments.cells.numbers import prepare_numbers, read_numbers
from tiktok_segments.cells.problems import PROBLEMS
from tiktok_segments.cells.spelling import settle_spelling
from tiktok_segments.schema import COLUMNS, MEASURES

FOLLOWERS, RATE = COLUMNS["followers"], COLUMNS["engagement_rate"]


def read(cell: str, *others: str, languages: tuple[str, ...] = ()) -> float | str:
    """Read a cell of a column of followers that holds others, too."""
    ready = prepare_numbers(pa.chunked_array([[cell, *others]]), FOLLOWERS)
    spelling = settle_spelling({"followers": ready.told}, languages=languages)
    numbers = read_numbers(ready, FOLLOWERS, spelling=spelling.numbers["followers"])
    return PROBLEMS[numbers.problems[0]] or float(numbers.values[0])


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2.3万", 23_000), ("2370.0万", 23_700_000), ("2.3 萬", 23_000), ("5,8만", 58_000),
        ("1.2亿", 120_000_000), ("1.2億", 120_000_000), ("3억", 300_000_000), ("2.3w", 23_000),
        ("4천", 4_000), ("23,4 тыс.", 23_400), ("23,4 тыс", 23_400), ("1,5 млн", 1_500_000),
        ("1,5 млн.", 1_500_000), ("2,1 млрд", 2_100_000_000), ("12,3 тис.", 12_300),
        ("1,2 Mio.", 1_200_000), ("1,2 Mio", 1_200_000), ("23,4 Tsd.", 23_400),
        ("2 Tausend", 2_000), ("1,1 Mrd.", 1_100_000_000), ("1,2 mi", 1_200_000),
        ("1,1 mil mi", 1_100_000_000), ("1,1 bi", 1_100_000_000), ("3 Mill.", 3_000_000),
        ("12,3 mln", 12_300_000), ("1,1 md", 1_100_000_000), ("2,5 tys.", 2_500),
        ("5.2 lakh", 520_000), ("5 lacs", 500_000), ("1.5 crore", 15_000_000),
        ("1.5 Cr", 15_000_000),
        ("12 mille", 12_000), ("12,5 k", 12_500), ("12.5K", 12_500), ("1.2M", 1_200_000),
        ("1.2 mn", 1_200_000), ("1B", 1_000_000_000), ("1bn", 1_000_000_000), ("12 bin", 12_000),
        ("1,2 milyon", 1_200_000), ("12,3 rb", 12_300), ("1,2 jt", 1_200_000),
        ("12 nghìn", 12_000), ("1,2 Tr", 1_200_000), ("12 ألف", 12_000), ("1.2 مليون", 1_200_000),
        ("١٢٫٣ ألف", 12_300), ("12 هزار", 12_000), ("۱٫۲ میلیون", 1_200_000),
        ("12 thousand", 12_000), ("1.2 million", 1_200_000), ("1.2M followers", 1_200_000),
        ("12,3 тыс. подписчиков", 12_300), ("2.3万粉丝", 23_000), ("1,234 followers", 1_234),
        ("1,2 M abonnés", 1_200_000), ("12 k seguidores", 12_000), ("4.2万フォロワー", 42_000),
        ("1234万5678", 12_345_678), ("1億2345万", 123_450_000), ("3만 5천명", 35_000),
        ("12万0345人", 120_345), ("5千3百", 5_300), ("1億 234", 100_000_234),
        ("12,3 Mn takipçi", 12_300_000), ("~1.2M", 1_200_000), ("约2.3万", 23_000),
    ],
)  # fmt: skip
def test_suffixes_of_the_large_markets_are_read(cell: str, expected: int) -> None:
    assert read(cell) == expected


@pytest.mark.parametrize(
    ("cell", "others", "languages", "expected"),
    [
        ("12,3 mil", (), (), "ambiguous"),
        ("12,3 mil", ("1,2 M",), (), 12_300),
        ("12,3 mil", ("1,2 mi",), (), 12_300),
        ("12,3 mil", (), ("es",), 12_300),
        ("12,3 mil", (), ("pt",), 12_300),
        ("12,3 mil", (), ("es", "pt"), 12_300),
        ("12,3 mil", (), ("es", "it"), "ambiguous"),
        ("12,3 B", (), ("tr", "de"), 12_300_000_000),
        ("1.2 mil", ("12K",), (), 1_200_000),
        ("1,2 mil.", ("12,3 tis.",), (), 1_200_000),
        ("12,3 B", (), (), 12_300_000_000),
        ("12,3 B", (), ("tr",), 12_300),
        ("1,2 M", ("12,3 rb",), (), 1_200_000_000),
        ("1,2 M", ("2 jt",), (), 1_200_000_000),
        ("12 M", ("1 MM",), (), 12_000),
        ("12,3 N", (), (), "ambiguous"),
        ("12,3 N", ("1,2 Tr",), (), 12_300),
        ("12,3 N", (), ("vi",), 12_300),
        ("12 t", (), (), "ambiguous"),
    ],
)
def test_a_suffix_of_several_meanings_is_told_by_its_company_or_nobody_guesses(
    cell: str, others: tuple[str, ...], languages: tuple[str, ...], expected: float | str
) -> None:
    assert read(cell, *others, languages=languages) == expected


@pytest.mark.parametrize("cell", ["5 apples", "12 kk", "M", "万", "5%", "12K 5M", "mil", "1..2M"])
def test_unknown_words_are_no_numbers(cell: str) -> None:
    assert read(cell) == "unreadable"


@pytest.mark.parametrize("cell", ["1M+", ">1M", "<100", "10 тыс.+", "1.000.000+"])
def test_bounds_are_no_numbers(cell: str) -> None:
    assert read(cell) == "only a bound of"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("9,1 %", 0.091), ("9.1％", 0.091), ("٩٫١٪", 0.091), ("9,1 Prozent", 0.091),
        ("9.1 percent", 0.091), ("9.1 pct", 0.091), ("91 ‰", 0.091), ("91 permille", 0.091),
        ("%9,1", 0.091), ("% 9.1", 0.091), ("9,1 pour cent", 0.091), ("9,1 por ciento", 0.091),
    ],
)  # fmt: skip
def test_percent_is_written_in_many_ways(cell: str, expected: float) -> None:
    numbers = read_numbers(pa.chunked_array([[cell]]), RATE)
    assert numbers.values.tolist() == pytest.approx([expected], rel=1e-15)
    assert not read_numbers(pa.chunked_array([[cell]]), MEASURES["average_likes"]).values[0] > 0
