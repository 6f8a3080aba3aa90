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

import numpy as np
import pandas as pd
import pytest

from commands import Outcome
from tiktok_segments.accounts.privacy.forgotten import read_forgotten
from tiktok_segments.accounts.row_sample import account_keys
from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.spreadsheet import write_table
from tiktok_segments.upkeep.forgetting import find_traces, finish_pending, forget
from tiktok_segments.upkeep.forgetting.tables import without
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
    return root


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
    looked = find_traces(kept / "mlflow.db", kept, [MAYA])
    found = forget(kept / "mlflow.db", kept, [MAYA])
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
    assert find_traces(kept / "mlflow.db", kept, [MAYA]).files == ()


def test_a_killed_forgetting_is_undone_or_finished_by_the_next_call(
    kept: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for file in kept.rglob("assigned.parquet"), kept.rglob("*.xlsx"):
        for slow in list(file):
            slow.unlink()
    before, ends = state(kept), []
    for moment in count(1, 3):
        root = tmp_path_factory.mktemp("killed") / "project"
        shutil.copytree(kept, root)
        if not is_killed(moment, lambda root=root: forget(root / "mlflow.db", root, [MAYA])):
            break
        was_begun = finish_pending(root / "mlflow.db", root)
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


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "account_id\nnature\n"),
        ("a.txt", "by @Nature"),
        ("a.json", '[{"account_id": "nature"}]'),
    ],
)
def test_a_name_that_is_a_word_is_taken_out_where_it_is_a_name(name: str, content: str) -> None:
    assert b"nature" not in without(name, content.encode(), Name("nature")).lower()
    kept = b"account_id,biography\nleo,nature lover\n"
    assert without("b.csv", kept, Name("nature")) == kept


def test_a_forgotten_account_does_not_come_back_and_the_champion_goes_on(
    command: Callable[..., Outcome], champion_root: Path
) -> None:
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
    done = command("scripts/privacy.py", "forget", "account=@creator_7")
    assert done.status == 0 and "data/export.csv" in done.out, done.err
    hits = {file.split(":")[0] for file, _ in traces([champion_root], ["creator_7,", "creator_7<"])}
    assert hits == {str(export)}
    again = command(*assign)
    assert again.status == 0, again.err
    assert "forgotten, 1 row" in again.out.lower()
    assert "creator_7," not in (outputs / "new.csv").read_text()
    bad = command("scripts/privacy.py", "forget", "account=two words")
    assert bad.status == 1 and "is no handle" in bad.err
