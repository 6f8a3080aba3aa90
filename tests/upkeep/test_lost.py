"""What of a store was lost: every command says it, and what brings it back."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from mlflow import MlflowClient

from commands import Outcome
from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.defaults import DEFAULT_NAME
from tiktok_segments.registry import versions
from tiktok_segments.tracking import connection
from tiktok_segments.tracking.run_names import KIND


@pytest.fixture
def store(champion_root: Path) -> Path:
    """The SQLite file of a store with a champion."""
    connection.connect()
    return champion_root / "mlflow.db"


def exports(folder: Path) -> tuple[str, str]:
    make_profiles(300, seed=1)[0].to_csv(folder / "new.csv", index=False)
    return f"data.path={folder / 'new.csv'}", f"output={folder / 'assigned.csv'}"


def test_a_removed_alias_is_told_and_set_again(
    command: Callable[..., Outcome], store: Path
) -> None:
    MlflowClient().delete_registered_model_alias(DEFAULT_NAME, "champion")
    assert "version=1 makes the newest the champion" in command("scripts/store.py", "status").out
    export, output = exports(store.parent)
    for asked in (
        ("scripts/assign_segments.py", export, output),
        ("scripts/models.py",),
        ("scripts/promote_model.py",),
        ("scripts/weekly.py", export),
    ):
        outcome = command(*asked)
        said = outcome.out + outcome.err
        assert outcome.status == 1, asked
        assert "the alias was removed" in said and "version=1" in said
    assert command("scripts/promote_model.py", "version=1").status == 0
    assert command("scripts/models.py").status == 0


def test_neither_a_challenger_alone_nor_models_and_empty_runs_of_others_are_called_lost(
    command: Callable[..., Outcome], store: Path
) -> None:
    client = MlflowClient()
    client.set_registered_model_alias(DEFAULT_NAME, "challenger", "1")
    client.delete_registered_model_alias(DEFAULT_NAME, "champion")
    client.create_registered_model("theirs")
    client.create_model_version("theirs", source=str(store.parent))
    client.set_terminated(client.create_run("0").info.run_id)  # as of mlflow run
    cut = client.create_run(connection.experiment_id(), tags={KIND: "train"}).info.run_id
    client.create_logged_model(connection.experiment_id(), source_run_id=cut)
    client.set_terminated(cut, "FAILED")
    assert "Nothing that the store names is missing" in command("scripts/store.py", "status").out
    backup = store.parent / "backup"
    backed = command("scripts/store.py", "backup", f"output={backup}")
    assert backed.status == 0 and "they were not there" not in backed.out
    assert command("scripts/store.py", "restore", f"backup={backup}").status == 0


def test_a_removed_model_is_told_and_its_run_is_promoted_again(
    command: Callable[..., Outcome], store: Path
) -> None:
    _, model = versions.load_champion()
    MlflowClient().delete_registered_model(DEFAULT_NAME)
    export, _ = exports(store.parent)
    for asked in (
        ("scripts/models.py",),
        ("scripts/promote_model.py",),
        ("scripts/shortlist.py", export),
        ("scripts/weekly.py", export),
    ):
        outcome = command(*asked)
        said = outcome.out + outcome.err
        assert outcome.status == 1, asked
        assert "the registered model was removed" in said and model.run_id in said
    assert command("scripts/promote_model.py", f"run={model.run_id}").status == 0
    assert command("scripts/models.py").status == 0


def test_a_deleted_run_of_the_champion_is_told_and_restored(
    command: Callable[..., Outcome], store: Path
) -> None:
    run = versions.load_champion()[0].run_id
    MlflowClient().delete_run(run)
    assert f"mlflow runs restore --run-id {run}" in command("scripts/store.py", "status").out
    refused = command("scripts/profile_segments.py", f"run={run}")
    assert refused.status == 1
    assert f"mlflow runs restore --run-id {run}" in refused.err


@pytest.mark.parametrize("folder", ["the run's", "models"])
def test_files_that_are_gone_are_told_by_every_command(
    command: Callable[..., Outcome], store: Path, folder: str
) -> None:
    run = versions.load_champion()[0].run_id
    name = run if folder == "the run's" else folder
    shutil.rmtree(store.parent / "mlruns" / name)
    told = command("scripts/store.py", "status").out
    assert re.search(r"are gone( or damaged)?, as of", told)
    export, output = exports(store.parent)
    asked = [("scripts/profile_segments.py",), ("scripts/shortlist.py", export)]
    if folder == "models":
        asked += [("scripts/models.py",), ("scripts/assign_segments.py", export, output)]
        asked += [("scripts/serve_model.py",), ("scripts/models.py", "rename=a", "to=b")]
    else:
        asked += [("scripts/promote_model.py",), ("scripts/weekly.py", export)]
    for words in asked:
        outcome = command(*words)
        assert outcome.status == 1, words
        said = outcome.out + outcome.err
        assert f"mlruns/{name}" in said and "is not there" in said, words
        assert "restore backup=FOLDER" in said


def test_a_store_that_was_deleted_beside_its_files_is_told(
    forked: Callable[..., Outcome], store: Path
) -> None:
    store.unlink()
    said = forked("scripts/store.py", "status")
    assert said.status == 1 and "2 models lie in" in said.err
    export, _ = exports(store.parent)
    first = forked("scripts/models.py")
    assert first.status == 1 and "There was no store at" in first.err
    for asked in (("scripts/profile_segments.py",), ("scripts/weekly.py", export)):
        outcome = forked(*asked)
        assert outcome.status == 1, asked
        assert "2 models lie in" in outcome.out + outcome.err
