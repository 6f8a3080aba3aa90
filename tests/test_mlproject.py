"""The entry points of MLproject: each says what its script understands, and leads where it does."""

import os
import shlex
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import mlflow
import pandas as pd
import pytest
import yaml
from hydra import compose, initialize_config_dir
from mlflow import MlflowClient
from mlflow.projects.utils import load_project
from omegaconf import OmegaConf

from commands import PROJECT
from forked_commands import ForkedPython
from servers import PATH, PROGRAMS
from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.free_text import FREE_TEXT, quote_free_text
from tiktok_segments.tracking import connection

ENTRY_POINTS: dict[str, Any] = yaml.safe_load((PROJECT / "MLproject").read_text())["entry_points"]
TRICKY = "Maya's “new” export (1), k=3 {final} $HOME.csv"


def parsed(name: str, **parameters: str) -> tuple[str, dict[str, str]]:
    """Return the script that an entry point's shell starts, and its settings with their values."""
    wanted = ENTRY_POINTS[name].get("parameters", {})
    required = {key: "x" for key, about in wanted.items() if "default" not in about}
    entry_point = load_project(str(PROJECT)).get_entry_point(name)
    program, script, *words = shlex.split(
        entry_point.compute_command({**required, **parameters}, None)
    )
    assert program == "python"
    pairs = [word.partition("=") for word in words if "=" in word]
    return script, {setting: value for setting, _, value in pairs}


def composed(script: str, settings: dict[str, str]) -> Any:
    """Compose a script's configuration as the script itself does."""
    name = "config" if script == "train.py" else Path(script).stem
    overrides = [quote_free_text(f"{setting}={value}") for setting, value in settings.items()]
    with initialize_config_dir(str(PROJECT / "conf"), version_base="1.3"):
        return compose(name, overrides)


def test_every_script_has_an_entry_point() -> None:
    scripts = {f"scripts/{file.name}" for file in (PROJECT / "scripts").glob("*.py")}
    assert {parsed(name)[0] for name in ENTRY_POINTS} == scripts | {"train.py"}


@pytest.mark.parametrize("name", ENTRY_POINTS)
def test_the_defaults_of_an_entry_point_are_those_of_its_script(root: Path, name: str) -> None:
    script, settings = parsed(name)
    # A sweep's k is a list, an output folder lies in the project's, and x stands for any value.
    chosen = {
        "k",
        "output",
        "experiment",
        *(key for key, value in settings.items() if value == "x"),
    }
    settings = {key: value for key, value in settings.items() if key not in chosen}
    ours, theirs = composed(script, settings), composed(script, {})
    for setting in settings:
        assert OmegaConf.select(ours, setting) == OmegaConf.select(theirs, setting), setting


@pytest.mark.parametrize("name", ENTRY_POINTS)
def test_names_of_files_and_segments_reach_the_script_as_they_are(root: Path, name: str) -> None:
    parameters = dict.fromkeys(ENTRY_POINTS[name].get("parameters", {}), TRICKY)
    script, settings = parsed(name, **parameters)
    texts = {key: value for key, value in settings.items() if key in FREE_TEXT}
    config = composed(script, texts)
    assert {key: OmegaConf.select(config, key) for key in texts} == dict.fromkeys(texts, TRICKY)
    assert ("data_path" in parameters) == ("data.path" in texts)


def test_the_entry_points_lead_from_a_sweep_to_a_champion(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", PATH)
    # As a user does who stands in the project's folder.
    done = subprocess.run(
        [PROGRAMS / "mlflow", "run", str(PROJECT), "--env-manager", "local", "-P", "k=2,3"],
        cwd=root,
        env={**os.environ, "MLFLOW_TRACKING_URI": f"sqlite:///{root / 'mlflow.db'}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    connection.connect()

    python = ForkedPython(root / "program")
    monkeypatch.setenv("PATH", f"{python.folder}{os.pathsep}{PATH}")

    def mlflow_run(entry_point: str, **parameters: str) -> None:
        """Start another entry point, as that command does once it and Python have imported all."""
        with ThreadPoolExecutor() as pool:
            run = pool.submit(
                mlflow.projects.run, str(PROJECT), entry_point, parameters=parameters,
                env_manager="local", experiment_id="0",
            )  # fmt: skip
            assert python.serve(run.done) == 1
        run.result()

    mlflow_run("profile", output=str(root / "Maya's segments (1)"))
    mlflow_run("promote")
    make_profiles(50, seed=3)[0].to_csv(root / "Maya's new export (1).csv", index=False)
    assigned = root / "50 accounts, assigned.csv"
    mlflow_run("assign", data_path=str(root / "Maya's new export (1).csv"), output=str(assigned))
    mlflow_run("train", k="4", seed="7")
    runs = MlflowClient().search_runs([connection.experiment_id()])
    champion = mlflow.pyfunc.load_model("models:/tiktok-influencer-segments@champion")
    names = {segment["name"] for segment in champion.metadata.metadata["segments"]}
    accounts = pd.read_csv(assigned)
    assert len(accounts) == 50
    assert set(accounts["segment"]) <= names
    kinds = [run.data.tags["segmentation.kind"] for run in runs]
    assert (kinds.count("sweep"), kinds.count("train")) == (1, 3)
    assert {run.info.status for run in runs} == {"FINISHED"}
    assert runs[0].data.params["seed"] == "7"
    assert (root / "Maya's segments (1)" / "report.html").is_file()
