import pandas as pd
import pytest

from tiktok_segments.errors import InputError
from tiktok_segments.segments.choice import Wanted, make_shortlist
from tiktok_segments.segments.choice.shortlist import score_accounts

ACCOUNTS = pd.DataFrame(
    {
        "account_id": ["a", "b", "c", "d"],
        "segment": ["X", "X", "X", "Y"],
        "followers": [100, 200, 300, 400],
        "engagement_rate": [0.4, 0.3, 0.2, 0.1],
        "engagement_vs_size": [4.0, 3.0, 2.0, 1.0],
        "is_verified": [False, True, False, False],
        "tier": ["Nano", "Nano", "Micro", "Micro"],
        "check": ["", "check: x", "", ""],
    }
)


def listed(**wanted: object) -> list[str]:
    return make_shortlist(ACCOUNTS, Wanted(**wanted))["account_id"].to_list()


def test_each_goal_ranks_by_its_formula() -> None:
    assert score_accounts(ACCOUNTS, "reach").to_list() == [0.25, 0.5, 0.75, 1.0]
    assert score_accounts(ACCOUNTS, "engagement").to_list() == [1.0, 0.75, 0.5, 0.25]
    balanced = [0.25**0.5, 0.375**0.5, 0.375**0.5, 0.25**0.5]
    assert score_accounts(ACCOUNTS, "balanced").to_list() == pytest.approx(balanced)
    assert listed(goal="reach") == ["d", "c", "b", "a"]
    assert listed(goal="engagement", n=2) == ["a", "b"]


def test_ties_go_by_followers() -> None:
    assert listed(goal="balanced") == ["c", "b", "d", "a"]


def test_segments_take_turns() -> None:
    assert listed(goal="engagement", diverse=True) == ["a", "d", "b", "c"]


def test_filters_leave_what_meets_all_and_bounds_are_included() -> None:
    assert listed(min_followers=200, max_followers=300) == ["c", "b"]
    assert listed(verified=True) == ["b"]
    assert listed(equal={"tier": "micro", "segment": "x"}) == ["c"]
    assert listed(marked="leave_out", goal="engagement") == ["a", "c", "d"]


def test_a_filter_does_not_change_the_score() -> None:
    narrow = make_shortlist(ACCOUNTS, Wanted(goal="reach", max_followers=200))
    assert narrow["score"].to_list() == [0.5, 0.25]


def test_the_list_says_rank_and_interactions() -> None:
    first = make_shortlist(ACCOUNTS, Wanted(goal="reach")).iloc[0]
    assert (first["rank"], first["interactions_per_video"]) == (1, 40.0)


def test_what_is_not_there_is_told_with_what_is() -> None:
    with pytest.raises(InputError, match=r"tier=Mega\.\nThe values are: Micro, Nano"):
        listed(equal={"tier": "Mega"})
    with pytest.raises(InputError, match="does not say the accounts' region"):
        listed(equal={"region": "DE"})
    with pytest.raises(InputError, match="No account meets all filters"):
        listed(min_followers=1_000)
    with pytest.raises(InputError, match="goal is 'fame'; valid are reach, balanced, engagement"):
        listed(goal="fame")
