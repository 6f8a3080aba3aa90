"""Groups of accounts under keys of their own are read in full, each day with its day."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tiktok_segments.accounts.cleaning import clean_profiles
from tiktok_segments.accounts.reading import read_export
from tiktok_segments.errors import InputError

ONE = {"ana": {"followers": 12000}, "ben": {"followers": 8000}}
TWO = {"cat": {"followers": 15000}, "dan": {"followers": 9000}}
THREE = {"eve": {"followers": 700}}
LATER = {"ana": {"followers": 12500}, "ben": {"followers": 8100}}


def rows(group: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"username": key, **record} for key, record in group.items()]


def nested(group: dict[str, Any]) -> dict[str, Any]:
    return {key: {"stats": record} for key, record in group.items()}


def split(group: dict[str, Any]) -> dict[str, Any]:
    cells = [[key, record["followers"]] for key, record in group.items()]
    return {"columns": ["username", "followers"], "index": [*range(len(cells))], "data": cells}


def read(document: Any, folder: Path, aliases: dict[str, Any]) -> dict[str, int]:
    (folder / "a.json").write_text(json.dumps(document))
    frame = clean_profiles(read_export(folder / "a.json", aliases=aliases)).frame
    return dict(sorted(frame[["account_id", "followers"]].values.tolist()))


FOUR = {"ana": 12000, "ben": 8000, "cat": 15000, "dan": 9000}
FIVE = {**FOUR, "eve": 700}
GROUPED: dict[str, tuple[Any, dict[str, int]]] = {
    "maps": ({"DE": ONE, "US": TWO}, FOUR),
    "maps, the longer one last": ({"DE": THREE, "US": {**ONE, **TWO}}, FIVE),
    "maps in an envelope": ({"data": {"micro": ONE, "macro": TWO, "nano": THREE}}, FIVE),
    "maps beside what is about them": (
        {"status": "ok", "DE": ONE, "meta": {"count": 4, "page": 1}, "US": TWO},
        FOUR,
    ),
    "lists beside what is about them": (
        {"status": "ok", "DE": rows(ONE), "meta": {"count": 4}, "US": rows(TWO), "tags": ["a"]},
        FOUR,
    ),
    "nested records": ({"DE": nested(ONE), "US": nested(TWO)}, FOUR),
    "tables": ({"DE": split(ONE), "US": split(TWO)}, FOUR),
    "groups of groups": ({"EU": {"DE": ONE, "FR": TWO}, "US": THREE}, FIVE),
    "groups of several kinds": ({"DE": ONE, "FR": rows(TWO), "US": split(THREE)}, FIVE),
    "groups with other names of the account": (
        {"DE": rows(ONE), "US": [{"handle": key, **record} for key, record in TWO.items()]},
        FOUR,
    ),
    "an account in two groups": ({"DE": ONE, "US": {"ana": ONE["ana"], **TWO}}, FOUR),
    "pages of groups": (
        [
            {"page": 1, "micro": rows(ONE), "macro": rows(TWO)},
            {"page": 2, "micro": rows(THREE), "macro": []},
        ],
        FIVE,
    ),
    "accounts, not groups": (
        {key: {"metrics": record} for key, record in {**ONE, **TWO}.items()},
        FOUR,
    ),
    "more groups than an envelope has keys": (
        {f"town {n}": {f"user_of_{n}": {"followers": n}} for n in range(1000, 1080)},
        {f"user_of_{n}": n for n in range(1000, 1080)},
    ),
}


@pytest.mark.parametrize("shape", GROUPED)
def test_all_groups_are_read(shape: str, tmp_path: Path, aliases: dict[str, Any]) -> None:
    document, expected = GROUPED[shape]
    assert read(document, tmp_path, aliases) == expected


DAYS = ("2024-05-02", "2024-05-01")
DATED: dict[str, Any] = {
    "maps": dict(zip(DAYS, (LATER, ONE), strict=True)),
    "lists": dict(zip(DAYS, (rows(LATER), rows(ONE)), strict=True)),
    "lists with other marks": {"20240502": rows(LATER), "2024/05/01": rows(ONE)},
    "in an envelope": {"data": dict(zip(DAYS, (LATER, ONE), strict=True)), "status": "ok"},
    "beside lists": [
        {"date": DAYS[0], "accounts": rows(LATER)},
        {"date": DAYS[1], "accounts": rows(ONE)},
    ],
    "told about lists": [
        {"meta": {"date": DAYS[0], "n": 2}, "accounts": rows(LATER)},
        {"meta": {"date": DAYS[1], "n": 2}, "accounts": rows(ONE)},
    ],
    "within accounts": {key: {DAYS[0]: LATER[key], DAYS[1]: ONE[key]} for key in ("ana", "ben")},
}


@pytest.mark.parametrize("shape", DATED)
def test_of_several_days_the_later_one_is_kept(
    shape: str, tmp_path: Path, aliases: dict[str, Any]
) -> None:
    assert read(DATED[shape], tmp_path, aliases) == {"ana": 12500, "ben": 8100}


def test_days_are_read_in_lines_too(tmp_path: Path, aliases: dict[str, Any]) -> None:
    for lines in (DATED["beside lists"], [{DAYS[0]: rows(LATER)}, {DAYS[1]: rows(ONE)}]):
        (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, lines)))
        frame = clean_profiles(read_export(tmp_path / "a.jsonl", aliases=aliases)).frame
        assert frame["followers"].tolist() == [12500, 8100]
        assert frame["collected_at"].dt.strftime("%Y-%m-%d").tolist() == [DAYS[0]] * 2


def test_the_own_day_of_a_record_stays(tmp_path: Path, aliases: dict[str, Any]) -> None:
    records = [{**row, "scraped_at": "2024-04-30"} for row in rows(ONE)]
    (tmp_path / "a.json").write_text(json.dumps({"date": DAYS[0], "accounts": records}))
    frame = read_export(tmp_path / "a.json", aliases=aliases).frame
    assert frame["collected_at"].dt.day.tolist() == [30, 30]


def test_the_same_keys_in_groups_of_no_day_are_asked_about(
    tmp_path: Path, aliases: dict[str, Any]
) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"DE": ONE, "US": LATER}))
    with pytest.raises(InputError, match=r"a\.json: .* DE, US have keys in common: ana, ben"):
        read_export(tmp_path / "a.json", aliases=aliases)


def test_videos_beside_accounts_are_left_out_and_told(
    tmp_path: Path, aliases: dict[str, Any]
) -> None:
    post = {"webVideoUrl": "https://www.tiktok.com/@zed/video/2", "diggCount": 3, "playCount": 9}
    posts = [{**post, "authorMeta": {"name": "zed", "fans": 1200}}]
    document = {"profiles": rows(ONE), "posts": posts}
    (tmp_path / "a.json").write_text(json.dumps(document))
    export = read_export(tmp_path / "a.json", aliases=aliases)
    assert export.frame["account_id"].tolist() == ["ana", "ben"]
    assert "the records under 'posts' are not read" in export.warnings[0]
