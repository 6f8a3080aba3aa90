"""The sheet that holds the accounts is read, wherever it stands in a workbook."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.chart import BarChart

from tiktok_segments.accounts.reading import read_export
from tiktok_segments.errors import InputError

HEADER = ["Username", "Followers", "Videos"]
DATA = [HEADER, ["invented_a", 1250, 18], ["invented_b", 4870, 240]]
COVER = [["Creators for an invented brand"], [], ["Prepared by", "nobody"]]


def book(path: Path, **sheets: list[list[Any]]) -> openpyxl.Workbook:
    """Write sheets under their titles, and return the workbook to be changed."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for title, rows in sheets.items():
        page = workbook.create_sheet(title)
        for row in rows:
            page.append(row)
    save(workbook, path)
    return workbook


def save(workbook: openpyxl.Workbook, path: Path) -> None:
    out = io.BytesIO()
    workbook.save(out)
    path.write_bytes(out.getvalue())


def handles(path: Path, aliases: dict[str, Any], **options: Any) -> list[str]:
    return read_export(path, aliases=aliases, **options).frame["account_id"].tolist()


def test_the_sheet_with_the_columns_is_read_and_the_others_are_named(
    tmp_path: Path, aliases: dict[str, Any]
) -> None:
    path = tmp_path / "a.xlsx"
    book(path, Cover=COVER, Notes=[["See", "the", "brief"]], Creators=DATA, Empty=[])
    export = read_export(path, aliases=aliases)
    assert export.frame["account_id"].tolist() == ["invented_a", "invented_b"]
    assert export.warnings == (
        "a.xlsx: the sheet 'Creators' was read; sheets not read: Cover, Notes "
        "(data.sheet=NAME reads another)",
    )


def test_one_sheet_needs_no_note(tmp_path: Path, aliases: dict[str, Any]) -> None:
    book(tmp_path / "a.xlsx", Creators=DATA, Sheet2=[], Sheet3=[])
    assert read_export(tmp_path / "a.xlsx", aliases=aliases).warnings == ()


def test_the_sheet_with_most_columns_wins(tmp_path: Path, aliases: dict[str, Any]) -> None:
    summary = [["Username", "Followers"], ["top", 9]]
    book(tmp_path / "a.xlsx", Top=summary, All=[["List"], [], *DATA])
    export = read_export(tmp_path / "a.xlsx", aliases=aliases)
    assert export.frame["line"].tolist() == [4, 5]
    assert "header found in row 3 of the sheet 'All'" in export.warnings[0]


def test_two_sheets_with_the_columns_stop_until_one_is_named(
    tmp_path: Path, aliases: dict[str, Any]
) -> None:
    july = [HEADER, ["invented_a", 1300, 20]]
    path = tmp_path / "a.xlsx"
    book(path, June=DATA, July=july, About=COVER)
    with pytest.raises(InputError, match=r"2 sheets .*: June, July\.\n.*data\.sheet=NAME"):
        handles(path, aliases)
    assert handles(path, aliases, sheet="July") == ["invented_a"]
    assert handles(path, aliases, sheet="June") == ["invented_a", "invented_b"]


def test_a_sheet_without_rows_or_out_of_sight_is_no_rival(
    tmp_path: Path, aliases: dict[str, Any]
) -> None:
    path = tmp_path / "a.xlsx"
    workbook = book(path, Old=[*DATA, ["invented_c", 1, 2]], Template=[HEADER], Creators=DATA)
    for state in ("hidden", "veryHidden"):
        workbook["Old"].sheet_state = state
        save(workbook, path)
        assert handles(path, aliases) == ["invented_a", "invented_b"]


def test_more_columns_out_of_sight_are_no_reason_to_read_them(
    tmp_path: Path, aliases: dict[str, Any]
) -> None:
    path = tmp_path / "a.xlsx"
    longer = [[*row, 5] for row in DATA]
    longer[0][-1] = "Following"
    pivot = [["Country", "Followers"], ["DE", 7000]]
    workbook = book(path, Old=longer, Creators=DATA, Pivot=pivot)
    workbook["Old"].sheet_state = "hidden"
    save(workbook, path)
    assert read_export(path, aliases=aliases).frame["followers"].tolist() == [1250, 4870]
    workbook["Creators"].sheet_state = "hidden"
    save(workbook, path)
    assert "Following" in read_export(path, aliases=aliases).matches.columns.values()


def test_a_hidden_sheet_is_read_where_no_other_has_the_columns(
    tmp_path: Path, aliases: dict[str, Any]
) -> None:
    workbook = book(tmp_path / "a.xlsx", Cover=COVER, Data=DATA)
    workbook["Data"].sheet_state = "hidden"
    save(workbook, tmp_path / "a.xlsx")
    assert handles(tmp_path / "a.xlsx", aliases) == ["invented_a", "invented_b"]


def test_charts_are_passed_over(tmp_path: Path, aliases: dict[str, Any]) -> None:
    workbook = book(tmp_path / "a.xlsx", Cover=COVER, Data=DATA)
    page = workbook.create_chartsheet("Chart", 0)
    page.add_chart(BarChart())
    save(workbook, tmp_path / "a.xlsx")
    assert handles(tmp_path / "a.xlsx", aliases) == ["invented_a", "invented_b"]
    with pytest.raises(InputError, match=r"'Chart' holds a chart.*\nIts sheets: Cover, Data\."):
        handles(tmp_path / "a.xlsx", aliases, sheet="Chart")


def test_merged_titles_and_merged_names_are_read(tmp_path: Path, aliases: dict[str, Any]) -> None:
    groups = ["Username", "TikTok", None, "Instagram", None]
    names = [None, "Followers", "Videos", "Followers", "Posts"]
    rows = [["Creators"], groups, names, ["a", 1250, 18, 7, 8], ["b", 4870, 240, 9, 8]]
    workbook = book(tmp_path / "a.xlsx", Data=rows)
    for cells in ("A1:E1", "A2:A3", "B2:C2", "D2:E2"):
        workbook["Data"].merge_cells(cells)
    save(workbook, tmp_path / "a.xlsx")
    export = read_export(tmp_path / "a.xlsx", aliases=aliases)
    assert export.frame[["account_id", "followers", "videos"]].values.tolist() == [
        ["a", 1250, 18],
        ["b", 4870, 240],
    ]


def test_a_workbook_without_the_columns_is_refused_with_its_sheets(
    tmp_path: Path, aliases: dict[str, Any]
) -> None:
    book(tmp_path / "a.xlsx", Cover=COVER, Other=[["colour", "size"], ["red", 1]])
    with pytest.raises(InputError, match=r"a\.xlsx, sheet 'Cover' of Cover, Other, row") as caught:
        handles(tmp_path / "a.xlsx", aliases)
    assert "data.sheet=NAME, data.header=N" in str(caught.value)
    book(tmp_path / "b.xlsx", One=[], Two=[])
    with pytest.raises(InputError, match=r"every sheet is empty.*\nIts sheets: One, Two"):
        handles(tmp_path / "b.xlsx", aliases)
    with pytest.raises(InputError, match=r"no sheet 'Three'.*\nIts sheets: One, Two"):
        handles(tmp_path / "b.xlsx", aliases, sheet="Three")
