from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tiktok_segments.accounts.reading import read_export
from tiktok_segments.cells.folding import normalise
from tiktok_segments.errors import InputError
from tiktok_segments.export.advice import check_matching
from tiktok_segments.export.aliases import alias_table
from tiktok_segments.export.matching import match_columns
from tiktok_segments.schema import COLUMNS, MEASURES, READABLE, ROW_COLUMNS, VIDEO_COLUMNS


def matched(names: list[str], aliases: dict[str, Any], **overrides: str) -> dict[str, str]:
    matching = match_columns(names, alias_table(aliases), overrides)
    return {canonical: names[claim[0]] for canonical, claim in matching.positions.items()}


@pytest.mark.parametrize(
    "name",
    ["follower_count", "followerCount", "Follower Count", "FOLLOWER COUNT", " follower-count"],
)
def test_case_and_separators_make_no_difference(name: str, aliases: dict[str, Any]) -> None:
    assert matched(["handle", name], aliases)["followers"] == name


@pytest.mark.parametrize(
    ("name", "canonical"),
    [
        ("Followers / Fans", "followers"),
        ("粉丝数 Followers", "followers"),
        ("Followers粉丝数", "followers"),
        ("フォロワー数(Followers)", "followers"),
        ("Followers | Abonnenten", "followers"),
        ("팔로워\nFollowers", "followers"),
        ("Followers ¹", "followers"),
        ("Videos (all)", "videos"),
        ("Verified (Y/N)", "is_verified"),
        ("Verifiziert (ja/nein)", "is_verified"),
        ("Verified (1 = yes, 0 = no)", "is_verified"),
        ("认证 (是/否)", "is_verified"),
        ("Ø Engagement-Rate", "engagement_rate"),
        ("Ø Likes", "average_likes"),
    ],
)
def test_marks_and_words_that_say_nothing_more_are_no_part_of_a_name(
    name: str, canonical: str, aliases: dict[str, Any]
) -> None:
    assert matched(["handle", name], aliases)[canonical] == name


@pytest.mark.parametrize(
    "name",
    ["Fetched on", "Pulled", "Last refreshed", "Snapshot (UTC)", "crawl_date", "ds", "dt",
     "_airbyte_emitted_at", "Record date", "checked_at", "Erhebungsdatum", "Reporting period"],
)  # fmt: skip
def test_a_column_that_says_when_numbers_were_taken_is_known(
    name: str, aliases: dict[str, Any]
) -> None:
    assert matched(["handle", name], aliases)["collected_at"] == name


@pytest.mark.parametrize("name", ["created_at", "Date added", "Joined"])
def test_when_an_account_was_made_or_listed_is_not_when_it_was_measured(
    name: str, aliases: dict[str, Any]
) -> None:
    assert "collected_at" not in matched(["handle", name], aliases)


@pytest.mark.parametrize("name", ["Likes / Followers", "Followers / Following", "Øvrige"])
def test_two_measures_in_one_name_are_none_of_ours(name: str, aliases: dict[str, Any]) -> None:
    assert matched(["handle", name], aliases) == {"account_id": "handle"}


def test_the_published_schema_is_matched(aliases: dict[str, Any]) -> None:
    names = ["timestamp", "account_id", "awg_engagement_rate", "comment_engagement_rate",
             "like_engagement_rate", "is_verified", "followers", "following", "likes",
             "videos_count", "create_time", "id", "url"]  # fmt: skip
    assert matched(names, aliases) == {
        "account_id": "account_id",
        "platform_id": "id",
        "followers": "followers",
        "following": "following",
        "likes": "likes",
        "videos": "videos_count",
        "engagement_rate": "awg_engagement_rate",
        "like_rate": "like_engagement_rate",
        "comment_rate": "comment_engagement_rate",
        "is_verified": "is_verified",
        "url": "url",
        "collected_at": "timestamp",
    }


def test_the_handle_beats_the_display_name_and_the_number(aliases: dict[str, Any]) -> None:
    found = matched(["id", "nickname", "uniqueId", "fans"], aliases)
    assert (found["account_id"], found["nickname"]) == ("uniqueId", "nickname")
    assert found["platform_id"] == "id"
    assert matched(["id", "fans"], aliases)["account_id"] == "id"


def test_profile_level_beats_video_level(aliases: dict[str, Any]) -> None:
    names = ["webVideoUrl", "diggCount", "authorMeta.name", "authorMeta.heart", "authorMeta.fans"]
    found = matched(names, aliases)
    assert (found["likes"], found["video_likes"]) == ("authorMeta.heart", "diggCount")
    assert "likes" not in matched(["video_id", "username", "followers", "likes"], aliases)


def test_likes_given_by_an_author_are_not_likes(aliases: dict[str, Any]) -> None:
    assert "likes" not in matched(["uniqueId", "followerCount", "diggCount"], aliases)
    assert "likes" not in matched(["authorMeta.name", "authorMeta.digg"], aliases)


def test_engagement_by_views_and_by_followers_are_two_columns(aliases: dict[str, Any]) -> None:
    found = matched(["username", "fans", "ER by views", "Engagement Rate %"], aliases)
    assert found["engagement_by_views"] == "ER by views"
    assert found["engagement_rate"] == "Engagement Rate %"
    assert "engagement_rate" not in matched(["username", "ER by views"], aliases)


def test_a_percentage_is_no_count(aliases: dict[str, Any]) -> None:
    assert "followers" not in matched(["username", "followers %"], aliases)


def test_an_override_takes_its_column_from_every_other(aliases: dict[str, Any]) -> None:
    found = matched(["username", "followers", "likes"], aliases, videos="likes")
    assert (found["videos"], "likes" in found) == ("likes", False)


def test_without_a_table_canonical_names_are_known() -> None:
    matching = match_columns(["Account ID", "followers", "fans"], alias_table(None))
    assert set(matching.positions) == {"account_id", "followers"}


def test_a_table_with_unknown_names_is_refused() -> None:
    with pytest.raises(InputError, match="'fans' is not a valid column under profile"):
        alias_table({"profile": {"fans": ["x"]}})
    with pytest.raises(InputError, match="'profiles' is not a valid section"):
        alias_table({"profiles": {}})


def test_the_default_table_names_each_alias_once_per_section(aliases: dict[str, Any]) -> None:
    shared = {"id", "user_id", "profile_id", "user.id", "userInfo.user.id", "author.id",
              "authorMeta.id", "uid", "userInfo.uid"}  # fmt: skip
    for section in ("profile", "video"):
        names = [n for many in aliases[section].values() for n in many if n not in shared]
        keys = [normalise(name) for name in names]
        assert sorted({key for key in keys if keys.count(key) > 1}) == []


def test_a_file_without_followers_is_refused_with_its_columns(aliases: dict[str, Any]) -> None:
    table = alias_table(aliases)
    names = ["username", "two\nlines"]
    with pytest.raises(InputError, match="no column for followers") as caught:
        check_matching(match_columns(names, table), names, table, "x.csv")
    assert "username, two lines." in str(caught.value)


def test_the_schema_has_every_column_once() -> None:
    assert len(READABLE) == sum(map(len, (COLUMNS, MEASURES, VIDEO_COLUMNS, ROW_COLUMNS)))
    assert [c.name for c in COLUMNS.values() if c.required] == ["account_id", "followers"]
    assert all(c.description and c.unit for c in READABLE.values())


@pytest.mark.parametrize("handles", [["ana", "ben", "cat"], ["@ana", "@ben", "@cat"]])
def test_the_names_of_rows_that_r_and_pandas_write_are_the_accounts(
    tmp_path: Path, handles: list[str]
) -> None:
    file = tmp_path / "a.csv"
    rows = [f"{handle},{12_000 + place}" for place, handle in enumerate(handles)]
    file.write_text("\n".join(['"",followers', *rows]) + "\n")
    assert read_export(file).frame["account_id"].tolist() == ["ana", "ben", "cat"]
    file.write_text(",followers\n0,12000\n1,8000\n")
    with pytest.raises(InputError, match="no column for account_id"):
        read_export(file)
    export = read_export(file, columns={"account_id": "(no name)"})
    assert export.frame["account_id"].tolist() == ["0", "1"]
