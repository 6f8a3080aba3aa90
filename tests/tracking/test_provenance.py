import subprocess
from pathlib import Path

import pytest

from tiktok_segments.tracking import provenance

HASH, COMMIT = "segmentation.code_sha256", "segmentation.commit"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a package of two files, outside any git checkout."""
    folder = tmp_path / "checkout" / "package"
    folder.mkdir(parents=True)
    (folder / "one.py").write_text("ONE = 1\n", encoding="utf-8")
    (folder / "two.py").write_text("TWO = 2\n", encoding="utf-8")
    monkeypatch.setattr(provenance, "PACKAGE", folder)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    return folder


def version() -> dict[str, str]:
    """Return the version worked out now, not the one remembered."""
    return provenance.code_version.__wrapped__()


def git(folder: Path, *arguments: str) -> str:
    who = ["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=no"]
    command = ["git", *who, *arguments]
    answer = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return answer.stdout.strip()


def test_the_same_sources_have_the_same_hash(package: Path) -> None:
    assert version() == version()
    assert len(version()[HASH]) == 64


@pytest.mark.parametrize("change", ["edit", "rename", "add", "remove"])
def test_any_change_to_the_sources_changes_the_hash(package: Path, change: str) -> None:
    before = version()[HASH]
    if change == "edit":
        (package / "two.py").write_text("TWO = 3\n", encoding="utf-8")
    elif change == "rename":
        (package / "two.py").rename(package / "three.py")
    elif change == "add":
        (package / "deeper").mkdir()
        (package / "deeper" / "three.py").write_text("", encoding="utf-8")
    else:
        (package / "two.py").unlink()
    assert version()[HASH] != before


def test_compiled_files_do_not_change_the_hash(package: Path) -> None:
    before = version()[HASH]
    (package / "__pycache__").mkdir()
    (package / "__pycache__" / "one.cpython-311.pyc").write_bytes(b"\x00")
    assert version()[HASH] == before


def test_outside_a_checkout_there_is_no_commit(package: Path) -> None:
    assert list(version()) == [HASH]


def test_without_git_there_is_no_commit(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(package.parent, "init", "--quiet")
    monkeypatch.setenv("PATH", "")
    assert list(version()) == [HASH]


def test_in_a_checkout_the_commit_is_named_and_changes_are_marked(package: Path) -> None:
    git(package.parent, "init", "--quiet")
    git(package.parent, "add", ".")
    git(package.parent, "commit", "--quiet", "-m", "first")
    commit = git(package.parent, "rev-parse", "HEAD")
    assert version()[COMMIT] == commit
    (package / "notes.txt").write_text("not tracked", encoding="utf-8")
    assert version()[COMMIT] == commit
    (package / "one.py").write_text("ONE = 11\n", encoding="utf-8")
    assert version()[COMMIT] == f"{commit}+changes"


def test_a_checkout_without_a_commit_has_none_to_name(package: Path) -> None:
    git(package.parent, "init", "--quiet")
    assert list(version()) == [HASH]


def test_the_version_is_worked_out_once_in_a_process() -> None:
    assert provenance.code_version() is provenance.code_version()
