import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, text

from commands import Outcome
from tiktok_segments import training, wal
from tiktok_segments.wal import end_wal, file_system, follow_wal, start_wal

SWEEP = ("train.py", "-m", "k=2,3", "data.n_profiles=60", "structure=off", "figures=off")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(wal, "LOCAL", {file_system(tmp_path)})
    return tmp_path / "mlflow.db"


@pytest.fixture
def ours(store: Path) -> Iterator[Connection]:
    """A connection of this process, as MLflow has them."""
    follow_wal(store)
    engine = create_engine(f"sqlite:///{store}")
    with engine.connect() as connection:
        connection.execute(text("CREATE TABLE numbers (number)"))
        connection.commit()
        connection.close()
        start_wal(store)
        with engine.connect() as again:
            yield again
    engine.dispose()


def add(connection: Connection, number: int) -> None:
    connection.execute(text("INSERT INTO numbers VALUES (:number)"), {"number": number})
    connection.commit()


def pragma(connection: Connection, name: str) -> object:
    return connection.execute(text(f"PRAGMA {name}")).scalar()


def numbers(store: Path) -> list[int]:
    with closing(sqlite3.connect(store)) as connection:
        return [number for (number,) in connection.execute("SELECT number FROM numbers")]


def mode(store: Path) -> str:
    with closing(sqlite3.connect(store)) as connection:
        return str(connection.execute("PRAGMA journal_mode").fetchone()[0])


def files(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_there_is_a_log_from_start_to_end_and_then_one_file(store: Path, ours: Connection) -> None:
    add(ours, 1)
    assert pragma(ours, "journal_mode") == "wal"
    assert pragma(ours, "synchronous") == 1
    assert files(store.parent) == ["mlflow.db", "mlflow.db-shm", "mlflow.db-wal"]
    ours.close()
    end_wal(store)
    assert files(store.parent) == ["mlflow.db"]
    assert (mode(store), numbers(store)) == ("delete", [1])


def test_a_connection_that_was_closed_for_the_end_is_opened_anew(
    store: Path, ours: Connection
) -> None:
    add(ours, 1)
    ours.close()
    end_wal(store)
    with ours.engine.connect() as connection:
        add(connection, 2)
        assert pragma(connection, "journal_mode") == "delete"
        assert pragma(connection, "synchronous") == 2
    assert numbers(store) == [1, 2]


def test_who_reads_keeps_nobody_from_writing(store: Path, ours: Connection) -> None:
    add(ours, 1)
    with closing(sqlite3.connect(store, timeout=0)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM numbers").fetchone() == (1,)
        add(ours, 2)
        assert reader.execute("SELECT count(*) FROM numbers").fetchone() == (1,)
    assert numbers(store) == [1, 2]


def test_while_others_have_it_open_the_store_is_whole_and_the_last_one_ends_the_log(
    store: Path, ours: Connection, tmp_path: Path
) -> None:
    add(ours, 1)
    ours.close()
    with closing(sqlite3.connect(store)) as other:
        assert other.execute("SELECT count(*) FROM numbers").fetchone() == (1,)
        end_wal(store)
        assert mode(store) == "wal"
        copy = Path(shutil.copy(store, tmp_path / "copy.db"))  # without the log
        assert numbers(copy) == [1]
    end_wal(store)
    assert mode(store) == "delete"


def test_there_is_no_log_on_a_file_system_that_is_not_known_to_bear_it(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sqlite3.connect(store).close()
    follow_wal(store)
    monkeypatch.setattr(wal, "LOCAL", {"another"})
    start_wal(store)
    assert mode(store) == "delete"


def test_a_store_that_is_not_to_be_written_is_left_as_it_is(
    process: Callable[..., Outcome], root: Path
) -> None:
    with closing(sqlite3.connect(root / "mlflow.db")) as connection:
        connection.execute("PRAGMA journal_mode = wal")
    address = f"sqlite:///file:{root / 'mlflow.db'}?mode=ro&uri=true"
    process("scripts/models.py", MLFLOW_TRACKING_URI=address)
    process(*SWEEP, MLFLOW_TRACKING_URI=address)
    assert mode(root / "mlflow.db") == "wal"


def test_no_store_is_made_where_there_is_none(store: Path) -> None:
    follow_wal(store)
    start_wal(store)
    end_wal(store)
    assert files(store.parent) == []


def test_the_innermost_mount_tells_the_file_system(tmp_path: Path) -> None:
    share = f"{tmp_path}/my\\040share"  # which is how the table writes a blank
    table = tmp_path / "mountinfo"
    table.write_text(
        "21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
        f"22 21 0:40 / {share} rw - nfs4 server:/export rw\n"
        f"23 22 0:41 / {share}/fast rw shared:2 master:1 - xfs /dev/sdb rw\n"
        f"24 21 0:42 / {tmp_path}/外付け\u3000disk rw - cifs //server/share rw\n"
        f"25 21 0:43 / {tmp_path}/odd\x0c\x85name rw - ext3 /dev/sdc rw\n"
        f"26 21 8:1 / {tmp_path}/one/mlflow.db rw - ext4 /dev/sda1 rw\n"
    )
    assert file_system(tmp_path / "mlflow.db", table) == "ext4"
    assert file_system(tmp_path / "my share" / "runs" / "mlflow.db", table) == "nfs4"
    assert file_system(tmp_path / "my share" / "fast" / "mlflow.db", table) == "xfs"
    assert file_system(tmp_path / "外付け\u3000disk" / "mlflow.db", table) == "cifs"
    assert file_system(tmp_path / "odd\x0c\x85name" / "mlflow.db", table) == "ext3"
    assert file_system(tmp_path / "one" / "mlflow.db", table) == ""  # mounted by itself
    for unread in (tmp_path / "no table", tmp_path):
        assert file_system(tmp_path / "mlflow.db", unread) == ""
    table.write_text("nothing of the kind\n")
    assert file_system(tmp_path / "mlflow.db", table) == ""


def test_there_is_no_log_where_the_store_has_another_name(
    store: Path, tmp_path: Path, ours: Connection
) -> None:
    ours.close()
    end_wal(store)
    (tmp_path / "other.db").hardlink_to(store)
    start_wal(store)
    assert mode(store) == "delete"


THREADS = """
import sys, threading
from pathlib import Path
from sqlalchemy import create_engine, text
from tiktok_segments import wal
store = Path(sys.argv[1])
wal.LOCAL = {wal.file_system(store)}
wal.follow_wal(store)
engine = create_engine(f"sqlite:///{store}")
with engine.connect() as connection:
    connection.execute(text("CREATE TABLE numbers (number)"))
    connection.execute(text("INSERT INTO numbers VALUES (1), (2), (3)"))
    connection.commit()
going = True
def read():
    while going:
        with engine.connect() as connection:
            connection.execute(text("SELECT * FROM numbers a, numbers b, numbers c")).all()
readers = [threading.Thread(target=read) for _ in range(2)]
for reader in readers:
    reader.start()
for _ in range(300):
    wal.start_wal(store)
    wal.end_wal(store)
going = False
for reader in readers:
    reader.join()
print("done")
"""


def test_threads_that_use_a_connection_keep_it(store: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", THREADS, str(store)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "done\n", "")


def test_the_runs_of_a_sweep_are_written_to_a_log(
    command: Callable[..., Outcome], root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wal, "LOCAL", {file_system(root)})
    seen = []
    log_model = training.log_run_model

    def look(*arguments: Any) -> str:
        seen.append(mode(root / "mlflow.db"))
        return log_model(*arguments)

    monkeypatch.setattr(training, "log_run_model", look)
    assert command(*SWEEP).status == 0
    assert seen == ["wal", "wal"]
    assert mode(root / "mlflow.db") == "delete"


@pytest.mark.parametrize("launcher", ["basic", "joblib"])
def test_a_sweep_leaves_one_file(
    process: Callable[..., Outcome], root: Path, launcher: str
) -> None:
    outcome = process(*SWEEP, f"hydra/launcher={launcher}")
    assert outcome.status == 0, outcome.err
    assert [name for name in files(root) if "mlflow.db" in name] == ["mlflow.db", "mlflow.db.lock"]
    assert mode(root / "mlflow.db") == "delete"


KILLED = """
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("PRAGMA journal_mode = wal")
connection.execute("CREATE TABLE t (x)")
connection.commit()
os.kill(os.getpid(), 9)
"""


def leave_a_log(root: Path) -> None:
    subprocess.run([sys.executable, "-c", KILLED, str(root / "mlflow.db")], check=False)
    assert "mlflow.db-wal" in files(root)


def test_what_a_killed_process_left_is_mended_by_the_next_command(
    command: Callable[..., Outcome], process: Callable[..., Outcome], root: Path
) -> None:
    assert command(*SWEEP).status == 0
    leave_a_log(root)
    assert process("scripts/models.py").status == 0
    assert [name for name in files(root) if "mlflow.db" in name] == ["mlflow.db", "mlflow.db.lock"]
    with closing(sqlite3.connect(root / "mlflow.db")) as connection:
        assert connection.execute("SELECT count(*) FROM t").fetchone() == (0,)


def test_the_log_of_a_store_that_was_deleted_does_not_get_into_the_new_one(
    command: Callable[..., Outcome], root: Path
) -> None:
    leave_a_log(root)
    (root / "mlflow.db").unlink()
    assert command(*SWEEP).status == 0
    with closing(sqlite3.connect(root / "mlflow.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        found = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 't'")
        assert found.fetchone() == (0,)


def test_what_is_wrong_with_a_store_is_told_at_once(
    command: Callable[..., Outcome], root: Path
) -> None:
    (root / "mlflow.db").write_text("This is no database." * 100)
    start = time.monotonic()
    outcome = command("scripts/models.py")
    assert time.monotonic() - start < 20
    assert outcome.status == 1
    assert "file is not a database" in outcome.err
