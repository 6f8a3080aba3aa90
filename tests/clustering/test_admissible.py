import numpy as np

from tiktok_segments.clustering.admissible import inadmissible_reasons


def test_a_plain_space_is_admissible() -> None:
    X = np.random.default_rng(0).normal(size=(200, 3))
    assert inadmissible_reasons(X, ["followers", "following", "videos"]) == []


def test_each_fault_is_named_with_its_column_and_value() -> None:
    rng = np.random.default_rng(0)
    engagement = rng.normal(size=500)
    likes = engagement + 0.05 * rng.normal(size=500)
    X = np.column_stack([engagement, likes, rng.lognormal(sigma=2, size=500), likes > 2])
    reasons = inadmissible_reasons(X, ["engagement", "likes", "followers", "is_verified"])
    assert len(reasons) == 3
    assert reasons[0] == "is_verified is binary"
    assert reasons[1].startswith("followers is skewed (skew ")
    assert reasons[2].startswith("engagement and likes say the same (correlation 0.99")


def test_the_skew_of_a_left_tail_counts_too() -> None:
    values = -np.random.default_rng(0).lognormal(sigma=1.5, size=500)
    assert "skew -" in inadmissible_reasons(values[:, None], ["videos"])[0]


def test_a_linear_scaler_changes_nothing() -> None:
    X = np.random.default_rng(0).lognormal(size=(300, 2))
    names = ["followers", "videos"]
    assert inadmissible_reasons(5 * X - 3, names) == inadmissible_reasons(X, names)


def test_a_constant_column_is_named() -> None:
    X = np.column_stack([np.arange(9.0), np.zeros(9)])
    assert inadmissible_reasons(X, ["videos", "likes"]) == ["likes is constant"]
