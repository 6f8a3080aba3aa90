import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from sklearn.preprocessing import StandardScaler

from published import FIGURES, NAMES, OUTLIER_COLUMNS, needs_published, published_profiles
from tiktok_segments.accounts.filters import drop_outliers
from tiktok_segments.accounts.synthetic import PLANTED, make_profiles
from tiktok_segments.clustering.pipeline import build_pipeline, fit_pipeline
from tiktok_segments.segments.naming import measure_segments, name_segments


def population(
    followers: float = 14_750,
    verified: int = 0,
    *,
    following: int = 8,
    engagement: int = 8,
    videos: int = 8,
) -> tuple[pd.DataFrame, np.ndarray]:
    """Make segment 0 of four equal accounts (``verified`` of them verified) among 16 others.

    ``following``, ``engagement`` and ``videos`` say how many of the 16 lie below it; one more is
    level with it. With half of its own four and that one it has percentile (that number + 3) / 20:
    13 make .80, 8 make .55, 2 make .25. The others have a name by their followers.
    """
    others = np.arange(16)

    def column(own: float, below: int) -> list[float]:
        return [own] * 4 + np.select(
            [others < below, others > below], [own / 2, own * 2], own
        ).tolist()

    frame = pd.DataFrame(
        {
            "followers": [followers] * 4 + [9e6 if followers < 5e6 else 10] * 16,
            "following": column(300, following),
            "videos": column(200, videos),
            "engagement_rate": column(0.02, engagement),
            "is_verified": [True] * verified + [False] * (20 - verified),
        }
    )
    return frame, np.repeat([0, 1], [4, 16])


def first_name(naming: dict[str, Any], **segment: Any) -> str:
    return name_segments(*population(**segment), naming)[0].name


@pytest.mark.parametrize(
    ("segment", "name"),
    [
        ({"followers": 5_000_000}, "Celebrity Accounts"),
        ({"verified": 2}, "Verified Content Creators"),
        ({"following": 14}, "Community Builders"),
        ({"engagement": 13}, "Niche Engagement Specialists"),
        ({"followers": 1_000_000}, "Star Influencers"),
        ({"engagement": 10}, "Micro Engaged Creators"),
        ({"videos": 12}, "Micro High-Volume Publishers"),
        ({"engagement": 13, "followers": 999}, "Few-Follower Accounts with High Rates"),
        ({"engagement": 10, "followers": 999}, "Few-Follower Accounts with High Rates"),
        ({"engagement": 2}, "Micro Low-Engagement Accounts"),
        ({"videos": 2}, "Micro Occasional Posters"),
        ({}, "Micro Mainstream Influencers"),
        ({"followers": 999}, "Starter Accounts with Usual Engagement"),
    ],
)
def test_each_rule_gives_its_name_from_its_edge_on(
    by_median: dict[str, Any], segment: dict[str, Any], name: str
) -> None:
    assert first_name(by_median, **segment) == name


@pytest.mark.parametrize(
    ("segment", "name"),
    [
        ({"followers": 4_999_999}, "Star Influencers"),
        ({"verified": 1}, "Micro Mainstream Influencers"),
        ({"following": 13}, "Micro Mainstream Influencers"),
        ({"engagement": 12}, "Micro Engaged Creators"),
        ({"followers": 999_999}, "Macro Mainstream Influencers"),
        ({"engagement": 9}, "Micro Mainstream Influencers"),
        ({"videos": 11}, "Micro Mainstream Influencers"),
        ({"engagement": 3}, "Micro Mainstream Influencers"),
        ({"videos": 3}, "Micro Mainstream Influencers"),
    ],
)
def test_just_short_of_its_edge_a_rule_gives_way_to_the_next(
    by_median: dict[str, Any], segment: dict[str, Any], name: str
) -> None:
    assert first_name(by_median, **segment) == name


@pytest.mark.parametrize(
    ("segment", "name"),
    [
        (
            {"followers": 5_000_000, "verified": 4, "following": 16, "engagement": 16},
            "Celebrity Accounts",
        ),
        (
            {"followers": 4_000_000, "verified": 4, "following": 16, "engagement": 16},
            "Verified Content Creators",
        ),
        ({"followers": 4_000_000, "following": 16, "engagement": 16}, "Community Builders"),
        ({"followers": 4_000_000, "engagement": 16}, "Niche Engagement Specialists"),
        ({"followers": 4_000_000, "engagement": 11, "videos": 16}, "Star Influencers"),
        ({"engagement": 11, "videos": 16}, "Micro Engaged Creators"),
        ({"engagement": 2, "videos": 16}, "Micro High-Volume Publishers"),
        ({"engagement": 2, "videos": 2}, "Micro Low-Engagement Accounts"),
    ],
)
def test_of_two_rules_that_hold_the_first_gives_the_name(
    by_median: dict[str, Any], segment: dict[str, Any], name: str
) -> None:
    assert first_name(by_median, **segment) == name


@pytest.mark.parametrize(
    ("followers", "tier"),
    [
        (0, "Starter"),
        (999, "Starter"),
        (1000, "Nano"),
        (9_999, "Nano"),
        (10_000, "Micro"),
        (99_999, "Micro"),
        (100_000, "Mid-Tier"),
        (499_999, "Mid-Tier"),
        (500_000, "Macro"),
        (999_999, "Macro"),
        (1_000_000, "Mega"),
        (10**9, "Mega"),
    ],
)
def test_tiers_begin_where_the_table_says(
    by_median: dict[str, Any], followers: int, tier: str
) -> None:
    frame = pd.DataFrame({"followers": [followers]})
    assert name_segments(frame, np.array([0]), by_median)[0].tier == tier


def test_the_tier_is_that_of_the_median_or_of_the_mean_as_configured(
    by_median: dict[str, Any], by_mean: dict[str, Any]
) -> None:
    # Median 5,000, mean (5,000 + 5,000 + 590,000) / 3 = 200,000.
    frame, labels = pd.DataFrame({"followers": [5_000, 5_000, 590_000]}), np.zeros(3, dtype=int)
    assert name_segments(frame, labels, by_median)[0].name == "Nano Accounts"
    assert name_segments(frame, labels, by_mean)[0].name == "Mid-Tier Mainstream Influencers"


@pytest.mark.parametrize(("in_tier", "name"), [(2, "Nano Accounts"), (1, "Accounts")])
def test_a_tier_is_in_the_name_where_half_of_the_members_are_in_it(
    by_median: dict[str, Any], in_tier: int, name: str
) -> None:
    # The median is 9,000 or more; one account of three is a third of them, two of four a half.
    followers = [9_000, 9_500, 10, 20_000] if in_tier == 2 else [10, 9_000, 20_000]
    frame = pd.DataFrame({"followers": followers})
    (segment,) = name_segments(frame, np.zeros(len(frame), dtype=int), by_median)
    assert (segment.name, segment.tier) == (name, "Nano")
    assert segment.claims["tier"] == ("Nano" if in_tier == 2 else None)


def test_percentiles_are_shares_of_all_accounts_with_less_and_ties_count_half() -> None:
    frame = pd.DataFrame({"followers": [1, 2, 2, 9], "likes": [5, 5, 5, 5]})
    facts = measure_segments(frame, np.array([0, 0, 1, 1]), "median")
    # Followers have percentiles .25, .625, .625, 1; where all are equal everyone is in the middle.
    assert facts["p_followers"].to_list() == [0.4375, 0.8125]
    assert facts["p_likes"].to_list() == [0.625, 0.625]
    assert facts["followers"].to_list() == [1.5, 5.5]


@pytest.mark.parametrize("share", [0.9, 1.0])
def test_a_column_in_which_nearly_all_are_alike_gives_no_name(
    by_median: dict[str, Any], share: float
) -> None:
    frame = make_profiles(400, seed=0)[0].assign(following=0, videos=7)
    frame.loc[frame.index[int(400 * share) :], ["following", "videos"]] = 500
    frame = frame.assign(engagement_rate=0.05, is_verified=False)
    for segment in name_segments(frame, np.arange(400) % 4, by_median):
        assert "videos" not in segment.evidence and "follows" not in segment.evidence


def test_a_rule_about_a_column_that_the_file_lacks_does_not_hold(
    by_median: dict[str, Any],
) -> None:
    frame = pd.DataFrame({"followers": [10, 20]})
    (segment,) = name_segments(frame, np.array([0, 0]), by_median)
    assert segment.name == "Starter Accounts"


def test_the_evidence_tells_the_conditions_with_the_segments_values(
    by_median: dict[str, Any],
) -> None:
    def evidence(**segment: Any) -> str:
        return name_segments(*population(**segment), by_median)[0].evidence

    many = "half of its accounts have more than 7.5M followers (the name asks for 5M or more)"
    assert evidence(followers=7_500_000) == many
    low = "its typical account's engagement is lower than that of 75 % of all accounts"
    assert evidence(engagement=2) == low
    assert evidence(verified=2) == "50 % of its accounts are verified"
    follows = "its typical account follows more accounts than 85 % of all accounts"
    assert evidence(following=14) == follows
    frame = pd.DataFrame({"followers": [10]})
    (other,) = name_segments(frame, np.array([0]), by_median)
    assert other.evidence == "no other name's conditions hold"


def test_no_evidence_has_a_symbol_or_the_name_of_a_column(by_median: dict[str, Any]) -> None:
    for facts in ({"videos": 11}, {"videos": 1}, {"engagement": 12}, {"following": 13}, {}):
        (segment, *_) = name_segments(*population(**facts), by_median)
        assert not set("≥≤_") & set(segment.evidence), segment.evidence


def test_the_frame_and_the_labels_given_are_not_changed(by_median: dict[str, Any]) -> None:
    frame, labels = population()
    before, labels_before = frame.copy(deep=True), labels.copy()
    name_segments(frame, labels, by_median)
    assert_frame_equal(frame, before)
    assert labels.tolist() == labels_before.tolist()


@pytest.mark.parametrize("seed", [0, 1, 2, 3, 4])
def test_the_planted_segments_get_their_own_names(by_median: dict[str, Any], seed: int) -> None:
    profiles, planted = make_profiles(1000, seed=seed)
    labels = PLANTED.index.get_indexer(planted)
    names = [segment.name for segment in name_segments(profiles, labels, by_median)]
    assert names == PLANTED.index.to_list()


@needs_published
def test_the_published_result_gets_the_five_published_names(by_mean: dict[str, Any]) -> None:
    published = json.loads(FIGURES.read_text(encoding="utf-8"))["segments"]
    frame = drop_outliers(published_profiles(), OUTLIER_COLUMNS, factor=1.5)
    pipeline = build_pipeline(dict.fromkeys(NAMES, "raw"), StandardScaler(), k=5, n_init=1, seed=42)
    _, labels = fit_pipeline(pipeline, frame)
    names = [segment.name for segment in name_segments(frame, labels, by_mean)]
    found = dict(zip(names, np.bincount(labels).tolist(), strict=True))
    assert found == {segment["name"]: segment["accounts"] for segment in published}


@needs_published
def test_by_the_median_the_published_mainstream_has_no_tier(
    by_median: dict[str, Any],
) -> None:
    frame = drop_outliers(published_profiles(), OUTLIER_COLUMNS, factor=1.5)
    pipeline = build_pipeline(dict.fromkeys(NAMES, "raw"), StandardScaler(), k=5, n_init=1, seed=42)
    _, labels = fit_pipeline(pipeline, frame)
    mainstream = name_segments(frame, labels, by_median)[np.bincount(labels).argmax()]
    # Micro by its median account; most of its accounts are in other tiers.
    assert (mainstream.name, mainstream.tier) == ("Mainstream Influencers", "Micro")
    facts = measure_segments(frame, labels, "median")
    assert facts["followers"].iloc[np.bincount(labels).argmax()] == 14_750
