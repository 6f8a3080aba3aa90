"""JSON with what people and shells add to it is read, and what is no JSON is told by its line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tiktok_segments.accounts.reading import read_export
from tiktok_segments.errors import InputError

EXTRAS = {
    "a comma behind the last record": """[
        {"username": "ana", "followers": 12000, "bio": "a, ]"},
        {"username": "ben", "followers": 8000, "bio": ""},
    ]""",
    "commas behind the last values": """{"accounts": [
        {"username": "ana", "followers": 12000, "bio": ",}",},
        {"username": "ben", "followers": 8000, "tags": ["a", "b", ],},
    ],}""",
    "comments": """{ // as of today, "for us"
        "accounts": [ /* two
        of them */
        {"username": "ana", "followers": 12000, "bio": "https://a.example // me /* */"},
        {"username": "ben", "followers": 8000, "bio": "\\\\"}, // the last
    ]}""",
    "types of a shell": """[
        {"username": "ana", "followers": NumberLong(12000), "bio": "NumberLong(1)"},
        {"_id": ObjectId("6f00"), "username": "ben", "followers": NumberLong("8000")}
    ]""",
}


@pytest.mark.parametrize("kind", EXTRAS)
def test_json_with_extras_is_read(kind: str, tmp_path: Path, aliases: dict[str, Any]) -> None:
    (tmp_path / "a.json").write_text(EXTRAS[kind])
    frame = read_export(tmp_path / "a.json", aliases=aliases).frame
    assert frame[["account_id", "followers"]].values.tolist() == [["ana", 12000], ["ben", 8000]]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[\n{"username": "ana", "followers": 12},\n{"username": "b', "line 3, .*\n.*cut off"),
        ("[\n{'username': 'ana', 'followers': 12}]", "line 2, .*\n.*double quotes.*json.dump"),
        ('[\n{"username": "ana", "bio": None}]', "line 2, .*None is no value.*\n.*json.dump"),
        ('[\n{"username": "ana", "at": new Date(1)}]', "line 2, "),
    ],
)
def test_what_is_no_json_is_told_by_its_line(
    text: str, told: str, tmp_path: Path, aliases: dict[str, Any]
) -> None:
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(InputError, match=told):
        read_export(tmp_path / "a.json", aliases=aliases)
