"""A tracking server that does not answer is told as such, and never taken for an empty one."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import ErrorCode
from mlflow.tracking._tracking_service.utils import _artifact_repos_cache
from omegaconf import DictConfig

from commands import Outcome
from faulty_proxy import FaultyProxy, faulty_proxy
from servers import free_port, serving
from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.defaults import DEFAULT_NAME
from tiktok_segments.errors import InputError
from tiktok_segments.registry import versions
from tiktok_segments.registry.choose import find_run, load_for_use
from tiktok_segments.tracking import artifacts, connection, history, model_loading
from tiktok_segments.tracking.store_errors import explain_store_error, is_absent, name_store_error
from tiktok_segments.weekly import list_weeks

FAULTS = pytest.mark.parametrize("status", [503, 404, 401, None])
"""What is answered: unavailable, a proxy's "not found", "who are you?"; None: it hangs up."""

NOBODY = "0" * 32

pytestmark = pytest.mark.xdist_group("faulty server")  # started once, not once per worker


def source_run(address: str) -> str:
    return find_run(DictConfig({"model": address}))


@pytest.fixture(scope="module")
def proxy(promoted: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultyProxy]:
    """A server with a champion, which hands out the files, and before it one that can fail."""
    folder = tmp_path_factory.mktemp("unreachable")
    shutil.copytree(promoted, folder, dirs_exist_ok=True)
    with closing(sqlite3.connect(folder / "mlflow.db")) as store, store:
        for table, column in (
            ("experiments", "artifact_location"),
            ("runs", "artifact_uri"),
            ("logged_models", "artifact_location"),
            ("model_versions", "source"),
            ("model_versions", "storage_location"),
        ):
            store.execute(
                f"UPDATE {table} SET {column} = replace({column}, ?, ?)",  # noqa: S608 - own names
                ((promoted / "mlruns").as_uri(), "mlflow-artifacts:"),
            )
    port = free_port()
    with (
        serving(folder / "mlflow.db", folder / "mlruns", port, folder / "log"),
        faulty_proxy(f"http://127.0.0.1:{port}") as before,
    ):
        yield before


@pytest.fixture
def server(
    proxy: FaultyProxy, root: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[FaultyProxy]:
    """The same, which commands and questions of this test go to; nothing is tried again."""
    _artifact_repos_cache.clear()
    monkeypatch.setenv("MLFLOW_TRACKING_URI", proxy.address)
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    connection.connect()
    yield proxy
    _artifact_repos_cache.clear()


def champion_run() -> str:
    version = versions.champion()
    assert version is not None
    return str(version.run_id)


def registry_as_it_is() -> list[tuple[object, ...]]:
    return [(v.version, v.aliases, v.description, v.tags) for v in versions.versions()]


def count_runs() -> int:
    return len(MlflowClient().search_runs([connection.experiment_id()]))


PLACES: dict[str, Callable[[str], Any]] = {
    "champion": lambda _run: versions.champion(),
    "version": lambda _run: versions.get_version("1"),
    "alias": lambda _run: load_for_use(f"models:/{DEFAULT_NAME}@champion"),
    "run": history.get_run,
    "configuration": artifacts.load_config,
    "packages": model_loading.logged_versions,
    "files of a model": lambda run: model_loading.load_model(f"runs:/{run}/model"),
    "run of a model": lambda _run: source_run(f"models:/{DEFAULT_NAME}@champion"),
}
"""Questions whose answer may be that there is none, by what they are about."""


@FAULTS
@pytest.mark.parametrize("place", PLACES)
def test_a_server_that_fails_is_not_taken_for_one_that_has_nothing(
    server: FaultyProxy, place: str, status: int | None
) -> None:
    run = champion_run()
    with server.failing("/api/", status), pytest.raises(MlflowException) as told:
        PLACES[place](run)
    assert server.failed, "not asked"
    reason = name_store_error(told.value)
    assert reason is not None and server.address in reason and "There is no" not in reason
    assert PLACES[place](run) is not None


@FAULTS
@pytest.mark.parametrize("place", ["configuration", "packages", "files of a model"])
def test_files_that_cannot_be_fetched_are_not_taken_for_missing(
    server: FaultyProxy, place: str, status: int | None
) -> None:
    run = champion_run()
    with server.failing("/mlflow-artifacts/", status), pytest.raises(Exception) as told:
        PLACES[place](run)
    assert server.failed and not isinstance(told.value, InputError)
    reason = name_store_error(told.value)
    assert reason is not None and server.address in reason


@pytest.mark.parametrize("store", ["built-in", "server"])
def test_what_is_not_there_is_said_to_be_so_by_any_store(
    store: str, champion_root: Path, request: pytest.FixtureRequest
) -> None:
    if store == "server":
        request.getfixturevalue("server")
    connection.connect()
    for missing, ask in {
        "no version 7": lambda: versions.get_version("7"),
        "no version 99999999999999999999": lambda: versions.get_version("9" * 20),
        "no version has the alias nobody": lambda: load_for_use(f"models:/{DEFAULT_NAME}@nobody"),
        f"no run {NOBODY}": lambda: history.get_run(NOBODY),
        "no run bad/id": lambda: history.get_run("bad/id"),
        f"Run {NOBODY} has no config.yaml": lambda: artifacts.load_config(NOBODY),
        f"no model runs:/{NOBODY}/model": lambda: model_loading.logged_versions(NOBODY),
        "no model models:/m-7": lambda: model_loading.load_model("models:/m-7"),
        "no model models:/nobody/1": lambda: model_loading.load_model("models:/nobody/1"),
        "no model models:/nobody@x": lambda: source_run("models:/nobody@x"),
        "no model models:/": lambda: source_run("models:/"),
        "no model something": lambda: source_run("something"),
    }.items():
        with pytest.raises(InputError, match=missing):
            ask()
    run = champion_run()
    with pytest.raises(InputError, match=f"no model runs:/{run}/nothing"):
        model_loading.load_model(f"runs:/{run}/nothing")
    assert artifacts.load_table(run, "nothing") is None
    assert artifacts.load_document(NOBODY, "nothing") is None


def test_without_a_champion_there_is_none(root: Path) -> None:
    connection.connect()
    assert versions.champion() is None
    MlflowClient().create_registered_model(DEFAULT_NAME)  # a name without the alias
    assert versions.champion() is None


def assert_plain(outcome: Outcome, address: str) -> None:
    assert outcome.status == 1
    assert "Traceback" not in outcome.err and address in outcome.err
    assert "HTTPConnectionPool" not in outcome.err and "API request" not in outcome.err
    assert 1 <= len([line for line in outcome.err.splitlines() if line.strip()]) <= 3, outcome.err


@pytest.mark.parametrize("status", [503, None])
@pytest.mark.parametrize(
    ("paths", "script", "arguments"),
    [
        ("registered-models/alias", "scripts/promote_model.py", ("run={run}",)),
        ("registered-models/alias", "scripts/profile_segments.py", ("run={run}",)),
        ("registered-models/alias", "scripts/models.py", ("rename={name}", "to=Anew")),
        ("registered-models/alias", "scripts/weekly.py", ("data.path={export}",)),
        (
            "registered-models/alias",
            "scripts/assign_segments.py",
            ("data.path={export}", "output={export}.out"),
        ),
        ("model-versions/get", "scripts/promote_model.py", ("version=1",)),
        ("runs/get", "scripts/replay.py", ("run={run}",)),
        ("mlflow-artifacts", "scripts/replay.py", ("run={run}",)),
        ("mlflow-artifacts", "scripts/weekly.py", ("data.path={export}",)),
        ("logged-models", "scripts/profile_segments.py", ("run={run}",)),
        ("model-versions/get", "scripts/profile_segments.py", ("model=models:/{model}/1",)),
    ],
)
def test_a_command_says_that_the_server_fails_and_changes_nothing(
    server: FaultyProxy,
    root: Path,
    command: Callable[..., Outcome],
    paths: str,
    script: str,
    arguments: tuple[str, ...],
    status: int | None,
) -> None:
    make_profiles(300, seed=1)[0].to_csv(root / "export.csv", index=False)
    words = {
        "run": champion_run(),
        "name": versions.load_champion()[1].names[0],
        "export": root / "export.csv",
        "model": DEFAULT_NAME,
    }
    before, runs = registry_as_it_is(), count_runs()
    with server.failing(paths, status):
        outcome = command(script, *(argument.format(**words) for argument in arguments))
    assert server.failed, outcome
    assert_plain(outcome, server.address)
    assert registry_as_it_is() == before
    of_week = script == "scripts/weekly.py"  # a week is kept, also one that failed
    assert count_runs() == runs + of_week
    assert not of_week or set(list_weeks()["outcome"]) == {"failed"}


@pytest.mark.parametrize("status", [503, None])
def test_a_server_that_fails_from_the_start_is_told_in_plain_words(
    server: FaultyProxy, command: Callable[..., Outcome], status: int | None
) -> None:
    connection._experiments.clear()
    with server.failing("", status):
        assert_plain(command("scripts/models.py"), server.address)


def test_only_the_stores_own_answer_counts_as_none() -> None:
    assert not is_absent(ConnectionError("gone"))
    endpoint = MlflowException("no such page", error_code=ErrorCode.Value("ENDPOINT_NOT_FOUND"))
    assert not is_absent(endpoint)
    run = MlflowException("no such run", error_code=ErrorCode.Value("RESOURCE_DOES_NOT_EXIST"))
    assert is_absent(run) and explain_store_error(run) is None
