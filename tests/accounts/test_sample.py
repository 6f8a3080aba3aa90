import json

import numpy as np
import pytest
from pandas.testing import assert_frame_equal, assert_series_equal

from published import FIGURES, needs_published
from tiktok_segments.accounts.synthetic import PLANTED, make_profiles
from tiktok_segments.errors import InputError
from tiktok_segments.schema import COLUMNS, MAX_FOLLOWING

PUBLISHED_NAMES = {
    "followers": "followers",
    "following": "following",
    "likes": "likes",
    "videos": "videos_count",
    "like_rate": "like_engagement_rate",
    "comment_rate": "comment_engagement_rate",
    "verified_share": "is_verified",
}


@needs_published
def test_the_planted_table_repeats_the_published_one() -> None:
    text = FIGURES.read_text(encoding="utf-8")
    published = {segment["name"]: segment for segment in json.loads(text)["segments"]}
    assert PLANTED.index.to_list() == list(published)
    for name, row in PLANTED.iterrows():
        for ours, theirs in PUBLISHED_NAMES.items():
            assert row[ours] == published[name][theirs], (name, ours)


def test_the_planted_shares_add_up_to_everyone() -> None:
    assert PLANTED["share"].to_list() == [0.55, 0.08, 0.17, 0.12, 0.08]
    assert PLANTED["share"].sum() == pytest.approx(1)


def test_a_seed_gives_the_same_profiles_twice() -> None:
    profiles, planted = make_profiles(60, seed=3)
    again, planted_again = make_profiles(60, seed=3)
    assert_frame_equal(profiles, again)
    assert_series_equal(planted, planted_again)


def test_another_seed_gives_other_profiles() -> None:
    followers = make_profiles(60, seed=3)[0]["followers"]
    assert (followers != make_profiles(60, seed=4)[0]["followers"]).any()


def test_the_planted_segment_is_no_column_of_the_profiles() -> None:
    profiles, planted = make_profiles(50, seed=0)
    assert set(profiles) <= set(COLUMNS)
    assert not profiles.isin(PLANTED.index).any(axis=None)
    assert planted.index.equals(profiles.index)


def test_the_columns_have_the_canonical_types() -> None:
    profiles, _ = make_profiles(50, seed=0)
    dtypes = {"count": "int64", "rate": "float64", "flag": "bool", "text": "str"}
    for name in profiles:
        assert profiles[name].dtype == dtypes[COLUMNS[name].kind], name


def test_every_value_is_in_its_range() -> None:
    profiles, _ = make_profiles(5000, seed=1)
    counts = profiles[["followers", "following", "likes", "videos"]]
    assert (counts >= 0).all(axis=None)
    assert profiles["following"].max() == MAX_FOLLOWING
    assert (profiles[["like_rate", "comment_rate"]] > 0).all(axis=None)


def test_engagement_is_likes_and_comments_together() -> None:
    profiles, _ = make_profiles(50, seed=0)
    together = profiles["like_rate"] + profiles["comment_rate"]
    assert profiles["engagement_rate"].to_numpy() == pytest.approx(together.to_numpy(), rel=1e-12)


def test_each_account_has_a_handle_of_its_own() -> None:
    profiles, _ = make_profiles(1000, seed=0)
    assert profiles["account_id"].is_unique
    assert profiles["account_id"].iloc[0] == "synthetic_0001"
    assert profiles["account_id"].iloc[-1] == "synthetic_1000"


def test_the_profiles_say_that_they_are_synthetic() -> None:
    profiles, _ = make_profiles(20, seed=0)
    assert profiles["account_id"].str.startswith("synthetic_").all()
    assert set(profiles["nickname"]) == {"Synthetic account"}


def test_medians_and_verified_shares_are_the_planted_ones() -> None:
    profiles, planted = make_profiles(40_000, seed=0)
    measures = ["followers", "following", "likes", "videos", "like_rate", "comment_rate"]
    medians = profiles.groupby(planted.to_numpy())[measures].median().loc[PLANTED.index]
    # The standard error of the median of 3,200 lognormals of this spread is 0.9 %.
    assert medians.to_numpy() == pytest.approx(PLANTED[measures].to_numpy(), rel=0.05)
    verified = profiles.groupby(planted.to_numpy())["is_verified"].mean().loc[PLANTED.index]
    assert verified.to_numpy() == pytest.approx(PLANTED["verified_share"].to_numpy(), abs=0.03)
    assert verified["Verified Content Creators"] == 1
    assert verified["Niche Engagement Specialists"] == 0


def test_logarithms_spread_as_the_generator_says() -> None:
    profiles, planted = make_profiles(20_000, seed=0)
    mainstream = profiles[(planted == "Mid-Tier Mainstream Influencers").to_numpy()]
    assert np.log(mainstream["followers"]).std() == pytest.approx(0.4, abs=0.01)


@pytest.mark.parametrize("n_profiles", [13, 14, 17, 999])
def test_every_size_asked_for_is_met_with_each_segment_in_it(n_profiles: int) -> None:
    profiles, planted = make_profiles(n_profiles, seed=0)
    assert len(profiles) == len(planted) == n_profiles
    assert set(planted) == set(PLANTED.index)


def test_fewer_profiles_than_segments_are_refused() -> None:
    with pytest.raises(InputError, match="n_profiles is 12; the sample needs at least 13"):
        make_profiles(12, seed=0)
