from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from tiktok_segments.accounts.cleaning import clean_profiles
from tiktok_segments.accounts.filters import CleanRules
from tiktok_segments.accounts.outcome import Export
from tiktok_segments.errors import InputError


def export_of(**columns: list[Any]) -> Export:
    return Export.of(pd.DataFrame(columns), source="x.csv")


def test_identical_duplicates_are_dropped_and_the_last_of_disagreeing_ones_stays() -> None:
    export = export_of(
        account_id=["a", "b", "a", "a"], followers=[1.0, 5.0, 2.0, 2.0], likes=[1.0, 1.0, 1.0, 1.0]
    )
    cleaned = clean_profiles(export)
    assert cleaned.frame.values.tolist() == [["b", 5, 1], ["a", 2, 1]]
    assert cleaned.rejected.values.tolist() == [
        [
            1,
            "a",
            "contradictory duplicate",
            "line 4, the last, is kept; it differs in followers",
            1,
        ],
        [3, "a", "identical duplicate", "line 4 is kept", 2],
    ]


def test_the_newest_duplicate_stays_wherever_it_stands_and_only_a_time_makes_one_older() -> None:
    export = export_of(
        account_id=["a", "a", "a"],
        followers=[3.0, 2.0, 1.0],
        collected_at=pd.to_datetime(["2024-01-02", "2024-01-01", None]),
    )
    cleaned = clean_profiles(export)
    assert cleaned.frame.followers.tolist() == [3]
    assert cleaned.rejected[["rule", "value"]].values.tolist() == [
        ["older duplicate", "line 1 is kept; it differs in followers, collected_at"],
        [
            "contradictory duplicate",
            "line 1, the dated one, is kept; it differs in followers, collected_at",
        ],
    ]


def test_a_row_without_a_number_is_rejected_and_one_without_a_text_stays() -> None:
    export = export_of(
        account_id=["a", "b", "c"], followers=[1.0, None, 3.0], nickname=["A", "B", None]
    )
    cleaned = clean_profiles(export)
    assert cleaned.frame.account_id.tolist() == ["a", "c"]
    assert cleaned.rejected.iloc[:, :4].values.tolist() == [[2, "b", "missing followers", ""]]


def test_a_column_that_most_rows_lack_counts_as_absent() -> None:
    export = export_of(
        account_id=["a", "b", "c"], followers=[1.0, 2.0, 3.0], videos=[1.0, None, None]
    )
    cleaned = clean_profiles(export)
    assert list(cleaned.frame) == ["account_id", "followers"]
    assert cleaned.warnings == ("videos is missing in 67 % of the rows: treated as absent",)
    strict = clean_profiles(export, CleanRules(max_missing_share=1.0))
    assert strict.frame.account_id.tolist() == ["a"]


def test_what_the_filter_removes_is_counted_apart_from_what_was_bad() -> None:
    export = export_of(
        account_id=["a", "b", "c", "d", "e", None],
        followers=[5.0, 50.0, 50.0, 50.0, 50.0, 1.0],
        region=["US", "NA", "us", "US", None, "US"],
        language=["en", "en", "EN", "fr", "en", "en"],
        is_verified=[1.0, 1.0, 1.0, 1.0, 1.0, 1.0],
    )
    before = export.frame.copy()
    rules = CleanRules(min_followers=10, regions=("US",), languages=("en",), verified_only=True)
    cleaned = clean_profiles(export, rules)
    assert cleaned.frame.account_id.tolist() == ["c"]
    assert cleaned.summary.values.tolist() == [
        ["input", 6],
        ["kept", 1],
        ["filtered: followers below 10", 1],
        ["filtered: region not US", 2],
        ["filtered: language not en", 1],
        ["rejected: missing account_id", 1],
    ]
    pd.testing.assert_frame_equal(export.frame, before)


def test_the_clean_frame_has_the_canonical_dtypes() -> None:
    export = export_of(
        is_verified=[1.0], account_id=["a"], followers=[3.0], like_rate=[0.5], region=["NA"]
    )
    frame = clean_profiles(export).frame
    assert frame.dtypes.astype(str).to_dict() == {
        "account_id": "str",
        "followers": "int64",
        "like_rate": "float64",
        "is_verified": "bool",
        "region": "str",
    }


@pytest.mark.parametrize(
    ("rules", "reason"),
    [
        (CleanRules(regions=("US",)), "clean.regions needs the column region"),
        (CleanRules(verified_only=True), "clean.verified_only needs the column is_verified"),
        (CleanRules(min_followers=-1), "below 0"),
        (CleanRules(max_missing_share=2), "is not a share"),
    ],
)
def test_rules_that_cannot_hold_are_refused(rules: CleanRules, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        clean_profiles(export_of(account_id=["a"], followers=[1.0]), rules)
