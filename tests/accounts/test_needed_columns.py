"""Columns that no feature reads: they never take an account away, whole file or stream."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from pandas.testing import assert_frame_equal

from tiktok_segments.accounts import load_dataset, open_accounts
from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.sweeps.settled_jobs import common_needs


def config(path: Path, *columns: str, **clean: Any) -> dict[str, Any]:
    return {
        "data": {"path": str(path), "aliases": None, "n_profiles": 1, "sample_seed": 0},
        "clean": {
            "min_followers": 0, "regions": [], "languages": [], "verified_only": False,
            "max_missing_share": 0.5, **clean,
        },
        "outliers": {"columns": [], "factor": 1.5},
        "features": {"name": "own", "columns": dict.fromkeys(columns, "raw")},
    }  # fmt: skip


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """Sixty accounts: two with an odd verification, one without likes, one with odd videos."""
    profiles = make_profiles(60, seed=1)[0].drop(columns=["engagement_rate", "like_rate"])
    texts = profiles.astype(object)
    texts.loc[[3, 50], "is_verified"] = "perhaps"
    texts.loc[5, "likes"] = None
    texts.loc[7, "videos"] = "many"
    texts.to_csv(tmp_path / "a.csv", index=False)
    return tmp_path / "a.csv"


def test_only_columns_that_features_read_take_accounts_away(export: Path) -> None:
    def rejected(*columns: str, **clean: Any) -> list[list[object]]:
        dataset = load_dataset(config(export, *columns, **clean))
        assert clean or len(dataset.frame) + len(dataset.rejected) == 60
        return dataset.rejected[["rule", "value"]].to_numpy().tolist()

    assert rejected("followers") == []
    assert rejected("likes") == [["missing likes", ""]]
    assert rejected("is_verified") == [["unreadable is_verified", "perhaps"]] * 2
    assert rejected("followers", verified_only=True) == rejected("is_verified")
    # What a rate is computed from is needed with it; the rate says which formula had no value.
    assert [rule for rule, _ in rejected("like_rate")] == ["missing like_rate", "unreadable videos"]
    assert [rule for rule, _ in rejected(needs=["likes", "videos"])] == [
        "missing likes", "unreadable videos",
    ]  # fmt: skip


def test_a_cell_that_is_left_empty_is_told_in_a_line(export: Path) -> None:
    dataset = load_dataset(config(export, "followers"))
    assert [note for note in dataset.notes if "left empty" in note] == [
        "warning: a.csv: unreadable videos in 1 row, first in line 9 ('many'); left empty there",
        "warning: a.csv: unreadable is_verified in 2 rows, first in line 5 ('perhaps'); left empty "
        "there",
    ]
    assert dataset.frame["is_verified"].isna().sum() == 2
    assert dataset.frame["videos"].dtype == "float64"


@pytest.mark.parametrize("columns", [(), ("likes",), ("like_rate", "is_verified")])
def test_a_stream_keeps_and_tells_what_reading_whole_does(
    export: Path, tmp_path: Path, columns: tuple[str, ...]
) -> None:
    def read(small: int) -> tuple[pd.DataFrame, list[str], pd.DataFrame]:
        accounts = open_accounts(config(export), folder=tmp_path, small=small, needed=columns)
        parts = list(accounts.batches())
        frame = pd.concat([part.frame for part in parts], ignore_index=True)
        rejected = pd.concat([part.rejected for part in parts], ignore_index=True)
        return frame, list(accounts.warnings), rejected

    whole, streamed = read(2**25), read(0)
    assert_frame_equal(whole[0], streamed[0])
    assert whole[1] == streamed[1]
    assert_frame_equal(whole[2], streamed[2])


def test_a_column_is_of_one_type_in_a_file_whether_or_not_a_batch_lacks_values(
    export: Path, tmp_path: Path
) -> None:
    opened = open_accounts(config(export), folder=tmp_path, needed=())
    (cleaned,) = opened.batches()
    schemas = {
        pa.Schema.from_pandas(cleaned.frame.iloc[rows], preserve_index=False).remove_metadata()
        for rows in (slice(0, 3), slice(3, 9))
    }
    (schema,) = schemas
    assert schema.field("likes").type == "int64" and schema.field("is_verified").type == "bool"


def test_a_file_without_gaps_is_read_once_for_all_feature_sets(tmp_path: Path) -> None:
    make_profiles(60, seed=1)[0].to_csv(tmp_path / "a.csv", index=False)
    first = load_dataset(config(tmp_path / "a.csv", "followers"))
    assert first.is_whole
    assert load_dataset(config(tmp_path / "a.csv", "likes", "videos")) is first


def test_the_feature_sets_of_a_sweep_share_their_accounts(export: Path, tmp_path: Path) -> None:
    jobs = [config(export, "likes"), config(export, "followers", "videos"), config(export, "likes")]
    assert common_needs(jobs) == ["likes", "followers", "videos"]
    assert common_needs([jobs[0], jobs[2]]) is None
    assert common_needs([config(export, "likes", needs=["likes"]), jobs[1]]) is None
    make_profiles(60, seed=1)[0].to_csv(tmp_path / "b.csv", index=False)
    whole = [config(tmp_path / "b.csv", *columns) for columns in (["likes"], ["videos"])]
    assert common_needs(whole) is None
