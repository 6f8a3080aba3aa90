"""Exports as other tools have them: whose followers, which rates, rows and records there are."""

from __future__ import annotations

import decimal
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from creators import AVERAGE, BASE, FOLLOWERS, HANDLES, assert_right, read
from tiktok_segments.accounts.reading import read_export
from tiktok_segments.errors import InputError


@pytest.mark.parametrize(
    "form",
    [
        "Creator {}", "creator{}", "Author: {}", "{} (total)", "{}\r\n(lifetime)", "no. {}",
        "{} (\u4eba)", "TikTok {}", "Account {}", "Influencer's {}", "{}, total", "Current {}",
    ],
)  # fmt: skip
def test_a_name_may_say_whose_it_is_and_that_it_is_all_of_it(tmp_path: Path, form: str) -> None:
    named = {name: form.format(name.title()) for name in ("followers", "likes", "videos")}
    assert_right(read(tmp_path, BASE.rename(columns=named)))


@pytest.mark.parametrize(
    "name", ["Followers (previous)", "Followers gained", "Posts (30 days)", "Total engagement"]
)
def test_a_name_that_says_something_else_is_not_taken(tmp_path: Path, name: str) -> None:
    export = read(tmp_path, BASE.drop(columns="videos").assign(**{name: 7}))
    assert_right(export, ["followers", "likes"])
    assert name in export.matches.unmatched


def test_a_column_called_plainly_is_meant_before_one_that_says_more(tmp_path: Path) -> None:
    brands = BASE["followers"].to_numpy()[::-1]
    assert_right(read(tmp_path, BASE.assign(**{"Creator followers": brands})))


@pytest.mark.parametrize(
    "header", ["Followers x 1,000", "Followers (x1.000)", "Followers \u00d7 1000"]
)
def test_a_name_may_say_its_factor(tmp_path: Path, header: str) -> None:
    table = BASE.assign(followers=BASE["followers"] / 1e3).rename(columns={"followers": header})
    assert_right(read(tmp_path, table))


@pytest.mark.parametrize("market", ["Follower (Tsd.)", "Followers (thousands)"])
def test_three_digits_behind_a_comma_in_thousands_are_asked_for(
    tmp_path: Path, market: str
) -> None:
    small = BASE.iloc[:9]
    rows = [f"{one};{n / 1e3:.3f}".replace(".", ",") for one, n in zip(
        (f"ana{i}" for i in range(9)), small["followers"], strict=True)]  # fmt: skip
    (tmp_path / "a.csv").write_text("\n".join([f"username;{market}", *rows]))
    assert set(read_export(tmp_path / "a.csv").rejected["rule"]) == {"ambiguous followers"}
    export = read_export(tmp_path / "a.csv", decimal=",")
    assert export.frame["followers"].tolist() == small["followers"].tolist()


def test_a_rate_with_a_sign_in_some_cells_only_is_asked_for(tmp_path: Path) -> None:
    rate = AVERAGE / FOLLOWERS * 100
    cells = [f"{one:.3f}{'%' if n % 3 else ''}" for n, one in enumerate(rate)]
    with pytest.raises(InputError, match=r"data\.units\.engagement_rate=percent"):
        read(tmp_path, BASE.assign(ER=cells))
    export = read_export(tmp_path / "a.csv", units={"engagement_rate": "percent"})
    assert np.allclose(export.frame["engagement_rate"], rate / 100, rtol=1e-3)


VIEWS = (FOLLOWERS * np.linspace(0.2, 1.4, 12)).round()
AVERAGES = {
    "Avg views": VIEWS, "Avg likes": AVERAGE, "Avg comments": (AVERAGE / 20).round(1),
    "Avg shares": (AVERAGE / 10).round(1),
}  # fmt: skip


@pytest.mark.parametrize("form", [lambda rate: rate, lambda rate: rate * 100])
@pytest.mark.parametrize(
    ("name", "counted"),
    [
        ("Engagement rate", ["Avg likes", "Avg comments"]),
        ("Engagement rate", ["Avg likes", "Avg comments", "Avg shares"]),
        ("Like rate", ["Avg likes"]),
        ("Comment rate", ["Avg comments"]),
    ],
)
def test_a_rate_per_view_is_not_the_accounts_in_whatever_unit(
    tmp_path: Path, name: str, counted: list[str], form: Callable[[Any], Any]
) -> None:
    by_views = np.sum([AVERAGES[one] for one in counted], axis=0) / VIEWS
    table = BASE[["followers"]].assign(**AVERAGES, **{name: form(by_views)})
    export = read(tmp_path, table)
    frame = export.frame.set_index("account_id").loc[HANDLES]
    likes, comments = AVERAGES["Avg likes"], AVERAGES["Avg comments"]
    right = {
        "like_rate": likes / FOLLOWERS,
        "comment_rate": comments / FOLLOWERS,
        "engagement_rate": (likes + comments) / FOLLOWERS,
        "engagement_by_views": (likes + comments) / VIEWS,
    }
    for column, values in right.items():
        assert np.allclose(frame[column], values, rtol=1e-3), column
    assert any("rate per view" in warning for warning in export.warnings)


def test_rows_of_videos_are_told_without_views_and_ids(tmp_path: Path) -> None:
    rows = BASE[["followers"]].loc[np.repeat(HANDLES, 3)]
    likes = np.arange(1, 37)
    export = read(tmp_path, rows.assign(likes=likes, comments=likes % 5, posted=range(36)))
    means = likes.reshape(-1, 3).mean(axis=1)
    assert np.allclose(export.frame["like_rate"], means / FOLLOWERS)
    assert export.matches.per_video


def test_accounts_of_several_weeks_are_no_videos(tmp_path: Path) -> None:
    weeks = [
        BASE.assign(followers=BASE["followers"] + 9 * week, Snapshot=f"2025-08-0{3 - week}")
        for week in (0, 1, 2)
    ]
    export = read(tmp_path, pd.concat(weeks))
    assert not export.matches.per_video
    assert export.frame["collected_at"].notna().all()


DISPLAY = [f"Ana {letter.upper()}." for letter in "abcdefghijkl"]
LINKS = [f"https://www.tiktok.com/@{one}" for one in HANDLES]


@pytest.mark.parametrize(
    "columns",
    [
        {"Creator": DISPLAY, "Link": LINKS},
        {"Account": DISPLAY, "TikTok": LINKS},
        {"Kanal": [f"@{one}" for one in HANDLES]},
        {"Kanal": [f"@{one}" for one in HANDLES], "Name": DISPLAY},
        {"Name": DISPLAY, "Kanal": [f"@{one}" for one in HANDLES]},
        {"KOL": [f"{one} (@{h})" for one, h in zip(DISPLAY, HANDLES, strict=True)]},
        {"Creator": [f'=HYPERLINK("{one}","Ana")' for one in LINKS]},
        {"Creator": [f"[Ana]({one})" for one in LINKS]},
    ],
)
def test_the_account_is_where_the_handles_are(
    tmp_path: Path, columns: dict[str, list[str]]
) -> None:
    table = pd.DataFrame({**columns, **BASE.reset_index(drop=True)})
    assert_right(read(tmp_path, table.set_index(next(iter(columns)))))


def test_a_handle_that_was_changed_in_a_few_rows_stays(tmp_path: Path) -> None:
    links = [f"https://www.tiktok.com/@new.{one}" if n < 3 else one for n, one in enumerate(LINKS)]
    assert_right(read(tmp_path, BASE.assign(url=links)))


@pytest.mark.parametrize(
    "header",
    ["Platform", "Source", "Channel", "Social Media Platform", "Platform Name", "platformType",
     "Type", "Where", "Social channel", "Soziales Netzwerk", "Réseau", "Piattaforma", "Platforma",
     "Социальная сеть", "Площадка", "Platform adı", "Nền tảng", "Media sosial", "平台名称",
     "メディア", "플랫폼", "채널", "المنصة"],
)  # fmt: skip
def test_rows_of_other_platforms_are_left_out_whatever_the_column_is_called(
    tmp_path: Path, header: str
) -> None:
    others = BASE.iloc[:2].rename(index=lambda one: f"other.{one}").assign(**{header: "IG"})
    export = read(
        tmp_path, pd.concat([BASE.assign(**{header: "TikTok"}), others]).rename_axis("username")
    )
    assert_right(export)
    assert export.rejected["rule"].tolist() == ["another platform"] * 2


def test_of_several_columns_that_of_platforms_tells_them(tmp_path: Path) -> None:
    beside = {"Source": "Modash", "Category": ["Beauty", "Food"] * 6, "Type": "TikTok"}
    table = BASE.assign(**beside)
    other = table.iloc[:3].assign(Type="Instagram", followers=BASE["followers"] * 3)
    assert_right(read(tmp_path, pd.concat([table, other])))
    assert_right(read(tmp_path, BASE.assign(Type="Macro", Category="Beauty of TikTok")))


def test_rows_with_addresses_on_other_platforms_are_left_out(tmp_path: Path) -> None:
    hosts = ["https://www.instagram.com/zoe", "https://youtu.be/abc"]
    others = BASE.iloc[:2].rename(index=lambda one: f"other.{one}").assign(Link=hosts)
    export = read(tmp_path, pd.concat([BASE.assign(Link=LINKS), others]).rename_axis("username"))
    assert_right(export)
    assert export.rejected["rule"].tolist() == ["another platform"] * 2


@pytest.mark.parametrize(
    "rows",
    [
        ["Total creators: 12"], ["Sum of followers"], ["TOTAL / SUM"],
        ["\u5408\u8a08\uff0812\u4ef6\uff09"], ["\u0915\u0941\u0932"],
        ["Total", "Max", "Min", "Count"], ["mean", "std", "min", "25%"],
        ["Average (all accounts)"],
    ],
)  # fmt: skip
def test_rows_that_sum_up_are_left_out_however_they_say_it(tmp_path: Path, rows: list[str]) -> None:
    export = read(
        tmp_path, pd.concat([BASE, pd.DataFrame(99, rows, BASE.columns)]).rename_axis("username")
    )
    assert_right(export)
    assert len(export.rejected) == len(rows)


def test_a_handle_among_words_for_totals_is_an_account(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "username,followers\nmax,100\nTotal Wellness Ann,200\nmin,300\n"
    )
    assert len(read_export(tmp_path / "a.csv").frame) == 3


def test_numbers_cut_to_32_bits_are_not_taken_for_the_exact_ones(tmp_path: Path) -> None:
    likes = BASE["likes"].to_numpy() * np.where(FOLLOWERS > 5e6, 30, 1)
    cut = (likes + 2**31) % 2**32 - 2**31
    for first, second in (("heart", "heartCount"), ("stats.heartCount", "statsV2.heartCount")):
        table = BASE.drop(columns="likes").assign(**{first: cut, second: likes})
        assert read(tmp_path, table).frame["likes"].tolist() == likes.tolist()


@pytest.mark.parametrize("factor", [100, 1000])
@pytest.mark.parametrize("column", ["likes", "videos"])
def test_counts_that_a_float_has_multiplied_are_asked_for(
    tmp_path: Path, column: str, factor: int
) -> None:
    noisy = BASE[column] * factor + BASE[column] * factor * 1e-15
    with pytest.raises(InputError, match=rf"data\.units\.{column}=thousands"):
        read(tmp_path, BASE[["followers"]].assign(**{column: noisy}))


def test_views_below_likes_are_asked_for(tmp_path: Path) -> None:
    averages = {"Avg likes": AVERAGE, "Avg views": (VIEWS / 1e3).round(4)}
    with pytest.raises(InputError, match=r"data\.units\.average_views=thousands"):
        read(tmp_path, BASE[["followers"]].assign(**averages))


def test_videos_whose_ids_lost_their_digits_are_all_counted(tmp_path: Path) -> None:
    rows = BASE[["followers"]].loc[np.repeat(HANDLES, 2)]
    likes = np.arange(1, 25)
    export = read(tmp_path, rows.assign(video_id="7.4E+18", likes=likes, views=likes * 9))
    assert not len(export.rejected)
    assert np.allclose(export.frame["like_rate"], likes.reshape(-1, 2).mean(axis=1) / FOLLOWERS)


def test_the_account_is_in_the_links_to_its_videos(tmp_path: Path) -> None:
    links = [f"https://www.tiktok.com/@{one}/video/7{n}" for n, one in enumerate(HANDLES)]
    table = pd.DataFrame({"Video URL": links, "Followers": FOLLOWERS, "Likes": 5, "Views": 90})
    export = read(tmp_path, table.set_index("Video URL"))
    assert export.matches.per_video and export.frame["account_id"].tolist() == HANDLES


def test_a_column_of_zeros_is_not_taken_for_one_of_values(tmp_path: Path) -> None:
    assert_right(read(tmp_path, BASE.rename(columns={"followers": "fans"}).assign(followers=0)))


OBJECTS = BASE.reset_index().to_dict("records")
JSON: dict[str, str] = {
    "one behind the other": "".join(map(json.dumps, OBJECTS)),
    "printed by jq": "\n".join(json.dumps(one, indent=2) for one in OBJECTS),
    "described columns": json.dumps(
        {
            "cols": [{"name": name, "type": "x"} for name in OBJECTS[0]],
            "rows": [list(one.values()) for one in OBJECTS],
        }
    ),
    "keyed, other names": json.dumps(
        {o["username"]: {"fans": o["followers"], "hearts": o["likes"], "uploads": o["videos"]}
         for o in OBJECTS}
    ),
    "keyed, nested": json.dumps(
        {o["username"]: {"profile": {"followers": o["followers"]},
                         "stats": {"likes": o["likes"], "videos": o["videos"]}} for o in OBJECTS}
    ),
    "values and what is shown": json.dumps(
        [{"creator": {"handle": o["username"]}, **{
            name: {"value": o[name], "display": "1K"} for name in ("followers", "likes", "videos")
         }} for o in OBJECTS]
    ),
    "metrics": json.dumps(
        {"result": {"search_result": [
            {"basic": {"username": o["username"]},
             "metrics": {"followersCount": {"value": o["followers"]}, "likes": o["likes"],
                         "videos": o["videos"]}} for o in OBJECTS]}}
    ),
}  # fmt: skip


@pytest.mark.parametrize("shape", JSON)
def test_records_of_json_are_found_in_the_shapes_of_tools(tmp_path: Path, shape: str) -> None:
    (tmp_path / "a.json").write_text(JSON[shape])
    assert_right(read_export(tmp_path / "a.json"))


def test_numbers_of_an_accounts_last_video_are_not_the_rows(tmp_path: Path) -> None:
    last = {"stats": {"playCount": 9, "diggCount": 3, "commentCount": 1}}
    records = [{**one, "latestVideo": last, "lastPost": {"likes": 2}} for one in OBJECTS]
    (tmp_path / "a.json").write_text(json.dumps(records))
    export = read_export(tmp_path / "a.json")
    assert_right(export)
    assert not export.matches.per_video


def test_decimals_of_parquet_are_whole_where_they_are(tmp_path: Path) -> None:
    columns = {
        name: pa.array([decimal.Decimal(int(one)) for one in values], pa.decimal128(38, 9))
        for name, values in BASE.items()
    }
    pq.write_table(pa.table({"username": HANDLES, **columns}), tmp_path / "a.parquet")
    assert_right(read_export(tmp_path / "a.parquet"))
