from __future__ import annotations

import gzip
import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from tiktok_segments.accounts.cleaning import clean_profiles
from tiktok_segments.accounts.outcome import Export
from tiktok_segments.accounts.reading import read_export
from tiktok_segments.errors import InputError

# The same three accounts in every shape below.
EXPECTED = pd.DataFrame(
    {
        "account_id": ["ann", "bob.b", "6794435137251820550"],
        "followers": [12_500_000, 340_000, 1_000],
        "following": [10, 2_500, 0],
        "likes": [1_200_000_000, 1_000_000, 78],
        "videos": [100, 50, 7],
        "is_verified": [True, False, False],
        "nickname": ["Ann, the\nfirst", "Bób", None],
    }
).astype({"account_id": "str", "nickname": "str"})

ROWS = [
    ("@ann", "12.5M", "10", "1.2B", "100", "true", "Ann, the\nfirst"),
    ("bob.b", "340K", "2,500", "1,000,000", "50", "false", "Bób"),
    ("6794435137251820550", "1e+03", "0", "78.0", "7", "FALSE", "null"),
]
NAMES = (
    "username",
    "Followers",
    "following_count",
    "heartCount",
    "Video Count",
    "verified",
    "nick name",
)


def quoted(rows: list[tuple[str, ...]], delimiter: str = ",", end: str = "\n") -> str:
    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"'

    return end.join(delimiter.join(map(cell, row)) for row in rows) + end


def api_record(row: tuple[str, ...]) -> dict[str, Any]:
    handle, followers, following, hearts, videos, verified, nickname = row
    user: dict[str, Any] = {"uniqueId": handle, "verified": verified.lower() == "true"}
    if nickname != "null":
        user["nickname"] = nickname
    stats = {
        "followerCount": followers,
        "followingCount": following,
        "heartCount": hearts,
        "videoCount": int(videos),
        "diggCount": 999,
    }
    return {"user": user, "stats": stats, "tags": ["a", "b"]}


def csv_text(**options: str) -> str:
    return quoted([NAMES, *ROWS], **options)


def zipped(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("__MACOSX/._x", b"junk")
        archive.writestr(name, data)
    return out.getvalue()


def parquet() -> bytes:
    out = io.BytesIO()
    pd.json_normalize([api_record(row) for row in ROWS]).to_parquet(out)
    return out.getvalue()


def nested_parquet() -> bytes:
    out = io.BytesIO()
    pd.DataFrame([api_record(row) for row in ROWS]).to_parquet(out)
    return out.getvalue()


def workbook() -> bytes:
    out = io.BytesIO()
    pd.DataFrame(ROWS, columns=list(NAMES)).to_excel(out, index=False)
    return out.getvalue()


API = [api_record(row) for row in ROWS]
SHAPES: dict[str, Callable[[], bytes]] = {
    "comma.csv": lambda: csv_text().encode(),
    "semicolon.csv": lambda: csv_text(delimiter=";").encode(),
    "excel.csv": lambda: ("sep=;\r\n" + csv_text(delimiter=";", end="\r\n")).encode("utf-8-sig"),
    "tab.tsv": lambda: csv_text(delimiter="\t").encode(),
    "pipe.txt": lambda: csv_text(delimiter="|").encode(),
    "crlf.csv": lambda: csv_text(end="\r\n").encode(),
    "bom.csv": lambda: csv_text().encode("utf-8-sig"),
    "utf16.csv": lambda: csv_text().encode("utf-16"),
    "utf16be.csv": lambda: b"\xfe\xff" + csv_text().encode("utf-16-be"),
    "utf16_unmarked.csv": lambda: csv_text().encode("utf-16-le"),
    "cp1252.csv": lambda: csv_text().encode("cp1252"),
    "blank_lines.csv": lambda: (csv_text().replace('\n"bob', '\n\n"bob') + "\n\n").encode(),
    "csv.gz": lambda: gzip.compress(csv_text().encode()),
    "csv.zip": lambda: zipped("export.csv", csv_text().encode()),
    "zip.gz": lambda: gzip.compress(zipped("export.json", json.dumps(API).encode())),
    "array.json": lambda: json.dumps(API, indent=1).encode(),
    "object.json": lambda: json.dumps(
        {"code": 0, "data": {"users": API, "tags": [{"a": 1}]}}
    ).encode(),
    "lines.jsonl": lambda: "\n\n".join(map(json.dumps, API)).encode(),
    "lines_bom.jsonl": lambda: "\r\n".join(map(json.dumps, API)).encode("utf-8-sig"),
    "flat.parquet": parquet,
    "nested.parquet": nested_parquet,
    "book.xlsx": workbook,
}


def read(tmp_path: Path, name: str, data: bytes, **options: Any) -> Export:
    path = tmp_path / name
    path.write_bytes(data)
    return read_export(path, **options)


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_gives_the_same_frame(
    shape: str, tmp_path: Path, aliases: dict[str, Any]
) -> None:
    export = read(tmp_path, shape, SHAPES[shape](), aliases=aliases)
    cleaned = clean_profiles(export)
    canonical = cleaned.frame[list(EXPECTED)]
    assert_frame_equal(canonical, EXPECTED)
    assert export.rows == 3
    assert cleaned.rejected.empty


def test_the_hash_is_of_the_bytes_on_disk(tmp_path: Path, aliases: dict[str, Any]) -> None:
    data = gzip.compress(csv_text().encode())
    export = read(tmp_path, "a.csv.gz", data, aliases=aliases)
    assert export.sha256 == hashlib.sha256(data).hexdigest()
    assert export.source == str(tmp_path / "a.csv.gz")


def test_a_folder_is_read_as_one_export_with_the_file_of_each_row(
    tmp_path: Path, aliases: dict[str, Any]
) -> None:
    (tmp_path / "2.csv").write_text("username,followers\nbob,2\n,3\n")
    (tmp_path / "1.csv").write_text("followers;username\n1;ann\n")
    export = read_export(tmp_path, aliases=aliases)
    assert export.frame[["account_id", "followers", "file"]].values.tolist() == [
        ["ann", 1.0, "1.csv"],
        ["bob", 2.0, "2.csv"],
    ]
    assert export.rejected[["line", "rule", "file"]].values.tolist() == [
        [3, "missing account_id", "2.csv"]
    ]
    hashes = [hashlib.sha256((tmp_path / n).read_bytes()).hexdigest() for n in ("1.csv", "2.csv")]
    assert export.sha256 == hashlib.sha256("".join(h + "\n" for h in hashes).encode()).hexdigest()
    assert read_export(tmp_path / "*.csv", aliases=aliases).rows == 3


def test_a_glob_character_in_a_files_own_name_is_no_pattern(
    tmp_path: Path, aliases: dict[str, Any]
) -> None:
    assert read(tmp_path, "export [1].csv", csv_text().encode(), aliases=aliases).rows == 3


def test_the_named_sheet_is_read_and_by_default_the_one_with_the_columns(
    tmp_path: Path, aliases: dict[str, Any]
) -> None:
    path = tmp_path / "book.xlsx"
    with pd.ExcelWriter(path) as writer:
        pd.DataFrame({"note": ["x"]}).to_excel(writer, sheet_name="About", index=False)
        pd.DataFrame(ROWS, columns=list(NAMES)).to_excel(writer, sheet_name="Data", index=False)
    assert read_export(path, sheet="Data", aliases=aliases).rows == 3
    with pytest.raises(InputError, match="About, Data"):
        read_export(path, sheet="data2", aliases=aliases)
    export = read_export(path, aliases=aliases)
    assert export.rows == 3
    assert "sheets not read: About" in export.warnings[0]


def test_an_override_beats_the_alias_table(tmp_path: Path, aliases: dict[str, Any]) -> None:
    data = b"username,followers,Fans total\nann,1,2\n"
    export = read(tmp_path, "a.csv", data, aliases=aliases, columns={"followers": "Fans total"})
    assert export.frame.followers.tolist() == [2.0]
    assert export.matches.columns["followers"] == "Fans total"
    assert export.matches.unmatched == ("followers",)
    with pytest.raises(InputError, match="Did you mean 'Fans total'"):
        read(tmp_path, "a.csv", data, aliases=aliases, columns={"followers": "Fans totals"})
    with pytest.raises(InputError, match="no canonical column"):
        read(tmp_path, "a.csv", data, aliases=aliases, columns={"fans": "Fans total"})


def test_the_top_thousand_tables_give_rates_by_followers_and_by_views(
    tmp_path: Path, aliases: dict[str, Any]
) -> None:
    data = (
        "S.no,Tiktoker name,Tiktok name,Subscribers,Views avg,Likes avg,Comments avg,Shares avg\n"
        '1,ann,Ann A,"16,037 M",1M,160.37K,"1,603.7",9\n'
    )
    export = read(tmp_path, "top.csv", data.encode(), aliases=aliases)
    row = export.frame.iloc[0]
    assert (row.account_id, row.nickname, row.followers) == ("ann", "Ann A", 16_037_000)
    assert row.like_rate == pytest.approx(0.01)
    assert row.comment_rate == pytest.approx(0.0001)
    assert row.engagement_rate == pytest.approx(0.0101)
    assert row.engagement_by_views == pytest.approx((160_370 + 1_603.7) / 1e6)
    assert any("engagement_by_followers" in formula for formula in export.derived)


def test_rows_of_videos_become_accounts_and_likes_given_are_not_likes(
    tmp_path: Path, aliases: dict[str, Any]
) -> None:
    author = {"name": "ann", "nickName": "Ann", "fans": 100, "heart": 900, "digg": 5, "video": 30}
    videos = [
        {"id": "1", "diggCount": 10, "commentCount": 2, "playCount": 100, "authorMeta": author},
        {"id": "2", "diggCount": 30, "commentCount": 0, "playCount": 300, "authorMeta": author},
        {"id": "2", "diggCount": 30, "commentCount": 0, "playCount": 300, "authorMeta": author},
    ]
    videos = [{**video, "webVideoUrl": f"https://x/{video['id']}"} for video in videos]
    export = read(tmp_path, "videos.json", json.dumps(videos).encode(), aliases=aliases)
    cleaned = clean_profiles(export)
    row = cleaned.frame.iloc[0]
    assert (row.account_id, row.followers, row.likes, row.videos) == ("ann", 100, 900, 30)
    assert row.like_rate == pytest.approx(0.2)
    assert row.comment_rate == pytest.approx(0.01)
    assert row.engagement_by_views == pytest.approx(42 / 400)
    assert cleaned.rejected.rule.tolist() == ["repeated video"]
    assert cleaned.summary.values.tolist() == [
        ["input", 3],
        ["kept", 2],
        ["rejected: repeated video", 1],
    ]


def test_lines_are_physical_after_multi_line_fields_blank_lines_and_ragged_rows(
    tmp_path: Path, aliases: dict[str, Any]
) -> None:
    text = (
        "username,followers,bio\n"  # 1
        'ann,1,"two\nlines"\n'  # 2-3
        "\n"  # 4
        "bob,many,x\n"  # 5
        'cat,3,"\r\na\n",too,long\n'  # 6-8
        "dan,-4,x\n"  # 9
    )
    export = read(tmp_path, "a.csv", text.encode(), aliases=aliases)
    assert export.rejected[["line", "account", "rule"]].values.tolist() == [
        [5, "bob", "unreadable followers"],
        [6, "", "wrong number of fields"],
        [9, "dan", "negative followers"],
    ]
    assert export.frame.line.tolist() == [2]
    assert export.rows == 4


def test_columns_that_are_there_twice_must_agree(tmp_path: Path, aliases: dict[str, Any]) -> None:
    same = read(tmp_path, "a.csv", b"username,followers,Followers\nann,1,1\n", aliases=aliases)
    assert same.frame.followers.tolist() == [1.0]
    with pytest.raises(InputError, match="twice"):
        read(tmp_path, "a.csv", b"username,followers,followers\nann,1,2\n", aliases=aliases)


def test_a_percent_sign_in_the_columns_name_makes_fractions(
    tmp_path: Path, aliases: dict[str, Any]
) -> None:
    data = b"username,followers,Engagement Rate (%)\nann,1,16.6\nbob,1,16.60%\n"
    assert (
        read(tmp_path, "a.csv", data, aliases=aliases).frame.engagement_rate.tolist()
        == [pytest.approx(0.166, rel=1e-15)] * 2
    )


def test_rates_that_may_be_percentages_are_asked_for_and_read_as_said(
    tmp_path: Path, aliases: dict[str, Any]
) -> None:
    data = b"username,followers,er\nann,1000,4.5\n"
    with pytest.raises(
        InputError, match=r"data\.units\.engagement_rate=percent reads 4\.5 as 4\.5 %"
    ):
        read(tmp_path, "a.csv", data, aliases=aliases)
    said = {"engagement_rate": "percent"}
    export = read(tmp_path, "a.csv", data, aliases=aliases, units=said)
    assert export.frame["engagement_rate"].tolist() == [0.045]


def test_bytes_that_are_not_utf8_are_named_with_byte_and_line(
    tmp_path: Path, aliases: dict[str, Any]
) -> None:
    data = "username,followers,nickname\nann,1,💎\n".encode() + b"bob,2,Ren\xe9\n"
    export = read(tmp_path, "a.csv", data, aliases=aliases)
    assert export.frame.nickname.tolist() == ["💎", "René"]
    assert "0xE9" in export.warnings[0]
    assert "line 3" in export.warnings[0]


def test_the_published_file_is_read_whole(published: Path, aliases: dict[str, Any]) -> None:
    cleaned = clean_profiles(read_export(published, aliases=aliases))
    assert cleaned.summary.values.tolist() == [["input", 1000], ["kept", 1000]]
    assert cleaned.frame.is_verified.sum() == 19
    assert cleaned.frame.followers.median() == pytest.approx(5241, abs=1)
    rates = cleaned.frame
    assert_frame_equal(
        (rates.like_rate + rates.comment_rate).to_frame("er"),
        rates.engagement_rate.to_frame("er"),
    )


@pytest.mark.parametrize("shape", ["a.csv.gz", "a.json", "a.jsonl", "a.xlsx", "a.parquet"])
def test_the_published_file_is_the_same_in_every_container(
    shape: str, published: Path, tmp_path: Path, aliases: dict[str, Any]
) -> None:
    expected = clean_profiles(read_export(published, aliases=aliases)).frame
    raw = pd.read_csv(published, dtype=str, keep_default_na=False)
    typed = raw.assign(
        followers=raw.followers.astype(int),
        awg_engagement_rate=raw.awg_engagement_rate.astype(float),
        is_verified=raw.is_verified == "true",
        biography=raw.biography.where(raw.biography != "null", None),
    )
    path = tmp_path / shape
    if shape.endswith("gz"):
        path.write_bytes(gzip.compress(published.read_bytes()))
    elif shape.endswith("json"):
        typed.to_json(path, orient="records", double_precision=15)
    elif shape.endswith("jsonl"):
        raw.to_json(path, orient="records", lines=True)
    elif shape.endswith("xlsx"):
        typed.to_excel(path, index=False)
    else:
        typed.to_parquet(path)
    frame = clean_profiles(read_export(path, aliases=aliases)).frame
    assert_frame_equal(frame, expected, rtol=1e-12)
