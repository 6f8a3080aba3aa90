"""A file read batch by batch gives what reading it whole gives, row for row."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from tiktok_segments.accounts.batches import StreamedAccounts, UnsettledError
from tiktok_segments.accounts.cleaning import clean_profiles
from tiktok_segments.accounts.duplicates import Handles
from tiktok_segments.accounts.filters import CleanRules
from tiktok_segments.accounts.matched import MatchedRecords
from tiktok_segments.accounts.outcome import Cleaned
from tiktok_segments.accounts.reading import read_export
from tiktok_segments.accounts.settings import Naming
from tiktok_segments.containers.hints import Hints
from tiktok_segments.containers.opening import BatchSize, open_records
from tiktok_segments.containers.records import NotStreamableError
from tiktok_segments.containers.sources import find_files
from tiktok_segments.errors import InputError

RULES = CleanRules(min_followers=20)
ALIASES = {"profile": {"account_id": ["username"], "followers": ["fans"], "region": ["land"]}}
NAMES = ["username", "fans", "following", "videos", "is_verified", "nickname", "collected_at"]


def open_stream(
    path: Path, aliases: dict[str, Any], rules: CleanRules, size: BatchSize
) -> StreamedAccounts:
    """Open the files of a path."""
    naming = Naming.of(aliases, Hints())
    files = []
    for file in find_files(path).files:
        (records,) = open_records(file, naming.select, naming.hints, size=size)
        files.append(MatchedRecords(records, naming))
    return StreamedAccounts(files, rules, source="", folder=path.parent)


def stream(
    path: Path, rules: CleanRules = RULES, rows: int = 12, chunk: int = 700
) -> tuple[list[Cleaned], StreamedAccounts, int]:
    """Return the parts of a file, and how often it was read for them."""
    accounts = open_stream(path, ALIASES, rules, BatchSize(rows, chunk))
    for times in range(1, 7):
        try:
            return list(accounts.batches()), accounts, times
        except UnsettledError:
            pass
    raise AssertionError("never settled")


def assert_same(path: Path, rules: CleanRules = RULES, **size: int) -> tuple[Cleaned, int]:
    """Compare both ways of reading; return what they give, and how often the stream read."""
    export = read_export(path, aliases=ALIASES)
    whole = clean_profiles(export, rules)
    parts, accounts, times = stream(path, rules, **size)
    found = pd.concat([part.frame for part in parts], ignore_index=True)
    assert_frame_equal(found, whole.frame)
    assert len(parts) > 1
    rejected = pd.concat([part.rejected for part in parts], ignore_index=True)
    assert_frame_equal(rejected, whole.rejected)
    counted = pd.concat([part.summary for part in parts]).groupby("rule")["rows"].sum()
    assert counted.to_dict() == whole.summary.set_index("rule")["rows"].to_dict()
    assert sorted(accounts.warnings) == sorted((*export.warnings, *whole.warnings))
    assert (accounts.matches, accounts.derived) == (export.matches, export.derived)
    return whole, times


def messy_rows(n_rows: int = 60) -> list[list[str]]:
    """Rows with all that can be wrong, and accounts that come again far from the first time."""
    rows = []
    for number in range(n_rows):
        day = f"2026-01-{1 + number % 28:02d}"
        row = [f"@user{number}", f"{100 + number}", "1,234", "12", "yes", f"Name {number}", day]
        rows.append(row)
    rows[3][1] = "12.5K"
    rows[7][1] = "many"
    rows[11][1] = "-4"
    rows[13][2] = ""
    rows[17][0] = ""
    rows[19][1] = "7"  # filtered
    rows[23][4] = "perhaps"
    rows[29][5] = "=1+1"
    rows[31][6] = "some day"
    rows[40][:3] = ["user2", "500", "1,234"]  # newer than row 2
    rows[55] = list(rows[5])  # identical
    rows[56][0], rows[56][6] = "user20", "2020-01-01"  # older than row 20
    rows[57][0], rows[57][1] = "user21", "none"  # no duplicate: it lacks a number
    return rows


def write_csv(path: Path, rows: list[list[str]], encoding: str = "utf-8", end: str = "\n") -> Path:
    lines = [",".join('"' + c.replace('"', '""') + '"' for c in row) for row in [NAMES, *rows]]
    path.write_bytes((end.join(lines) + end).encode(encoding))
    return path


def as_csv(path: Path, rows: list[list[str]]) -> Path:
    return write_csv(path / "a.csv", rows)


def as_gzip(path: Path, rows: list[list[str]]) -> Path:
    plain = as_csv(path, rows).read_bytes()
    (path / "a.csv.gz").write_bytes(gzip.compress(plain))
    return path / "a.csv.gz"


def as_json_lines(path: Path, rows: list[list[str]]) -> Path:
    lines = [json.dumps(dict(zip(NAMES, row, strict=True))) for row in rows]
    (path / "a.jsonl").write_text("\n".join(lines))
    return path / "a.jsonl"


def as_parquet(path: Path, rows: list[list[str]]) -> Path:
    pd.DataFrame(rows, columns=NAMES).to_parquet(path / "a.parquet", row_group_size=9)
    return path / "a.parquet"


@pytest.mark.parametrize("write", [as_csv, as_gzip, as_json_lines, as_parquet])
def test_every_container_gives_what_reading_it_whole_gives(
    tmp_path: Path, write: Callable[[Path, list[list[str]]], Path]
) -> None:
    whole, times = assert_same(write(tmp_path, messy_rows()))
    rules = set(whole.rejected["rule"])
    assert {"older duplicate", "identical duplicate", "missing followers"} <= rules
    assert whole.filtered == {"followers below 20": 1}
    assert times > 1  # once more for the duplicates


def test_a_folder_gives_what_reading_its_files_whole_gives(tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    rows = messy_rows()
    as_csv(folder, rows[:25])
    as_json_lines(folder, [[*row[:5], "", ""] for row in rows[25:50]]).rename(folder / "b.jsonl")
    frame = pd.DataFrame(rows[50:], columns=NAMES).drop(columns=["videos", "collected_at"])
    frame.assign(land="DE").to_parquet(folder / "c.parquet", row_group_size=9)
    whole, times = assert_same(folder)
    assert len(whole.frame["region"].dropna()) == len(whole.frame[whole.frame["region"] == "DE"])
    assert {"missing followers", "missing videos"} <= set(whole.rejected["rule"])
    assert sorted(set(whole.rejected["file"])) == ["a.csv", "b.jsonl", "c.parquet"]
    assert times > 1


def test_files_of_a_folder_spell_their_numbers_each_in_its_own_way(tmp_path: Path) -> None:
    for name, number in (("a", "1.234,0"), ("b", "1,234.0")):
        rows = [[f"{name}{n}", "100", "5", "2", "no", "x", "2026-01-01"] for n in range(30)]
        rows[20][1], rows[10][1] = number, "many"
        write_csv(tmp_path / f"{name}.csv", rows)
    whole, _ = assert_same(tmp_path)
    assert whole.frame["followers"].to_list().count(1234) == 2


def test_a_file_in_order_is_read_once(tmp_path: Path) -> None:
    rows = [[f"u{n}", "100", "5", "2", "no", "x", "2026-01-01"] for n in range(50)]
    for write in (as_csv, as_json_lines, as_parquet):
        assert assert_same(write(tmp_path, rows))[1] == 1


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252", "utf-16-le"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encodings_and_line_ends_are_read_alike(tmp_path: Path, encoding: str, end: str) -> None:
    rows = messy_rows()
    rows[33][5] = "Bób, the\nfirst"
    rows[34][5] = 'a "quoted" café'
    whole, _ = assert_same(write_csv(tmp_path / "a.csv", rows, encoding, end))
    assert "Bób, the\nfirst" in set(whole.frame["nickname"])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "gb18030", "cp949", "cp1251"])
def test_titles_and_code_pages_are_read_alike(tmp_path: Path, encoding: str) -> None:
    words = {"gb18030": "旅行日记", "cp949": "여행일기", "cp1251": "Рецепты дня"}
    word = words.get(encoding, "旅行日记")
    rows = messy_rows()
    for row in rows[2::3]:
        row[5] = word
    path = write_csv(tmp_path / "a.csv", rows)
    title = f'{word}, all of them\n"said ""so""\n,,,\n# 2026\n\n'
    path.write_bytes((title + path.read_text()).encode(encoding))
    whole, _ = assert_same(path)
    assert word in set(whole.frame["nickname"])
    assert {8 + place for place in range(60)} >= set(whole.rejected["line"])


def test_lines_are_counted_over_ragged_blank_and_long_rows(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", messy_rows())
    lines = path.read_text().split("\n")
    lines[1] += ",one too many"
    lines[8:8] = ["", "x,y", "", '"ragged\nover lines",2', ",,,,,,"]
    lines[30] = "too,few"
    path.write_text("\n".join(["sep=,", *lines, "", ""]))
    whole, _ = assert_same(path)
    assert (whole.rejected["rule"] == "wrong number of fields").sum() == 4


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


@pytest.mark.parametrize("chunk", range(50, 90))
def test_no_row_is_lost_where_a_line_end_is_cut_in_two(tmp_path: Path, chunk: int) -> None:
    rows = [[f"u{n}", "100", "5", "2", "no", "x" * (n % 7), "2026-01-01"] for n in range(30)]
    path = write_csv(tmp_path / "a.csv", rows, end="\r\n")
    parts, _, _ = stream(path, chunk=chunk)
    assert sum(len(part.frame) for part in parts) == len(rows)


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
        return
    try:
        assert_same(path, chunk=chunk)
    except NotStreamableError as odd:
        assert str(odd) == "no row can be read"


def test_two_handles_of_one_hash_are_no_duplicates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [[f"u{n % 35}", "100", "5", "2", "no", "x", ""] for n in range(50)]
    path = write_csv(tmp_path / "a.csv", rows)
    monkeypatch.setattr(
        "tiktok_segments.accounts.duplicates.hash_texts",
        lambda accounts: accounts.str.len().to_numpy(dtype="uint64"),
    )
    assert len(assert_same(path)[0].frame) == 35


def test_duplicates_are_resolved_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tiktok_segments.accounts.batches.PART_ROWS", 7)
    rows = [[f"u{n % 20}", f"{100 + n % 3}", "5", "2", "no", "x", ""] for n in range(60)]
    whole, _ = assert_same(write_csv(tmp_path / "a.csv", rows))
    assert len(whole.frame) == 20
    assert not list(tmp_path.glob(".dup*"))


def test_repeated_handles_are_counted_in_rows() -> None:
    handles = Handles()
    handles.add(pd.Series(["a", "b", "a"]))
    handles.add(pd.Series(["c", "a", "b"]))
    hashes, n_rows = handles.repeated()
    assert (len(hashes), n_rows) == (2, 5)


@pytest.mark.parametrize(
    "content",
    [
        '[{"username": "a", "fans": 1}]',
        'username,fans\na,"1\nb,2\n',
        "username,fans\ra,1\rb,2\r",
        "username,fans,video_id,diggCount\na,1,2,3\n",
    ],
)
def test_what_must_be_read_whole_says_so(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.txt").write_text(content, newline="")
    aliases = {**ALIASES, "video": {"video_likes": ["diggCount"]}, "video_signs": ["video_id"]}
    with pytest.raises(NotStreamableError):
        accounts = open_stream(tmp_path / "a.txt", aliases, RULES, BatchSize(5))
        list(accounts.batches())


def test_another_platforms_addresses_are_refused_wherever_they_stand(tmp_path: Path) -> None:
    aliases = {"other_platforms": {"Other": {"hosts": ["other.com"]}}}
    frame = pd.DataFrame({"account_id": [f"u{n}" for n in range(40)], "followers": 5})
    frame = frame.assign(url="https://other.com/x", following=1)
    frame.to_parquet(tmp_path / "a.parquet")
    accounts = open_stream(tmp_path / "a.parquet", aliases, RULES, BatchSize(15))
    with pytest.raises(InputError, match="Other"):
        list(accounts.batches())
