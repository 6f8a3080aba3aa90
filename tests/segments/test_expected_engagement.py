import numpy as np
import pandas as pd
import pytest

from tiktok_segments.segments.expected_engagement import (
    engagement_vs_size,
    expected_rate,
    fit_expected,
)


def test_two_sizes_have_an_expectation_each() -> None:
    frame = pd.DataFrame(
        {
            "followers": [10] * 100 + [1000] * 100,
            "engagement_rate": [0.4] * 100 + [0.1] * 100,
        }
    )
    curve = fit_expected(frame)
    assert curve.to_numpy().tolist() == [[10, 0.4], [1000, 0.1]]
    doubled = frame.assign(engagement_rate=[0.8] + [0.4] * 99 + [0.1] * 100)
    assert engagement_vs_size(doubled).iloc[[0, 1, 150]].to_list() == pytest.approx([2, 1, 1])


def test_tails_do_not_move_the_curve() -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {"followers": rng.integers(1, 10**6, 500), "engagement_rate": rng.lognormal(-3, 1, 500)}
    )
    wild = frame.copy()
    wild.loc[wild["engagement_rate"].nlargest(10).index, "engagement_rate"] = 1e9
    pd.testing.assert_frame_equal(fit_expected(frame), fit_expected(wild))


def test_the_median_account_has_what_its_size_has() -> None:
    rng = np.random.default_rng(1)
    followers = np.exp(rng.uniform(0, 15, 2000)).astype(int)
    rate = 0.5 / np.sqrt(followers + 1) * rng.lognormal(0, 0.5, 2000)
    ratio = engagement_vs_size(pd.DataFrame({"followers": followers, "engagement_rate": rate}))
    assert 0.95 < ratio.median() < 1.05
    # Corrected, size tells nothing any more.
    assert abs(np.corrcoef(np.log(followers + 1), np.log(ratio))[0, 1]) < 0.1


def test_beyond_its_ends_the_curve_is_level() -> None:
    curve = pd.DataFrame({"followers": [10.0, 100.0], "engagement_rate": [0.3, 0.2]})
    assert expected_rate(curve, np.array([0, 10**9])).tolist() == pytest.approx([0.3, 0.2])


def test_no_engagement_is_zero_and_never_a_division_by_zero() -> None:
    frame = pd.DataFrame({"followers": [5, 6, 7], "engagement_rate": [0.0, 0.0, 0.0]})
    assert engagement_vs_size(frame).to_list() == [0, 0, 0]
