"""Data sets: read once, and told to who listens, never printed by the library."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tiktok_segments.accounts import load_dataset, load_every_account
from tiktok_segments.errors import InputError


class Heard:
    """A listener that keeps what it hears."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.times = 0

    @contextmanager
    def reading(self) -> Iterator[Callable[[str], None]]:
        self.times += 1
        yield lambda step: None

    def found(self, notes: Sequence[str]) -> None:
        self.lines += notes


def settings(path: Path, **clean: Any) -> dict[str, Any]:
    return {
        "data": {
            "path": str(path),
            "sheet": None,
            "columns": {},
            "aliases": None,
            "n_profiles": 1000,
            "sample_seed": 0,
        },
        "clean": {
            "min_followers": 0,
            "regions": [],
            "languages": [],
            "verified_only": False,
            "max_missing_share": 0.5,
            **clean,
        },
        "outliers": {"columns": ["followers"], "factor": 1.5},
    }


@pytest.fixture
def export(tmp_path: Path) -> Path:
    rows = [f"u{n},{100 + n}" for n in range(20)]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(["account_id,followers", *rows, "big,1000000"]))
    return path


def test_the_library_prints_nothing(export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert load_dataset(settings(export)).notes[0] == f"source: {export}"
    assert capsys.readouterr() == ("", "")


def test_who_listens_is_told_once_of_one_file_and_again_of_a_changed_one(export: Path) -> None:
    heard = Heard()
    first = load_dataset(settings(export), heard)
    assert load_dataset(settings(export), heard) is first
    assert heard.times == 1
    assert heard.lines[0] == f"source: {export}"
    assert heard.lines[-1] == "used   20, without 1 outliers"
    export.write_text(export.read_text() + "\nmore,110")
    assert len(load_dataset(settings(export), heard).frame) == len(first.frame) + 1
    assert heard.times == 2


def test_every_account_has_the_outliers_too(export: Path) -> None:
    assert len(load_every_account(settings(export)).frame) == 21


def test_what_was_found_is_told_before_nothing_of_it_can_be_used(export: Path) -> None:
    heard = Heard()
    with pytest.raises(InputError, match="none of 21 rows is left"):
        load_dataset(settings(export, min_followers=10**9), heard)
    assert heard.lines[0] == f"source: {export}"


def test_one_region_may_stand_without_brackets(export: Path) -> None:
    with pytest.raises(InputError, match="region"):  # which this file lacks
        load_dataset(settings(export, regions="BR"))
