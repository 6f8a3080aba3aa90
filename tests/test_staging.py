import shutil
from pathlib import Path

import pytest

from tiktok_segments.staging import Staging, stage


def test_a_folder_holds_what_was_staged_last() -> None:
    for contents in ({"a": b"long enough", "b": b"same"}, {"a": b"short", "b": b"same"}):
        folder = Path(stage(contents))
        assert {file.name: file.read_bytes() for file in folder.iterdir()} == contents
    assert Path(stage({"a": b"alone"})) != folder


def test_what_is_the_same_is_not_written_again() -> None:
    staging = Staging()
    file = Path(staging.fill({"a": b"same"}), "a")
    written = file.stat().st_mtime_ns
    staging.fill({"a": b"same"})
    assert file.stat().st_mtime_ns == written


def test_after_a_write_that_failed_a_file_is_written_again() -> None:
    staging = Staging()
    file = Path(staging.fill({"a": b"first"}), "a")
    file.unlink()
    file.mkdir()
    with pytest.raises(OSError):
        staging.fill({"a": b"second"})
    file.rmdir()
    staging.fill({"a": b"first"})
    assert file.read_bytes() == b"first"


def test_files_that_were_cleaned_away_are_written_again() -> None:
    staging = Staging()
    folder = Path(staging.fill({"a": b"one", "b/c": b"two"}))
    shutil.rmtree(folder)
    assert Path(staging.fill({"a": b"one", "b/c": b"two"}), "b/c").read_bytes() == b"two"
    assert (folder / "a").read_bytes() == b"one"
