"""Names of columns in two rows: titles, and below them what tells their columns apart."""

import csv
from pathlib import Path

import openpyxl
import pytest

from creators import BASE, HANDLES, assert_right
from tiktok_segments.accounts.outcome import Export
from tiktok_segments.accounts.reading import read_export
from tiktok_segments.errors import InputError

ROWS = [
    [one, followers // 2, followers, likes // 2, likes]
    for one, followers, likes in zip(HANDLES, BASE["followers"], BASE["likes"], strict=True)
]
ABOVE = [["", "Followers", "", "Likes", ""], ["Account", "Followers", "", "Likes", ""]]


def read(folder: Path, names: list[list[str]], ending: str) -> Export:
    path = folder / f"a.{ending}"
    if ending == "csv":
        with path.open("w", newline="") as file:
            csv.writer(file).writerows([*names, *ROWS])
    else:
        book = openpyxl.Workbook()
        for row in [*names, *ROWS]:
            book.active.append([None if cell == "" else cell for cell in row])  # type: ignore[union-attr]
        book.save(path)
    return read_export(path)


def below(above: list[str], parts: list[str]) -> list[str]:
    return ["" if above[0] else "Account", *parts]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("above", ABOVE)
def test_the_column_of_now_is_read_and_not_the_first_below_a_title(
    tmp_path: Path, above: list[str], ending: str
) -> None:
    names = [above, below(above, ["Last month", "Current"] * 2)]
    assert_right(read(tmp_path, names, ending), ["followers", "likes"])


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("parts", [["2024", "2025"], ["01/2025", "02/2025"], ["Q1", "Q2"]])
@pytest.mark.parametrize("above", ABOVE)
def test_which_of_several_times_below_a_title_is_asked_for(
    tmp_path: Path, above: list[str], parts: list[str], ending: str
) -> None:
    with pytest.raises(InputError, match=f"Followers {parts[1]}"):
        read(tmp_path, [above, below(above, parts * 2)], ending)


def test_times_below_one_title_alone_are_asked_for(tmp_path: Path) -> None:
    names = [["Account", "Followers", "", "Note", "Note 2"], ["", "2024", "2025", "", ""]]
    with pytest.raises(InputError, match="Followers 2025"):
        read(tmp_path, names, "csv")


def test_a_row_without_an_account_is_none_of_names(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("username,followers,,likes\n,12,note,5\nana,1200,note,8000\n")
    export = read_export(tmp_path / "a.csv")
    assert export.frame["account_id"].tolist() == ["ana"]
    assert export.rejected["line"].tolist() == [2]
