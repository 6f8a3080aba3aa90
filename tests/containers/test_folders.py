"""A folder or an archive is read without what lies beside its exports."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from commands import PROJECT
from tiktok_segments.accounts.opening import open_accounts
from tiktok_segments.accounts.reading import read_export
from tiktok_segments.containers.side_files import part_exports
from tiktok_segments.containers.sources import find_files
from tiktok_segments.errors import InputError

CSV = "username,followers\ninvented_a,1250\ninvented_b,4870\n"
BESIDE = {
    "README": "About this export\n",
    "README.md": "# About\n",
    "readme_en.txt": "Username: the handle, Followers: how many\n",
    "LICENSE": "Invented\n",
    "LICENCE.txt": "Invented\n",
    ".DS_Store": "\0\0\0\1Bud1",
    "._a.csv": "\0\5\x16\7",
    "Thumbs.db": "x",
    "~$a.xlsx": "x",
    "codebook.csv": "variable,meaning\nusername,handle\nfollowers,how many\n",
    "data_dictionary.csv": "column,type\nusername,text\n",
    "dataset-metadata.json": '{"title": "Invented", "keywords": ["a"]}',
    "schema.json": '{"type": "object"}',
    "sha256sums.txt": "0123  a.csv\n",
    "a.csv.md5": "0123",
    "chart.png": "\x89PNG",
    "notes.docx": "PK",
    "script.py": "print(1)\n",
    "_SUCCESS": "",
}


def fill(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder


def accounts(path: Path, aliases: dict[str, Any]) -> list[str]:
    return sorted(read_export(path, aliases=aliases).frame["account_id"])


@pytest.mark.parametrize("name", BESIDE)
def test_what_describes_an_export_or_is_the_systems_is_left_out(
    name: str, tmp_path: Path, aliases: dict[str, Any]
) -> None:
    folder = fill(tmp_path / "data", {"a.csv": CSV, name: BESIDE[name]})
    export = read_export(folder, aliases=aliases)
    assert export.frame["account_id"].tolist() == ["invented_a", "invented_b"]
    told = [f"data: left out, being no exports: {name}"]
    assert list(export.warnings) == ([] if name[0] in ".~" or name == "Thumbs.db" else told)


@pytest.mark.parametrize(
    "name",
    [
        *("profiles.csv", "export.json.gz", "part-00000", "schema_influencers.csv", "data.csv"),
        *("tiktok.metadata.2026.csv", "licensed_creators.csv", "old.xls", "readmes.csv", "A.TSV"),
    ],
)
def test_what_may_be_an_export_is_never_left_out_by_its_name(name: str) -> None:
    assert part_exports([name, "README.md"]) == ([name], ["README.md"])


@pytest.mark.parametrize("other", ["instagram.csv", "YouTube/creators.csv", "ig_2026.csv"])
def test_what_is_called_after_another_platform_beside_tiktoks_is_left_out_and_told(
    tmp_path: Path, other: str, aliases: dict[str, Any]
) -> None:
    with zipfile.ZipFile(tmp_path / "data.zip", "w") as archive:
        archive.writestr(other, CSV.replace("invented", "other"))
        archive.writestr("tiktok.csv", CSV)
    export = read_export(tmp_path / "data.zip", aliases=aliases)
    assert export.frame["account_id"].tolist() == ["invented_a", "invented_b"]
    assert any(f"{other} (another platform)" in warning for warning in export.warnings)
    assert part_exports([other, "a.csv"]) == (sorted([other, "a.csv"]), [])
    both = ["tiktok.csv", "tiktok_and_instagram.csv"]
    assert part_exports(both) == (both, [])


def test_endings_tell_nothing_where_no_file_has_a_known_one() -> None:
    assert part_exports(["a.dat", "b.out"]) == (["a.dat", "b.out"], [])


def test_exports_of_several_kinds_are_read_together(
    tmp_path: Path, aliases: dict[str, Any]
) -> None:
    folder = fill(tmp_path / "data", {"a.csv": CSV, "README.md": "x"})
    records = [{"username": "invented_c", "followers": 5}, {"username": "invented_d", "fans": 6}]
    (folder / "b.json").write_text(json.dumps(records[:1]))
    (folder / "c.jsonl").write_text("\n".join(map(json.dumps, records[1:] * 2)))
    pd.DataFrame({"handle": ["invented_e"], "fans": [7]}).to_excel(folder / "d.xlsx", index=False)
    pd.DataFrame({"handle": ["invented_f"], "fans": [8]}).to_parquet(folder / "e.parquet")
    assert accounts(folder, aliases) == [f"invented_{letter}" for letter in "abcddef"]


def test_week_10_comes_after_week_9_and_without_times_it_is_told(
    tmp_path: Path, aliases: dict[str, Any]
) -> None:
    rows = {name: f"username,followers\nana,{week}000\n" for week, name in ((9, "w9"), (10, "w10"))}
    for name, text in rows.items():
        (tmp_path / f"{name}.csv").write_text(text)
    with zipfile.ZipFile(tmp_path.parent / "weeks.zip", "w") as archive:
        for name, text in rows.items():
            archive.writestr(f"{name}.csv", text)
    for path in (tmp_path, f"{tmp_path}/*.csv", tmp_path.parent / "weeks.zip"):
        export = read_export(path, aliases=aliases)
        assert export.frame["followers"].to_list() == [9000, 10000], path
        assert any("the row of the last file by name" in note for note in export.warnings)


@pytest.mark.parametrize(
    "names",
    [
        ["Nov 2026.csv", "Dec 2026.csv"],
        ["24 Nov 2026.csv", "1st Dec 2026.csv"],
        ["Nov 24, 2026.csv", "Dec 1, 2026.csv"],
        ["2026-Nov-24/a.csv", "2026-Dec-01/a.csv"],
        ["Bericht Oktober 2026.csv", "Bericht Dezember 2026.csv"],
        ["dec2025.csv", "apr2026.csv"],
        ["apple 2026.csv", "decor 2026.csv", "maybe 2026.csv"],
    ],
)
def test_months_in_names_come_by_the_calendar_and_other_words_by_their_letters(
    names: list[str],
) -> None:
    assert part_exports(names[::-1]) == (names, [])


def test_one_name_in_two_kinds_is_told(tmp_path: Path, aliases: dict[str, Any]) -> None:
    folder = fill(tmp_path / "data", {"a.csv": CSV, "a.tsv": CSV.replace(",", "\t")})
    assert "a.csv, a.tsv have one name" in read_export(folder, aliases=aliases).warnings[0]


def test_a_table_that_tells_neither_account_nor_followers_is_left_out_and_told(
    tmp_path: Path, aliases: dict[str, Any]
) -> None:
    notes = "Collected in July.\nAsk before use, please.\n"
    folder = fill(tmp_path / "data", {"a.csv": CSV, "notes.txt": notes, "x.csv": "word,sense\na,b"})
    export = read_export(folder, aliases=aliases)
    assert len(export.frame) == 2
    assert export.warnings == ("data: left out, being no exports: notes.txt, x.csv",)
    (folder / "half.csv").write_text("username,likes\na,1\n")
    with pytest.raises(InputError, match=r"half\.csv, line 1: no column for followers"):
        read_export(folder, aliases=aliases)


def test_a_folder_without_an_export_says_what_it_holds(tmp_path: Path) -> None:
    folder = fill(tmp_path / "data", {"README.md": "x", ".DS_Store": "x"})
    with pytest.raises(InputError, match=r"holds no export, only README\.md"):
        read_export(folder)
    (folder / "README.md").unlink()
    (folder / "june").mkdir()
    with pytest.raises(InputError, match=r"holds no file\. Folders .* into: june\.\nPut exports"):
        read_export(folder)
    (folder / "x.csv").write_text("word,sense\na,b\n")
    (folder / "y.csv").write_text("word,sense\na,b\n")
    with pytest.raises(InputError, match=r"x\.csv, line 1: no column"):
        read_export(folder)


def test_a_file_by_its_own_name_is_read_whatever_it_is_called(
    tmp_path: Path, aliases: dict[str, Any]
) -> None:
    folder = fill(tmp_path / "data", {"README.md": CSV})
    assert find_files(folder / "README.md").files == [folder / "README.md"]
    assert len(accounts(folder / "README.md", aliases)) == 2


def test_an_archive_is_read_without_what_lies_beside_its_exports(
    tmp_path: Path, aliases: dict[str, Any]
) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in BESIDE.items():
            archive.writestr(f"export/{name}", text)
        archive.writestr("__MACOSX/export/._a.csv", "junk")
        archive.writestr("export/a.csv", CSV)
        archive.writestr("export/words.csv", "word,sense\na,b\n")
        archive.writestr("export/b.json", '[{"username": "invented_c", "followers": 1}]')
    (tmp_path / "a.zip").write_bytes(out.getvalue())
    export = read_export(tmp_path / "a.zip", aliases=aliases)
    assert sorted(export.frame["account_id"]) == ["invented_a", "invented_b", "invented_c"]
    assert "export/README" in " ".join(export.warnings)
    assert "words.csv" in " ".join(export.warnings)
    assert "MACOSX" not in " ".join(export.warnings)


def test_an_archive_without_an_export_says_what_it_holds(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("README.md", "x")
    with pytest.raises(
        InputError, match=r"^a\.zip is a zip archive without an export, only README\.md\.\nGive CSV"
    ):
        read_export(tmp_path / "a.zip")
    zipfile.ZipFile(tmp_path / "b.zip", "w").close()
    with pytest.raises(InputError, match=r"^b\.zip is a zip archive without an export\.\nGive"):
        read_export(tmp_path / "b.zip")


def test_what_was_left_out_beside_a_streamed_export_is_told(tmp_path: Path) -> None:
    folder = fill(tmp_path / "data", {"a.csv": CSV, "README.md": "x"})
    sample = yaml.safe_load((PROJECT / "conf" / "data" / "sample.yaml").read_text())
    config = {
        "data": {**sample, "path": str(folder)},
        "clean": yaml.safe_load((PROJECT / "conf" / "clean" / "all.yaml").read_text()),
    }
    for small in (0, 2**20):
        opened = open_accounts(config, folder=tmp_path, small=small)
        assert sum(len(part.frame) for part in opened.batches()) == 2
        assert "data: left out, being no exports: README.md" in opened.warnings
