import pandas as pd
import pytest
from pandas.testing import assert_series_equal

from tiktok_segments.validation.textbook_rules import elbow_k


@pytest.mark.parametrize("elbow", [3, 4, 5, 6])
def test_a_sharp_bend_is_found_where_it_is(elbow: int) -> None:
    # Down by 100 a step before the bend and by 1 after it.
    curve = pd.Series({k: 100.0 * max(elbow - k, 0) + (20 - k) for k in range(2, 9)})
    assert elbow_k(list(curve.index), list(curve)) == elbow


def test_the_elbow_is_a_plain_whole_number() -> None:
    assert type(elbow_k([2, 3, 4, 5], [100.0, 30.0, 20.0, 15.0])) is int


def test_a_straight_line_has_no_elbow() -> None:
    assert elbow_k([2, 3, 4, 5, 6], [50.0, 40.0, 30.0, 20.0, 10.0]) is None


@pytest.mark.parametrize("n_k", [0, 1, 2])
def test_two_values_of_k_cannot_bend(n_k: int) -> None:
    assert elbow_k([2, 3][:n_k], [100.0, 10.0][:n_k]) is None


def test_values_of_k_need_not_be_neighbours() -> None:
    curve = pd.Series([1000.0, 120.0, 100.0, 90.0, 80.0], index=[2, 4, 8, 12, 16])
    assert elbow_k(list(curve.index), list(curve)) == 4


def test_the_curve_given_is_not_changed() -> None:
    curve = pd.Series([100.0, 30.0, 20.0, 15.0], index=[2, 3, 4, 5])
    before = curve.copy(deep=True)
    elbow_k(list(curve.index), list(curve))
    assert_series_equal(curve, before)
