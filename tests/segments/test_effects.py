import numpy as np
import pandas as pd
import pytest

from tiktok_segments.segments.effects import measure_effects, strongest_effects, word_effect


def test_delta_is_the_share_of_pairs_won_less_the_share_lost() -> None:
    # Members 2 and 4 against 1, 3 and 4: won 1 + 2, tied 1, lost 0 + 2 of 6 pairs.
    frame = pd.DataFrame({"followers": [2, 4, 1, 3, 4]})
    table = measure_effects(frame, np.array([0, 0, 1, 1, 1]))
    wins, losses = 1 + 2, 2 + 0
    assert table["delta"].to_list() == pytest.approx([(wins - losses) / 6, (losses - wins) / 6])


def test_delta_does_not_change_under_a_logarithm() -> None:
    followers = np.array([1.0, 50.0, 7.0, 900.0, 3.0, 12.0])
    labels = np.array([0, 1, 0, 1, 1, 0])
    raw = measure_effects(pd.DataFrame({"followers": followers}), labels)
    logs = measure_effects(pd.DataFrame({"followers": np.log(followers)}), labels)
    assert raw["delta"].to_list() == logs["delta"].to_list()


def test_verification_compares_shares() -> None:
    frame = pd.DataFrame({"is_verified": [True, False, False, False]})
    row = measure_effects(frame, np.array([0, 0, 1, 1])).iloc[0]
    assert (row["delta"], row["inside"], row["outside"]) == (0.5, 0.5, 0.0)


def test_likes_per_video_do_not_repeat_engagement() -> None:
    effects = pd.DataFrame(
        {
            "cluster": 0,
            "measure": ["engagement_rate", "like_rate", "videos", "likes"],
            "delta": [0.5, 0.9, -0.8, 0.1],
            "inside": 0.2,
            "outside": 0.1,
        }
    )
    words = [effect["words"] for effect in strongest_effects(effects, 0)]
    assert words == ["far fewer videos", "far higher engagement"]


def test_words_follow_the_published_limits() -> None:
    def words(delta: float) -> str:
        effect = {"measure": "videos", "delta": delta, "inside": 1, "outside": 2}
        return str(word_effect(effect)["words"])

    assert [words(delta) for delta in (0.147, -0.33, 0.474)] == [
        "somewhat more videos",
        "clearly fewer videos",
        "far more videos",
    ]


def test_inputs_are_not_changed() -> None:
    frame = pd.DataFrame({"followers": [3, 1], "is_verified": [True, False]})
    before = frame.copy()
    measure_effects(frame, np.array([0, 1]))
    pd.testing.assert_frame_equal(frame, before)
