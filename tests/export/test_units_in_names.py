from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tiktok_segments.accounts.reading import read_export
from tiktok_segments.errors import InputError
from tiktok_segments.export.aliases import alias_table
from tiktok_segments.export.matching import match_columns


@pytest.mark.parametrize(
    ("name", "canonical", "factor"),
    [
        ("Followers (millions)", "followers", 1e6),
        ("Followers (in thousands)", "followers", 1e3),
        ("Followers (000s)", "followers", 1e3),
        ("Followers ('000)", "followers", 1e3),
        ("Followers [K]", "followers", 1e3),
        ("followers_k", "followers", 1e3),
        ("Follower in Tsd.", "followers", 1e3),
        ("Abonnenten in Tsd.", "followers", 1e3),
        ("Abonnenten (Mio.)", "followers", 1e6),
        ("Abonnés (en milliers)", "followers", 1e3),
        ("Seguidores (miles)", "followers", 1e3),
        ("Seguidores em milhões", "followers", 1e6),
        ("Подписчики, тыс.", "followers", 1e3),
        ("Подписчики (млн)", "followers", 1e6),
        ("粉丝数(万)", "followers", 1e4),
        ("粉丝数（万）", "followers", 1e4),
        ("フォロワー数（万）", "followers", 1e4),
        ("Followers (lakh)", "followers", 1e5),
        ("likes_k", "likes", 1e3),
        ("Likes in millions", "likes", 1e6),
        ("Avg views (k)", "average_views", 1e3),
        ("Engagement rate (in percent)", "engagement_rate", 1e-2),
        ("% engagement", "engagement_rate", 1e-2),
        ("Engagement Rate %", "engagement_rate", 1e-2),
        ("engagement_rate_pct", "engagement_rate", 1e-2),
        ("EngagementRatePercent", "engagement_rate", 1e-2),
        ("ER (‰)", "engagement_rate", 1e-3),
        ("Taux d'engagement (%)", "engagement_rate", 1e-2),
        ("互动率(%)", "engagement_rate", 1e-2),
        ("Interaktionsrate in Prozent", "engagement_rate", 1e-2),
        ("Millions of followers", "followers", 1e6),
        ("Percent engagement", "engagement_rate", 1e-2),
        ("Подписчики (тыс. чел.)", "followers", 1e3),
        ("フォロワー数(千人)", "followers", 1e3),
        ("粉丝数（w）", "followers", 1e4),
        ("Followers (x 1,000)", "followers", 1e3),
        ("Seguidores (mil)", "followers", 1e3),
        ("Takipçi (bin)", "followers", 1e3),
        ("Followers 粉丝数 (万)", "followers", 1e4),
        ("Engagement Rate (0-1)", "engagement_rate", 1.0),
        ("Engagement rate as decimal", "engagement_rate", 1.0),
        ("ER (0–100)", "engagement_rate", 1e-2),
    ],
)
def test_a_unit_in_a_name_is_no_part_of_it(
    name: str, canonical: str, factor: float, aliases: dict[str, Any]
) -> None:
    matching = match_columns(["handle", name], alias_table(aliases))
    assert matching.positions[canonical] == (1,)
    assert matching.factor(canonical) == factor
    assert matching.units[canonical].endswith(", by its name")


def test_a_unit_that_does_not_fit_matches_nothing(aliases: dict[str, Any]) -> None:
    names = ["handle", "followers %", "engagement rate (thousands)"]
    assert set(match_columns(names, alias_table(aliases)).positions) == {"account_id"}


def test_a_column_without_a_unit_beats_its_double_with_one(aliases: dict[str, Any]) -> None:
    matching = match_columns(["handle", "Followers (K)", "Followers"], alias_table(aliases))
    assert matching.positions["followers"] == (2,)
    assert matching.units["followers"] == "one, as nothing says otherwise"


def test_thousands_become_single_counts_exactly(tmp_path: Path) -> None:
    names = ["username", "Followers (thousands)", "ER in percent", "Avg views (k)"]
    rows = [
        ["ann", "23.437", "9.1", "1.5"],
        ["bob", "1.25", "4,4", "2M"],
        ["cat", "4K", "12%", "3"],
    ]
    pd.DataFrame(rows, columns=names).to_csv(tmp_path / "a.csv", index=False)
    frame = read_export(tmp_path / "a.csv", aliases=None).frame
    assert frame["followers"].tolist() == [23_437, 1_250, 4_000]
    assert frame["engagement_rate"].tolist() == pytest.approx([0.091, 0.044, 0.12])
    numbers = pd.DataFrame([["ann", 23.437, 9.1]], columns=names[:3])
    numbers.to_excel(tmp_path / "a.xlsx", index=False)
    frame = read_export(tmp_path / "a.xlsx").frame
    assert frame[["followers", "engagement_rate"]].values.tolist() == [[23_437, 0.091]]


def test_what_the_user_says_beats_the_name(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("username,followers (k),engagement rate\nann,2,9.1\n")
    units = {"followers": "millions", "engagement_rate": "percent"}
    export = read_export(tmp_path / "a.csv", units=units)
    assert export.frame[["followers", "engagement_rate"]].values.tolist() == [[2_000_000, 0.091]]
    plain = read_export(
        tmp_path / "a.csv", units={"followers": "one", "engagement_rate": "percent"}
    )
    assert plain.frame["followers"].tolist() == [2]


def test_a_unit_of_a_column_that_is_not_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("username,followers\nann,2\n")
    with pytest.raises(InputError, match="no column for likes, whose unit"):
        read_export(tmp_path / "a.csv", units={"likes": "thousands"})


def test_a_unit_of_one_language_is_none_in_another(aliases: dict[str, Any]) -> None:
    table = alias_table(aliases)
    assert "followers" not in match_columns(["handle", "followers_bin"], table).positions
    assert match_columns(["handle", "Followers (mil.)"], table).unsure_units == ("followers",)
    said = match_columns(["handle", "Followers (mil.)"], table, units={"followers": "millions"})
    assert (said.factor("followers"), said.unsure_units) == (1e6, ())


def test_thousands_or_millions_are_asked_for_and_never_guessed(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("username,Followers (mil)\nann,2\n")
    for columns in ({}, {"followers": "Followers (mil)"}):
        with pytest.raises(InputError, match=r"data\.units\.followers=millions"):
            read_export(tmp_path / "a.csv", columns=columns)
    export = read_export(tmp_path / "a.csv", units={"followers": "millions"})
    assert export.frame["followers"].tolist() == [2_000_000]
