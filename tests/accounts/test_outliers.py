import json

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from published import FIGURES, OUTLIER_COLUMNS, needs_published, published_profiles
from tiktok_segments.accounts.filters import drop_outliers
from tiktok_segments.errors import InputError


def test_values_on_the_fence_stay_and_values_beyond_it_go() -> None:
    # Quartiles 2 and 4, so the fences stand at 2 - 1.5 × 2 = -1 and 4 + 1.5 × 2 = 7.
    on_the_fence = pd.DataFrame({"likes": [-1, 2, 3, 4, 7]})
    assert drop_outliers(on_the_fence, ["likes"], factor=1.5)["likes"].to_list() == [-1, 2, 3, 4, 7]
    beyond = pd.DataFrame({"likes": [-1.1, 2, 3, 4, 7.1]})
    assert drop_outliers(beyond, ["likes"], factor=1.5)["likes"].to_list() == [2, 3, 4]


def test_a_wider_factor_keeps_more() -> None:
    frame = pd.DataFrame({"likes": [1, 2, 3, 4, 10]})
    assert len(drop_outliers(frame, ["likes"], factor=1.5)) == 4  # upper fence 4 + 3 = 7
    assert len(drop_outliers(frame, ["likes"], factor=3.0)) == 5  # upper fence 4 + 6 = 10


def test_quartiles_are_those_of_the_rows_that_earlier_columns_left() -> None:
    # likes drops the last row. Without it videos has quartiles 2 and 4, upper fence 7: 8 goes.
    # With it the quartiles were 2.25 and 7.25, upper fence 14.75, and 8 would have stayed.
    frame = pd.DataFrame({"likes": [1, 2, 3, 4, 5, 99], "videos": [1, 2, 3, 4, 8, 9]})
    assert drop_outliers(frame, ["likes", "videos"], 1.5)["videos"].to_list() == [1, 2, 3, 4]
    assert drop_outliers(frame, ["videos"], 1.5)["videos"].to_list() == [1, 2, 3, 4, 8, 9]


def test_rows_keep_their_order_and_are_numbered_anew() -> None:
    frame = pd.DataFrame({"likes": [3, 100, 1, 2, 4]}, index=[7, 5, 3, 1, 0])
    expected = pd.DataFrame({"likes": [3, 1, 2, 4]})
    assert_frame_equal(drop_outliers(frame, ["likes"], factor=1.5), expected)


def test_no_column_keeps_every_row() -> None:
    frame = pd.DataFrame({"likes": [1, 1, 1, 1, 10**9]})
    assert_frame_equal(drop_outliers(frame, [], factor=1.5), frame)


def test_the_frame_given_is_not_changed() -> None:
    frame = pd.DataFrame({"likes": [1, 2, 3, 4, 100]})
    before = frame.copy(deep=True)
    kept = drop_outliers(frame, ["likes"], factor=1.5)
    kept["likes"] = 0
    assert_frame_equal(frame, before)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(InputError, match=r"looks at comment_rate[\s\S]*outliers=keep"):
        drop_outliers(pd.DataFrame({"likes": [1]}), ["comment_rate"], factor=1.5)


@needs_published
def test_the_published_recipe_leaves_683_of_1000_accounts() -> None:
    text = FIGURES.read_text(encoding="utf-8")
    recipe = json.loads(text)["recipe"]
    frame = published_profiles()
    assert len(frame) == recipe["rows_in"] == 1000
    kept = drop_outliers(frame, OUTLIER_COLUMNS, factor=1.5)
    assert len(kept) == recipe["rows_after_outliers"] == 683
