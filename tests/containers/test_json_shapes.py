"""JSON in the shapes that tools write is read as the list of its records is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tiktok_segments.accounts.cleaning import clean_profiles
from tiktok_segments.accounts.reading import read_export
from tiktok_segments.accounts.settings import Naming
from tiktok_segments.containers.hints import Hints
from tiktok_segments.containers.opening import BatchSize, open_records
from tiktok_segments.containers.records import NotStreamableError, put_together
from tiktok_segments.errors import InputError
from tiktok_segments.export.aliases import alias_table

N = 25
HANDLES = [f"invented_{n}" for n in range(N)]
FLAT = [{"username": h, "followers": 1000 + n, "videos": n + 1} for n, h in enumerate(HANDLES)]
TABLE = pd.DataFrame(FLAT)
BARE = [{key: value for key, value in row.items() if key != "username"} for row in FLAT]
NUMBERED = [{**row, "uid": str(6900000000000000000 + n)} for n, row in enumerate(FLAT)]
API = [
    {
        "user": {
            "id": str(6900000000000000000 + n),
            "uniqueId": row["username"],
            "verified": False,
        },
        "stats": {
            "followerCount": row["followers"],
            "videoCount": row["videos"],
            "heart": row["followers"] * row["videos"] // 50,
        },
    }
    for n, row in enumerate(FLAT)
]
PAGES = [FLAT[:10], FLAT[10:20], FLAT[20:]]


def keyed(records: list[Any], keys: list[str] = HANDLES) -> dict[str, Any]:
    return dict(zip(keys, records, strict=True))


def pandas(orient: Any, frame: pd.DataFrame = TABLE) -> Any:
    return json.loads(frame.to_json(orient=orient))


DOCUMENTS: dict[str, Any] = {
    "a list": FLAT,
    "a list in an envelope": {"status": "ok", "count": N, "data": {"items": FLAT, "next": None}},
    "a list of envelopes": [{"data": record} for record in FLAT],
    "a list of envelopes with more in them": [
        {"id": n, "code": 0, "timestamp": 1_700_000_000, "data": record}
        for n, record in enumerate(FLAT)
    ],
    "a list of deep envelopes": [{"result": {"user": record}, "status": 1} for record in FLAT],
    "numbers with their types": [
        {
            "_id": {"$oid": "6f0000000000000000000000"},
            "username": row["username"],
            "followers": {"$numberLong": str(row["followers"])} if n % 2 else row["followers"],
            "videos": {"$numberInt": str(row["videos"])},
            "collected_at": {"$date": {"$numberLong": "1700000000000"}},
        }
        for n, row in enumerate(FLAT)
    ],
    "a scan of DynamoDB": {
        "Items": [
            {
                "username": {"S": row["username"]},
                "followers": {"N": str(row["followers"])},
                "videos": {"N": str(row["videos"])},
                "email": {"NULL": True},
            }
            for row in FLAT
        ],
        "Count": N,
        "ScannedCount": N,
    },
    "documents of Firestore": {
        "documents": [
            {
                "name": f"projects/p/databases/(default)/documents/creators/{n}",
                "fields": {
                    "username": {"stringValue": row["username"]},
                    "followers": {"integerValue": str(row["followers"])},
                    "videos": {"integerValue": str(row["videos"])},
                },
            }
            for n, row in enumerate(FLAT)
        ]
    },
    "a list of pages": [{"page": n, "data": {"items": page}} for n, page in enumerate(PAGES)],
    "a list of lists": PAGES,
    "pages under keys": {f"page{n}": page for n, page in enumerate(PAGES)},
    "answers under keys": {f"answer {n}": {"items": page} for n, page in enumerate(PAGES)},
    "users and their numbers": API,
    "users in envelopes": [{"data": record, "status_code": 0} for record in API],
    "users of an API's answer": {"data": {"users": API, "tags": [{"a": 1}]}, "extra": {"now": 1}},
    "keyed by handle": keyed(BARE),
    "keyed by handle in an envelope": {"meta": {"count": N}, "users": keyed(BARE)},
    "keyed by handle, lists of one": keyed([[record] for record in BARE]),
    "keyed by handle, with the handle in them": keyed(FLAT),
    "keyed by number": keyed(NUMBERED, [record["uid"] for record in NUMBERED]),
    "keyed by handle, with the number in them": keyed(
        [{k: v for k, v in row.items() if k != "username"} for row in NUMBERED]
    ),
    "keyed by handle, users and numbers": keyed(API),
    "users and numbers keyed apart": {
        "UserModule": {
            "users": keyed([record["user"] for record in API]),
            "stats": keyed([record["stats"] for record in API]),
        }
    },
    "some keys without a record": {"status": "ok", **keyed(BARE)},
    "pandas, columns": pandas("columns"),
    "pandas, columns in an envelope": {"generated": "today", "table": pandas("columns")},
    "pandas, columns by handle": pandas("columns", TABLE.set_index("username")),
    "pandas, index": pandas("index"),
    "pandas, index by handle": pandas("index", TABLE.set_index("username")),
    "pandas, split": pandas("split"),
    "pandas, split by handle": pandas("split", TABLE.set_index("username")),
    "pandas, table": pandas("table"),
    "pandas, records": pandas("records"),
    "lists by column": TABLE.to_dict("list"),
    "rows under a header": {"values": [list(TABLE), *TABLE.values.tolist()]},
    "rows under a title and a header": [["Creators", "", ""], list(TABLE), *TABLE.values.tolist()],
    "rows beside their header": {"header": list(TABLE), "rows": TABLE.values.tolist()},
}


def read(path: Path, aliases: dict[str, Any]) -> list[list[Any]]:
    export = read_export(path, aliases=aliases)
    wanted = ["account_id", "followers", "videos"]
    return clean_profiles(export).frame[wanted].sort_values("followers").values.tolist()


EXPECTED = [[handle, 1000 + n, n + 1] for n, handle in enumerate(HANDLES)]


@pytest.mark.parametrize("shape", DOCUMENTS)
def test_every_shape_gives_the_same_accounts(
    shape: str, tmp_path: Path, aliases: dict[str, Any]
) -> None:
    (tmp_path / "a.json").write_text(json.dumps(DOCUMENTS[shape], indent=1))
    assert read(tmp_path / "a.json", aliases) == EXPECTED


LINES: dict[str, list[Any]] = {
    "records": FLAT,
    "envelopes": [{"data": record, "code": 0} for record in FLAT],
    "deep envelopes": [{"result": {"data": record}} for record in API],
    "pages": [{"data": {"items": page}} for page in PAGES],
    "numbers with their types": [
        {**row, "videos": {"$numberInt": str(row["videos"])} if n > 4 else row["videos"]}
        for n, row in enumerate(FLAT)
    ],
    "one key a line": [{handle: record} for handle, record in keyed(BARE).items()],
    "several keys a line": [
        keyed(BARE[start : start + 5], HANDLES[start : start + 5]) for start in range(0, N, 5)
    ],
}


@pytest.mark.parametrize("shape", LINES)
def test_every_shape_of_a_line_gives_the_same_accounts_whole_and_in_batches(
    shape: str, tmp_path: Path, aliases: dict[str, Any]
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(map(json.dumps, LINES[shape])) + "\n")
    assert read(path, aliases) == EXPECTED
    naming = Naming(alias_table(aliases), Hints())
    (stream,) = open_records(path, naming.select, naming.hints, size=BatchSize(2, 300))
    (whole,) = open_records(path, naming.select, naming.hints)
    ours, theirs = (put_together(list(one.batches())) for one in (stream, whole))
    assert (stream.names, ours.lines.tolist()) == (whole.names, theirs.lines.tolist())
    assert ours.columns.keys() == theirs.columns.keys()
    for position, column in ours.columns.items():
        assert column.to_pylist() == theirs.columns[position].to_pylist()


def test_a_line_without_the_envelope_is_rejected_by_its_line(
    tmp_path: Path, aliases: dict[str, Any]
) -> None:
    lines = [{"data": record} for record in FLAT]
    lines[3] = {"error": "not found"}  # type: ignore[dict-item]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, lines)))
    export = read_export(tmp_path / "a.jsonl", aliases=aliases)
    assert export.rejected[["line", "rule"]].values.tolist() == [[4, "missing account_id"]]


def test_a_profile_is_not_taken_for_the_list_of_its_posts(
    tmp_path: Path, aliases: dict[str, Any]
) -> None:
    post = {"id": "1", "diggCount": 2, "playCount": 9, "commentCount": 1, "text": "x"}
    profiles = [{**record, "latest": [post, post], "best": post} for record in FLAT]
    for name, text in {
        "a.json": json.dumps(profiles),
        "a.jsonl": "\n".join(map(json.dumps, profiles)),
        "b.json": json.dumps(keyed(profiles)),
    }.items():
        (tmp_path / name).write_text(text)
        assert read(tmp_path / name, aliases) == EXPECTED


def test_numbers_of_rows_and_words_of_envelopes_are_no_handles(
    tmp_path: Path, aliases: dict[str, Any]
) -> None:
    for keys in ([str(n) for n in range(N)], [f"user_{n}" for n in range(N)]):
        (tmp_path / "a.json").write_text(json.dumps(keyed(BARE, keys)))
        with pytest.raises(InputError, match="no column for account_id"):
            read_export(tmp_path / "a.json", aliases=aliases)
    (tmp_path / "a.json").write_text(json.dumps({"result": BARE[0]}))
    with pytest.raises(InputError, match="no column for account_id"):
        read_export(tmp_path / "a.json", aliases=aliases)


@pytest.mark.parametrize("document", [TABLE.values.tolist(), {"data": TABLE.values.tolist()}])
def test_rows_without_names_are_refused_with_what_to_write(
    document: Any, tmp_path: Path, aliases: dict[str, Any]
) -> None:
    (tmp_path / "a.json").write_text(json.dumps(document))
    with pytest.raises(InputError, match=r'a\.json holds no record.*\n.*orient="records"'):
        read_export(tmp_path / "a.json", aliases=aliases)


def test_the_refusal_of_unknown_columns_names_the_key(
    tmp_path: Path, aliases: dict[str, Any]
) -> None:
    document = {"data": {"items": [{"username": "a", "colour": 1}] * 3}}
    (tmp_path / "a.json").write_text(json.dumps(document))
    with pytest.raises(InputError, match=r"the keys under 'data\.items': no column for followers"):
        read_export(tmp_path / "a.json", aliases=aliases)


def test_one_document_is_not_read_in_batches(tmp_path: Path, aliases: dict[str, Any]) -> None:
    (tmp_path / "a.json").write_text(json.dumps(keyed(BARE)))
    naming = Naming(alias_table(aliases), Hints())
    with pytest.raises(NotStreamableError):
        open_records(tmp_path / "a.json", naming.select, naming.hints, size=BatchSize())
