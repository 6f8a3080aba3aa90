import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from tiktok_segments.segments.describe import describe_accounts, describe_segments


@pytest.fixture
def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "account_id": ["a", "b", "c", "d"],
            "nickname": ["A", "B", "C", "D"],
            "is_verified": [True, False, False, False],
            "engagement_rate": [0.5, 0.1, 0.2, 0.6],
            "followers": [900, 10, 20, 60],
        },
        index=[4, 7, 1, 2],
    )


LABELS = np.array([1, 0, 0, 0])
NAMES = ["Small", "Large"]


def test_segments_are_described_as_worked_by_hand(frame: pd.DataFrame) -> None:
    expected = pd.DataFrame(
        {
            "cluster": [0, 1],
            "segment": ["Small", "Large"],
            "accounts": [3, 1],
            "share": [0.75, 0.25],
            "followers_median": [20.0, 900.0],
            "followers_mean": [30.0, 900.0],
            "engagement_rate_median": [0.2, 0.5],
            "engagement_rate_mean": [0.3, 0.5],
            "verified_share": [0.0, 1.0],
        }
    )
    assert_frame_equal(describe_segments(frame, LABELS, NAMES), expected, rtol=1e-12)


def test_without_verification_there_is_no_verified_share(frame: pd.DataFrame) -> None:
    table = describe_segments(frame.drop(columns="is_verified"), LABELS, NAMES)
    assert "verified_share" not in table
    assert len(table) == 2


def test_a_segment_without_members_has_no_accounts_and_no_statistics(frame: pd.DataFrame) -> None:
    table = describe_segments(frame, LABELS, ["Small", "Large", "Empty"])
    assert table["accounts"].to_list() == [3, 1, 0]
    assert table["share"].to_list() == [0.75, 0.25, 0.0]
    statistics = table.drop(columns=["cluster", "segment", "accounts", "share"])
    assert statistics.iloc[2].isna().all()
    assert statistics.iloc[:2].notna().all(axis=None)


def test_accounts_are_placed_in_the_order_of_the_frame(frame: pd.DataFrame) -> None:
    about = pd.DataFrame({"confidence": [0.1, 0.2, 0.3, 0.4]}, index=frame.index)
    accounts = describe_accounts(frame, LABELS, NAMES, about)
    expected = pd.DataFrame(
        {
            "account_id": ["a", "b", "c", "d"],
            "cluster": [1, 0, 0, 0],
            "segment": ["Large", "Small", "Small", "Small"],
            "confidence": [0.1, 0.2, 0.3, 0.4],
            "followers": [900, 10, 20, 60],
            "engagement_rate": [0.5, 0.1, 0.2, 0.6],
            "is_verified": [True, False, False, False],
            "nickname": ["A", "B", "C", "D"],
        },
        index=[4, 7, 1, 2],
    )
    assert_frame_equal(accounts, expected, check_dtype=False)


def test_columns_that_are_not_canonical_are_not_handed_on(frame: pd.DataFrame) -> None:
    accounts = describe_accounts(
        frame.assign(planted="x"), LABELS, NAMES, pd.DataFrame(index=frame.index)
    )
    assert "planted" not in accounts


def test_nothing_given_is_changed(frame: pd.DataFrame) -> None:
    before, labels, names = frame.copy(deep=True), LABELS.copy(), list(NAMES)
    describe_segments(frame, labels, names)
    placed = describe_accounts(frame, labels, names, pd.DataFrame(index=frame.index))
    placed["followers"] = -1
    assert_frame_equal(frame, before)
    assert labels.tolist() == LABELS.tolist()
    assert names == NAMES
