import numpy as np
import pandas as pd

from tiktok_segments.benchmarks.benchmark_plots import draw_ratios, draw_rules
from tiktok_segments.benchmarks.known_k import summarise_rules


def test_rules_for_k_have_a_row_of_bars_each() -> None:
    per_set = pd.DataFrame(
        {
            "rule": ["elbow", "elbow", "own", "own"],
            "true_k": [3, 1, 3, 1],
            "k": [4, 4, 3, 1],
            "ari": [0.8, 0.0, 1.0, 1.0],
        }
    )
    figure = draw_rules(summarise_rules(per_set))
    (axes,) = figure.axes
    assert [text.get_text() for text in axes.get_yticklabels()] == ["elbow", "own"]
    widths = np.array([bar.get_width() for bar in axes.patches]).reshape(3, 2)
    np.testing.assert_array_equal(widths, [[0, 1], [0, 1], [1, 0]])


def test_each_way_of_tracking_has_a_bar_of_its_median_and_a_dot_a_round() -> None:
    timings = pd.DataFrame(
        {"variant": ["bare", "own"] * 3, "ratio": [1.0, 2.0, 1.0, 4.0, 1.0, 3.0]}
    )
    (axes,) = draw_ratios(timings, 27).axes
    assert [bar.get_width() for bar in axes.patches] == [1.0, 3.0]
    assert axes.lines[0].get_xdata().tolist() == timings["ratio"].to_list()
    assert [text.get_text() for text in axes.get_yticklabels()] == ["bare", "own"]
