import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from pandas.testing import assert_frame_equal

from tiktok_segments.plots import (
    MAP_POINTS,
    draw_centres,
    draw_map,
    draw_silhouettes,
    percent,
    segment_colours,
    short_number,
    write_value,
)

LABELS = np.array([0, 0, 1, 1])
NAMES = ["Small", "Large"]


@pytest.fixture
def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "followers": [0, 2_000, 340_000, 12_500_000],
            "engagement_rate": [63.0, 0.02, 0.0, 0.0001],
        }
    )


def texts(axes: Axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


def tick_texts(figure: Figure, which: str, axis: str) -> list[str]:
    """Return the texts beside an axis that are within its limits, as drawn."""
    (axes,) = figure.axes
    figure.draw_without_rendering()
    low, high = axes.get_xlim() if axis == "x" else axes.get_ylim()
    ticks = getattr(axes, f"{axis}axis").get_ticklabels(which=which)
    place = 0 if axis == "x" else 1
    return [
        tick.get_text()
        for tick in ticks
        if tick.get_text() and low <= tick.get_position()[place] <= high
    ]


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


def test_the_map_has_logarithmic_axes_in_real_units(frame: pd.DataFrame) -> None:
    figure = draw_map(frame, LABELS, NAMES, seed=0)
    (axes,) = figure.axes
    assert axes.get_xscale() == axes.get_yscale() == "log"
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("followers", "engagement rate")
    assert " ".join(tick_texts(figure, "major", "x")) == "1 10 100 1K 10K 100K 1M 10M"
    shares = "0.01 %, 0.1 %, 1 %, 10 %, 100 %, 1,000 %, 10,000 %"
    assert ", ".join(tick_texts(figure, "major", "y")) == shares


def test_the_ticks_of_the_map_are_formatted_in_between_too(frame: pd.DataFrame) -> None:
    (axes,) = draw_map(frame, LABELS, NAMES, seed=0).axes
    assert axes.xaxis.get_major_formatter()(12_500_000, 0) == "12.5M"
    assert axes.yaxis.get_major_formatter()(0.0176, 0) == "1.76 %"


def test_a_map_of_a_narrow_range_writes_no_powers_of_ten() -> None:
    frame = pd.DataFrame(
        {"followers": [20_000, 30_000, 45_000], "engagement_rate": [0.02, 0.03, 0.05]}
    )
    figure = draw_map(frame, np.zeros(3, dtype=int), ["All"], seed=0)
    for axis in "xy":
        written = tick_texts(figure, "major", axis) + tick_texts(figure, "minor", axis)
        assert not [text for text in written if "times" in text or "^" in text]


def test_the_legend_of_the_map_counts_the_accounts_of_each_segment(frame: pd.DataFrame) -> None:
    (axes,) = draw_map(frame, np.array([0, 0, 0, 1]), NAMES, seed=0).axes
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["Small (3)", "Large (1)"]


def test_accounts_without_followers_or_engagement_are_on_the_map(frame: pd.DataFrame) -> None:
    (axes,) = draw_map(frame, LABELS, NAMES, seed=0).axes
    drawn = np.concatenate([points.get_offsets() for points in axes.collections])
    assert drawn.tolist() == [[1, 63], [2000, 0.02], [340_000, 0.0001], [12_500_000, 0.0001]]


def test_a_map_of_many_accounts_draws_some_and_says_so() -> None:
    n_accounts = MAP_POINTS + 1
    frame = pd.DataFrame({"followers": range(1, n_accounts + 1), "engagement_rate": 0.1})
    labels = np.arange(n_accounts) % 2

    def drawn(seed: int) -> np.ndarray:
        (axes,) = draw_map(frame, labels, NAMES, seed=seed).axes
        assert axes.get_title(loc="left").endswith("a random 5,000 of 5,001 accounts")
        assert "Small (2,501)" in [text.get_text() for text in axes.get_legend().get_texts()]
        return np.concatenate([points.get_offsets()[:, 0] for points in axes.collections])

    first = drawn(seed=0)
    assert len(set(first)) == MAP_POINTS
    assert (drawn(seed=0) == first).all()
    assert (drawn(seed=1) != first).any()


def test_each_cluster_has_a_blade_of_its_silhouettes_in_order() -> None:
    figure = draw_silhouettes(np.array([0.4, 0.2, -0.1, 0.7]), LABELS, "all 4 accounts")
    (axes,) = figure.axes
    assert axes.get_title(loc="left") == "Silhouette of each account\nall 4 accounts"
    first, second = (blade.get_paths()[0].vertices[:, 0] for blade in axes.collections)
    assert (first.min(), first.max()) == (0, 0.4)
    assert (second.min(), second.max()) == (-0.1, 0.7)
    assert texts(axes) == ["0", "1", " mean 0.300"]
    (mean,) = axes.lines
    assert mean.get_xdata() == pytest.approx([0.3, 0.3])


def test_the_centres_are_labelled_with_the_members_medians_in_their_units() -> None:
    medians = pd.DataFrame(
        {"followers": [14_750.0, 12_500_000.0], "engagement_rate": [0.0176, 0.1]}
    )
    figure = draw_centres(
        np.array([[-1.0, 0.5], [1.0, -0.5]]), medians, ["followers", "engagement_rate"], NAMES
    )
    axes, bar = figure.axes
    assert texts(axes) == ["14.8K", "1.76 %", "12.5M", "10 %"]
    assert [text.get_text() for text in axes.get_xticklabels()] == ["followers", "engagement rate"]
    assert [text.get_text() for text in axes.get_yticklabels()] == NAMES
    assert bar.get_ylabel() == "from the mean of the centres, scaled units"
    assert axes.images[0].get_array().tolist() == [[-1.0, 0.5], [1.0, -0.5]]
    assert axes.images[0].get_clim() == (-1, 1)


def test_centres_that_are_all_one_can_be_drawn() -> None:
    medians = pd.DataFrame({"followers": [5.0, 5.0]})
    axes, _ = draw_centres(np.ones((2, 1)), medians, ["followers"], NAMES).axes
    assert texts(axes) == ["5", "5"]


def test_the_frame_and_the_labels_given_are_not_changed(frame: pd.DataFrame) -> None:
    before, labels = frame.copy(deep=True), LABELS.copy()
    draw_map(frame, labels, NAMES, seed=0)
    assert_frame_equal(frame, before)
    assert labels.tolist() == LABELS.tolist()


def test_silhouettes_given_stay_in_their_order() -> None:
    silhouettes = np.array([0.4, 0.2, -0.1, 0.7])
    draw_silhouettes(silhouettes, LABELS, "all")
    assert silhouettes.tolist() == [0.4, 0.2, -0.1, 0.7]


def test_neither_import_nor_drawing_imports_pyplot_or_sets_global_options() -> None:
    code = """
import io, sys
import matplotlib, numpy, pandas
before = matplotlib.rcParams.copy()
from tiktok_segments import plots
print("matplotlib.pyplot" in sys.modules)
frame = pandas.DataFrame({"followers": [1, 2], "engagement_rate": [0.1, 0.2]})
figure = plots.draw_map(frame, numpy.array([0, 1]), ["a", "b"], seed=0)
figure.savefig(io.BytesIO(), format="png")
print("matplotlib.pyplot" in sys.modules, matplotlib.rcParams.copy() == before)
"""
    answer = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )
    assert answer.stdout == "False\nFalse True\n"
