from __future__ import annotations

from pathlib import Path
from typing import Any

from tiktok_segments.accounts.cleaning import clean_profiles
from tiktok_segments.accounts.filters import CleanRules
from tiktok_segments.accounts.notes import describe_ingest
from tiktok_segments.accounts.reading import read_export


def test_the_report_says_what_was_matched_derived_and_removed(
    tmp_path: Path, aliases: dict[str, Any]
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "user name,fans,likes,videos,colour\nann,10,40,2,red\nbob,x,1,1,blue\ncat,1,1,1,\n"
    )
    export = read_export(path, aliases=aliases)
    cleaned = clean_profiles(export, CleanRules(min_followers=5))
    *told, table_in, kept, filtered, rejected, few, _ = describe_ingest(export, cleaned)
    assert few.startswith("1 of 1 accounts have fewer than 1,000 followers")
    assert told == [
        f"source: {path}",
        "file: CSV with commas, utf-8, the columns' names stand in line 1",
        "matched: account_id = user name, followers = fans, likes, videos",
        "units: followers, likes, videos: one, and its values agree",
        "not used: colour",
        "derived: like_rate = likes / videos / followers (over all videos ever)",
    ]
    assert table_in.split() == ["input", "3"]
    assert kept.split() == ["kept", "1"]
    assert filtered == "filtered: followers below 5     1"
    assert rejected == "rejected: unreadable followers  1"
