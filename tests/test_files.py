import hashlib
import os
from pathlib import Path

import pytest

from tiktok_segments.errors import InputError
from tiktok_segments.files import output_folder, sha256_of, write_whole


def test_text_is_written_as_utf_8_without_translated_line_ends(tmp_path: Path) -> None:
    path = write_whole(tmp_path / "names.txt", "naïve\r\n🇵🇱\n")
    assert path == tmp_path / "names.txt"
    assert path.read_bytes() == "naïve\r\n🇵🇱\n".encode()


def test_bytes_are_written_as_they_are(tmp_path: Path) -> None:
    assert write_whole(tmp_path / "figure.png", b"\x89PNG\r\n\x00").read_bytes() == (
        b"\x89PNG\r\n\x00"
    )


def test_missing_folders_are_made(tmp_path: Path) -> None:
    assert write_whole(tmp_path / "a" / "b" / "c.txt", "x").read_text(encoding="utf-8") == "x"


def test_a_file_that_was_there_is_replaced(tmp_path: Path) -> None:
    path = write_whole(tmp_path / "a.txt", "a long first content")
    write_whole(path, "short")
    assert path.read_text(encoding="utf-8") == "short"


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o027, 0o640)])
def test_the_file_has_the_mode_that_new_files_have(tmp_path: Path, mask: int, mode: int) -> None:
    before = os.umask(mask)
    try:
        path = write_whole(tmp_path / "a.txt", "x")
    finally:
        assert os.umask(before) == mask
    assert path.stat().st_mode & 0o777 == mode


def test_only_the_file_itself_is_left_behind(tmp_path: Path) -> None:
    write_whole(tmp_path / "a.txt", "x")
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_the_name_is_taken_when_the_whole_content_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    replace = Path.replace

    def watch(source: Path, target: Path) -> Path:
        seen.append((source.parent, source.read_bytes(), target.exists()))
        return replace(source, target)

    monkeypatch.setattr(Path, "replace", watch)
    write_whole(tmp_path / "a.txt", "x" * 100_000)
    assert seen == [(tmp_path, b"x" * 100_000, False)]


def test_where_the_last_step_fails_the_old_file_stays_and_nothing_is_left_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_whole(tmp_path / "a.txt", "old")

    def fail(source: Path, target: Path) -> Path:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(InputError, match="disk full"):
        write_whole(path, "new")
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("a.txt", b"old")]


def test_the_digest_is_the_published_one_of_abc(tmp_path: Path) -> None:
    # FIPS 180-2, appendix B.1
    expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert sha256_of(write_whole(tmp_path / "abc", "abc")) == expected


def test_the_digest_is_over_the_whole_file(tmp_path: Path) -> None:
    content = bytes(range(256)) * 8192  # 2 MiB, more than any buffer
    path = write_whole(tmp_path / "large", content)
    assert sha256_of(path) == hashlib.sha256(content).hexdigest()
    assert sha256_of(write_whole(path, content[:-1])) != hashlib.sha256(content).hexdigest()


def test_a_folder_in_the_way_is_told_in_plain_words_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "report.html").mkdir()
    with pytest.raises(InputError, match="report\\.html cannot be written: Is a directory"):
        write_whole(tmp_path / "report.html", "x")
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        write_whole(tmp_path / "file" / "a.txt", "x")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "report.html"]


def test_a_file_in_place_of_an_output_folder_is_told_before_work_is_done(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("here")
    with pytest.raises(InputError, match="taken is a file; give a folder"):
        output_folder(tmp_path / "taken")
    with pytest.raises(InputError, match=r"output is .*below, but .*taken is a file"):
        output_folder(tmp_path / "taken" / "below")
    with pytest.raises(InputError, match="output is empty; give a folder"):
        output_folder("")
    assert output_folder(2026) == Path("2026")  # what a settings' grammar reads as a number
