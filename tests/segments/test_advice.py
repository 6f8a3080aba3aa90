import pandas as pd

from examples import make_segmentation
from tiktok_segments.segments.advice import advise, segment_facts

MIDDLE = {
    "p_followers": 0.5,
    "p_videos": 0.5,
    "p_following": 0.5,
    "p_engagement_rate": 0.5,
    "engagement_rate": 0.02,
    "followers": 12_000.0,
    "following": 300.0,
    "videos": 40.0,
    "engagement_vs_size": 1.0,
    "verified_share": 0.0,
    "accounts": 200,
    "ambiguous_share": 0.1,
    "check_share": 0.0,
}


def test_a_segment_in_the_middle_is_recommended_for_its_number() -> None:
    use, avoid = advise(MIDDLE)
    assert use == [
        "accounts of about this size are wanted: there are 200, typically with 12K followers"
    ]
    assert avoid == ["none of the conditions that this report looks at speaks against it"]


def test_ratios_that_most_marks_are_for_are_no_reason_to_use_a_segment() -> None:
    use, _ = advise(MIDDLE | {"engagement_vs_size": 2.8, "check_share": 0.42})
    assert not any("reactions" in sentence for sentence in use)


def test_every_sentence_carries_the_number_it_rests_on() -> None:
    use, _ = advise(MIDDLE | {"p_followers": 0.9, "engagement_vs_size": 2.0, "verified_share": 0.8})
    assert [number for number in ("12K", "2 times", "80 %") if any(number in s for s in use)] == [
        "12K", "2 times", "80 %",
    ]  # fmt: skip
    _, avoid = advise(MIDDLE | {"p_videos": 0.1, "accounts": 12, "check_share": 0.3})
    assert len(avoid) == 3
    assert "40 videos" in avoid[0]


def test_low_engagement_is_said_whatever_the_size() -> None:
    _, avoid = advise(MIDDLE | {"p_engagement_rate": 0.3, "engagement_rate": 0.011})
    assert avoid == [
        "many reactions per follower are needed: the median account's engagement, 1.1 %, is lower "
        "than that of most accounts"
    ]


def test_unknown_facts_give_no_advice() -> None:
    unknown = MIDDLE | {"engagement_vs_size": float("nan"), "verified_share": float("nan")}
    assert advise(unknown) == advise(MIDDLE)


def test_facts_are_the_members_own() -> None:
    segmentation = make_segmentation()
    frame, labels = segmentation.dataset.frame, segmentation.labels
    facts = segment_facts(frame, labels, segmentation.accounts)
    own = frame[labels == 1]
    assert facts.loc[1, "followers"] == own["followers"].median()
    assert facts.loc[1, "verified_share"] == own["is_verified"].mean()
    assert facts["accounts"].to_list() == pd.Series(labels).value_counts().sort_index().to_list()
