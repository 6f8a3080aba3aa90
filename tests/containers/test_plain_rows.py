"""What a sheet's cells do not show is read: links behind them, merged cells; formulas are told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from creators import BASE, HANDLES, assert_right
from tiktok_segments.accounts.reading import read_export
from tiktok_segments.errors import InputError

LINKS = [f"https://www.tiktok.com/@{one}?lang=de" for one in HANDLES]
PEOPLE = [f"Person {letter.upper()}" for letter in "abcdefghijkl"]


def save(path: Path, header: str, cells: list[str], change: Callable[[Worksheet], None]) -> Path:
    """Write the accounts with a first column of one's own, and change the sheet."""
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.append([header, *BASE.columns])
    for cell, row in zip(cells, BASE.to_numpy().tolist(), strict=True):
        page.append([cell, *row])
    change(page)
    book.save(path / "a.xlsx")
    return path / "a.xlsx"


def link_cells(page: Worksheet) -> None:
    for row, link in enumerate(LINKS, start=2):
        page.cell(row, 1).hyperlink = link


@pytest.mark.parametrize("header", ["Creator", "Name", "Profile", "Link", "profile url"])
@pytest.mark.parametrize("cells", [PEOPLE, ["open"] * len(PEOPLE)])
def test_the_account_is_in_the_link_behind_a_cell(
    tmp_path: Path, header: str, cells: list[str]
) -> None:
    export = read_export(save(tmp_path, header, cells, link_cells))
    assert_right(export)
    assert any("links behind the cells of" in warning for warning in export.warnings)


def test_one_link_behind_all_cells_is_nobodys(tmp_path: Path) -> None:
    def link_alike(page: Worksheet) -> None:
        for row in range(2, 14):
            page.cell(row, 1).hyperlink = LINKS[0]

    assert_right(read_export(save(tmp_path, "Handle", HANDLES, link_alike)))


def test_the_account_is_in_a_formula_that_links(tmp_path: Path) -> None:
    formulas = [f'=HYPERLINK("{link}","Link")' for link in LINKS]
    assert_right(read_export(save(tmp_path, "Link", formulas, lambda page: None)))


def test_a_merged_platform_is_that_of_all_its_rows(tmp_path: Path) -> None:
    def add_others(page: Worksheet) -> None:
        page.insert_cols(1)
        page["A1"], page["A2"], page["A14"] = "Platform", "TikTok", "Instagram"
        for number in range(3):
            page.cell(14 + number, 2, f"insta{number}")
            page.cell(14 + number, 3, 900 + number)
        page.merge_cells("A2:A13")
        page.merge_cells("A14:A16")

    export = read_export(save(tmp_path, "Handle", HANDLES, add_others))
    assert_right(export)
    assert export.rejected["rule"].tolist() == ["another platform"] * 3


def test_formulas_without_a_result_are_told_and_refused_where_they_are_needed(
    tmp_path: Path,
) -> None:
    def compute(page: Worksheet, column: int) -> None:
        for row in range(2, 14):
            page.cell(row, column, f"=1+{row}")

    file = save(tmp_path, "Handle", HANDLES, lambda page: compute(page, 3))
    told = [one for one in read_export(file).warnings if "hold formulas" in one]
    assert len(told) == 1 and "'following'" in told[0]
    file = save(tmp_path, "Handle", HANDLES, lambda page: compute(page, 2))
    with pytest.raises(InputError, match=r"12 cells of the column 'followers' hold formulas"):
        read_export(file)


@pytest.mark.parametrize("form", ["0.00%", "0%", "0.0\\\\ %", '0.00"%"'])
def test_a_cell_shown_as_percent_is_one_whatever_its_column_is_called(
    tmp_path: Path, form: str
) -> None:
    rates = [0.1056, 0.05, 0.0496, 0.04, 0.035, 0.03, 0.03, 0.02, 0.02, 0.015, 0.01, 0.01]

    def add_rates(page: Worksheet) -> None:
        page.cell(1, 6, "Engagement rate (%)")
        for row, rate in enumerate(rates, start=2):
            page.cell(row, 6, rate * 100 if '"' in form else rate).number_format = form

    export = read_export(save(tmp_path, "Handle", HANDLES, add_rates))
    assert export.frame["engagement_rate"].tolist() == pytest.approx(rates)


@pytest.mark.parametrize(
    ("form", "parts"), [('0.000"K"', 1000), (r"0.000\k", 1000), ('0.0,"K"', 1), ("#,##0", 1)]
)
def test_a_count_that_a_format_shows_in_thousands_is_in_thousands(
    tmp_path: Path, form: str, parts: int
) -> None:
    def show(page: Worksheet) -> None:
        for row in range(2, 14):
            cell = page.cell(row, 2)
            cell.value, cell.number_format = cell.value / parts, form

    assert_right(read_export(save(tmp_path, "Handle", HANDLES, show)))


def test_another_table_below_is_not_read(tmp_path: Path) -> None:
    def add_table(page: Worksheet) -> None:
        for row in ([], ["Hashtags"], ["Hashtag", "Views", "Posts"], ["#one", 5000, 7]):
            page.append(row)

    export = read_export(save(tmp_path, "Handle", HANDLES, add_table))
    assert_right(export)
    assert any("another table begins below row 13" in one for one in export.warnings)


def test_a_second_table_of_accounts_is_asked_about(tmp_path: Path) -> None:
    def add_table(page: Worksheet) -> None:
        for row in ([], ["Followers", "Handle"], [4_000, "zoe"]):
            page.append(row)

    file = save(tmp_path, "Handle", HANDLES, add_table)
    with pytest.raises(InputError, match=r"in row 15.*\n.*data\.header=1 or data\.header=15"):
        read_export(file)
    assert_right(read_export(file, header=1))
    assert read_export(file, header=15).frame["account_id"].tolist() == ["zoe"]
