"""Sweeps whose jobs run in other processes, and sweeps side by side."""

from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import pandas as pd
import pytest

from sweep_processes import read_runs, results, start, start_python

SWEEP = (
    "-m", "k=range(2,10)", "n_init=2", "data.n_profiles=150", "structure=off", "figures=off",
)  # fmt: skip
RUNS = 8
WORKERS = ("hydra/launcher=joblib", "hydra.launcher.n_jobs=4")


def assert_done(root: Path, *arguments: str, runs: int = RUNS) -> None:
    # Processes that a launcher starts are waited for as Python itself ends.
    sweep = (start_python if arguments else start)(root, *SWEEP, *arguments)
    assert sweep.wait(timeout=300) == 0, (root / "err").read_text()
    error = (root / "err").read_text()
    assert "locked" not in error
    assert "Traceback" not in error
    assert f"{runs}/{runs}" in error
    assert f"{runs} done, 0 failed, 0 skipped" in (root / "out").read_text()


def made(tmp_path: Path, name: str) -> Path:
    folder = tmp_path / name
    folder.mkdir()
    return folder


def test_four_workers_on_no_store_at_all_give_what_one_gives_to_the_last_digit_and_tell_a_failure(
    tmp_path: Path, root: Path
) -> None:
    assert_done(root)
    parallel = made(tmp_path, "parallel")
    sweep = start_python(parallel, *SWEEP, "k=2,3,500,4,5,6,7,8,9", *WORKERS)
    assert sweep.wait(timeout=300) == 1
    error = (parallel / "err").read_text()
    assert "locked" not in error
    assert "Traceback" not in error
    assert "failed: core, standard, k=500: k is 500" in error
    assert f"1 of {RUNS + 1} runs failed" in error
    whole = results(root / "mlflow.db")
    assert len(whole) == RUNS
    pd.testing.assert_frame_equal(results(parallel / "mlflow.db"), whole, check_exact=True)
    for store, failed in ((root, 0), (parallel, 1)):
        runs = read_runs(store / "mlflow.db")
        trained, swept = (runs[runs["kind"] == kind] for kind in ("train", "sweep"))
        (sweep_id,) = swept["run_id"]
        assert set(trained["parent"]) == {sweep_id}
        assert len(trained) == RUNS + failed
        assert trained["status"].ne("FINISHED").sum() == failed
        assert swept["status"].item() == ("FAILED" if failed else "FINISHED")
    chosen = [(folder / "out").read_text().split("The highest")[1].split("Best run")[0]
              for folder in (root, parallel)]  # fmt: skip
    assert chosen[0] == chosen[1]


def test_four_sweeps_started_at_once_on_an_empty_project_all_complete(tmp_path: Path) -> None:
    project = made(tmp_path, "project")
    logs = [made(tmp_path, f"logs{number}") for number in range(4)]
    sweeps = [start(project, *SWEEP, f"seed={n}", logs=folder) for n, folder in enumerate(logs)]
    for sweep, folder in zip(sweeps, logs, strict=True):
        assert sweep.wait(timeout=300) == 0, (folder / "err").read_text()
        assert "locked" not in (folder / "err").read_text()
    runs = read_runs(project / "mlflow.db")
    assert set(runs["status"]) == {"FINISHED"}
    assert runs["kind"].value_counts().to_dict() == {"train": 4 * RUNS, "sweep": 4}
    assert set(Counter(runs["parent"].dropna()).values()) == {RUNS}
    assert set(runs.loc[runs["kind"] == "sweep", "run_id"]) == set(runs["parent"].dropna())


@pytest.mark.parametrize(
    ("launcher", "package"), [("submitit_local", "hydra_submitit_launcher"),
                              ("ray", "hydra_ray_launcher")]
)  # fmt: skip
def test_the_same_sweep_runs_under_a_launcher_for_more_machines(
    root: Path, launcher: str, package: str
) -> None:
    if find_spec(f"hydra_plugins.{package}") is None:
        # Ray's asks for an older cloudpickle than joblib takes: see docs/sweeps.md.
        pytest.skip(f"{package.replace('_', '-')} is not installed")
    # Each job is a process of its own, which imports all.
    assert_done(root, f"hydra/launcher={launcher}", "k=2,3", runs=2)
    assert set(read_runs(root / "mlflow.db")["status"]) == {"FINISHED"}
