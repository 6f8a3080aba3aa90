"""What leaves a store and what never does, and a store whose tables are of an older MLflow."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pytest
from alembic import command as alembic
from mlflow import MlflowClient
from mlflow.store.db.utils import _get_alembic_config

from commands import Outcome
from tiktok_segments.errors import InputError
from tiktok_segments.language import languages, read_language
from tiktok_segments.registry import versions
from tiktok_segments.tracking import connection, history
from tiktok_segments.tracking.holdings import Database
from tiktok_segments.tracking.runs import record_run
from tiktok_segments.tracking.store import sqlite_address
from tiktok_segments.upkeep import prune as pruning_module
from tiktok_segments.upkeep.backup import Backup
from tiktok_segments.upkeep.doomed_runs import Pruning
from tiktok_segments.upkeep.needed import MADE_BY
from tiktok_segments.upkeep.prune import Pruned, prune_store
from tiktok_segments.upkeep.status import look_at
from tiktok_segments.upkeep.upgrade import upgrade_store

OLD = Pruning(failed=False, deleted=False, older_than=30)
YEARS_LATER = datetime.now(UTC) + timedelta(days=1000)


@pytest.fixture
def store(champion_root: Path) -> Path:
    """The SQLite file of a store with a champion."""
    connection.connect()
    return champion_root / "mlflow.db"


def kept_in(file: Path) -> Database:
    """Return the store of a SQLite file."""
    return Database(sqlite_address(file))


def add(kind: str, *, fails: bool = False, parent: str | None = None) -> str:
    """Log a run with a file; return its id."""
    with suppress(ValueError), record_run("a run", kind, parent) as run:
        run_id = run.open()
        run.files["comparison.json"] = "{}"
        run.params["data_sha256"] = "0" * 64
        if fails:
            raise ValueError("it failed")
    return run_id


def pruned(store: Path, pruning: Pruning, now: datetime = YEARS_LATER) -> Pruned:
    return prune_store(
        Database(sqlite_address(store)), pruning, store.parent / "outputs", now, dry_run=False
    )


def ids(store: Path) -> set[str]:
    with closing(sqlite3.connect(store)) as rows:
        return {run for (run,) in rows.execute("SELECT run_uuid FROM runs")}


def test_of_runs_of_any_age_stays_what_the_champion_weeks_and_pages_need(
    command: Callable[..., Outcome], store: Path
) -> None:
    mine = store.parent / "outputs" / "mine"
    mine.mkdir(parents=True)
    pages = {code: add("train") for code in languages()}
    for code, run in pages.items():
        footer = read_language(code).say(MADE_BY, run=run)
        (mine / f"shortlist_{code}.html").write_text(f"<p>{footer}</p>")
    week, failed_week = add("weekly"), add("weekly", fails=True)
    sweep = add("sweep")
    child, gone = add("train", parent=sweep), [add("compare"), add("train")]
    version, model = versions.load_champion()
    with record_run("a run", "train", sweep) as going:
        under_way = going.open()
        going.files["comparison.json"] = "{}"
        result = pruned(store, OLD)
    champion_sweep = history.newest_sweep()
    stay = {*pages.values(), week, failed_week, sweep, under_way, model.run_id, champion_sweep}
    assert ids(store) >= stay
    assert ids(store).isdisjoint([*gone, child])
    assert result.kept["a registered version"] == 1
    assert sum(result.kept.values()) == len(stay)
    assert versions.load_champion()[0].version == version.version
    assert look_at(kept_in(store)).lost == ()
    assert command("scripts/profile_segments.py", f"run={model.run_id}").status == 0
    assert command("scripts/promote_model.py", "version=1").status == 0


@pytest.mark.parametrize("page", ["report", "shortlist"])
def test_the_pages_name_their_run_in_the_words_that_pruning_looks_for(page: str) -> None:
    template = files("tiktok_segments.reports") / "templates" / f"{page}.html"
    assert f'say("{MADE_BY}"' in template.read_text()


def test_a_sweep_that_was_cut_stays_with_its_runs_until_there_is_another(store: Path) -> None:
    sweep = add("sweep", fails=True)
    done, failed = add("train", parent=sweep), add("train", fails=True, parent=sweep)
    assert pruned(store, OLD).kept["a sweep that resume=true completes"] == 2
    assert ids(store) >= {sweep, done} and failed not in ids(store)
    add("sweep")
    pruned(store, OLD)
    assert ids(store).isdisjoint([sweep, done])


def test_nothing_of_a_pruned_run_is_left(store: Path) -> None:
    folder = store.parent / "mlruns"
    loose = add("train", fails=True)
    with record_run("one with a model", "train") as run:
        other = run.open()
    client = MlflowClient()
    logged = client.create_logged_model(
        connection.experiment_id(), name="model", source_run_id=other
    )
    Path(logged.artifact_location.removeprefix("file://")).mkdir(parents=True)
    client.delete_run(other)
    before = {path.name for path in [*folder.iterdir(), *(folder / "models").iterdir()]}
    result = pruned(store, Pruning(failed=True, deleted=True, older_than=None))
    assert result.runs["runs"].sum() == 2
    assert result.models == 1
    after = {path.name for path in [*folder.iterdir(), *(folder / "models").iterdir()]}
    assert before - after == {loose, logged.model_id}
    content = store.read_bytes()
    assert all(owner.encode() not in content for owner in (loose, other, logged.model_id))
    assert not store.with_name("mlflow.db.pruning").exists()


def test_failed_and_age_together_mean_old_failures(store: Path) -> None:
    failed, fine = add("compare", fails=True), add("compare")
    both = Pruning(failed=True, deleted=False, older_than=30)
    assert pruned(store, both, datetime.now(UTC)).runs.empty
    assert pruned(store, both).runs["runs"].sum() == 1
    assert (failed in ids(store), fine in ids(store)) == (False, True)


def test_a_run_that_was_deleted_though_a_version_needs_it_stays(store: Path) -> None:
    _, model = versions.load_champion()
    MlflowClient().delete_run(model.run_id)
    result = pruned(store, Pruning(failed=False, deleted=True, older_than=None))
    assert (result.runs.empty, result.kept) == (True, {"a registered version": 1})
    MlflowClient().restore_run(model.run_id)
    assert versions.load_champion()[1].names == model.names


@pytest.mark.parametrize("moment", ["remove_rows", "_remove_folders"])
def test_killed_on_the_way_the_next_call_ends_it(
    store: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    gone = add("compare")
    own = getattr(pruning_module, moment)

    def killed(*arguments: object) -> None:
        if moment == "remove_rows" or Path(str(arguments[1])).exists():
            raise KeyboardInterrupt
        own(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(pruning_module, moment, killed)
        with pytest.raises(KeyboardInterrupt):
            pruned(store, OLD)
    folder = store.parent / "mlruns" / gone
    assert folder.exists()
    assert (gone in ids(store)) == (moment == "remove_rows")
    pruned(store, OLD)
    assert (folder.exists(), gone in ids(store)) == (False, False)


def test_a_dry_run_is_the_default_and_changes_nothing(
    command: Callable[..., Outcome], store: Path
) -> None:
    gone = add("compare", fails=True)
    before = store.read_bytes()
    said = command("scripts/store.py", "prune", "failed=true")
    assert said.status == 0, said.err
    assert (
        "There is no 'bin'; store.py has: status, backup," in command("scripts/store.py", "bin").err
    )
    assert "Nothing was removed" in said.out
    assert store.read_bytes() == before
    removed = command("scripts/store.py", "prune", "failed=true", "dry_run=false")
    assert "smaller" in removed.out
    assert gone not in ids(store)
    assert "There is no such run" in command("scripts/store.py", "prune", "failed=true").out
    assert "Which runs?" in command("scripts/store.py", "prune").err
    assert "give days" in command("scripts/store.py", "prune", "older_than=soon").err


@pytest.fixture
def older_store(store: Path) -> Path:
    """The same with the tables that MLflow had before its newest change of them."""
    config = _get_alembic_config(f"sqlite:///{store}")
    alembic.downgrade(config, "-1")
    connection._experiments.clear()
    return store


def test_a_store_of_an_older_mlflow_is_brought_up_to_date_after_a_backup(
    command: Callable[..., Outcome],
    forked: Callable[..., Outcome],
    older_store: Path,
    tmp_path: Path,
) -> None:
    tables = version_of(older_store)
    refused = forked("scripts/models.py")  # this process has looked at the tables before
    assert refused.status == 1
    assert "python scripts/store.py upgrade" in refused.err
    done = command("scripts/store.py", "upgrade", f"output={tmp_path / 'before'}")
    assert done.status == 0, done.err
    assert version_of(older_store) != tables == version_of(tmp_path / "before" / "mlflow.db")
    assert command("scripts/models.py").out.count("champion") == 1
    assert "Nothing to do" in command("scripts/store.py", "upgrade").out


def test_an_upgrade_that_fails_leaves_the_store_as_it_is(
    older_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = older_store.read_bytes()
    monkeypatch.setattr("sys.executable", shutil.which("false"))
    with pytest.raises(InputError, match="stays as it is"):
        upgrade_store(older_store, unwanted)
    assert older_store.read_bytes() == before


def version_of(store: Path) -> str:
    with closing(sqlite3.connect(store)) as rows:
        return str(rows.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def unwanted() -> Backup:
    raise AssertionError("a backup of a store that needs none")
