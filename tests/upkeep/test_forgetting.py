"""An account that is forgotten: nothing below the project holds it, whatever was in the way."""

import gzip
import json
import os
import shutil
import signal
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from itertools import count
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pandas as pd
import pytest

from commands import Outcome
from tiktok_segments.accounts.privacy.forgotten import read_forgotten
from tiktok_segments.accounts.row_sample import account_keys
from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.spreadsheet import write_table
from tiktok_segments.tracking.holdings import Database
from tiktok_segments.tracking.store import sqlite_address
from tiktok_segments.upkeep.forgetting import finish_pending, forget, look
from tiktok_segments.upkeep.forgetting.words import Name
from traces import traces

MAYA = Name("maya_b2")
TABLE = pd.DataFrame(
    {
        "account_id": ["leo", "maya_b2", "tom"],
        "biography": ["with @maya_b2", "mails to me", ""],
        "followers": [1, 765_432, 3],
    }
)
PAGE = {
    "accounts": {"account_id": ["leo", "maya_b2"], "biography": ["", "mails to me"]},
    "scores": {"reach": [0.5, 0.765432]},
    "segments": [{"name": "A"}, {"name": "B"}],
}


@pytest.fixture
def kept(root: Path) -> Path:
    """A project that keeps an account in every kind of file, and in its store."""
    outputs = root / "outputs"
    for name in ("accounts.csv", "accounts.xlsx"):
        write_table(TABLE, outputs / "segments" / name)
    TABLE.to_parquet(outputs / "assigned.parquet")
    (outputs / "assigned.csv.gz").write_bytes(gzip.compress(TABLE.to_csv(index=False).encode()))
    (outputs / "rows.jsonl").write_text(TABLE.to_json(orient="records", lines=True))
    page = f'<script type="application/json" id="d">{json.dumps(PAGE)}</script><ul><li>a</li>'
    row = "<li>@maya_b2 765432</li></ul><p>by maya_b2</p>"
    (outputs / "report.html").write_text(page + row)
    artifacts = root / "mlruns" / "1" / "artifacts"
    artifacts.mkdir(parents=True)
    np.save(artifacts / "handles.npy", np.sort(account_keys(TABLE)))
    (artifacts / "ingest.txt").write_text("unreadable followers, first in line 3 ('maya_b2')")
    (artifacts / "drift.json").write_text(json.dumps({"movers": [{"account_id": "@Maya_b2"}]}))
    (artifacts / "figure.png").write_bytes(bytes(range(256)))
    backup = outputs / "backups" / "old"
    backup.mkdir(parents=True)
    TABLE.to_parquet(backup / "assigned.parquet")
    with closing(sqlite3.connect(root / "mlflow.db")) as store, store:
        store.execute("PRAGMA journal_mode = WAL")
        store.execute("INSERT INTO experiment_tags VALUES ('note', 'asked by maya_b2', 0)")
        # As opening it here does, of which a test must see no change.
        store.execute("UPDATE experiments SET artifact_location = ?", [str(root / "mlruns" / "0")])
    return root


def store_of(root: Path) -> Database:
    """Return the store in a project's folder."""
    return Database(sqlite_address(root / "mlflow.db"))


def state(root: Path) -> dict[str, bytes]:
    """Return every file but those of a backup, and the store's rows."""
    with closing(sqlite3.connect(root / "mlflow.db")) as store:
        rows = "".join(store.iterdump()).encode()
    return {"store": rows} | {
        str(file.relative_to(root)): file.read_bytes()
        for folder in ("outputs", "mlruns", "forgotten.json")
        for file in sorted([root / folder, *(root / folder).rglob("*")])
        if file.is_file()
    }


def test_no_byte_is_left_but_in_a_backup_which_is_named(kept: Path) -> None:
    backup = kept / "outputs" / "backups" / "old"
    looked = look(store_of(kept), kept, [MAYA])
    found = forget(store_of(kept), kept, [MAYA])
    assert looked == found and len(found.files) == 9 and len(found.cells) == 1
    assert found.named == (backup,)
    hits = traces([kept], ["maya_b2", "mails to me", "765432"])
    assert {Path(file.split(":")[0]).parent for file, _ in hits} == {backup}
    handles = np.load(kept / "mlruns" / "1" / "artifacts" / "handles.npy")
    assert handles.tolist() == np.sort(account_keys(TABLE.iloc[[0, 2]])).tolist()
    left = pd.read_csv(kept / "outputs" / "segments" / "accounts.csv")
    assert left["account_id"].tolist() == ["leo", "tom"]
    assert left["biography"].tolist()[0] == "with @forgotten"
    text = (kept / "outputs" / "report.html").read_text()
    assert '{"reach":[0.5]}' in text and '[{"name":"A"},{"name":"B"}]' in text
    gone = read_forgotten(kept / "forgotten.json")
    assert gone is not None and gone.holds(["leo", "Maya_B2"]).tolist() == [False, True]
    assert not (kept / "outputs" / "forgetting").exists()
    assert look(store_of(kept), kept, [MAYA]).files == ()


def test_a_killed_forgetting_is_undone_or_finished_by_the_next_call(
    kept: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for file in kept.rglob("assigned.parquet"), kept.rglob("*.xlsx"):
        for slow in list(file):
            slow.unlink()
    before, ends = state(kept), []
    for moment in count(1, 3):
        begun = tmp_path_factory.mktemp("killed") / "project"
        shutil.copytree(kept, begun)
        if not is_killed(moment, lambda begun=begun: forget(store_of(begun), begun, [MAYA])):
            break
        root = begun.rename(begun.with_name("moved"))
        was_begun = finish_pending(store_of(root), root)
        now = state(root)
        ends.append(was_begun)
        if now != before:
            assert traces([root], ["maya_b2"]) == [], moment
            assert "forgotten.json" in now and not any("forgetting" in name for name in now)
    assert len(ends) >= 20 and not ends[0] and any(ends)


def is_killed(moment: int, act: Callable[[], object]) -> bool:
    """Do something in a process that is killed at its so many-th write; say if it came to that."""
    child = os.fork()
    if child == 0:
        _kill_at(moment)
        act()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFEXITED(status) or os.WTERMSIG(status) == signal.SIGKILL
    return not os.WIFEXITED(status)


def _kill_at(moment: int) -> None:
    """End this process by force at the so many-th time that it opens, renames or removes a file."""
    seen = count(1)

    def look(event: str, arguments: tuple[object, ...]) -> None:
        writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & 0b11
        if (writes or event in ("os.rename", "os.remove", "sqlite3.connect")) and (
            next(seen) == moment
        ):
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(look)


def test_tables_of_any_kind_in_the_projects_folder_are_named(kept: Path) -> None:
    files = [kept / f"mine.{end}" for end in ("csv", "csv.gz", "parquet", "xlsx", "json", "html")]
    for file in files[:-2]:
        TABLE.to_parquet(file) if file.suffix == ".parquet" else write_as(file)
    files[-2].write_text(TABLE.to_json(orient="records"))
    files[-1].write_text("<p>by @maya_b2</p>")
    (kept / "notes.txt").write_text("nobody")
    seen: list[tuple[int, int]] = []
    found = look(store_of(kept), kept, [MAYA], lambda *done: seen.append(done))
    assert seen == [(number, len(seen)) for number in range(1, len(seen) + 1)]
    assert len(seen) > len(files) + len(list((kept / "outputs").glob("*")))
    assert set(found.named) == {*files, kept / "outputs" / "backups" / "old"}


def test_files_that_are_not_what_their_endings_say_are_told_and_stay(kept: Path) -> None:
    (kept / "data").mkdir()
    lock = kept / "data" / "~$mine.xlsx"  # as Excel leaves it beside an open workbook
    lock.write_bytes(b"\x04maya")
    outputs = kept / "outputs"
    wholes = ("assigned.csv.gz", "assigned.parquet", "segments/accounts.xlsx")
    cut = [outputs / f"cut {Path(whole).name}" for whole in wholes]
    for file, whole in zip(cut, wholes, strict=True):
        file.write_bytes((outputs / whole).read_bytes()[:40])
    page = outputs / "theirs.html"
    page.write_text('<script type="application/json">{cut</script><p>by @maya_b2</p>')
    found = forget(store_of(kept), kept, [MAYA])
    assert set(found.unread) == {lock, *cut} and page in found.files
    assert page.read_text() == '<script type="application/json">{cut</script><p>by @forgotten</p>'
    assert len(found.files) == 10


def test_exports_in_archives_and_in_other_encodings_are_named(kept: Path) -> None:
    data = kept / "data"
    data.mkdir()
    named = [data / "june.zip", data / "june.csv"]
    with ZipFile(named[0], "w") as archive:
        archive.writestr("folder/june.csv", "account\nmaya_b2\n")
    named[1].write_text("id;account\n1;maya_b2\n", encoding="utf-16")
    cut = data / "cut.zip"
    cut.write_bytes(named[0].read_bytes()[:60])
    with ZipFile(data / "july.zip", "w") as archive:
        archive.writestr("july.csv", "account\nleo\n")
    found = look(store_of(kept), kept, [MAYA])
    assert {*named} < {*found.named} and found.unread == (cut,)
    assert (data / "july.zip") not in found.named and not (kept / "outputs" / "forgetting").exists()


def write_as(file: Path) -> None:
    """Write the table as a workbook, or as CSV that may be packed."""
    write_table(TABLE, file) if file.suffix == ".xlsx" else TABLE.to_csv(file, index=False)


def test_where_runs_have_pseudonyms_their_key_is_asked_for(
    command: Callable[..., Outcome], kept: Path
) -> None:
    artifacts = kept / "mlruns" / "1" / "artifacts"
    (artifacts / "config.yaml").write_text("data:\n  pseudonyms: f00775ea4457\nseed: 1\n")
    before = state(kept)
    refused = command("scripts/privacy.py", "forget", "account=@maya_b2")
    assert refused.status == 1 and "f00775ea4457" in refused.err
    assert state(kept) == before
    alone = command("scripts/privacy.py", "forget", "account=@maya_b2", "without_key=true")
    assert alone.status == 0, alone.err
    again = command("scripts/privacy.py", "forget", "account=@maya_b2", "without_key=true")
    assert "nowhere" not in again.out  # a backup has it
    nobody = command("scripts/privacy.py", "forget", "account=@@nobody", "without_key=true")
    assert nobody.status == 0 and "nowhere" in nobody.out
    assert command("scripts/store.py", "status").out.count("gone") == 0


def test_a_forgotten_account_does_not_come_back_and_the_champion_goes_on(
    command: Callable[..., Outcome], champion_root: Path, monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:  # fmt: skip
    profiles, _ = make_profiles(60, seed=1)
    export = champion_root / "data" / "export.csv"
    export.parent.mkdir()
    named = profiles.assign(account_id=[f"creator_{n}" for n in range(60)], nickname="Some One")
    named.to_csv(export, index=False)
    outputs = champion_root / "outputs"
    assign = ("scripts/assign_segments.py", f"data.path={export}", f"output={outputs}/new.csv")
    assert command(*assign).status == 0
    assert command("scripts/profile_segments.py", f"data.path={export}").status == 0
    shown = command("scripts/privacy.py", "forget", "account=@creator_7", "dry_run=true")
    assert shown.status == 0 and "outputs/new.csv" in shown.out, shown.err
    assert "creator_7\n" in (outputs / "new.csv").read_text().replace(",", "\n")
    before, copy = state(champion_root), tmp_path_factory.mktemp("copied") / "project"
    shutil.copytree(champion_root, copy)
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("TIKTOK_SEGMENTS_ROOT", str(copy))
        assert command("scripts/privacy.py", "forget", "account=@creator_7").status == 0
    assert state(champion_root) == before
    hits = {file.split(":")[0] for file, _ in traces([copy], ["creator_7,", "creator_7<"])}
    assert hits == {str(copy / "data" / "export.csv")}
    mine = champion_root / "mine" / "accounts.csv"
    mine.parent.mkdir()
    shutil.copy(outputs / "new.csv", mine)  # as after output=mine
    done = command("scripts/privacy.py", "forget", "account=@creator_7")
    assert done.status == 0 and "data/export.csv" in done.out, done.err
    assert "mine/accounts.csv" in done.out
    shutil.rmtree(mine.parent)
    assert "Not known here: outputs and backups in other folders" in done.out
    hits = {file.split(":")[0] for file, _ in traces([champion_root], ["creator_7,", "creator_7<"])}
    assert hits == {str(export)}
    again = command(*assign)
    assert again.status == 0, again.err
    assert "forgotten, 1 row" in again.out.lower()
    assert "creator_7," not in (outputs / "new.csv").read_text()
    bad = command("scripts/privacy.py", "forget", "account=two words")
    assert bad.status == 1 and "is no handle" in bad.err
