"""A file read batch by batch gives what reading it whole gives, row for row."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from streamed import (
    ALIASES,
    NAMES,
    RULES,
    as_csv,
    as_gzip,
    as_json_lines,
    as_parquet,
    assert_same,
    messy_rows,
    open_stream,
    stream,
    write_csv,
)
from tiktok_segments.accounts.duplicates import Handles
from tiktok_segments.containers.opening import BatchSize
from tiktok_segments.containers.records import NotStreamableError
from tiktok_segments.errors import InputError


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


@pytest.mark.parametrize("chunk", range(50, 90))
def test_no_row_is_lost_where_a_line_end_is_cut_in_two(tmp_path: Path, chunk: int) -> None:
    rows = [[f"u{n}", "100", "5", "2", "no", "x" * (n % 7), "2026-01-01"] for n in range(30)]
    path = write_csv(tmp_path / "a.csv", rows, end="\r\n")
    parts, _, _ = stream(path, chunk=chunk)
    assert sum(len(part.frame) for part in parts) == len(rows)


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
