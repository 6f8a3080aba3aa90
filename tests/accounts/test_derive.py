from __future__ import annotations

import math

import pandas as pd
import pytest

from tiktok_segments.accounts.derive import derive_columns
from tiktok_segments.export.rows.merged_videos import merge_videos


def test_rates_follow_from_means_per_video_and_followers() -> None:
    frame = pd.DataFrame(
        {"followers": [100.0, 0.0], "average_likes": [10.0, 5.0], "average_comments": [2.0, 1.0]}
    )
    before = frame.copy()
    derived, formulas = derive_columns(frame)
    assert derived.engagement_rate[0] == pytest.approx(0.12)
    assert math.isnan(derived.engagement_rate[1])
    assert len(formulas) == 3
    pd.testing.assert_frame_equal(frame, before)


def test_means_per_video_beat_totals_and_what_is_there_is_never_replaced() -> None:
    frame = pd.DataFrame(
        {"followers": [10.0], "likes": [40.0], "videos": [2.0], "average_likes": [5.0]}
    )
    assert derive_columns(frame)[0].like_rate.tolist() == [0.5]
    assert derive_columns(frame.assign(like_rate=9.0))[0].like_rate.tolist() == [9.0]


def test_totals_give_a_like_rate_and_no_engagement() -> None:
    frame = pd.DataFrame(
        {"followers": [10.0], "likes": [40.0], "videos": [2.0], "comment_rate": [0.1]}
    )
    derived, formulas = derive_columns(frame)
    assert derived.like_rate.tolist() == [2.0]
    assert "engagement_rate" not in derived
    assert formulas == ["like_rate = likes / videos / followers (over all videos ever)"]


def test_profile_values_come_from_the_newest_row_that_has_them() -> None:
    videos = pd.DataFrame(
        {
            "account_id": ["a", "b", "a", "a"],
            "followers": [3.0, 9.0, 2.0, None],
            "collected_at": pd.to_datetime(
                ["2024-01-03", "2024-01-01", "2024-01-02", "2024-01-04"]
            ),
            "video_likes": [1.0, 8.0, None, 3.0],
            "video_id": ["1", "1", "2", None],
            "line": [2, 3, 4, 5],
        }
    )
    accounts, rejected, derived = merge_videos(videos)
    assert accounts.account_id.tolist() == ["a", "b"]
    assert accounts.followers.tolist() == [3.0, 9.0]
    assert accounts.average_likes.tolist() == [2.0, 8.0]
    assert accounts.source_rows.tolist() == [3, 1]
    assert accounts.line.tolist() == [2, 3]
    assert rejected.empty
    assert derived == ["average_likes = mean of video_likes over the account's videos in the file"]
