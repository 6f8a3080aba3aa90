"""Fixtures: a project folder with a ready store, and commands run as users run them."""

import gc
import os
import runpy
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

# As the commands set it, and before what reads it is imported: the threads of several workers of
# this run would wait for each other in loops, for most of the time of a fit.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import mlflow
import pytest
from filelock import FileLock
from hydra.core.global_hydra import GlobalHydra
from hydra.core.hydra_config import HydraConfig
from hypothesis import settings
from mlflow.tracking._tracking_service.utils import _artifact_repos_cache
from omegaconf import OmegaConf
from playwright.sync_api import Browser, sync_playwright

from commands import PROJECT, Outcome
from deployment import Team, team_server
from forked_commands import ForkedCommand, compose_once, fork_workers, spare_the_disk
from published import PROFILES
from servers import find_postgresql, postgresql
from tiktok_segments import command_line
from tiktok_segments.defaults import VARIABLES

# The same examples everywhere: a finding of chance belongs in a test of its own.
settings.register_profile("reproducible", derandomize=True, deadline=None)
settings.load_profile("reproducible")

spare_the_disk()


def pytest_configure() -> None:
    """Have garbage be looked for as rarely as in a command."""
    gc.set_threshold(50_000, 20, 50)


def pytest_collection_finish() -> None:
    """Have garbage be looked for among what tests make, and not in all the libraries each time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def aliases() -> Any:
    """The alias table of the configuration."""
    return OmegaConf.to_container(OmegaConf.load(PROJECT / "conf" / "aliases.yaml"))


@pytest.fixture(scope="session")
def published() -> Path:
    """The published profiles, which the project does not contain."""
    if not PROFILES.is_file():
        pytest.skip("the published profiles are not beside the repository")
    return PROFILES


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Make a folder that all workers of this run share: who comes first makes it."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own

    def made(name: str, make: Callable[[Path], None]) -> Path:
        folder, whole = shared / name, shared / f"{name}.made"
        with FileLock(shared / f"{name}.lock"):
            if not whole.exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                make(folder)
                whole.touch()
        return folder

    return made


@pytest.fixture(scope="session")
def migrated_store(made_once: Callable[..., Path]) -> Path:
    """An empty SQLite store with its tables made: making them takes seconds, copying none."""
    return made_once("store", _make_store) / "mlflow.db"


def _make_store(folder: Path) -> None:
    environment = {
        name: value for name, value in os.environ.items() if name != "MLFLOW_TRACKING_URI"
    } | {"MLFLOW_DISABLE_TELEMETRY": "true"}
    code = "import mlflow; mlflow.set_tracking_uri('sqlite:///mlflow.db'); mlflow.search_runs()"
    subprocess.run([sys.executable, "-c", code], cwd=folder, env=environment, check=True)


@pytest.fixture(scope="session")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    """A tracking server on PostgreSQL that hands out the artifacts itself."""
    if find_postgresql() is None:
        pytest.skip("there is no PostgreSQL here")
    folder = tmp_path_factory.mktemp("server")
    with postgresql() as database, team_server(folder, database) as address:
        yield Team(address, database, folder / "artifacts")


@pytest.fixture(scope="session")
def tracking_server(team: Team) -> str:
    """Its address."""
    return team.address


@pytest.fixture
def root(migrated_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty project folder: outputs and the store of this test go there."""
    shutil.copy(migrated_store, tmp_path / "mlflow.db")
    with monkeypatch.context() as patch:
        for name in ("MLFLOW_TRACKING_URI", *VARIABLES.values()):
            patch.delenv(name, raising=False)
        patch.setenv("TIKTOK_SEGMENTS_ROOT", str(tmp_path))
        command_line.prepare_environment(PROJECT)
        # Copies of a project share their runs' ids, by which MLflow remembers, as long as a process
        # lives, where their artifacts are; nothing public makes it forget.
        _artifact_repos_cache.clear()
        yield tmp_path
    mlflow.set_tracking_uri(None)


@pytest.fixture(scope="session")
def swept(migrated_store: Path, made_once: Callable[..., Path]) -> Path:
    """A project folder with a sweep: k = 5 on 300 synthetic accounts. Not to be changed."""

    def sweep(folder: Path) -> None:
        shutil.copy(migrated_store, folder / "mlflow.db")
        _run_in(folder, "train.py", "-m", "k=5", "data.n_profiles=300")

    return made_once("swept", sweep)


@pytest.fixture(scope="session")
def promoted(swept: Path, made_once: Callable[..., Path]) -> Path:
    """The same with its model as the champion. Not to be changed."""

    def promote(folder: Path) -> None:
        shutil.copytree(swept, folder, dirs_exist_ok=True)
        _run_in(folder, "scripts/promote_model.py")

    return made_once("promoted", promote)


def _run_in(folder: Path, *command: str) -> None:
    unset = ("MLFLOW_TRACKING_URI", "TIKTOK_SEGMENTS_ROOT")
    environment = {name: value for name, value in os.environ.items() if name not in unset}
    environment["TIKTOK_SEGMENTS_ROOT"] = str(folder)
    err = folder.parent / f"{folder.name}.err"
    done = ForkedCommand(list(command), folder, environment, Path(os.devnull), err)
    assert done.wait() == 0, err.read_text()


@pytest.fixture
def swept_root(swept: Path, root: Path) -> Path:
    """A project folder of this test's own, with a sweep in it."""
    shutil.copytree(swept, root, dirs_exist_ok=True)
    return root


@pytest.fixture
def champion_root(promoted: Path, root: Path) -> Path:
    """A project folder of this test's own, with a champion in it."""
    shutil.copytree(promoted, root, dirs_exist_ok=True)
    return root


@pytest.fixture
def command(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Outcome]:
    """Run one of the project's scripts in this process, as `python SCRIPT ARGUMENTS` does."""

    fork_workers(monkeypatch)
    compose_once(monkeypatch)

    def run(script: str, *arguments: str) -> Outcome:
        capsys.readouterr()
        variables = dict(os.environ)
        GlobalHydra.instance().clear()
        monkeypatch.setattr(sys, "argv", [str(PROJECT / script), *arguments])
        status = 0
        try:
            runpy.run_path(str(PROJECT / script), run_name="__main__")
        except SystemExit as stop:
            status = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
        finally:
            GlobalHydra.instance().clear()
            HydraConfig.instance().cfg = None
            os.environ.clear()  # those of a process end with it
            os.environ.update(variables)
        captured = capsys.readouterr()
        return Outcome(status, captured.out, captured.err)

    return run


@pytest.fixture
def process(root: Path) -> Callable[..., Outcome]:
    """Run one of the project's scripts as a process of its own, from another folder."""

    def run(script: str, *arguments: str, **variables: str) -> Outcome:
        elsewhere = root / "elsewhere"
        elsewhere.mkdir(exist_ok=True)
        done = subprocess.run(
            [sys.executable, str(PROJECT / script), *arguments],
            cwd=elsewhere,
            env=os.environ | variables,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        return Outcome(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def forked(root: Path) -> Callable[..., Outcome]:
    """Run one of the project's scripts likewise, in a process that need not import anything."""

    def run(script: str, *arguments: str, **variables: str) -> Outcome:
        elsewhere = root / "elsewhere"
        elsewhere.mkdir(exist_ok=True)
        out, err = elsewhere / "out", elsewhere / "err"
        done = ForkedCommand([script, *arguments], elsewhere, os.environ | variables, out, err)
        return Outcome(done.wait(), out.read_text(), err.read_text())

    return run


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, as Debian packs it; what needs it is left out where it is not there.

    Its build without windows draws and runs the same, for two thirds of the time.
    """
    programs = map(shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser"))
    program = next(filter(None, programs), None)
    if program is None:
        pytest.skip("no chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program,
            args=[
                "--no-sandbox", "--disable-gpu", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--no-first-run",
            ],
        )  # fmt: skip
        yield browser
        browser.close()
