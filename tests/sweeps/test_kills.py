"""A sweep killed at any moment: the store opens, finished runs are whole, resume completes it."""

import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import mlflow
import numpy as np
import pandas as pd

from commands import Outcome
from sweep_processes import (
    count_finished,
    count_runs,
    read_runs,
    results,
    start,
    start_python,
    wait_for,
)
from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.tracking.model_loading import load_model

SWEEP = (
    "-m", "k=range(2,10)", "scaler=standard,robust", "n_init=1", "data.n_profiles=300",
)  # fmt: skip
RUNS = 16
KILLS = 10
"""In each of two projects, which are killed side by side."""


def kill_and_resume(root: Path, seed: int, figures: str) -> None:
    """Kill a sweep at random moments, each time going on with it, then let it end."""
    swept = (*SWEEP, figures, "resume=true")
    draw = np.random.default_rng(seed)
    store = root / "mlflow.db"
    for number in range(KILLS):
        begin = start if number else start_python
        sweep = begin(root, *swept)
        if number == 0:  # while it imports, or makes the store that is not there yet
            time.sleep(draw.uniform(0.5, 5))
        elif number == 5:  # while it looks for what there is to go on with
            time.sleep(draw.uniform(0, 0.5))
        elif number == KILLS - 1:  # while it draws up what the runs add up to
            wait_for(lambda: count_finished(store) >= RUNS, sweep)
        else:  # while a run is under way: one or two runs later, and a moment
            goal = count_runs(store) + int(draw.integers(1, 3))
            wait_for(lambda goal=goal: count_runs(store) >= goal, sweep)
            time.sleep(draw.uniform(0, 0.3))
        assert sweep.poll() is None, (root / "err").read_text()
        sweep.kill()
        sweep.wait()
        assert_whole(store)
    assert start(root, *swept).wait() == 0, (root / "err").read_text()


def assert_whole(store: Path) -> None:
    """Hold that the store opens and that every finished run has its results."""
    if not store.exists():
        return
    connection = sqlite3.connect(store, timeout=30)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()
    runs = read_runs(store)
    finished = runs[(runs["kind"] == "train") & (runs["status"] == "FINISHED")]
    assert (finished["metrics"] >= 6).all()
    assert finished["labels"].str.len().eq(64).all()


def test_a_sweep_killed_at_twenty_moments_is_completed_with_the_results_of_an_uncut_one(
    command: Callable[..., Outcome], root: Path, tmp_path: Path
) -> None:
    roots = [tmp_path / "first", tmp_path / "second"]
    for folder in roots:
        folder.mkdir()
    with ThreadPoolExecutor() as pool:
        list(pool.map(kill_and_resume, roots, (1, 2), ("figures=run", "figures=off")))
    assert command("train.py", *SWEEP, "figures=off").status == 0
    whole = results(root / "mlflow.db")
    assert len(whole) == RUNS
    for folder in roots:
        runs = read_runs(folder / "mlflow.db")
        assert not runs["status"].eq("RUNNING").any()
        cut = runs[runs["status"] == "KILLED"]
        assert cut["error"].str.startswith("Cut off: process ").all()
        assert len(cut) > 0
        assert runs["kind"].eq("sweep").sum() == 1
        assert runs.loc[runs["kind"] == "sweep", "status"].item() == "FINISHED"
        pd.testing.assert_frame_equal(results(folder / "mlflow.db"), whole, check_exact=True)
        assert_models_load(folder, runs)


def assert_models_load(folder: Path, runs: pd.DataFrame) -> None:
    mlflow.set_tracking_uri(f"sqlite:///{folder / 'mlflow.db'}")
    accounts, _ = make_profiles(300, seed=0)
    finished = runs[(runs["kind"] == "train") & (runs["status"] == "FINISHED")]
    for run_id in finished["run_id"]:
        assert len(load_model(f"runs:/{run_id}/model").predict(accounts)) == 300
