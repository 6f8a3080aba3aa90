import pandas as pd

from tiktok_segments.segments.plausibility import mark_accounts

USUAL = {
    "followers": 20_000,
    "likes": 200_000,
    "videos": 100,
    "engagement_rate": 0.05,
    "like_rate": 0.048,
    "comment_rate": 0.002,
}


def mark(**changes: float) -> str:
    return str(mark_accounts(pd.DataFrame([USUAL | changes])).iloc[0])


def test_a_usual_account_has_no_mark() -> None:
    assert mark() == ""


def test_each_signal_says_what_was_seen() -> None:
    assert mark(likes=5_000_000) == "check: 250 likes per follower"
    assert mark(likes=9_000) == "check: 20K followers, 9K likes"
    assert mark(comment_rate=0.03) == "check: 0.62 comments per like"
    assert mark(videos=4) == "check: 20K followers, videos: 4"
    seen = mark(followers=12, likes=90, engagement_rate=2.5)
    assert seen == "check: engagement 250 %, 12 followers"


def test_limits_themselves_are_not_signals() -> None:
    assert mark(likes=4_000_000) == ""
    assert mark(likes=10_000) == ""
    assert mark(comment_rate=0.024) == ""
    assert mark(videos=5) == ""
    assert mark(followers=1_000, likes=900, engagement_rate=1.0) == ""
    assert mark(followers=1_000, likes=900, engagement_rate=2.5) == (
        "check: engagement 250 %, 1K followers"
    )


def test_several_signals_stand_in_one_mark() -> None:
    assert mark(videos=1, likes=5_000_000) == (
        "check: 250 likes per follower; 20K followers, videos: 1"
    )


def test_comments_without_likes_are_no_ratio() -> None:
    assert mark(like_rate=0.0) == ""


def test_data_without_a_column_has_no_signal_on_it() -> None:
    frame = pd.DataFrame({"followers": [20_000, 5]}, index=[7, 9])
    marks = mark_accounts(frame)
    assert marks.to_list() == ["", ""]
    assert marks.index.to_list() == [7, 9]
