"""Cells of mixed types in one column are each read as they would be alone."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from creators import BASE, HANDLES, assert_right
from tiktok_segments.accounts.reading import read_export
from tiktok_segments.containers.columns.plain import as_arrow

DAY = dt.datetime(2025, 2, 1)


def save(folder: Path, changed: dict[tuple[int, int], Any], dates: list[Any] | None = None) -> Path:
    """Write the accounts with some cells changed, by row and column of the sheet."""
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.append(["username", *BASE.columns, *(["date"] if dates else [])])
    for place, (handle, row) in enumerate(zip(HANDLES, BASE.to_numpy().tolist(), strict=True)):
        page.append([handle, *row, *(dates[place : place + 1] if dates else [])])
    for (row, column), cell in changed.items():
        page.cell(row, column).value = cell
    book.save(folder / "a.xlsx")
    return folder / "a.xlsx"


@pytest.mark.parametrize("row", [2, 7])
@pytest.mark.parametrize("cell", [DAY, DAY.date(), dt.time(1, 30), dt.timedelta(hours=30)])
def test_a_number_that_a_spreadsheet_made_a_date_costs_its_own_row_only(
    tmp_path: Path, row: int, cell: Any
) -> None:
    export = read_export(save(tmp_path, {(row, 2): cell}))
    assert export.rejected["line"].tolist() == [row]
    assert export.rejected["rule"].tolist() == ["unreadable followers"]
    left = export.frame.set_index("account_id")["followers"]
    assert left.to_dict() == BASE["followers"].drop(HANDLES[row - 2]).to_dict()


@pytest.mark.parametrize("row", [2, 7])
def test_a_tick_among_numbers_is_none(tmp_path: Path, row: int) -> None:
    file = save(tmp_path, {(row, 4): True, (3, 4): float(BASE["likes"].iloc[1])})
    assert read_export(file).rejected["rule"].tolist() == ["unreadable likes"]


def test_numbers_of_days_beside_dates_are_those_days(tmp_path: Path) -> None:
    days: list[Any] = [DAY, 45930, 45930.5, 45931, 20251001, None, *[DAY] * 6]
    export = read_export(save(tmp_path, {}, days))
    assert_right(export)
    read = export.frame.set_index("account_id").loc[HANDLES[:6], "collected_at"]
    october = pd.Timestamp("2025-10-01")
    serial = pd.Timestamp("2025-09-30")
    expected = [pd.Timestamp(DAY), serial, serial + pd.Timedelta(hours=12), october, october]
    assert pd.to_datetime(read).tolist()[:5] == expected
    assert read.isna().tolist() == [False] * 5 + [True]


def test_columns_of_one_type_stay_what_they_are() -> None:
    for cells, kind in (([DAY, None], "timestamp[us]"), ([1, 2.5], "double"), ([True], "bool")):
        assert str(as_arrow(pd.Series(cells, dtype=object)).type) == kind
