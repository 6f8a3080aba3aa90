import numpy as np

from examples import make_segmentation
from tiktok_segments.membership import AMBIGUOUS_BELOW


def test_confidence_compares_the_own_centre_with_the_next() -> None:
    segmentation = make_segmentation()
    distances = np.sort(segmentation.pipeline.transform(segmentation.dataset.frame), axis=1)
    expected = 1 - distances[:, 0] / distances[:, 1]
    membership = segmentation.membership
    np.testing.assert_allclose(membership["confidence"], expected)
    assert (membership["next_cluster"] != segmentation.labels).all()
    assert membership["ambiguous"].to_list() == (expected < AMBIGUOUS_BELOW).tolist()


def test_accounts_carry_confidence_mark_next_segment_and_tier() -> None:
    accounts = make_segmentation().accounts
    assert accounts.columns[:9].to_list() == [
        "account_id", "cluster", "segment", "confidence", "ambiguous", "next_segment", "tier",
        "engagement_vs_size", "check",
    ]  # fmt: skip
    assert (accounts["next_segment"] != accounts["segment"]).all()
