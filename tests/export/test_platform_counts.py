"""Lists of creators on several platforms, with a column of counts for each."""

from __future__ import annotations

from pathlib import Path

import pytest

from tiktok_segments.accounts.reading import read_export
from tiktok_segments.errors import InputError

ROWS = "ana,900,12500,40,13440\nben,1200,8300,75,9575\ncy,70,990,5,1065\n"


@pytest.mark.parametrize(
    ("names", "ours", "together"),
    [
        ("Handle,Instagram,TikTok,YouTube,Total Followers", "TikTok", "Total Followers"),
        ("Handle,Instagram,TikTok,YouTube,All followers", "TikTok", "All followers"),
        ("Handle,IG,TT,YT,Sum", "TT", ""),
    ],
)
def test_counts_under_names_of_platforms_are_asked_about(
    tmp_path: Path, names: str, ours: str, together: str
) -> None:
    file = tmp_path / "creators.csv"
    file.write_text(f"{names}\n{ROWS}")
    with pytest.raises(InputError) as error:
        read_export(file)
    assert f"the column {ours!r} holds counts" in str(error.value)
    assert f'data.columns.followers="{ours}" takes them' in str(error.value)
    assert (f'data.columns.followers="{together}"' in str(error.value)) == bool(together)
    export = read_export(file, columns={"followers": ours})
    assert export.frame["followers"].to_list() == [12_500, 8_300, 990]
    if together:
        everywhere = read_export(file, columns={"followers": together})
        assert everywhere.frame["followers"].to_list() == [13_440, 9_575, 1_065]


@pytest.mark.parametrize(
    ("names", "cells"),
    [
        ("Handle,Instagram,TikTok,YouTube,Followers", ROWS),
        ("Handle,Instagram,TikTok,YouTube,Total Followers", "ana,1,1,0,13440\nben,0,1,1,9575\n"),
        ("Handle,Instagram,TikTok,YouTube,Total Followers", "ana,@a,@ana,,13440\nben,,@ben,,95\n"),
    ],
)
def test_followers_flags_and_handles_are_not_asked_about(
    tmp_path: Path, names: str, cells: str
) -> None:
    file = tmp_path / "creators.csv"
    file.write_text(f"{names}\n{cells}")
    assert read_export(file).frame["followers"].iloc[0] == 13_440


def test_names_stay_where_a_column_called_so_holds_platforms(tmp_path: Path) -> None:
    file = tmp_path / "creators.csv"
    rows = "ana,12500,TikTok,Ana B.\nben,8300,TikTok,Ben C.\ncy,990,Instagram,Cy D.\n"
    file.write_text(f"account_id,followers,nickname,profile_nickname\n{rows}")
    export = read_export(file)
    assert export.frame["account_id"].to_list() == ["ana", "ben"]
    assert export.frame["nickname"].to_list() == ["Ana B.", "Ben C."]
