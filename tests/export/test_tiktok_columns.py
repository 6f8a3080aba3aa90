"""Columns that are called TikTok, or TikTok's: accounts, rates, or something else."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from creators import BASE, FOLLOWERS, HANDLES, assert_right, read
from tiktok_segments.errors import InputError

RATES = [f"{2 + place % 7}.{place % 9}%" for place in range(len(HANDLES))]


@pytest.mark.parametrize("name", ["TikTok ER", "tiktok_er", "Tik Tok ER (%)", "TikTok - ER"])
def test_a_rate_of_tiktok_is_no_name_of_a_tiktoker(tmp_path: Path, name: str) -> None:
    table = BASE.assign(**{name: RATES, "TikToker": [f"Ana {one}" for one in HANDLES]})
    for said in ({}, {"engagement_rate": name}):
        frame = read(tmp_path, table, columns=said).frame.set_index("account_id").loc[HANDLES]
        assert frame["engagement_rate"].tolist() == pytest.approx(
            [float(one[:-1]) / 100 for one in RATES]
        )
        assert frame["nickname"].tolist() == [f"Ana {one}" for one in HANDLES]


@pytest.mark.parametrize("beside", ["Name", "Influencer", "Creator"])
@pytest.mark.parametrize("name", ["TikTok", "TikTok @", "@TikTok", "TikTok link"])
@pytest.mark.parametrize("form", ["@{}", "@ {}", "mixed"])
def test_handles_under_the_name_of_links_are_the_accounts(
    tmp_path: Path, beside: str, name: str, form: str
) -> None:
    forms = ["@{}", "https://www.tiktok.com/@{}"] if form == "mixed" else [form]
    cells = [forms[place % len(forms)].format(one) for place, one in enumerate(HANDLES)]
    people = pd.Index([f"Ana {place}" for place in range(len(HANDLES))], name=beside)
    export = read(tmp_path, BASE.set_index(people).assign(**{name: cells}))
    assert_right(export)
    assert set(export.frame["nickname"]) == set(people)


@pytest.mark.parametrize("cells", [HANDLES, ["yes", "no"] * 6, FOLLOWERS, RATES, ["1.2k"] * 12])
def test_a_column_called_tiktok_takes_no_account_from_a_better_one(
    tmp_path: Path, cells: list[Any]
) -> None:
    export = read(tmp_path, BASE.assign(TikTok=cells))
    assert_right(export)
    assert export.matches.columns["account_id"] == "username"


@pytest.mark.parametrize("cells", [["yes", "no"] * 6, FOLLOWERS, [f"{n}.{n}k" for n in range(12)]])
def test_a_column_called_tiktok_without_handles_is_no_account(
    tmp_path: Path, cells: list[Any]
) -> None:
    people = pd.Index([f"Ana {place}" for place in range(12)], name="Name")
    export = read(tmp_path, BASE.set_index(people).assign(TikTok=cells))
    assert not len(export.frame)


@pytest.mark.parametrize("name", ["TikTok Avg. Engagement Rate", "Avg Engagement Rate (TikTok)"])
@pytest.mark.parametrize("first", [True, False])
def test_a_measure_of_tiktok_is_meant_before_one_of_all_platforms_of_the_same_name(
    tmp_path: Path, name: str, first: bool
) -> None:
    of_all = {"Avg Engagement Rate": "1.5%"}
    table = BASE.assign(**({name: RATES, **of_all} if first else {**of_all, name: RATES}))
    frame = read(tmp_path, table).frame.set_index("account_id").loc[HANDLES]
    assert frame["engagement_rate"].tolist() == pytest.approx(
        [float(one[:-1]) / 100 for one in RATES]
    )


OF_INSTAGRAM = [f"{one}_ig" for one in HANDLES]


@pytest.mark.parametrize(
    "name", ["TikTok handle", "tiktok_username", "Username (TikTok)", "TikTok"]
)
@pytest.mark.parametrize("other", ["Handle", "Username"])
@pytest.mark.parametrize("first", [True, False])
def test_handles_of_tiktok_are_meant_before_those_of_nobody_knows_what(
    tmp_path: Path, name: str, other: str, first: bool
) -> None:
    named = {name: HANDLES, other: OF_INSTAGRAM}
    columns = pd.DataFrame(named if first else dict(reversed(named.items())))
    table = pd.concat([columns, BASE.reset_index(drop=True)], axis=1).set_index(columns.columns[0])
    assert_right(read(tmp_path, table))


def test_a_number_of_tiktok_is_no_better_than_a_handle(tmp_path: Path) -> None:
    numbers = [str(6_800_000_000_000_000_000 + place) for place in range(len(HANDLES))]
    assert_right(read(tmp_path, BASE.assign(**{"TikTok ID": numbers})))


@pytest.mark.parametrize("again", ["Followers.1", "Followers...6"])
def test_a_name_that_a_program_numbered_is_there_twice(tmp_path: Path, again: str) -> None:
    first = "Followers...3" if "..." in again else "Followers"
    table = BASE.rename(columns={"followers": again})
    table.insert(0, first, FOLLOWERS * 3)
    with pytest.raises(InputError, match="is there twice"):
        read(tmp_path, table)
    assert_right(read(tmp_path, table, columns={"followers": again}))
    assert_right(read(tmp_path, table.assign(**{first: FOLLOWERS})))
