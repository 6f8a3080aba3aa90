"""The header is found wherever it stands among the first lines of a table."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiktok_segments.accounts.reading import read_export
from tiktok_segments.containers.hints import Hints
from tiktok_segments.containers.layout import find_layout
from tiktok_segments.containers.opening import BatchSize, open_records
from tiktok_segments.containers.records import Records, put_together
from tiktok_segments.errors import InputError

KNOWN = {"username", "followers", "videos", "average likes"}
HEADER = "Username,Followers,Videos"
ROWS = ["invented_a,1250,18", "invented_b,4870,240"]
TABLE = "\n".join([HEADER, *ROWS]) + "\n"


def select(names: Any) -> list[int]:
    return [place for place, name in enumerate(names) if name.casefold() in KNOWN]


def read_both_ways(path: Path, hints: Hints | None = None) -> Records:
    """Return the records read whole, which are those read in small batches."""
    (whole,) = open_records(path, select, hints or Hints())
    (stream,) = open_records(path, select, hints or Hints(), size=BatchSize(2, 64))
    records = put_together(list(whole.batches()))
    in_batches = put_together(list(stream.batches()))
    assert whole.names == stream.names
    assert whole.place == stream.place
    assert records.lines.tolist() == in_batches.lines.tolist()
    for position, column in records.columns.items():
        assert column.to_pylist() == in_batches.columns[position].to_pylist()
    assert records.warnings == in_batches.warnings
    assert records.rejected.equals(in_batches.rejected)
    return records


BEFORE: dict[str, list[str]] = {
    "nothing": [],
    "an empty line": [""],
    "only delimiters": [",,"],
    "empty quoted cells": ['"","",""'],
    "a title": ["Creators for an invented brand,,", ",,"],
    "a title without delimiters": ["Creators for an invented brand", ""],
    "a title with delimiters of its own": ["Creators; brands | more, 2026", ""],
    "a title with other platforms": ["Creators of Instagram and YouTube,,"],
    "comments": ["# exported by a tool, v2", "# 2026-01-01, all rights"],
    "a quote left open": ['"Creators for an invented brand', ""],
    "a quoted title over two lines": ['"Creators', 'for a brand",,'],
    "keys and values": ["Brand,Invented,", "Followers,at least 1000,", "Date,2026-01-01,"],
    "blanks": ["   ", "\t"],
    "a title in brackets": ["[Export] all creators"],
    "many lines": ["note"] * 29,
}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("what", BEFORE)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_what_stands_before_the_header_is_passed_over(
    tmp_path: Path, what: str, end: str, delimiter: str
) -> None:
    table = [line.replace(",", delimiter) for line in [HEADER, *ROWS]]
    lines = [*BEFORE[what], *table]
    (tmp_path / "a.csv").write_text(end.join(lines) + end, newline="")
    records = read_both_ways(tmp_path / "a.csv")
    assert records.names == ["Username", "Followers", "Videos"]
    assert records.columns[0].to_pylist() == ["invented_a", "invented_b"]
    row = len(BEFORE[what]) + 1
    assert records.lines.tolist() == [row + 1, row + 2]
    assert records.warnings == ([f"a.csv: header found in line {row}"] if row > 1 else [])


@given(
    st.lists(st.text("ab\"',; #12", max_size=12), max_size=20),
    st.sampled_from([",", ";", "\t", "|"]),
)
def test_no_title_hides_the_header(titles: list[str], delimiter: str) -> None:
    table = TABLE.replace(",", delimiter)
    text = "".join(line + "\n" for line in titles) + table
    layout = find_layout(text.encode(), "a.csv", select)
    assert (layout.line, layout.delimiter) == (len(titles) + 1, delimiter)
    assert text.encode()[layout.start :] == table.encode()


def test_the_line_with_most_columns_is_the_header_and_among_equals_the_first(
    tmp_path: Path,
) -> None:
    summary = "Username,Followers,\nall,99,\n\n"
    (tmp_path / "a.csv").write_text(summary + TABLE)
    assert read_both_ways(tmp_path / "a.csv").lines.tolist() == [5, 6]
    (tmp_path / "b.csv").write_text(TABLE + "\n" + TABLE)
    assert read_both_ways(tmp_path / "b.csv").lines.tolist() == [2, 3, 5, 6, 7]


def test_the_said_line_is_the_header(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n" + TABLE + "c,d,e\nx,1,2\n")
    records = read_both_ways(tmp_path / "a.csv", Hints(header=5))
    assert (records.names, records.lines.tolist()) == (["c", "d", "e"], [6])
    assert records.warnings == []
    for line, why in ((9, "there are 6 lines"), (40, "there are 6 lines")):
        with pytest.raises(InputError, match=f"line {line}: no header.*{why}"):
            read_both_ways(tmp_path / "a.csv", Hints(header=line))
    (tmp_path / "far.csv").write_text("note\n" * 500 + TABLE)
    assert read_both_ways(tmp_path / "far.csv", Hints(header=501)).lines.tolist() == [502, 503]


def test_the_line_after_a_separator_line_needs_no_note(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("sep=;\n" + TABLE.replace(",", ";"))
    assert read_both_ways(tmp_path / "a.csv").warnings == []
    (tmp_path / "b.csv").write_text("sep=;\nTitle\n" + TABLE.replace(",", ";"))
    assert read_both_ways(tmp_path / "b.csv").warnings == ["b.csv: header found in line 3"]


GROUPED: dict[str, tuple[list[list[str]], list[str]]] = {
    "TikTok's own names stay": (
        [["", "TikTok", "", "Instagram"], ["Username", "Followers", "Videos", "Followers"]],
        ["Username", "Followers", "Videos", "Instagram Followers"],
    ),
    "whichever comes first": (
        [["", "Instagram", "TikTok", ""], ["Username", "Followers", "Followers", "Videos"]],
        ["Username", "Instagram Followers", "Followers", "Videos"],
    ),
    "another platform's are never bare": (
        [["TikTok", "", "YouTube"], ["Username", "Followers", "Videos"]],
        ["Username", "Followers", "YouTube Videos"],
    ),
    "names over two rows": (
        [["Username", "Followers", "Average"], ["", "", "Likes"]],
        ["Username", "Followers", "Average Likes"],
    ),
    "a row for the name of pandas' index": (
        [["", "TikTok", "TikTok", "Instagram"], ["", "Followers", "Videos", "Followers"]],
        ["Username", "Followers", "Videos", "Instagram Followers"],
    ),
    "two months": (
        [["", "June", "", "July", ""], ["Username", "Followers", "Videos", "Followers", "Videos"]],
        ["Username", "June Followers", "June Videos", "July Followers", "July Videos"],
    ),
    "groups that tell nothing apart": (
        [["Profile", "", "Content"], ["Username", "Followers", "Videos"]],
        ["Username", "Followers", "Videos"],
    ),
}


@pytest.mark.parametrize("what", GROUPED)
def test_titles_of_groups_tell_names_apart(tmp_path: Path, what: str) -> None:
    (groups, header), names = GROUPED[what]
    body = [f"{number}" for number, _ in enumerate(header)]
    rows = [["My list"], groups, header, body]
    if "pandas" in what:
        rows.insert(3, ["Username", "", "", ""])
    (tmp_path / "a.csv").write_text("\n".join(map(",".join, rows)) + "\n")
    records = read_both_ways(tmp_path / "a.csv")
    assert (records.names, records.lines.tolist()) == (names, [len(rows)])
    sheet(tmp_path / "a.xlsx", rows)
    (book,) = open_records(tmp_path / "a.xlsx", select, Hints())
    assert book.names == names


def sheet(path: Path, rows: list[list[Any]]) -> None:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append([cell or None for cell in row])  # type: ignore[union-attr]
    out = io.BytesIO()
    book.save(out)
    path.write_bytes(out.getvalue())


@pytest.mark.parametrize("what", BEFORE)
def test_a_sheets_header_is_found_alike(tmp_path: Path, what: str) -> None:
    before = [line.split(",") for line in BEFORE[what]]
    table = [line.split(",") for line in [HEADER, *ROWS]]
    sheet(tmp_path / "a.xlsx", [*before, *table])
    (book,) = open_records(tmp_path / "a.xlsx", select, Hints())
    (records,) = book.batches()
    row = len(before) + 1
    assert book.names[:3] == ["Username", "Followers", "Videos"]
    assert records.lines.tolist() == [row + 1, row + 2]
    assert (f"header found in row {row}" in "".join(records.warnings)) == (row > 1)


def test_the_said_row_of_a_sheet_is_the_header(tmp_path: Path) -> None:
    sheet(tmp_path / "a.xlsx", [["Username", "Followers"], ["x", "y"], ["a", "1"]])
    (book,) = open_records(tmp_path / "a.xlsx", select, Hints(header=2))
    assert book.names == ["x", "y"]
    with pytest.raises(InputError, match=r"no names in row 9 \(data\.header\)"):
        open_records(tmp_path / "a.xlsx", select, Hints(header=9))


def test_an_export_without_the_columns_is_refused_with_the_line_and_the_setting(
    tmp_path: Path, aliases: dict[str, Any]
) -> None:
    (tmp_path / "a.csv").write_text("My list\n\ncolour,size\nred,1\n")
    with pytest.raises(InputError, match=r"a\.csv, line 3: no column") as caught:
        read_export(tmp_path / "a.csv", aliases=aliases)
    assert "colour, size" in str(caught.value)
    assert "data.header=N" in str(caught.value)
    assert str(caught.value).count("\n") == 2
    (tmp_path / "b.csv").write_text(",,\n,,\n;\n")
    with pytest.raises(InputError, match=r"data\.header=N"):
        read_export(tmp_path / "b.csv", aliases=aliases)


def test_a_title_before_the_header_is_read_as_without(
    tmp_path: Path, aliases: dict[str, Any]
) -> None:
    (tmp_path / "a.csv").write_text(TABLE)
    (tmp_path / "b.csv").write_text("Title,,\n,,\n" + TABLE)
    plain = read_export(tmp_path / "a.csv", aliases=aliases).frame.drop(columns="line")
    titled = read_export(tmp_path / "b.csv", aliases=aliases).frame.drop(columns="line")
    assert plain.equals(titled)
