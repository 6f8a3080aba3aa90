"""What columns hold is told by all of a file, also where it is read batch by batch."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from streamed import (
    ALIASES,
    RULES,
    assert_same,
    stream,
    write_csv,
)
from tiktok_segments.accounts.cleaning import clean_profiles
from tiktok_segments.accounts.filters import CleanRules
from tiktok_segments.accounts.reading import read_export
from tiktok_segments.containers.records import NotStreamableError
from tiktok_segments.errors import InputError


def test_what_a_dot_means_is_told_by_the_last_row(tmp_path: Path) -> None:
    rows = [[f"u{n}", "637.000", "5", "2", "no", "x", ""] for n in range(50)]
    rows[-2][1] = "637000"
    assert len(assert_same(write_csv(tmp_path / "a.csv", rows))[0].rejected) == 49
    rows[-1][1] = "1.234.567"
    whole, times = assert_same(write_csv(tmp_path / "b.csv", rows))
    assert (whole.frame["followers"].iloc[0], times) == (637_000, 2)
    rows[-1][1] = "12.50"
    assert_same(write_csv(tmp_path / "c.csv", rows))


def test_columns_that_are_empty_sparse_or_silent_are_so_for_the_whole_file(tmp_path: Path) -> None:
    rows = [[f"u{n}", "100", "", "2", "yes" if n == 49 else "", "", ""] for n in range(50)]
    whole, _ = assert_same(write_csv(tmp_path / "a.csv", rows))
    assert list(whole.frame) == ["account_id", "followers", "videos", "is_verified"]
    rows[45][2] = "7"  # following: no longer empty, but sparse
    rows[46][5] = "a name at last"
    rows[47][4] = "no"  # is_verified: an empty cell no longer says no, so the column is sparse
    whole, _ = assert_same(write_csv(tmp_path / "b.csv", rows))
    assert list(whole.frame) == ["account_id", "followers", "videos", "nickname"]
    assert_same(write_csv(tmp_path / "c.csv", rows), CleanRules(max_missing_share=0.99))


def test_a_rate_is_derived_only_where_the_whole_column_is_absent(tmp_path: Path) -> None:
    frame = pd.DataFrame({"username": [f"u{n}" for n in range(40)], "fans": 1000.0})
    frame = frame.assign(likes=500.0, videos=5.0, like_rate=np.nan, comment_rate=0.01)
    frame.loc[3, "videos"] = 0  # the formula has no value
    frame.to_parquet(tmp_path / "a.parquet")
    whole, _ = assert_same(tmp_path / "a.parquet")
    assert whole.frame["like_rate"].iloc[0] == 0.1
    frame.loc[39, "like_rate"] = 0.5
    frame.to_parquet(tmp_path / "b.parquet")
    assert "like_rate" not in assert_same(tmp_path / "b.parquet")[0].frame


def test_what_the_first_rows_settle_holds_for_all_however_the_batches_end(tmp_path: Path) -> None:
    accounts = [f"u{n}" for n in range(40)]
    frame = pd.DataFrame(
        {"username": accounts, "fans": 1000, "average_likes": 40, "average_comments": 5}
    )
    frame.assign(engagement_rate=4.5).to_parquet(tmp_path / "a.parquet")
    whole, _ = assert_same(tmp_path / "a.parquet")
    assert whole.frame["engagement_rate"].tolist() == [0.045] * 40


def test_json_lines_have_the_columns_of_all_lines(tmp_path: Path) -> None:
    records: list[Any] = [
        {"username": f"u{n}", "fans": 100 + n, "stats": {"videos": n}} for n in range(40)
    ]
    records[20]["nickname"] = "first name here"
    records[25]["nickname"] = ["a", "list"]
    records[26]["nickname"] = True
    records[30]["tags"] = ["left", "out"]
    records[33]["land"] = {"land": "BR"}
    lines = [json.dumps(record) for record in records]
    lines[10] = '{"broken": '
    lines[12] = "[1, 2]"
    lines[15] = ""
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    whole, _ = assert_same(tmp_path / "a.jsonl")
    assert set(whole.rejected["rule"]) == {"broken JSON", "not a record"}


def test_typed_nested_and_dictionary_columns_of_parquet_are_read_alike(tmp_path: Path) -> None:
    n = 30
    stats = pa.array([{"following": k, "extra": "x"} for k in range(n)])
    table = pa.table(
        {
            "username": pa.array([6794435137251820550 + k % 20 for k in range(n)]),
            "fans": pa.array([float(k) for k in range(n)]),
            "stats": stats,
            "land": pa.array(["US", "BR", None] * 10).dictionary_encode(),
            "is_verified": pa.array([True, None] * 15),
            "tags": pa.array([["a"]] * n),
            "collected_at": pa.array([10**9 + k for k in range(n)], pa.timestamp("s", tz="UTC")),
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    assert_same(tmp_path / "a.parquet")
    pq.write_table(table.drop_columns("stats"), tmp_path / "b.parquet")
    assert_same(tmp_path / "b.parquet")


def test_a_first_batch_without_a_readable_row_tells_nothing_of_an_empty_column(
    tmp_path: Path,
) -> None:
    rows = [[f"u{n}", "x" if n < 30 else "100", "", "2", "no", "x", ""] for n in range(60)]
    assert_same(write_csv(tmp_path / "a.csv", rows))


cells = st.sampled_from(["12", "1.234", "1.234.567", "0.5", "", "no", "yes", "x", "1,2", "12K"])
handles = st.sampled_from(["a", "b", "c", "dé", "", "e", "f", "g"])
days = st.sampled_from(["2026-01-01", "", "2025-05-05T01:02:03.123456789Z", "3025-01-01"])


@settings(phases=[Phase.generate], max_examples=12)
@given(
    st.lists(st.tuples(handles, cells, cells, cells, cells, cells, days), min_size=25, max_size=50),
    st.sampled_from([400, 2**22]),
)
def test_whatever_the_cells_hold_both_ways_of_reading_agree(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]], chunk: int
) -> None:
    path = tmp_path_factory.mktemp("any") / "a.csv"
    listed = [[*row] for row in rows]
    try:
        clean_profiles(read_export(write_csv(path, listed), aliases=ALIASES), RULES)
    except InputError:
        with pytest.raises((InputError, NotStreamableError)):
            stream(path, chunk=chunk)
        return
    try:
        assert_same(path, chunk=chunk)
    except NotStreamableError as odd:
        assert str(odd) == "no row can be read"
