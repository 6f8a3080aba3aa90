import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from commands import Outcome

START = """
import sys
from pathlib import Path
from sqlalchemy import create_engine, text
from tiktok_segments.journal import keep_journal
store = Path(sys.argv[1])
keep_journal(store)
keep_journal(store)
"""

WRITE = """
with create_engine(f"sqlite:///{store}").connect() as connection:
    print(connection.execute(text("PRAGMA journal_mode")).scalar())
    connection.execute(text("CREATE TABLE IF NOT EXISTS numbers (number)"))
    connection.execute(text("INSERT INTO numbers VALUES (1)"))
    connection.commit()
    print(Path(f"{store}-journal").exists())
"""


def run(store: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", START + WRITE, str(store)],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def test_the_journal_stays_while_the_process_runs_and_no_longer(tmp_path: Path) -> None:
    store = tmp_path / "mlflow.db"
    assert run(store) == ["persist", "True"]
    assert [file.name for file in tmp_path.iterdir()] == ["mlflow.db"]
    assert run(store) == ["persist", "True"]
    with sqlite3.connect(store) as connection:
        assert connection.execute("SELECT count(*) FROM numbers").fetchone() == (2,)


def test_what_is_wrong_with_a_store_is_told_at_once(
    command: Callable[..., Outcome], root: Path
) -> None:
    (root / "mlflow.db").write_text("This is no database." * 100)
    start = time.monotonic()
    outcome = command("scripts/models.py")
    assert time.monotonic() - start < 20
    assert outcome.status == 1
    assert "file is not a database" in outcome.err


def test_no_store_is_made_where_there_is_none(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", START, str(tmp_path / "mlflow.db")], check=True)
    assert list(tmp_path.iterdir()) == []


def test_a_mode_that_somebody_chose_is_left(tmp_path: Path) -> None:
    store = tmp_path / "mlflow.db"
    connection = sqlite3.connect(store)
    connection.execute("PRAGMA journal_mode = wal")
    connection.close()
    assert run(store) == ["wal", "False"]
    connection = sqlite3.connect(store)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()
