import numpy as np
import pandas as pd
import pytest

from tiktok_segments.reports.crossing_plots import draw_crossing, draw_flows
from tiktok_segments.segments.crossing import cross_segments, describe_crossing


def crossing(rows: dict[str, list[int]], columns: str) -> pd.DataFrame:
    return pd.DataFrame(rows.values(), index=list(rows), columns=list(columns))


def test_a_segment_without_accounts_still_has_its_row() -> None:
    table = cross_segments(np.array([0, 0]), np.array([2, 0]), ["A", "B"], ["C", "D", "E"])
    assert table.loc["A"].to_list() == [1, 0, 1]
    assert table.loc["B"].to_list() == [0, 0, 0]
    assert describe_crossing(table) == ["“A” splits into “C” (50 % of it) and “E” (50 %)."]


@pytest.mark.parametrize(
    ("table", "sentences"),
    [
        (
            crossing({"A": [5, 0], "B": [0, 5]}, "AB"),
            [
                "“A” stays: 100 % of its accounts are there, and are 100 % of it.",
                "“B” stays: 100 % of its accounts are there, and are 100 % of it.",
            ],
        ),
        (
            crossing({"A": [9, 1], "B": [8, 0], "C": [0, 9]}, "XY"),
            [
                "“A” and “B” merge into “X”, 100 % of whose accounts are theirs.",
                "“C” goes on as “Y”: 100 % of its accounts are there, and are 90 % of it.",
            ],
        ),
        (
            crossing({"A": [8, 2], "B": [0, 3], "C": [0, 3]}, "AN"),
            [
                "“B” and “C” merge into “N”, 75 % of whose accounts are theirs.",
                "“A” stays: 80 % of its accounts are there, and are 100 % of it; "
                "others are in “N” (20 %).",
            ],
        ),
        (
            crossing({"A": [8, 4, 0], "B": [0, 4, 8]}, "ANB"),
            [
                "“N” is drawn from “A” (50 % of its accounts) and “B” (50 %).",
                "“A” stays: 66.7 % of its accounts are there, and are 100 % of it; "
                "others are in “N” (33.3 %).",
                "“B” stays: 66.7 % of its accounts are there, and are 100 % of it; "
                "others are in “N” (33.3 %).",
            ],
        ),
        (
            crossing({"A": [171, 133], "B": [3, 0]}, "XY"),
            [
                "“A” splits into “X” (56.2 % of it) and “Y” (43.8 %).",
                "“B” dissolves in “X” (100 % of it).",
            ],
        ),
        (
            crossing({"A": [9, 0], "B": [4, 4], "C": [0, 9]}, "AC"),
            [
                "“B” is spread over “A” (50 % of it) and “C” (50 %).",
                "“A” stays: 100 % of its accounts are there, and are 69.2 % of it.",
                "“C” stays: 100 % of its accounts are there, and are 69.2 % of it.",
            ],
        ),
    ],
)
def test_words_say_what_splits_merges_dissolves_and_stays(
    table: pd.DataFrame, sentences: list[str]
) -> None:
    assert describe_crossing(table) == sentences


def test_the_heat_map_shows_shares_of_the_row_and_accounts() -> None:
    table = crossing({"A": [3, 1], "B": [0, 400]}, "XY")
    (axes,) = draw_crossing(table, "title", "before", "after").axes
    assert [text.get_text() for text in axes.texts] == ["75 %\n3", "25 %\n1", "·", "100 %\n400"]
    assert (axes.get_ylabel(), axes.get_xlabel()) == ("before", "after")


def test_the_flows_name_every_segment_with_its_share_and_draw_a_band_for_each_pair() -> None:
    table = crossing({"A": [3, 1], "B": [0, 4]}, "XY")
    (axes,) = draw_flows(table, "title", "before", "after").axes
    said = [text.get_text() for text in axes.texts]
    assert said == ["A\n50 %", "B\n50 %", "X\n37.5 %", "Y\n62.5 %", "before", "after"]
    n_bars = 4
    assert len(axes.patches) == n_bars + np.count_nonzero(table.to_numpy())
