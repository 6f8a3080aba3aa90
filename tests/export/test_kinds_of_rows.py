"""Rows of exports that are no accounts of ours: told by their values, their place, their kind."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from creators import BASE, HANDLES, assert_right, read
from tiktok_segments.accounts.cleaning import clean_profiles
from tiktok_segments.accounts.outcome import require_accounts
from tiktok_segments.accounts.reading import read_export
from tiktok_segments.errors import InputError
from tiktok_segments.export.rows.summed_rows import sum_up_by_values


def with_row(name: Any, row: pd.Series) -> pd.DataFrame:
    """Return the accounts with one more row below them."""
    below = pd.DataFrame([row.to_numpy()], [name], BASE.columns)
    return pd.concat([BASE, below]).rename_axis("username")


@pytest.mark.parametrize("name", ["Count", "Anzahl", "Max", "min", "Std. Dev.", None, "Summa"])
def test_a_lone_row_that_sums_up_is_told_by_its_values(tmp_path: Path, name: str | None) -> None:
    rows = {
        "Count": BASE.count(), "Anzahl": BASE.count(), "Max": BASE.max(), "min": BASE.min(),
        "Std. Dev.": BASE.std(), None: BASE.mean().round(1), "Summa": BASE.sum(),
    }  # fmt: skip
    export = read(tmp_path, with_row(name, rows[name]))
    assert_right(export)
    assert export.rejected["rule"].tolist() == ["total or average of the others"]


@pytest.mark.parametrize("name", ["", "ana", "max"])
def test_where_all_hold_the_same_no_row_is_the_average_of_the_others(name: str) -> None:
    counts = {one: np.full(6, 500.0) for one in ("followers", "likes", "videos")}
    accounts = pa.chunked_array([["a", "b", "c", "d", "e", name]])
    sums = sum_up_by_values(
        accounts,
        counts,
        np.ones(6, dtype=bool),
        lambda rows: {n: v[rows] for n, v in counts.items()},
    )
    assert not sums.any()


def test_subtotals_without_a_name_are_told_by_the_rows_above_them(tmp_path: Path) -> None:
    parts = [BASE.iloc[:5], BASE.iloc[5:]]
    sums = [pd.DataFrame([part.sum()], [""]) for part in (*parts, BASE)]
    table = pd.concat([parts[0], sums[0], parts[1], *sums[1:]]).rename_axis("username")
    export = read(tmp_path, table)
    assert_right(export)
    assert export.rejected["rule"].tolist() == ["total or average of the others"] * 3


@pytest.mark.parametrize("name", ["max", "count", "n", "top"])
def test_a_handle_with_numbers_of_its_own_is_an_account(tmp_path: Path, name: str) -> None:
    export = read(tmp_path, with_row(name, BASE.iloc[3] + 7))
    assert sorted(export.frame["account_id"]) == sorted([*HANDLES, name])


def test_short_links_are_no_sign_of_videos_and_no_better_than_those_of_profiles(
    tmp_path: Path,
) -> None:
    short = [f"https://vm.tiktok.com/ZM{number}/" for number in range(len(BASE))]
    full = [f"https://www.tiktok.com/@{one}?lang=en" for one in HANDLES]
    table = BASE.assign(url=short, profileUrl=full).set_index("url")
    assert_right(read(tmp_path, table))


def test_titles_notes_and_names_among_the_rows_are_none_of_the_accounts(tmp_path: Path) -> None:
    lines = BASE.to_csv().splitlines()
    lines[4:4] = ["Tier: Nano,,,,"]
    lines[8:8] = [lines[0]]
    lines += ["", "Exported from a tool", '"* as of today",,,,']
    (tmp_path / "a.csv").write_text("\n".join(lines) + "\n")
    export = read_export(tmp_path / "a.csv")
    assert_right(export)
    assert export.rejected["rule"].tolist() == ["title or note"] * 4


def test_a_summary_below_with_a_row_for_each_measure_holds_no_accounts(tmp_path: Path) -> None:
    summary = "\nMetric,Value,,,\nfollowers,900,,,\nvideos,70,,,\n"
    (tmp_path / "a.csv").write_text(BASE.to_csv() + summary)
    export = read_export(tmp_path / "a.csv")
    assert_right(export)
    (tmp_path / "a.csv").write_text(f"{BASE.to_csv()}likes,5,6,7,8\n")
    assert len(read_export(tmp_path / "a.csv").frame) == len(BASE) + 1


def test_another_table_below_is_not_read_and_one_of_accounts_is_asked_about(tmp_path: Path) -> None:
    file, tags = tmp_path / "a.csv", "Hashtag,Views,Posts,,\nfyp,500,7,,\n"
    file.write_text(f"{BASE.to_csv()},,,,\nHashtags,,,,\n{tags}")
    export = read_export(file)
    assert_right(export)
    assert any("another table begins below line 13" in one for one in export.warnings)
    file.write_text(f"{BASE.to_csv()},,,,\nFollowers,Handle,,,\n500,zoe,,,\n")
    with pytest.raises(InputError, match=r"row 15.*\n.*data\.header=1 or data\.header=15"):
        read_export(file)


@pytest.mark.parametrize("first", ["TikTok", "Instagram"])
def test_a_platform_over_a_group_of_rows_is_that_of_all_of_them(tmp_path: Path, first: str) -> None:
    others = BASE.iloc[:3].rename(index=lambda one: f"other.{one}")
    groups = {"TikTok": BASE, "Instagram": others}
    order = [first, *(name for name in groups if name != first)]
    titled = [one for name in order for one in (name, *[""] * (len(groups[name]) - 1))]
    table = pd.concat([groups[name] for name in order]).rename_axis("username")
    assert_right(read(tmp_path, table.assign(Platform=titled)))


@pytest.mark.parametrize("form", ["TT {}", "tt_{}", "{} (TT)", "{} - TikTok", "{} TT"])
def test_columns_of_two_platforms_side_by_side_are_told_apart(tmp_path: Path, form: str) -> None:
    other = form.replace("TikTok", "Instagram").replace("TT", "IG").replace("tt", "ig")
    ours = BASE.rename(columns=form.format).reset_index().rename(columns={"username": "x"})
    theirs = (BASE // 3).rename(columns=other.format).reset_index(drop=True)
    table = pd.concat([theirs, ours], axis=1).rename(columns={"x": form.format("handle")})
    assert_right(read(tmp_path, table.set_index(form.format("handle"))))


def test_columns_of_one_measure_that_are_half_empty_are_put_together(tmp_path: Path) -> None:
    first = BASE["followers"].where(BASE["followers"] % 2 == 1).astype("Int64")
    second = BASE["followers"].where(first.isna()).astype("Int64")
    table = BASE.drop(columns="followers").assign(followers=first, follower_count=second)
    export = read(tmp_path, table)
    assert_right(export)
    assert any("contradict each other nowhere" in one for one in export.warnings)


@pytest.mark.parametrize("both", [None, "same", "another"])
def test_keys_that_a_tool_renamed_in_mid_file_are_one(tmp_path: Path, both: str | None) -> None:
    table = BASE[["followers", "videos"]]
    before = table.rename(columns={"followers": "followerCount", "videos": "videoCount"})
    after = table.rename(columns={"followers": "follower_count", "videos": "video_count"})
    records = [
        {"uniqueId": handle, **(before if place < 7 else after).loc[handle].to_dict()}
        for place, handle in enumerate(HANDLES)
    ]
    if both:
        records[3]["follower_count"] = records[3]["followerCount"] + (both == "another")
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, records)))
    if both == "another":
        with pytest.raises(InputError, match=r"twice .* with different values"):
            read_export(tmp_path / "a.jsonl")
    else:
        assert_right(read_export(tmp_path / "a.jsonl"), table.columns)


def test_units_may_stand_in_a_row_below_the_names(tmp_path: Path) -> None:
    lines = (BASE.assign(followers=BASE["followers"] / 1000, rate=0.7)).to_csv().splitlines()
    lines[1:1] = [",(Tsd.),,,,%"]
    (tmp_path / "a.csv").write_text("\n".join(lines).replace("rate", "engagement_rate"))
    export = read_export(tmp_path / "a.csv")
    assert_right(export)
    assert export.frame["engagement_rate"].tolist() == pytest.approx([0.007] * len(BASE))


@pytest.mark.parametrize("name", ["Followers", "Total followers", "Followers count"])
def test_a_column_that_says_tiktok_is_meant_before_one_of_all_platforms(
    tmp_path: Path, name: str
) -> None:
    table = BASE.rename(columns={"followers": "TikTok followers"})
    assert_right(read(tmp_path, table.assign(**{name: BASE["followers"] * 2, "Likes (+/-)": 7})))


def test_what_could_not_be_read_is_shown_where_nothing_is_left(tmp_path: Path) -> None:
    export = read(tmp_path, BASE.assign(followers="5K+"))
    with pytest.raises(InputError, match=r"only a bound of followers \(12 rows\), as in '5K\+'"):
        require_accounts(export, clean_profiles(export))


def test_links_to_videos_are_not_taken_for_their_number(tmp_path: Path) -> None:
    links = [f"https://www.tiktok.com/@{one}/video/73{n}" for n, one in enumerate(HANDLES)]
    export = read(tmp_path, BASE.drop(columns="videos").assign(Video=links))
    assert_right(export, ("followers", "likes"))
    assert "videos" not in export.matches.columns
    assert any("'Video' is no videos: it holds links" in one for one in export.warnings)
    assert_right(read(tmp_path, BASE.rename(columns={"videos": "posts"}).assign(Video=links)))


@pytest.mark.parametrize(
    ("followers", "likes", "videos"),
    [
        ("Nb d'abonn\u00e9s", "Nb de J'aime", "Nb de vid\u00e9os"),
        ("Follower totali", "Like totali", "Numero di video"),
        ("Qtd. de seguidores", "Total de curtidas", "N\u00ba de v\u00eddeos"),
        ("S\u1ed1 follow", "L\u01b0\u1ee3t tim", "S\u1ed1 clip"),
    ],
)
def test_a_name_may_say_number_of_in_any_language(
    tmp_path: Path, followers: str, likes: str, videos: str
) -> None:
    names = {"followers": followers, "likes": likes, "videos": videos}
    assert_right(read(tmp_path, BASE.rename(columns=names).rename_axis("@")))


def test_followers_of_a_country_are_not_those_of_all(tmp_path: Path) -> None:
    table = BASE.assign(**{"Followers (DE)": BASE["followers"] // 3})
    assert_right(read(tmp_path, table[["Followers (DE)", *BASE.columns]]))


def test_units_in_names_of_arabic_and_thai(tmp_path: Path) -> None:
    names = {"followers": "المتابعون (بالآلاف)", "likes": "ยอดถูกใจ (ล้าน)"}
    scaled = BASE.assign(followers=BASE["followers"] / 1e3, likes=BASE["likes"] / 1e6)
    assert_right(read(tmp_path, scaled.rename(columns=names)))


@pytest.mark.parametrize(
    ("name", "newest_first"),
    [
        ("Monat", ["Januar 2025", "Dezember 2024"]),
        ("Mois", ["févr. 2025", "janv. 2025"]),
        ("Mês", ["janeiro de 2025", "dezembro de 2024"]),
        ("Месяц", ["Январь 2025", "Декабрь 2024"]),
        ("Tháng", ["Tháng 1/2025", "Tháng 12/2024"]),
        ("年月", ["2025年1月", "2024年12月"]),
        ("Quarter", ["Q1 2025", "Q4 2024"]),
        ("Woche", ["30.12.2024 - 05.01.2025", "23.12.2024 - 29.12.2024"]),
    ],
)
def test_of_rows_for_each_month_or_week_the_newest_is_kept(
    tmp_path: Path, name: str, newest_first: list[str]
) -> None:
    before = BASE.assign(followers=BASE["followers"] // 2, likes=BASE["likes"] // 2)
    times = np.repeat(newest_first, len(BASE))
    export = read(tmp_path, pd.concat([BASE, before]).assign(**{name: times}))
    kept = clean_profiles(export, needed=()).frame.set_index("account_id").loc[HANDLES]
    assert kept["followers"].tolist() == BASE["followers"].tolist()
