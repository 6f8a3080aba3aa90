"""Lists beside that of the accounts, taken out, earlier or similar, are left out and told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tiktok_segments.accounts.reading import read_export

OURS = [{"username": "ana", "followers": 12000}, {"username": "ben", "followers": 8000}]
OTHERS = [{"username": "cat", "followers": 15000}, {"username": "ben", "followers": 90}]
MORE = [{"username": "eve", "followers": 700}]


def keyed(records: list[dict[str, Any]]) -> dict[str, Any]:
    return {record["username"]: {"followers": record["followers"]} for record in records}


ASIDE = (
    "removed",
    "excluded",
    "deleted_users",
    "blocked",
    "similar",
    "suggestedAccounts",
    "related",
)


@pytest.mark.parametrize("key", ASIDE)
@pytest.mark.parametrize("first", [False, True])
def test_lists_that_are_not_meant_are_left_out_and_told(
    key: str, first: bool, tmp_path: Path, aliases: dict[str, Any]
) -> None:
    parts = [(key, OTHERS), ("accounts", OURS)]
    document = {"status": "ok", "data": dict(parts if first else parts[::-1])}
    (tmp_path / "a.json").write_text(json.dumps(document))
    export = read_export(tmp_path / "a.json", aliases=aliases)
    assert export.frame["followers"].tolist() == [12000, 8000]
    told = f"a.json: the records under '{key}' are not read, only those under 'accounts'"
    assert export.warnings == (told,)


@pytest.mark.parametrize(
    "document",
    [
        {"current": OURS, "previous": OTHERS},
        {"old": OTHERS, "new": OURS},
        {"accounts": keyed(OURS), "removed": keyed(OTHERS)},
        [{"accounts": OURS[:1], "removed": OTHERS}, {"accounts": OURS[1:], "removed": OTHERS}],
        [{"removed": OTHERS, "accounts": OURS}],
    ],
)
def test_the_current_ones_are_read(document: Any, tmp_path: Path, aliases: dict[str, Any]) -> None:
    (tmp_path / "a.json").write_text(json.dumps(document))
    export = read_export(tmp_path / "a.json", aliases=aliases)
    assert sorted(export.frame["followers"]) == [8000, 12000]
    assert "are not read, only those under" in export.warnings[0]


@pytest.mark.parametrize("document", [{**OURS[0]}, {"user": OURS[0]}, {"data": {**OURS[0]}}])
def test_an_account_is_read_and_not_those_like_it(
    document: dict[str, Any], tmp_path: Path, aliases: dict[str, Any]
) -> None:
    document.get("data", document)["similar"] = OTHERS
    (tmp_path / "a.json").write_text(json.dumps(document))
    export = read_export(tmp_path / "a.json", aliases=aliases)
    assert export.frame["account_id"].tolist() == ["ana"]
    assert "the records under 'similar' are not read, only" in export.warnings[0]


def test_lists_in_lines_are_left_out_and_told(tmp_path: Path, aliases: dict[str, Any]) -> None:
    lines = [{"removed": OTHERS, "accounts": OURS}, {"removed": OTHERS, "accounts": MORE}]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, lines)))
    export = read_export(tmp_path / "a.jsonl", aliases=aliases)
    assert export.frame["followers"].tolist() == [12000, 8000, 700]
    assert "a.jsonl: the records under 'removed' are not read" in export.warnings[0]


def test_a_list_that_is_alone_is_read(tmp_path: Path, aliases: dict[str, Any]) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"similar": OURS}))
    export = read_export(tmp_path / "a.json", aliases=aliases)
    assert (len(export.frame), export.warnings) == (2, ())


@pytest.mark.parametrize("within", [False, True])
def test_accounts_that_are_called_so_are_read(
    within: bool, tmp_path: Path, aliases: dict[str, Any]
) -> None:
    keys = ("old", "ana", "removed")
    records = {key: [{"username": key} if within else {}] for key in keys}
    document = {key: [{**one, "followers": 12}] for key, (one,) in records.items()}
    (tmp_path / "a.json").write_text(json.dumps(document))
    assert read_export(tmp_path / "a.json", aliases=aliases).frame["account_id"].tolist() == [*keys]
