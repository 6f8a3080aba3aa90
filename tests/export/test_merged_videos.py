"""Accounts made of the rows of their videos."""

from pathlib import Path

import pandas as pd
import pytest

from tiktok_segments.accounts.reading import Export, read_export

VIDEOS = [
    ["ana", 12_000, "7300000000000000001", 500, 10, 9_000],
    ["ana", 12_000, "7300000000000000002", 700, 20, 9_900],
    ["ben", 8_000, "7300000000000000003", 400, 8, 5_000],
]
NAMES = ["username", "followers", "video_id", "likes", "comments", "views"]


def read(folder: Path, rows: list[list[object]], **columns: list[object]) -> Export:
    table = pd.DataFrame(rows, columns=NAMES).assign(**columns)
    table.to_csv(folder / "videos.csv", index=False)
    return read_export(folder / "videos.csv")


@pytest.mark.parametrize("first", [True, False])
def test_the_likes_of_a_row_without_a_video_are_the_accounts(tmp_path: Path, first: bool) -> None:
    account = [["ana", 12_000, None, 900_000, None, None]]
    export = read(tmp_path, account + VIDEOS if first else VIDEOS + account)
    accounts = export.frame.set_index("account_id")
    assert accounts["like_rate"].to_dict() == pytest.approx({"ana": 0.05, "ben": 0.05})
    assert accounts["followers"].to_dict() == {"ana": 12_000, "ben": 8_000}
    assert any("1 row without a video" in formula for formula in export.derived)


def test_videos_of_an_account_that_names_none_of_them_count(tmp_path: Path) -> None:
    rows = [[*row[:2], None if row[0] == "ben" else row[2], *row[3:]] for row in VIDEOS]
    export = read(tmp_path, rows)
    assert export.frame["like_rate"].tolist() == pytest.approx([0.05, 0.05])


def test_of_a_video_that_comes_twice_the_later_collected_row_counts(tmp_path: Path) -> None:
    rows = [VIDEOS[0], ["ana", 11_000, *VIDEOS[0][2:3], 100, 1, 1_000], *VIDEOS[1:]]
    days = ["2024-06-01", "2024-05-01", "2024-06-01", "2024-06-01"]
    export = read(tmp_path, rows, scraped_at=days)
    accounts = export.frame.set_index("account_id")
    assert accounts.loc["ana", "followers"] == 12_000
    assert accounts.loc["ana", "like_rate"] == pytest.approx(0.05)
    assert export.rejected["line"].tolist() == [3]
