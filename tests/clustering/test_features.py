import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from tiktok_segments.clustering.features import TRANSFORMS, build_features, require_feature_set
from tiktok_segments.errors import InputError


@pytest.mark.parametrize(
    ("transform", "raw", "expected"),
    [
        ("raw", [0.0, 2.5, -1.0], [0.0, 2.5, -1.0]),
        ("log_count", [0.0, np.e - 1, 999.0], [0.0, 1.0, np.log(1000)]),
        ("log_rate", [0.0, 1e-5, 1e-4, 0.01, 10.0], [-4.0, -4.0, -4.0, -2.0, 1.0]),
        ("log_comment_rate", [0.0, 1e-6, 1e-5, 0.01, 10.0], [-5.0, -5.0, -5.0, -2.0, 1.0]),
    ],
)
def test_each_transform_gives_the_value_worked_by_hand(
    transform: str, raw: list[float], expected: list[float]
) -> None:
    features = build_features({"like_rate": transform})
    X = features.fit_transform(pd.DataFrame({"like_rate": raw}))
    assert X.shape == (len(raw), 1)
    assert X[:, 0] == pytest.approx(expected, abs=1e-12)


def test_features_come_in_the_order_of_the_set_and_other_columns_stay_out() -> None:
    frame = pd.DataFrame({"followers": [1], "likes": [2], "account_id": ["a"], "videos": [3]})
    features = build_features({"videos": "raw", "followers": "raw"}).fit(frame)
    assert features.transform(frame).tolist() == [[3, 1]]
    assert features.get_feature_names_out().tolist() == ["videos", "followers"]


@pytest.mark.parametrize("transform", TRANSFORMS)
@pytest.mark.parametrize("dtype", ["int64", "Int64", "float64", "Float64"])
def test_whole_numbers_give_the_same_features_whatever_type_holds_them(
    transform: str, dtype: str
) -> None:
    frame = pd.DataFrame({"likes": [0, 1, 12, 863_500_000]})
    features = build_features({"likes": transform}).fit(frame.astype("float64"))
    X = features.transform(frame.astype(dtype))
    assert X.dtype == np.float64 if transform != "raw" else np.issubdtype(X.dtype, np.number)
    assert X.tolist() == features.transform(frame.astype("float64")).tolist()


@pytest.mark.parametrize("dtype", ["bool", "boolean", "int64", "Int64", "float64"])
def test_a_raw_flag_becomes_zero_and_one(dtype: str) -> None:
    frame = pd.DataFrame({"likes": [5.5, 6.5], "is_verified": [0, 1]}).astype(
        {"is_verified": dtype}
    )
    X = build_features({"likes": "raw", "is_verified": "raw"}).fit_transform(frame)
    assert X.dtype == np.float64
    assert X.tolist() == [[5.5, 0.0], [6.5, 1.0]]


@pytest.mark.parametrize("transform", TRANSFORMS)
def test_the_frame_given_is_not_changed(transform: str) -> None:
    frame = pd.DataFrame({"like_rate": [0.0, 1e-7, 3.0]})
    before = frame.copy(deep=True)
    build_features({"like_rate": transform}).fit_transform(frame)
    assert_frame_equal(frame, before)


def test_an_empty_feature_set_is_refused() -> None:
    with pytest.raises(InputError, match="at least one column"):
        build_features({})


def test_an_unknown_transform_is_refused_with_the_valid_ones() -> None:
    valid = "raw, log_count, log_rate, log_comment_rate"
    with pytest.raises(InputError, match=f"features.columns.likes is 'log'; valid are {valid}"):
        build_features({"videos": "raw", "likes": "log"})


SETS = {"core": ("followers", "videos"), "size": ("followers",), "rates": ("like_rate",)}


def test_a_feature_set_without_its_columns_is_refused_with_those_that_run() -> None:
    with pytest.raises(InputError, match="features=core needs videos") as caught:
        require_feature_set("core", {"followers"}, SETS)
    assert "These run on this file: size. Say features=size\n" in str(caught.value)
    assert str(caught.value).count("\n") == 2


def test_a_feature_set_with_its_columns_passes() -> None:
    require_feature_set("core", {"followers", "videos"}, SETS)
