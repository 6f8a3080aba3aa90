import numpy as np
import pandas as pd
import pytest
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from examples import make_segmentation
from tiktok_segments.clustering.membership import STABLE_FROM, measure_membership
from tiktok_segments.clustering.pipeline import build_pipeline, fit_pipeline


def confidence(pipeline: Pipeline, frame: pd.DataFrame) -> np.ndarray:
    X, kmeans = pipeline[:-1].transform(frame), pipeline[-1]
    centres = kmeans.cluster_centers_[None]
    return measure_membership(kmeans, X, kmeans.predict(X), centres)["confidence"].to_numpy()


def test_confidence_compares_the_own_centre_with_the_next() -> None:
    segmentation = make_segmentation()
    distances = np.sort(segmentation.pipeline.transform(segmentation.dataset.frame), axis=1)
    expected = 1 - distances[:, 0] / distances[:, 1]
    membership = segmentation.membership
    np.testing.assert_allclose(membership["confidence"], expected)
    assert (membership["next_cluster"] != segmentation.labels).all()
    assert membership["ambiguous"].equals(membership["stability"] < STABLE_FROM)


def test_accounts_carry_confidence_mark_next_segment_and_tier() -> None:
    accounts = make_segmentation().accounts
    assert accounts.columns[:11].to_list() == [
        "account_id", "cluster", "segment", "confidence", "stability", "ambiguous", "next_segment",
        "tier", "engagement_vs_size", "for_its_size", "check",
    ]  # fmt: skip
    assert (accounts["next_segment"] != accounts["segment"]).all()


def test_confidence_compares_the_two_nearest_centres() -> None:
    # Centres 1 and 11 in followers; scaling a single column changes no ratio of distances.
    frame = pd.DataFrame({"followers": [0, 2, 10, 12]})
    pipeline = build_pipeline({"followers": "raw"}, StandardScaler(), k=2, n_init=5, seed=0)
    fit_pipeline(pipeline, frame)
    expected = [1 - 1 / 11, 1 - 1 / 9, 1 - 1 / 9, 1 - 1 / 11]
    assert confidence(pipeline, frame) == pytest.approx(expected)
    unseen = pd.DataFrame({"followers": [1, 6, 11, 3.5]})
    expected = [1, 0, 1, 1 - 2.5 / 7.5]
    assert confidence(pipeline, unseen) == pytest.approx(expected, abs=1e-7)


def test_confidence_does_not_look_at_the_third_nearest_centre() -> None:
    frame = pd.DataFrame({"followers": [0, 2, 10, 12, 100, 102]})
    pipeline = build_pipeline({"followers": "raw"}, StandardScaler(), k=3, n_init=5, seed=0)
    fit_pipeline(pipeline, frame)
    assert confidence(pipeline, frame)[:2] == pytest.approx([1 - 1 / 11, 1 - 1 / 9])
