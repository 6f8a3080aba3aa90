"""A project or a store that was moved or copied works where it lies, and nothing goes elsewhere."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from mlflow.tracking._tracking_service.utils import _artifact_repos_cache

from commands import Outcome
from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.errors import StoreError
from tiktok_segments.files import sha256_of
from tiktok_segments.registry import versions
from tiktok_segments.tracking import connection
from tiktok_segments.tracking.relocation import ADDRESSES, local_path, readdress, tell_unknown
from tiktok_segments.tracking.runs import record_run


@pytest.fixture
def store(promoted: Path, root: Path) -> Path:
    """A copy of a store alone, in a folder whose name is to be quoted in an address."""
    place = root / "Übung #1 b"
    shutil.copytree(promoted / "mlruns", place / "mlruns")
    shutil.copy(promoted / "mlflow.db", place / "runs.db")
    return place / "runs.db"


def use(store: Path, monkeypatch: pytest.MonkeyPatch, options: str = "") -> None:
    """Load the champion of a store by its address, and log a run with an artifact."""
    monkeypatch.setenv(
        "MLFLOW_TRACKING_URI",
        f"sqlite:///file:{store}?{options}&uri=true" if options else f"sqlite:///{store}",
    )
    connection.connect()
    assert len(versions.load_champion()[1].names) == 5
    with record_run("again", "train") as run:
        run.files["again.txt"] = "again"


def content(folder: Path) -> dict[str, str]:
    """Every file of a folder with the digest of its content."""
    files = [file for file in folder.rglob("*") if file.is_file() and file.suffix != ".lock"]
    return {str(file.relative_to(folder)): sha256_of(file) for file in files}


def addresses(store: Path) -> set[str]:
    with closing(sqlite3.connect(store)) as opened:
        return {
            address
            for table, column in ADDRESSES
            for (address,) in opened.execute(f"SELECT {column} FROM {table}")  # noqa: S608 - own names
            if address and not address.startswith("models:/")
        }


def change(store: Path, statement: str, *values: str) -> None:
    with closing(sqlite3.connect(store)) as opened, opened:
        opened.execute(statement, values)


@pytest.mark.parametrize("name", ["100%25", "a?b", "Übung #1 b"])
def test_a_project_works_in_a_folder_of_any_name(
    promoted: Path, root: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = root / name
    shutil.copytree(promoted, inside)
    outside = {file for file in root.rglob("*") if inside not in file.parents and file.is_file()}
    monkeypatch.setenv("TIKTOK_SEGMENTS_ROOT", str(inside))
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    connection.connect()
    assert len(versions.load_champion()[1].names) == 5
    with record_run("again", "train") as run:
        run.files["again.txt"] = "again"
    assert len(list(inside.rglob("again.txt"))) == 1
    # MLflow makes an empty folder of the name as the address spells it.
    found = {file for file in root.rglob("*") if inside not in file.parents and file.is_file()}
    assert found == outside


def test_all_commands_work_in_a_copy_of_a_project_and_write_nothing_outside_it(
    promoted: Path, champion_root: Path, command: Callable[..., Outcome]
) -> None:
    before = content(promoted)
    make_profiles(50, seed=1)[0].to_csv(champion_root / "new.csv", index=False)
    assign = f"data.path={champion_root / 'new.csv'}", f"output={champion_root / 'assigned.csv'}"
    for script, *arguments in (
        ("scripts/models.py",),
        ("scripts/assign_segments.py", *assign),
        ("scripts/profile_segments.py",),
        ("train.py", "k=4", "data.n_profiles=300"),
    ):
        outcome = command(script, *arguments)
        assert outcome.status == 0, (script, outcome.err)
    assert content(promoted) == before
    assert not any(
        address.startswith(promoted.as_uri()) for address in addresses(champion_root / "mlflow.db")
    )


def test_a_store_alone_works_by_its_address_and_again_where_it_is_moved_to(
    store: Path, promoted: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = content(promoted)
    use(store, monkeypatch)
    moved = store.parent.rename(root / "moved") / store.name
    _artifact_repos_cache.clear()  # as in another process
    use(moved, monkeypatch)
    assert len(list(moved.parent.rglob("again.txt"))) == 2
    assert content(promoted) == before
    assert not (root / "mlruns").exists()
    assert not store.parent.exists()


def test_what_lies_elsewhere_by_the_users_own_choice_stays_there(
    store: Path, promoted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(
        store, "UPDATE experiments SET artifact_location = 's3://bucket/0' WHERE name = 'Default'"
    )
    like = f"{promoted}-more/mlruns/2"
    change(
        store,
        "INSERT INTO experiments (name, artifact_location, lifecycle_stage, workspace) "
        "VALUES ('mine', ?, 'active', 'default')",
        like,
    )
    use(store, monkeypatch)
    assert {"s3://bucket/0", like} <= addresses(store)


def test_runs_of_other_experiments_move_with_the_artifacts(
    store: Path, promoted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = f"{promoted}/mlruns/0"
    change(store, "UPDATE experiments SET artifact_location = ? WHERE name = 'Default'", plain)
    use(store, monkeypatch)
    assert f"{store.parent}/mlruns/0" in addresses(store)


@pytest.fixture
def store_of_mlflow(store: Path, promoted: Path) -> Path:
    """A store as ``mlflow run`` makes it in an empty folder: each experiment has its number's."""
    mlruns = store.parent / "mlruns"
    mlruns.rename(store.parent / "1")
    mlruns.mkdir()
    (store.parent / "1").rename(mlruns / "1")
    readdress(store, promoted / "mlruns", mlruns / "1")
    change(store, "UPDATE experiments SET artifact_location = ? WHERE name = 'Default'",
           str(mlruns / "0"))  # fmt: skip
    return store


def test_a_store_that_mlflow_made_knows_its_models_and_works_where_it_is_moved_to(
    store_of_mlflow: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert tell_unknown(store_of_mlflow) == []
    moved = store_of_mlflow.parent.rename(root / "moved") / store_of_mlflow.name
    use(moved, monkeypatch)
    assert tell_unknown(moved) == []
    places = [local_path(address) for address in addresses(moved)]
    assert places and all(place and place.is_relative_to(moved.parent) for place in places)


def test_artifacts_that_mlflow_was_told_to_keep_elsewhere_stay_there(
    store_of_mlflow: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = addresses(store_of_mlflow)
    apart = root / "databases" / "runs.db"
    apart.parent.mkdir()
    store_of_mlflow.rename(apart)
    use(apart, monkeypatch)
    assert before < addresses(apart)
    assert not apart.with_name("mlruns").exists()


@pytest.mark.parametrize("lost", ["everything", "a model"])
def test_a_copy_without_all_of_its_artifacts_is_refused_and_left_as_it_is(
    store: Path, promoted: Path, monkeypatch: pytest.MonkeyPatch, lost: str
) -> None:
    mlruns = store.parent / "mlruns"
    shutil.rmtree(mlruns if lost == "everything" else next((mlruns / "models").iterdir()))
    before = content(promoted), content(store.parent)
    with pytest.raises(StoreError, match="and not all are in") as error:
        use(store, monkeypatch)
    assert str(promoted / "mlruns") in str(error.value)
    assert len(str(error.value).splitlines()) == 2
    assert (content(promoted), content(store.parent)) == before


def test_a_copy_is_not_taken_for_the_store_of_the_project_that_it_was_copied_from(
    champion_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection.connect()
    backup = champion_root / "backup" / "mlflow.db"
    backup.parent.mkdir()
    shutil.copy(champion_root / "mlflow.db", backup)
    with pytest.raises(StoreError, match="and not all are in"):
        use(backup, monkeypatch)


def test_a_store_elsewhere_whose_artifacts_the_project_keeps_is_left_as_it_is(
    champion_root: Path, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    connection.connect()
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "mlflow.db"
    (champion_root / "mlflow.db").rename(elsewhere)
    before = addresses(elsewhere)
    use(elsewhere, monkeypatch)
    assert before < addresses(elsewhere)
    assert not elsewhere.with_name("mlruns").exists()


def test_a_link_to_a_store_leads_to_its_artifacts(
    store: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(store, monkeypatch)
    before = addresses(store)
    (root / "link").symlink_to(store.parent)
    use(root / "link" / store.name, monkeypatch)
    assert len(addresses(store) - before) == 1
    assert all(str(root / "link") not in address for address in addresses(store))


def test_a_moved_store_that_is_not_to_be_written_says_so(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = content(store.parent)
    with pytest.raises(StoreError, match="it is opened with options"):
        use(store, monkeypatch, options="mode=ro")
    assert content(store.parent) == before


def test_a_new_store_keeps_its_artifacts_beside_it_and_nothing_of_a_deleted_one(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = root / "new"
    place.mkdir()
    with closing(sqlite3.connect(place / "old.db")) as old:
        old.execute("PRAGMA journal_mode = wal")
        old.execute("CREATE TABLE t (x)")
        old.commit()
        for name in ("mlflow.db", "mlflow.db.draft"):
            shutil.copy(place / "old.db-wal", place / f"{name}-wal")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{place / 'mlflow.db'}")
    connection.connect()
    names = {file.name for file in place.iterdir()} - {"old.db"}
    assert names == {"mlflow.db", "mlflow.db.lock"}
    assert addresses(place / "mlflow.db") == {
        (place / "mlruns").as_uri(), str(place / "mlruns" / "0"),
    }  # fmt: skip
    with closing(sqlite3.connect(place / "mlflow.db")) as made:
        assert made.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert made.execute("SELECT count(*) FROM sqlite_master WHERE name = 't'").fetchone() == (
            0,
        )


def test_a_file_that_is_not_a_store_is_told_in_a_line(
    command: Callable[..., Outcome], root: Path
) -> None:
    (root / "mlflow.db").write_text("This is not a database." * 100)
    outcome = command("scripts/models.py")
    assert outcome.status == 1
    assert "file is not a database" in outcome.err
