import subprocess
import sys

import pytest

from tiktok_segments.plots import segment_colours
from tiktok_segments.wording import percent, short_number, write_value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.5, "0.5"),
        (7, "7"),
        (950, "950"),
        (1_000, "1K"),
        (14_750, "14.8K"),
        (340_000, "340K"),
        (1_000_000, "1M"),
        (12_500_000, "12.5M"),
        (863_500_000, "864M"),
        (2_000_000_000, "2B"),
        (1.234e15, "1,230T"),
        (0.00001, "0.00001"),
        (-12_500_000, "-12.5M"),
    ],
)
def test_numbers_are_written_as_people_write_them(value: float, text: str) -> None:
    assert short_number(value) == text


@pytest.mark.parametrize("value", [999.4, 999.5, 999.9, 999_499, 999_500, 999_900, 999_999_999])
def test_a_number_just_below_a_suffix_is_written_without_an_exponent(value: float) -> None:
    assert "e" not in short_number(value)
    assert short_number(value) in {"999", "1K", "999K", "1M", "1B"}


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0 %"),
        (1e-9, "0.0000001 %"),
        (0.000056, "0.0056 %"),
        (0.0176, "1.76 %"),
        (0.5, "50 %"),
        (0.99949, "99.9 %"),
        (0.9999, "100 %"),
        (1, "100 %"),
        (10, "1,000 %"),
        (63, "6,300 %"),
    ],
)
def test_shares_are_written_in_per_cent_without_an_exponent(share: float, text: str) -> None:
    assert percent(share) == text


def test_a_value_is_written_in_the_unit_of_its_column() -> None:
    assert write_value("followers", 12_500_000) == "12.5M"
    assert write_value("engagement_rate", 0.0176) == "1.76 %"


def test_every_segment_has_a_colour_of_its_own() -> None:
    for n_segments in (1, 7, 8, 40):
        colours = segment_colours(n_segments)
        assert len(set(colours)) == len(colours) == n_segments


def test_neither_import_nor_drawing_imports_pyplot_or_sets_global_options() -> None:
    code = """
import io, sys
import matplotlib, numpy
before = matplotlib.rcParams.copy()
from tiktok_segments import plots
print("matplotlib.pyplot" in sys.modules)
figure = plots.draw_stability(numpy.array([0.9, 0.5]))
figure.savefig(io.BytesIO(), format="png")
print("matplotlib.pyplot" in sys.modules, matplotlib.rcParams.copy() == before)
"""
    answer = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )
    assert answer.stdout == "False\nFalse True\n"
