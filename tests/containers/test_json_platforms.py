"""Platforms as keys of records, or beside them: those of other platforms are left out and told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tiktok_segments.accounts.reading import read_export
from tiktok_segments.errors import InputError

OURS = {"ana": {"followers": 12000}, "ben": {"followers": 8000}}
OTHERS = {"cat": {"followers": 15000}, "ben": {"followers": 90}}


def rows(group: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"username": key, **record} for key, record in group.items()]


SHAPES: dict[str, Any] = {
    "lists": {"instagram": rows(OTHERS), "tiktok": rows(OURS)},
    "lists with other columns": {
        "tiktok": rows(OURS),
        "instagram": [{"handle": key, "followers": 1, "bio": ""} for key in OTHERS],
    },
    "maps": {"Instagram": OTHERS, "TikTok": OURS},
    "maps of the same creators": {"yt": dict.fromkeys(OURS, OTHERS["ben"]), "tt": OURS},
    "in an envelope": {"data": {"ig_accounts": rows(OTHERS), "tiktok_accounts": rows(OURS)}},
    "objects": {"platforms": {"youtube": {"items": rows(OTHERS)}, "tiktok": {"items": rows(OURS)}}},
    "beside lists": [
        {"platform": "instagram", "accounts": rows(OTHERS)},
        {"platform": "tiktok", "accounts": rows(OURS)},
    ],
    "within accounts": {
        key: {"instagram": OTHERS["ben"], "tiktok": record} for key, record in OURS.items()
    },
    "lists under days": {
        "2024-05-02": {"instagram": rows(OTHERS), "tiktok": rows(OURS)},
        "2024-05-01": {"instagram": rows(OTHERS)},
    },
}


@pytest.mark.parametrize("shape", SHAPES)
def test_those_of_other_platforms_are_left_out_and_told(
    shape: str, tmp_path: Path, aliases: dict[str, Any]
) -> None:
    (tmp_path / "a.json").write_text(json.dumps(SHAPES[shape]))
    export = read_export(tmp_path / "a.json", aliases=aliases)
    assert export.frame[["account_id", "followers"]].values.tolist() == [
        ["ana", 12000],
        ["ben", 8000],
    ]
    assert len(export.rejected) >= 2
    assert set(export.rejected["rule"]) == {"another platform"}


@pytest.mark.parametrize("shape", ["beside lists", "one a line"])
def test_those_of_other_platforms_are_left_out_of_lines(
    shape: str, tmp_path: Path, aliases: dict[str, Any]
) -> None:
    one_a_line = [{"instagram": rows(OTHERS)}, {"tiktok": rows(OURS)}]
    lines = SHAPES.get(shape, one_a_line)
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, lines)))
    export = read_export(tmp_path / "a.jsonl", aliases=aliases)
    assert export.frame["followers"].tolist() == [12000, 8000]
    assert export.rejected[["line", "rule"]].values.tolist() == [[1, "another platform"]] * 2


@pytest.mark.parametrize(
    "document",
    [
        {"youtube": rows(OURS)},
        {"youtube": OURS},
        {"data": {"youtube": {"items": rows(OURS)}}},
        {"platform": "YouTube", "accounts": rows(OURS)},
        {"meta": {"platform": "youtube"}, "accounts": rows(OURS)},
        [{"network": "youtube", "accounts": rows(OURS)}],
    ],
)
def test_a_document_of_another_platform_is_refused(
    document: Any, tmp_path: Path, aliases: dict[str, Any]
) -> None:
    (tmp_path / "a.json").write_text(json.dumps(document))
    with pytest.raises(InputError, match=r"(?i)a\.json holds accounts of youtube"):
        read_export(tmp_path / "a.json", aliases=aliases)


@pytest.mark.parametrize("named_within", [False, True])
def test_accounts_called_after_a_platform_are_kept(
    named_within: bool, tmp_path: Path, aliases: dict[str, Any]
) -> None:
    keys = ("instagram", "ana", "ben")
    records = {key: {"username": key} if named_within else {} for key in keys}
    document = {key: {**record, "followers": 12} for key, record in records.items()}
    (tmp_path / "a.json").write_text(json.dumps(document))
    assert read_export(tmp_path / "a.json", aliases=aliases).frame["account_id"].tolist() == [*keys]
