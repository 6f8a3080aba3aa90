from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tiktok_segments import spreadsheet
from tiktok_segments.accounts.reading import read_export
from tiktok_segments.errors import InputError
from tiktok_segments.spreadsheet import write_table

RISKY = [
    "=1+1",
    "+1",
    "-1",
    "@sum",
    "\tx",
    "\rx",
    "'=1",
    "''-",
    "007",
    "1e5",
    "6794435137251820550",
]


def test_csv_opens_in_a_spreadsheet_without_computing_or_rounding(tmp_path: Path) -> None:
    frame = pd.DataFrame({"account_id": ["ann", "6794435137251820550", "12"], "n": [-1, 2, 3]})
    frame["nickname"] = ["=HYPERLINK(1)", "Bób", None]
    before = frame.copy()
    path = write_table(frame, tmp_path / "new" / "a.csv")
    assert path.read_bytes().decode().split("\r\n") == [
        "\ufeffaccount_id,n,nickname",
        "ann,-1,'=HYPERLINK(1)",
        "'6794435137251820550,2,Bób",
        "12,3,",
        "",
    ]
    pd.testing.assert_frame_equal(frame, before)


def test_a_workbook_holds_text_cells_and_numbers(tmp_path: Path) -> None:
    frame = pd.DataFrame({"account_id": ["6794435137251820550", "=1"], "n": [1.5, 2.0]})
    sheet = openpyxl.load_workbook(write_table(frame, tmp_path / "a.xlsx")).worksheets[0]
    cells = [[(c.value, c.data_type) for c in row] for row in sheet.iter_rows(min_row=2)]
    assert cells == [[("6794435137251820550", "s"), (1.5, "n")], [("=1", "s"), (2, "n")]]


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    texts=st.lists(
        st.one_of(st.sampled_from(RISKY), st.text(st.characters(codec="utf-8"), min_size=1)),
        min_size=1,
        max_size=8,
    ),
    suffix=st.sampled_from([".csv", ".xlsx"]),
)
def test_texts_come_back_as_they_were(
    texts: list[str], suffix: str, tmp_path: Path, aliases: dict[str, Any]
) -> None:
    nulls = {"", "null", "NULL", "N/A", "n/a", "-", "None", "NaN", "nan", "none"}
    texts = [text for text in texts if text.strip() not in nulls and "\0" not in text]
    # A file full of control characters is refused: it is not text.
    assume(sum(unicodedata.category(c) == "Cc" for c in "".join(texts)) <= 8)
    frame = pd.DataFrame({"account_id": [f"u{i}" for i in range(len(texts))], "followers": 1})
    frame["biography"] = pd.Series(texts, dtype=str)
    frame = pd.concat(
        [frame, pd.DataFrame({"account_id": ["z"], "followers": [1], "biography": ["b"]})]
    )
    path = write_table(frame, tmp_path / f"a{suffix}")
    assert read_export(path, aliases=aliases).frame.biography.tolist() == [*texts, "b"]


def test_what_was_there_before_stays_when_writing_fails(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_text("before")
    with pytest.raises((TypeError, ValueError)):
        write_table(pd.DataFrame({"a": [{"no": "cell"}]}), path)
    assert path.read_text() == "before"
    assert [p.name for p in tmp_path.iterdir()] == ["a.xlsx"]
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(InputError, match="cannot be written"):
        write_table(pd.DataFrame({"a": [1]}), tmp_path / "folder.csv")


def test_a_workbook_shows_shares_as_percentages_and_keeps_its_head_in_sight(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"engagement_rate_median": [0.05], "share": [0.5], "followers": [3], "rated": [0.1]}
    )
    sheet = openpyxl.load_workbook(write_table(frame, tmp_path / "a.xlsx")).worksheets[0]
    assert [cell.number_format for cell in sheet[2]] == ["0.00%", "0.00%", "#,##0", "#,##0.0##"]
    assert [cell.value for cell in sheet[2]] == [0.05, 0.5, 3, 0.1]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:D2")
    assert sheet.column_dimensions["A"].width > len("engagement_rate_median")


def test_cells_of_mixed_columns_are_guarded_where_they_are_texts(tmp_path: Path) -> None:
    mixed = pd.Series([-1, "-1", None, True, "fine", 6794435137251820550], dtype=object)
    path = write_table(pd.DataFrame({"=n": mixed}), tmp_path / "a.csv")
    lines = path.read_text("utf-8-sig").split("\n")
    assert lines == ["'=n", "-1", "'-1", '""', "True", "fine", "6794435137251820550", ""]


def test_a_workbook_takes_what_excel_takes_and_not_a_row_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Microsoft, Excel specifications and limits: 1,048,576 rows with the head, 32,767 characters.
    assert spreadsheet._MAX_ROWS + 1 == 1_048_576
    path = write_table(pd.DataFrame({"a": ["x" * 32_768]}), tmp_path / "long.xlsx")
    sheet = openpyxl.load_workbook(path).worksheets[0]
    assert len(str(sheet["A2"].value)) == 32_767
    assert sheet.column_dimensions["A"].width == 40
    assert sheet["A2"].quotePrefix
    monkeypatch.setattr(spreadsheet, "_MAX_ROWS", 2)
    write_table(pd.DataFrame({"a": [1, 2]}), tmp_path / "full.xlsx")
    with pytest.raises(InputError, match="A sheet holds 2 rows, not 3"):
        write_table(pd.DataFrame({"a": [1, 2, 3]}), tmp_path / "over.xlsx")
    assert not (tmp_path / "over.xlsx").exists()
