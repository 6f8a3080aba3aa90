from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from damaged import HEADER, RANDOM, zip_of
from tiktok_segments.accounts.cleaning import clean_profiles
from tiktok_segments.accounts.outcome import require_accounts
from tiktok_segments.accounts.reading import read_export
from tiktok_segments.containers import sources
from tiktok_segments.errors import InputError

JSON = json.dumps([{"username": "ann", "followers": 1}, {"username": "bob", "followers": 2}])

REFUSED: dict[str, tuple[bytes, str]] = {
    "empty.csv": (b"", "is empty"),
    "blanks.csv": (b" \n\n ", "nothing but blanks"),
    "header.csv": (HEADER, "a header but no row"),
    "header_blank.csv": (HEADER + b"\n\n", "a header but no row"),
    "junk.bin": (RANDOM, "is not text"),
    "junk.xlsx": (b"PK\x03\x04" + RANDOM, "damaged zip"),
    "hollow.xlsx": (zip_of(("[Content_Types].xml", b"<a/>")), "not a workbook"),
    "junk.parquet": (b"PAR1" + RANDOM, "not a Parquet file"),
    "junk.csv.gz": (b"\x1f\x8b" + RANDOM, "damaged gzip"),
    "old.xls": (b"\xd0\xcf\x11\xe0" + RANDOM, "old Excel"),
    "cut.csv.gz": (gzip.compress(HEADER + RANDOM.hex().encode())[:-900], "ends in the middle"),
    "cut.zip": (zip_of(("a.csv", HEADER + RANDOM.hex().encode()))[:-900], "damaged zip"),
    "empty.zip": (zip_of(), "without an export"),
    "cut.json": (JSON[:-9].encode(), "line 1, column"),
    "deep.json": (b"[" * 100_000, "cannot be read"),
    "numbers.json": (b"[1, 2]", "holds no record"),
    "empty.json": (b"[]", "holds no record"),
    "page.csv": (b"<!DOCTYPE html><html></html>", "web page"),
    "nul_json.json": (b'[{"username": "a\0", "followers": 1}]', "line 1, column"),
    "unclosed.csv": (HEADER + b'ann,1,2\n"bob,2,3\ncat,3,4\n', "line 3: a quote"),
    "no_columns.csv": (b"colour,size\nred,1\n", "no column for account_id and followers"),
    "no_followers.csv": (b"username,likes\nann,1\n", "no column for followers"),
    "instagram.csv": (
        b"account,fbid,followers,posts_count,is_business_account\na,1,2,3,true\n",
        "Instagram",
    ),
    "instagram_urls.csv": (
        b"username,followers,url\na,1,https://www.instagram.com/a\n",
        "Instagram",
    ),
    "youtube.csv": (
        b"channel_id,channel_title,subscriberCount,username\n1,t,2,a\n",
        "YouTube",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_refused_in_at_most_three_lines(
    name: str, tmp_path: Path, aliases: dict[str, Any]
) -> None:
    data, reason = REFUSED[name]
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(InputError, match=reason) as caught:
        read_export(path, aliases=aliases)
    message = str(caught.value)
    assert name in message
    assert message.count("\n") <= 2


REJECTED: dict[str, tuple[bytes, list[Any]]] = {
    "negative": (HEADER + b"ann,-5,1\n", [2, "ann", "negative followers", "-5"]),
    "infinite": (HEADER + b"ann,inf,1\n", [2, "ann", "infinite followers", "inf"]),
    "overflow": (HEADER + b"ann,1e999,1\n", [2, "ann", "too large followers", "1e999"]),
    "huge": (HEADER + b"ann,1e18,1\n", [2, "ann", "too large followers", "1e18"]),
    "rate": (
        b"username,followers,engagement rate\nann,1000,31234567890123456789\n",
        [2, "ann", "too large engagement_rate", "31234567890123456789"],
    ),
    "half": (HEADER + b"ann,2.5,1\n", [2, "ann", "fractional followers", "2.5"]),
    "words": (HEADER + b"ann,~5k?,1\n", [2, "ann", "unreadable followers", "~5k?"]),
    "missing": (HEADER + b"ann,,1\n", [2, "ann", "missing followers", ""]),
    "nobody": (HEADER + b"null,5,1\n", [2, "", "missing account_id", "null"]),
    "rounded": (
        HEADER + b"6.79E+18,5,1\n",
        [2, "6.79E+18", "account_id lost its digits", "6.79E+18"],
    ),
    "ragged": (
        HEADER + b"ann,5\n",
        [2, "", "wrong number of fields", "3 fields expected, found 2: ann,5"],
    ),
    "nul": (HEADER + b"a\0nn,5,1\n", [2, "a\0nn", "NUL byte in account_id", "a\0nn"]),
    "broken line": (
        b'{"username": "bob", "followers": 1}\n{"username": "ann", "foll\n',
        [2, "", "broken JSON", '{"username": "ann", "foll'],
    ),
    "list among counts": (
        b'[{"username": "bob", "followers": 1}, {"username": "ann", "followers": [1]}]',
        [2, "ann", "unreadable followers", '["1"]'],
    ),
    "object among counts": (
        b'[{"username": "bob", "followers": 1}, {"username": "ann", "followers": {"n": 1}}]',
        [2, "ann", "unreadable followers", '{"n": "1"}'],
    ),
    "number among records": (
        b'[{"username": "bob", "followers": 1}, 7]',
        [2, "", "not a record", "7"],
    ),
}


@pytest.mark.parametrize("name", REJECTED)
def test_a_bad_row_is_listed_with_its_line_and_the_reason(
    name: str, tmp_path: Path, aliases: dict[str, Any]
) -> None:
    data, expected = REJECTED[name]
    path = tmp_path / "a"
    path.write_bytes(data)
    cleaned = clean_profiles(read_export(path, aliases=aliases))
    assert cleaned.rejected.iloc[:, :4].values.tolist() == [expected]


def test_an_account_without_followers_stays_unless_a_rate_needs_them(
    tmp_path: Path, aliases: dict[str, Any]
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("username,followers,likes,videos\nann,0,10,2\nbob,10,40,2\n")
    cleaned = clean_profiles(read_export(path, aliases=aliases))
    assert cleaned.frame[["account_id", "like_rate"]].values.tolist() == [["bob", 2.0]]
    assert cleaned.rejected[["line", "account", "rule"]].values.tolist() == [
        [2, "ann", "missing like_rate"]
    ]
    path.write_text("username,followers\nann,0\n")
    assert clean_profiles(read_export(path, aliases=aliases)).frame.followers.tolist() == [0]


def test_half_a_surrogate_pair_is_replaced_and_a_whole_one_kept(
    tmp_path: Path, aliases: dict[str, Any]
) -> None:
    path = tmp_path / "a.json"
    path.write_text(
        r'[{"username": "a\ud83d", "nickname": "\ud83d\ude00 \\ud83d",'
        r' "followers": 1, "\udc00": 2}]'
    )
    frame = read_export(path, aliases=aliases).frame
    assert frame[["account_id", "nickname"]].values.tolist() == [["a\ufffd", "😀 \\ud83d"]]


def test_a_ten_megabyte_field_is_read(tmp_path: Path, aliases: dict[str, Any]) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b'username,bio,followers\nann,"' + b"x\n" * 5_000_000 + b'",1\nbob,y,-2\n')
    export = read_export(path, aliases=aliases)
    assert export.frame.biography.str.len().tolist() == [10_000_000]
    assert export.rejected[["line", "account"]].values.tolist() == [[5_000_003, "bob"]]


def test_a_file_without_any_value_leaves_no_account_and_says_so(
    tmp_path: Path, aliases: dict[str, Any]
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(HEADER + b"null,N/A,-\nnull,null,null\n")
    export = read_export(path, aliases=aliases)
    cleaned = clean_profiles(export)
    assert cleaned.summary.values.tolist() == [
        ["input", 2],
        ["kept", 0],
        ["rejected: missing account_id", 2],
    ]
    with pytest.raises(InputError, match=r"a\.csv, line 2: none of 2 rows is left"):
        require_accounts(export, cleaned)


def test_nothing_and_an_empty_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        read_export(tmp_path / "missing.csv")
    with pytest.raises(InputError, match="holds no file"):
        read_export(tmp_path)
    with pytest.raises(InputError, match="does not exist"):
        read_export(tmp_path / "*.csv")
    (tmp_path / "README.md").write_text("x")
    with pytest.raises(InputError, match=r"holds no export, only README\.md"):
        read_export(tmp_path)


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    zeros = bytes(2**20)
    bomb = gzip.compress(zeros * 80)
    for name, data in {"a.gz": bomb, "a.zip": zip_of(("a.csv", zeros * 80))}.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(InputError, match="refused as unsafe"):
            read_export(tmp_path / name)
    monkeypatch.setattr(sources, "MAX_BYTES", 1000)
    (tmp_path / "a.gz").write_bytes(gzip.compress(RANDOM))
    with pytest.raises(InputError, match="At most 1,000 bytes"):
        read_export(tmp_path / "a.gz")
