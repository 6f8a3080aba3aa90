import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tiktok_segments import store_template, template_cache
from tiktok_segments.store_template import find_template, make_template, place_store


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(template_cache, "user_cache_path", lambda _: tmp_path / "cache")
    return tmp_path / "cache"


def schema(file: Path) -> list[tuple[str, str, list[str]]]:
    """Every table and index with its columns and constraints, whose order the migrations vary."""
    with closing(sqlite3.connect(file)) as store:
        made = store.execute("SELECT type, name, sql FROM sqlite_master ORDER BY name").fetchall()
    return [
        (kind, name, sorted(line.strip(" \t,") for line in (sql or "").splitlines()))
        for kind, name, sql in made
    ]


def rows(file: Path) -> dict[str, int]:
    with closing(sqlite3.connect(file)) as store:
        names = [
            row[0] for row in store.execute("SELECT name FROM sqlite_master WHERE type='table'")
        ]
        return {
            name: count
            for name in names
            if (count := store.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])  # noqa: S608
        }


def test_a_placed_store_has_the_tables_of_a_migrated_one_and_nothing_in_them(
    tmp_path: Path, migrated_store: Path
) -> None:
    assert place_store(tmp_path / "mlflow.db")
    assert schema(tmp_path / "mlflow.db") == schema(migrated_store)
    assert set(rows(tmp_path / "mlflow.db")) <= {"alembic_version", "workspaces"}
    assert [file.name for file in tmp_path.glob("mlflow*")] == ["mlflow.db"]


def test_a_template_is_made_once_and_not_used_for_another_version(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert find_template() is None
    made = make_template()
    assert find_template() == made
    monkeypatch.setattr(store_template, "version", lambda _: "99.0")
    assert find_template() is None


def test_a_damaged_template_is_not_used() -> None:
    made = make_template()
    made.write_bytes(made.read_bytes()[:-1] + b"x")
    assert find_template() is None


def test_without_a_cache_that_can_be_written_nothing_is_placed(tmp_path: Path, cache: Path) -> None:
    cache.write_text("in the way")
    assert not place_store(tmp_path / "mlflow.db")
    assert not (tmp_path / "mlflow.db").exists()
