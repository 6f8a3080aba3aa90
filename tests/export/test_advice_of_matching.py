from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tiktok_segments.accounts.reading import read_export
from tiktok_segments.containers.records import Place
from tiktok_segments.errors import InputError
from tiktok_segments.export.advice import check_matching, names_of_platform
from tiktok_segments.export.aliases import alias_table
from tiktok_segments.export.matching import match_columns


def refusal(
    names: list[str], aliases: dict[str, Any], place: Place | None = None, **said: Any
) -> str:
    table = alias_table(aliases)
    matching = match_columns(names, table, **said)
    with pytest.raises(InputError) as caught:
        check_matching(matching, names, table, "a.csv", place=place)
    return str(caught.value)


def test_all_that_is_missing_is_said_at_once(aliases: dict[str, Any]) -> None:
    message = refusal(["colour", "Folowers"], aliases, place=Place("line 3"))
    assert message.split("\n") == [
        "a.csv, line 3: no column for account_id and followers was found.",
        "Its columns: colour, Folowers.",
        'Say which it is: data.columns.account_id="COLUMN" data.columns.followers="Folowers" '
        "(Folowers: did you mean followers?)",
    ]


@pytest.mark.parametrize("name", ["Folowers", "Followerz", "Abonnnés", "Подписчикии", "Seguidore"])
def test_near_names_of_any_language_are_suggested(name: str, aliases: dict[str, Any]) -> None:
    assert f'data.columns.followers="{name}"' in refusal(["username", name], aliases)


def test_overrides_units_and_columns_are_complained_of_together(aliases: dict[str, Any]) -> None:
    said = {"overrides": {"likes": "Hearts total"}, "units": {"videos": "thousands"}}
    message = refusal(["username", "Heart total"], aliases, **said)
    assert "data.columns.likes names (Did you mean 'Heart total'?)" in message
    assert "data.units.videos" in message
    assert "no column for followers was found" in message
    assert message.count("\n") <= 2


def test_two_names_of_a_platform_tell_it(aliases: dict[str, Any]) -> None:
    table = alias_table(aliases)
    assert names_of_platform(["Channel Name", "followers"], table) is None
    found = names_of_platform(["Channel Name", "Channel ID"], table)
    assert found == ("YouTube", "Channel Name, Channel ID")


def test_the_line_of_the_header_is_named_where_it_is_known(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("colour,size\nred,1\n")
    with pytest.raises(InputError, match=r"a\.csv, line 1: no column"):
        read_export(tmp_path / "a.csv")
