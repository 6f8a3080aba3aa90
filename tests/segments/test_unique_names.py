"""Names of segments that a rule names alike, told apart."""

from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from plain_naming import PLAIN
from tiktok_segments.segments.naming import name_segments


def test_equal_names_get_their_tier_in_front() -> None:
    frame = pd.DataFrame({"followers": [50, 20_000, 3_000_000]})
    names = [segment.name for segment in name_segments(frame, np.array([0, 1, 2]), PLAIN)]
    assert names == ["Nano Creators", "Micro Creators", "Celebrities"]


def test_a_name_that_is_alone_gets_no_tier() -> None:
    frame = pd.DataFrame({"followers": [50, 3_000_000]})
    names = [segment.name for segment in name_segments(frame, np.array([0, 1]), PLAIN)]
    assert names == ["Creators", "Celebrities"]


def test_a_name_without_a_tier_says_that_its_sizes_are_mixed_beside_one_with_a_tier() -> None:
    frame = pd.DataFrame({"followers": [50, 20_000, 600_000, 20_000], "is_verified": True})
    names = [segment.name for segment in name_segments(frame, np.array([0, 0, 0, 1]), PLAIN)]
    assert names == ["Mixed-Size Verified", "Micro Verified"]


def test_two_of_one_name_and_tier_are_told_apart_on_their_widest_axis() -> None:
    # Medians of the percentiles: followers .5 and .75, videos .875 and .375.
    frame = pd.DataFrame({"followers": [10, 30, 20, 40], "videos": [9, 8, 2, 1]})
    names = [segment.name for segment in name_segments(frame, np.array([0, 0, 1, 1]), PLAIN)]
    assert names == ["High-Videos Nano Creators", "Low-Videos Nano Creators"]


def test_the_axis_of_a_rate_is_called_without_the_word_rate() -> None:
    frame = pd.DataFrame({"followers": [10, 30, 20, 40], "engagement_rate": [0.1, 0.2, 0.8, 0.9]})
    names = [segment.name for segment in name_segments(frame, np.array([0, 0, 1, 1]), PLAIN)]
    assert names == ["Low-Engagement Nano Creators", "High-Engagement Nano Creators"]


def test_three_of_one_name_and_tier_are_numbered_by_followers() -> None:
    frame = pd.DataFrame({"followers": [30, 10, 20]})
    names = [segment.name for segment in name_segments(frame, np.array([0, 1, 2]), PLAIN)]
    assert names == ["Nano Creators III", "Nano Creators I", "Nano Creators II"]


def test_segments_that_the_tier_told_apart_are_left_out_of_the_next_step() -> None:
    frame = pd.DataFrame({"followers": [10, 20, 20_000]})
    names = [segment.name for segment in name_segments(frame, np.array([0, 1, 2]), PLAIN)]
    assert names[:2] == ["Low-Followers Nano Creators", "High-Followers Nano Creators"]
    assert names[2] == "Micro Creators"


def test_a_tier_that_is_in_the_name_is_not_put_in_front_again() -> None:
    frame = pd.DataFrame({"followers": [10, 20], "is_verified": [True, True]})
    names = [segment.name for segment in name_segments(frame, np.array([0, 1]), PLAIN)]
    assert names == ["Low-Followers Nano Verified", "High-Followers Nano Verified"]


def test_more_than_ten_of_one_name_still_have_one_each() -> None:
    frame = pd.DataFrame({"followers": range(1, 13)})
    names = [segment.name for segment in name_segments(frame, np.arange(12), PLAIN)]
    assert names[0] == "Nano Creators I"
    assert names[9:] == ["Nano Creators X", "Nano Creators 11", "Nano Creators 12"]


def random_segments(seed: int, n_segments: int, n_each: int) -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(seed)
    n_accounts = n_segments * n_each
    middle = rng.lognormal(8, 3, size=n_segments)[np.arange(n_accounts) % n_segments]
    frame = pd.DataFrame(
        {
            "followers": middle * rng.lognormal(0, 1, size=n_accounts),
            "following": rng.lognormal(6, 1, size=n_accounts),
            "videos": rng.lognormal(5, 1, size=n_accounts),
            "engagement_rate": rng.lognormal(-3, 1, size=n_accounts),
            "is_verified": rng.random(n_accounts) < 0.1,
        }
    )
    return frame, np.arange(n_accounts) % n_segments


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    n_segments=st.integers(1, 14),
    n_each=st.integers(1, 5),
    statistic=st.sampled_from(["median", "mean"]),
)
def test_the_names_of_any_segments_differ(
    by_median: dict[str, Any], seed: int, n_segments: int, n_each: int, statistic: str
) -> None:
    frame, labels = random_segments(seed, n_segments, n_each)
    for rules in (by_median, PLAIN):
        segments = name_segments(frame, labels, rules | {"follower_statistic": statistic})
        assert len({segment.name for segment in segments}) == n_segments
        assert all(segment.tier in rules["tiers"] for segment in segments)


@settings(max_examples=30, deadline=None)
@given(values=st.lists(st.integers(0, 3), min_size=2, max_size=12))
def test_names_differ_even_where_the_segments_do_not(
    by_median: dict[str, Any], values: list[int]
) -> None:
    frame = pd.DataFrame({"followers": values, "videos": 7})
    for rules in (by_median, PLAIN):
        segments = name_segments(frame, np.arange(len(values)), rules)
        assert len({segment.name for segment in segments}) == len(values)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), order=st.permutations(range(6)))
def test_names_do_not_depend_on_the_numbers_of_the_clusters(
    by_median: dict[str, Any], seed: int, order: list[int]
) -> None:
    frame, labels = random_segments(seed, n_segments=6, n_each=3)
    renumbered = np.asarray(order)[labels]
    for rules in (by_median, PLAIN):
        names = name_segments(frame, labels, rules)
        other_names = name_segments(frame, renumbered, rules)
        assert [names[c] for c in labels] == [other_names[c] for c in renumbered]


def test_equal_followers_are_numbered_by_what_else_tells_the_segments_apart() -> None:
    frame = pd.DataFrame({"followers": [20, 20, 20], "videos": [5, 900, 70]})
    labels = np.array([0, 1, 2])
    names = [segment.name for segment in name_segments(frame, labels, PLAIN)]
    renumbered = np.array([2, 1, 0])
    other_names = [segment.name for segment in name_segments(frame, renumbered, PLAIN)]
    assert names == [other_names[c] for c in renumbered]
