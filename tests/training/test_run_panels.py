import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from pandas.testing import assert_frame_equal

from tiktok_segments.clustering.run_figure import RunFigure
from tiktok_segments.training.run_panels import (
    draw_run,
    log_ticks,
    paint_centres,
    paint_map,
    paint_silhouettes,
)

LABELS = np.array([0, 0, 1, 1])
NAMES = ["Small", "Large"]
MEDIANS = pd.DataFrame({"followers": [14_750.0, 12_500_000.0], "engagement_rate": [0.0176, 0.1]})


@pytest.fixture
def axes() -> Axes:
    return Figure().subplots()


@pytest.fixture
def places() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "followers": [0, 2_000, 340_000, 12_500_000],
            "engagement_rate": [63.0, 0.02, 0.0, 0.0001],
            "cluster": LABELS,
        }
    )


def texts(axes: Axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


def ticks(axis: Axis) -> list[str]:
    return [tick.get_text() for tick in axis.get_ticklabels()]


def test_the_map_has_logarithmic_axes_in_real_units(axes: Axes, places: pd.DataFrame) -> None:
    paint_map(axes, places, "")
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    assert ticks(axes.xaxis) == ["1", "10", "100", "1K", "10K", "100K", "1M", "10M"]
    assert ticks(axes.yaxis) == ["0.01 %", "0.1 %", "1 %", "10 %", "100 %", "1,000 %"]
    assert axes.get_xticks().tolist() == pytest.approx([10.0**power for power in range(8)])
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("followers", "engagement rate")


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (1, 1_000, [1, 10, 100, 1_000]),
        (150, 9_000, [300, 1_000, 3_000]),
        (20, 45, [20, 30, 40]),
        (21, 29, [21]),
        (7, 7, [7]),
    ],
)
def test_ticks_are_round_and_at_least_one(low: float, high: float, expected: list[float]) -> None:
    assert log_ticks(low, high) == expected


def test_accounts_without_followers_or_engagement_are_on_the_map(
    axes: Axes, places: pd.DataFrame
) -> None:
    before = places.copy(deep=True)
    paint_map(axes, places, "; a random 4 of 9 accounts")
    assert axes.get_title(loc="left").endswith("a random 4 of 9 accounts")
    points = [line.get_xydata() for line in axes.lines if line.get_marker() == "o"]
    drawn = np.concatenate(points)
    expected = np.array([[1, 63], [2000, 0.02], [340_000, 0.0001], [12_500_000, 0.0001]])
    np.testing.assert_allclose(drawn, expected)
    assert_frame_equal(places, before)


def test_each_cluster_has_a_blade_of_its_silhouettes_in_order(axes: Axes) -> None:
    silhouettes = np.array([0.4, 0.2, -0.1, 0.7])
    paint_silhouettes(axes, silhouettes, LABELS, "all 4 accounts")
    assert axes.get_title(loc="left") == "Silhouette of each account\nall 4 accounts"
    first, second = (blade.get_paths()[0].vertices[:, 0] for blade in axes.collections)
    assert (first.min(), first.max()) == (0, 0.4)
    assert (second.min(), second.max()) == (-0.1, 0.7)
    assert texts(axes) == ["0", "1", " mean 0.300"]
    assert axes.get_ylabel() == "accounts, by cluster"
    mean = axes.lines[0]
    assert mean.get_xdata() == pytest.approx([0.3, 0.3])
    assert silhouettes.tolist() == [0.4, 0.2, -0.1, 0.7]


def test_the_centres_are_labelled_with_the_members_medians_in_their_units(axes: Axes) -> None:
    paint_centres(axes, np.array([[-1.0, 0.5], [1.0, -0.5]]), MEDIANS, NAMES)
    medians = ["14.8K", "1.76 %", "12.5M", "10 %"]
    assert texts(axes) == medians
    assert ticks(axes.xaxis) == ["followers", "engagement rate"]
    assert ticks(axes.yaxis) == NAMES
    assert axes.images[0].get_array().tolist() == [[-1.0, 0.5], [1.0, -0.5]]
    assert axes.images[0].get_clim() == (-1, 1)


def test_centres_that_are_all_one_can_be_drawn(axes: Axes) -> None:
    paint_centres(axes, np.ones((2, 1)), pd.DataFrame({"followers": [5.0, 5.0]}), NAMES)
    assert texts(axes)[:2] == ["5", "5"]


def shown(places: pd.DataFrame | None, centre: float) -> RunFigure:
    return RunFigure(
        silhouettes=np.array([0.4, 0.2, -0.1, 0.7]), labels=LABELS, note="all 4 accounts",
        centres=np.array([[-1.0, 0.5], [centre, -0.5]]), medians=MEDIANS, names=tuple(NAMES),
        places=places, places_note="",
    )  # fmt: skip


def test_a_picture_shows_nothing_of_the_one_before(places: pd.DataFrame) -> None:
    first = draw_run(shown(places, 1.0))
    draw_run(shown(places.assign(followers=[5, 50, 500, 50_000]), 4.0))
    assert draw_run(shown(places, 1.0)) == first


@pytest.mark.parametrize("mapped", [True, False])
def test_a_run_is_one_png_with_or_without_a_map(places: pd.DataFrame, mapped: bool) -> None:
    png = draw_run(shown(places if mapped else None, 1.0))
    assert png.startswith(b"\x89PNG")
    assert int.from_bytes(png[16:20]) == 80 * (17 if mapped else 11)
