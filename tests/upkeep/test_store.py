"""Upkeep of a store: what it holds, copies of it, and the way back."""

import shutil
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from commands import Outcome
from tiktok_segments.errors import InputError, StoreError
from tiktok_segments.registry import versions
from tiktok_segments.tracking import connection
from tiktok_segments.tracking.holdings import Database
from tiktok_segments.tracking.runs import record_run
from tiktok_segments.tracking.store import sqlite_address
from tiktok_segments.upkeep import restore as restoring
from tiktok_segments.upkeep.backup import Backup, back_up, copy_database, default_folder
from tiktok_segments.upkeep.restore import restore_store
from tiktok_segments.upkeep.status import look_at


@pytest.fixture
def store(champion_root: Path) -> Path:
    """The SQLite file of a store with a champion."""
    connection.connect()
    return champion_root / "mlflow.db"


def kept_in(file: Path) -> Database:
    """Return the store of a SQLite file."""
    return Database(sqlite_address(file))


def lose(store: Path) -> None:
    store.unlink()
    shutil.rmtree(store.parent / "mlruns")


def test_a_backup_brings_a_lost_store_back(
    command: Callable[..., Outcome], store: Path, tmp_path: Path
) -> None:
    saved = command("scripts/store.py", "backup", f"output={tmp_path / 'saved'}")
    assert saved.status == 0, saved.err
    assert str(tmp_path / "saved") in saved.out
    names = versions.load_champion()[1].names
    lose(store)
    back = command("scripts/store.py", "restore", f"backup={tmp_path / 'saved'}")
    assert back.status == 0, back.err
    # Loaded with its digest compared, from where the store lies now.
    assert versions.load_champion()[1].names == names
    assert "Nothing that the store names is missing" in command("scripts/store.py", "status").out


@pytest.mark.parametrize("damage", [b"garbage", None])
def test_a_damaged_store_says_how_a_backup_is_brought_back(
    command: Callable[..., Outcome], champion_root: Path, damage: bytes | None
) -> None:
    file, kept = champion_root / "mlflow.db", champion_root / "outputs" / "copy"
    assert command("scripts/store.py", "backup", f"output={kept}").status == 0
    whole = file.read_bytes()
    file.write_bytes(damage or whole[: len(whole) // 2])
    for words in (["status"], ["restore", f"backup={kept}"]):
        outcome = command("scripts/store.py", *words)
        assert outcome.status == 1 and "Traceback" not in outcome.err
        assert "cannot be read: " in outcome.err and "move it away" in outcome.err
    file.rename(champion_root / "damaged.db")
    assert command("scripts/store.py", "restore", f"backup={kept}").status == 0
    assert "champion" in command("scripts/models.py").out


def test_a_backup_is_a_store_wherever_it_is_brought(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up(store, tmp_path / "saved")
    (tmp_path / "saved").rename(tmp_path / "brought")
    lose(store)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path / 'brought' / 'mlflow.db'}")
    connection.connect()
    assert versions.load_champion()[1].names
    monkeypatch.delenv("MLFLOW_TRACKING_URI")
    assert restore_store(tmp_path / "brought", store).models == 2
    connection.connect()
    assert versions.load_champion()[1].names


def test_a_backup_beside_a_writer_has_every_finished_run_whole(store: Path, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            with record_run("a run", kind="compare") as run:
                run.files["comparison.json"] = "{}" * 1000

    writer = threading.Thread(target=write)
    writer.start()
    backups: list[Backup] = []
    try:
        # On a busy machine a backup may end before a run does.
        while len(backups) < 3 or (backups[-1].runs < backups[0].runs + 2 and len(backups) < 50):
            backups.append(back_up(store, tmp_path / f"saved-{len(backups)}"))
    finally:
        stop.set()
        writer.join()
    assert all(not backup.missing for backup in backups)
    assert backups[-1].runs > backups[0].runs
    with closing(sqlite3.connect(backups[-1].folder / "mlflow.db")) as copy:
        ended = copy.execute("SELECT artifact_uri FROM runs WHERE status = 'FINISHED'").fetchall()
        kind = "SELECT run_uuid FROM tags WHERE value = 'compare'"
        compared = {run for (run,) in copy.execute(kind)}
    whole = [
        folder / "comparison.json"
        for folder in (Path(address.removeprefix("file://")) for (address,) in ended)
        if folder.parent.name in compared
    ]
    assert whole and all(file.read_text() == "{}" * 1000 for file in whole)


def test_killed_before_the_exchange_a_restored_store_is_as_it_was_and_the_next_call_ends_it(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up(store, tmp_path / "saved")
    with record_run("a run made later", kind="compare"):
        pass
    before = look_at(kept_in(store)).runs
    assert before["bytes"].sum() == look_at(kept_in(store)).artifacts  # with the files of models

    def killed(draft: Path, file: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(restoring, "exchange", killed)
        with pytest.raises(KeyboardInterrupt):
            restore_store(tmp_path / "saved", store)
    assert look_at(kept_in(store)).runs.equals(before)
    assert not list(store.parent.glob(".*"))
    restored = restore_store(tmp_path / "saved", store)
    assert restored.unknown == 1
    assert look_at(kept_in(store)).runs["runs"].sum() == before["runs"].sum() - 1


def test_two_backups_of_one_second_have_folders_of_their_own(store: Path, tmp_path: Path) -> None:
    now = datetime(2026, 11, 29, 6, 0, 5)
    folders = [back_up(store, default_folder(tmp_path, now)).folder.name for _ in range(3)]
    assert folders == [f"2026-11-29T06-00-05{end}" for end in ("", "-2", "-3")]


class FullDisk(sqlite3.Connection):
    """A store whose copy does not fit on the disk."""

    def backup(self, *_: object, **__: object) -> None:
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error


def test_that_a_copy_does_not_fit_is_no_fault_of_the_store(tmp_path: Path) -> None:
    folder = tmp_path / "copy.partial"
    folder.mkdir()
    with (
        closing(sqlite3.connect(":memory:", factory=FullDisk)) as store,
        pytest.raises(StoreError, match=f"The disk of {tmp_path} is full"),
    ):
        copy_database(store, folder / "mlflow.db")


def test_restoring_keeps_a_backup_of_what_was_there(
    command: Callable[..., Outcome], store: Path, tmp_path: Path
) -> None:
    back_up(store, tmp_path / "saved")
    outcome = command(
        "scripts/store.py", "restore", f"backup={tmp_path / 'saved'}", f"output={tmp_path / 'old'}"
    )
    assert outcome.status == 0, outcome.err
    assert f"What was there before: {tmp_path / 'old'}" in outcome.out
    assert (tmp_path / "old" / "mlflow.db").exists()


def test_what_would_not_be_whole_is_refused_in_plain_words(
    command: Callable[..., Outcome], store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up(store, tmp_path / "saved")
    with pytest.raises(InputError, match="is there already"):
        back_up(store, tmp_path / "saved")
    model = next((tmp_path / "saved" / "mlruns").glob("models/*/artifacts/MLmodel"))
    model.unlink()
    with pytest.raises(InputError, match="files of 1 model are gone or damaged"):
        restore_store(tmp_path / "saved", store)
    cut = next((tmp_path / "saved" / "mlruns").glob("models/*/artifacts/model.skops"))
    cut.write_bytes(cut.read_bytes()[:-100])
    with pytest.raises(InputError, match=r"files of [12] models? are gone or damaged"):
        restore_store(tmp_path / "saved", store)
    own = next((store.parent / "mlruns").glob("models/*/artifacts/model.skops"))
    whole = own.read_bytes()
    own.write_bytes(b"")
    assert any("gone or damaged" in sentence for sentence in look_at(kept_in(store)).lost)
    own.write_bytes(whole)
    with pytest.raises(InputError, match="is no backup"):
        restore_store(tmp_path / "mlruns", store)
    refused = command("scripts/store.py", "restore", f"backup={tmp_path / 'mlruns'}")
    assert "is no backup" in refused.err and not (store.parent / "outputs" / "backups").exists()
    with pytest.raises(InputError, match="is the store itself"):
        restore_store(store.parent, store)
    with record_run("a run", kind="compare") as run:
        run.open()
        with pytest.raises(InputError, match="1 run still under way"):
            restore_store(back_up(store, tmp_path / "second").folder, store)
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=10))
    with pytest.raises(InputError, match="The backup needs up to"):
        back_up(store, tmp_path / "third")
    assert not (tmp_path / "third").exists()
    assert command("scripts/store.py", "sweep").status == 1
