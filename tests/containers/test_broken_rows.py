"""Rows of delimited text that break its rules are read as they are meant, or told of."""

from __future__ import annotations

from pathlib import Path

import pytest

from creators import BASE, HANDLES, assert_right
from streamed import NAMES as STREAMED
from streamed import assert_same, stream
from tiktok_segments.accounts.reading import read_export
from tiktok_segments.containers.broken_rows.quotes import QuoteCheck
from tiktok_segments.errors import InputError

ROWS = [
    ",".join(map(str, [handle, *row])) for handle, row in zip(HANDLES, BASE.to_numpy(), strict=True)
]
NAMES = ",".join(["username", *BASE.columns])


def save(folder: Path, lines: list[str], name: str = "a.csv") -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def with_bios(bios: dict[int, str], *, last: bool = False) -> list[str]:
    """Put a bio into each row, its quotes as they stand."""
    lines = [NAMES, *ROWS]
    cells = {0: "bio", **{1 + place: bio for place, bio in bios.items()}}
    return [
        f"{line},{cells.get(n, 'hi')}" if last else line.replace(",", f",{cells.get(n, 'hi')},", 1)
        for n, line in enumerate(lines)
    ]


LONE: dict[str, tuple[int, dict[int, str]]] = {
    "two far apart": (4, {2: '"Queen of nails', 9: '"Queen of nails'}),
    "two one below the other": (4, {2: '"Queen', 3: '"King, of nails'}),
    "one that ends a cell": (4, {2: '"Queen', 9: 'nails"'}),
    "an inch": (4, {2: '"Queen', 9: '6" heels'}),
    "four": (2, {0: '"a', 3: '"b', 5: '"c', 9: '"d'}),
    "a text of several lines below": (4, {2: '"Queen', 9: '"first\nsecond"'}),
    "one among quoted cells": (4, {1: '"a, ""b"""', 2: '"Queen', 6: '"a, b"', 9: '"Queen'}),
}


@pytest.mark.parametrize("last", [False, True])
@pytest.mark.parametrize("name", LONE)
def test_lone_quotes_that_swallow_rows_are_refused_by_the_first_line(
    name: str, last: bool, tmp_path: Path
) -> None:
    line, bios = LONE[name]
    path = save(tmp_path, with_bios(bios, last=last))
    with pytest.raises(InputError, match=f"line {line}: a quote opened in this row"):
        read_export(path)


PLACED: dict[str, dict[int, str]] = {
    "texts of several lines": {2: '"Queen\n\nof, nails\n"', 5: '"a\nb"', 9: '"\nKing"'},
    "lines with commas": {2: '"a, b, c, d\n1, 2, 3, 4, 5\ne, f"'},
    "doubled quotes": {2: '"say ""hi"",\n""bye"" """', 9: '""""', 10: '""'},
    "quotes amid a cell": {2: '6" heels', 5: '"Queen" of nails', 7: 'the "best"', 9: '7" more'},
    "a quote amid a text of several lines": {2: '"the\n"best" of them"'},
}


@pytest.mark.parametrize("name", PLACED)
def test_quotes_in_their_place_are_read(name: str, tmp_path: Path) -> None:
    assert_right(read_export(save(tmp_path, with_bios(PLACED[name]))))


@pytest.mark.parametrize("chunk", [400, 700, 2**20])
def test_lone_quotes_are_refused_in_a_file_read_in_blocks(tmp_path: Path, chunk: int) -> None:
    names = ['"lone' if number in (9, 14) else "x" for number in range(60)]
    rows = [f"u{place},100,5,2,no,{name},2026-01-01" for place, name in enumerate(names)]
    path = save(tmp_path, [",".join(STREAMED), *rows])
    with pytest.raises(InputError, match="line 11: a quote opened in this row"):
        stream(path, chunk=chunk)


@pytest.mark.parametrize("piece", [1, 40, 1000])
def test_cells_over_several_pieces_are_looked_at_as_one(
    piece: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tiktok_segments.containers.broken_rows.quotes._PIECE", piece)
    for bios in PLACED.values():
        QuoteCheck("a.csv", ",", 6, 1).feed("\n".join(with_bios(bios)).encode())
    for line, bios in LONE.values():
        with pytest.raises(InputError, match=f"line {line}:"):
            QuoteCheck("a.csv", ",", 6, 1).feed("\n".join(with_bios(bios)).encode())


ESCAPED = {
    2: '"aka \\"Queen\\", DM me"',
    4: '"5\\" heels, a\nb"',
    5: '"\\"hi\\""',
    7: '"C:\\\\"',
    9: '""',
}


@pytest.mark.parametrize("last", [False, True])
def test_quotes_that_a_backslash_marks_are_read(last: bool, tmp_path: Path) -> None:
    export = read_export(save(tmp_path, with_bios(ESCAPED, last=last)))
    assert_right(export)
    texts = export.frame["biography"].tolist()
    assert [texts[place] for place in (2, 4, 5)] == [
        'aka "Queen", DM me',
        '5" heels, a\nb',
        '"hi"',
    ]


def test_a_backslash_before_the_end_of_a_quoted_cell_is_text(tmp_path: Path) -> None:
    bios = {2: '"C:\\"', 4: '"art \\"""', 5: '"say ""hi"", \\o/"', 7: "\\N"}
    export = read_export(save(tmp_path, with_bios(bios)))
    assert_right(export)
    assert "C:\\" in export.frame["biography"].tolist()


def test_quotes_that_a_backslash_marks_are_read_alike_in_blocks(tmp_path: Path) -> None:
    rows = [f'u{n},{100 + n},5,2,no,"a \\"{n}, b",2026-01-01' for n in range(61)]
    whole, times = assert_same(save(tmp_path, [",".join(STREAMED), *rows]))
    assert whole.frame["nickname"].tolist() == [f'a "{n}, b' for n in range(61)]
    assert times == 1


def in_quotes(line: str) -> str:
    return '"' + line.replace('"', '""') + '"'


TEXTS = {2: '"aka ""Queen"", DM me"', 5: '"a, b"', 9: '""'}


@pytest.mark.parametrize("quoted", ["all", "rows", "those with quotes"])
def test_rows_that_are_one_quoted_cell_are_read(quoted: str, tmp_path: Path) -> None:
    header, *rows = with_bios(TEXTS)
    rows = [in_quotes(row) if '"' in row or quoted != "those with quotes" else row for row in rows]
    lines = [in_quotes("Report, 2025"), in_quotes(header) if quoted == "all" else header, *rows]
    export = read_export(save(tmp_path, [*lines, in_quotes("Source: TikTok, 2025")]))
    assert_right(export)
    assert export.frame["biography"][2] == 'aka "Queen", DM me'
    assert export.rejected["line"].tolist() == [15]


def test_rows_that_are_one_quoted_cell_are_read_alike_in_blocks(tmp_path: Path) -> None:
    rows = [f'u{n},{100 + n},5,2,no,"a, {n}",2026-01-01' for n in range(61)]
    whole, times = assert_same(save(tmp_path, [",".join(STREAMED), *map(in_quotes, rows)]))
    assert whole.frame["nickname"].tolist() == [f"a, {n}" for n in range(61)]
    assert times == 1


def test_blanks_before_the_quotes_of_cells_are_no_part_of_them(tmp_path: Path) -> None:
    lines = [NAMES, *ROWS]
    quoted = [", ".join(f'"{cell}"' for cell in line.split(",")) for line in lines]
    assert_right(read_export(save(tmp_path, quoted)))
    texts = ["bio", *("hi, you" for _ in ROWS)]
    export = read_export(
        save(tmp_path, [f'{line}, "{text}"' for line, text in zip(quoted, texts, strict=True)])
    )
    assert_right(export)
    assert export.frame["biography"][0] == "hi, you"


def test_empty_fields_behind_the_last_column_are_nothing(tmp_path: Path) -> None:
    rows = [row + "," * (place % 3) for place, row in enumerate(ROWS)]
    assert_right(read_export(save(tmp_path, [NAMES, *rows])))
    assert_right(read_export(save(tmp_path, [NAMES, *(row + "," for row in ROWS), ",,,,,"])))


def test_a_field_too_many_that_is_filled_is_rejected(tmp_path: Path) -> None:
    rows = [row + "," for row in ROWS]
    export = read_export(save(tmp_path, [NAMES, *rows, "eve,1,2,3,4,5", "two\nlines"]))
    assert_right(export)
    assert export.rejected["line"].tolist() == [14, 15, 16]


def test_fields_of_columns_without_a_name_may_be_missing(tmp_path: Path) -> None:
    export = read_export(save(tmp_path, [NAMES + ",,,", *ROWS, "eve,1,2", ""]))
    assert_right(export)
    assert export.rejected["line"].tolist() == [14]


ENDS = [",,", ",call,me", ",,", ",,", ",,me", "", "", ",", "", "", "", ""]


def test_empty_cells_that_excel_leaves_out_at_the_ends_of_rows_are_read(tmp_path: Path) -> None:
    rows = [row + end for row, end in zip(ROWS, ENDS, strict=True)]
    export = read_export(save(tmp_path, [NAMES + ",notes,owner", *rows, "eve,1,2"]))
    assert_right(export)
    assert export.rejected["line"].tolist() == [14]
    assert export.frame["line"].tolist() == list(range(2, 14))


@pytest.mark.parametrize(
    ("end", "n_cut"), [(",x,y", 6), (",,", 2)], ids=["filled columns", "few rows"]
)
def test_rows_that_are_cut_off_are_rejected(end: str, n_cut: int, tmp_path: Path) -> None:
    rows = [row + end for row in ROWS[:-n_cut]] + ROWS[-n_cut:]
    export = read_export(save(tmp_path, [NAMES + ",notes,owner", *rows]))
    assert export.rejected["rule"].tolist() == ["wrong number of fields"] * n_cut


@pytest.mark.parametrize("chunk", [150, 700, 2000])
def test_rows_of_other_widths_are_read_alike_in_blocks(tmp_path: Path, chunk: int) -> None:
    ends = ["", ",", ",,", ",x", ",,,,"]
    rows = [f'u{n},{100 + n},5,2,no,"a\nb",2026-01-01{ends[n % 5]}' for n in range(61)]
    rows[7:7] = ["", "cut,1", "note"]
    whole, _ = assert_same(save(tmp_path, [",".join(STREAMED) + ",notes", *rows]), chunk=chunk)
    assert whole.frame["account_id"].tolist() == [f"u{n}" for n in range(61)]
    assert whole.rejected["rule"].tolist() == ["wrong number of fields"] * 2
