"""What is left of a file's content without an account: the rest, byte for byte where it can be."""

import gzip
import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest

from tiktok_segments.upkeep.forgetting import binary_tables, windows
from tiktok_segments.upkeep.forgetting.contents import holds, write_without
from tiktok_segments.upkeep.forgetting.words import Name

MAYA = Name("maya_b2")


def without(name: str, data: bytes, account: Name) -> bytes:
    """Return what is left of a file with some content: the same where it holds no account."""
    with TemporaryDirectory() as folder:
        file, left = Path(folder, name), Path(folder, "left", name)
        file.write_bytes(data)
        if not holds(file, [account]):
            return data
        write_without(file, left, [account])
        return left.read_bytes()


def test_rows_of_others_keep_every_byte_whatever_their_encoding_and_quotes() -> None:
    table = (
        b'\xef\xbb\xbfaccount,note\r\nleo,"a\nb, "\r\nmaya_b2,x\r\n"tom",caf\xe9\r\n"ann",@maya_b2'
    )
    left = b'\xef\xbb\xbfaccount,note\r\nleo,"a\nb, "\r\n"tom",caf\xe9\r\nann,@forgotten'
    assert without("a.csv", table, MAYA) == left
    assert gzip.decompress(without("a.csv.gz", gzip.compress(table), MAYA)) == left


def test_a_parquet_table_is_searched_part_by_part_with_its_categories(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(binary_tables, "_ROWS", 2)
    file, left = tmp_path / "a.parquet", tmp_path / "left.parquet"
    table = pd.DataFrame({"account": ["leo", "tom", "ann", "@Maya_B2", "kim"], "likes": range(5)})
    table["by"] = pd.Categorical(["x", "x", "maya_b2", "x", "x"])
    table.to_parquet(file, index=False)
    assert not holds(file, [Name("maya")]) and holds(file, [Name("maya"), MAYA])
    write_without(file, left, [MAYA])
    kept = pd.read_parquet(left)
    assert kept["account"].tolist() == ["leo", "tom", "ann", "kim"]
    assert kept["by"].tolist() == ["x", "x", "forgotten", "x"] and kept["likes"].sum() == 7
    assert isinstance(kept["by"].dtype, pd.CategoricalDtype)


@pytest.mark.parametrize("cut", range(-14, 2))
def test_a_name_on_the_border_of_two_windows_is_found_once_and_no_longer_name_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cut: int
) -> None:
    monkeypatch.setattr(windows, "_BLOCK", 100)
    monkeypatch.setattr(windows, "_OVERLAP", 40)
    file = tmp_path / "a.bin"
    file.write_bytes(b" " * (100 + cut) + b"maya_b2" + b" " * 200)
    assert windows.is_named(file, [MAYA])
    file.write_bytes(b" " * (100 + cut) + b"maya_b22" + b" " * 200)
    assert not windows.is_named(file, [MAYA])


def test_a_record_whose_text_has_another_end_of_line_goes_whole() -> None:
    records = [{"account_id": "maya_b2", "biography": "one\u2028two\x85three"}, {"a": "b"}]
    lines = "".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in records)
    assert without("a.jsonl", lines.encode(), MAYA) == b'{"a": "b"}\n'


def test_an_account_that_is_called_as_a_column_leaves_the_table_its_header() -> None:
    table = b"account,followers\naccount,1\nleo,2\n"
    assert without("a.csv", table, Name("account")) == b"account,followers\nleo,2\n"


@pytest.mark.parametrize("letters", [60, 300])
def test_a_name_that_pages_had_no_room_for_is_taken_out_as_they_show_it(letters: int) -> None:
    name = Name("long.handle_" * 30)
    shown = f"{name.handle[: letters - 1]}…"
    page = f"<ul><li>leo</li><li><bdi>@{shown}</bdi></li></ul>"
    assert without("report.html", page.encode(), name) == b"<ul><li>leo</li></ul>"
    data = f'<script type="application/json">[{{"account_id":"{shown}"}}]</script>'
    assert b"long" not in without("report.html", data.encode(), name)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "account_id\nnature\n"),
        ("a.txt", "by @Nature"),
        ("a.html", '<span data-decide="Nature">'),
        ("a.json", '[{"account_id": "nature"}]'),
    ],
)
def test_a_name_that_is_a_word_is_taken_out_where_it_is_a_name(name: str, content: str) -> None:
    assert b"nature" not in without(name, content.encode(), Name("nature")).lower()
    kept = b"account_id,biography\nleo,nature lover\n"
    assert without("b.csv", kept, Name("nature")) == kept
