"""Files of messy rows in every container, read batch by batch and whole."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pandas as pd
from pandas.testing import assert_frame_equal

from tiktok_segments.accounts.batches import StreamedAccounts, UnsettledError
from tiktok_segments.accounts.cleaning import clean_profiles
from tiktok_segments.accounts.filters import CleanRules
from tiktok_segments.accounts.matched import MatchedRecords
from tiktok_segments.accounts.outcome import Cleaned
from tiktok_segments.accounts.reading import read_export
from tiktok_segments.accounts.settings import Naming
from tiktok_segments.containers.hints import Hints
from tiktok_segments.containers.opening import BatchSize, open_records
from tiktok_segments.containers.sources import find_files
from tiktok_segments.export.aliases import alias_table

RULES = CleanRules(min_followers=20)
ALIASES = {"profile": {"account_id": ["username"], "followers": ["fans"], "region": ["land"]}}
NAMES = ["username", "fans", "following", "videos", "is_verified", "nickname", "collected_at"]


def open_stream(
    path: Path, aliases: dict[str, Any], rules: CleanRules, size: BatchSize
) -> StreamedAccounts:
    """Open the files of a path."""
    naming = Naming(alias_table(aliases), Hints())
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
