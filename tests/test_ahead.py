"""Runs computed and drawn ahead, in processes that may be ended by force at any moment."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from commands import Outcome
from sweeps import count_finished, results, start, wait_for
from tiktok_segments import ahead
from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.ahead import comes_soon, draw_beside, obtain, plan, start_ahead, stop_ahead
from tiktok_segments.computing import compute
from tiktok_segments.errors import InputError
from tiktok_segments.phases import Phases
from tiktok_segments.run_panels import draw_run
from tiktok_segments.run_task import Accounts, RunTask

SPACE = (
    '[{"followers": "log_count", "engagement_rate": "log_rate"},'
    ' {"_target_": "sklearn.preprocessing.StandardScaler"}]'
)
TASK = RunTask(space=SPACE, k=3, n_init=1, seed=0, drawn=True, structure="")


@pytest.fixture(scope="module")
def accounts() -> Accounts:
    return Accounts(make_profiles(120, seed=0)[0].select_dtypes(["number", "bool"]), synthetic=True)


@pytest.fixture
def started() -> Iterator[ahead.Ahead]:
    start_ahead(drawn=True)
    assert ahead._ahead is not None
    yield ahead._ahead
    stop_ahead()


def is_planned(task: RunTask, accounts: Accounts) -> bool:
    assert ahead._ahead is not None
    return (accounts, task) in ahead._ahead.planned


def test_what_is_computed_ahead_is_what_is_computed_here(
    started: ahead.Ahead, accounts: Accounts
) -> None:
    plan(TASK, accounts)
    assert is_planned(TASK, accounts)
    phases = Phases()
    computed, draw = obtain(TASK, accounts, phases)
    here = compute(TASK, accounts)
    assert (computed.metrics, computed.labels_sha256) == (here.metrics, here.labels_sha256)
    assert computed.shown is not None
    assert draw() == draw_run(computed.shown)
    assert not is_planned(TASK, accounts)
    assert {"wait", "fit", "metrics", "serialise", "draw"} == set(phases.seconds)


def test_what_was_not_planned_is_computed_here(started: ahead.Ahead, accounts: Accounts) -> None:
    plan(replace(TASK, k=4), accounts)
    phases = Phases()
    obtain(replace(TASK, k=5), accounts, phases)
    assert "wait" not in phases.seconds


def test_no_more_runs_than_the_limit_are_computed_ahead(
    started: ahead.Ahead, accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ahead, "LIMIT", 2)
    tasks = [replace(TASK, k=k) for k in (2, 3, 4, 5)]
    for task in tasks:
        plan(task, accounts)
    assert [is_planned(task, accounts) for task in tasks] == [True, True, False, False]
    obtain(tasks[0], accounts, Phases())
    assert [is_planned(task, accounts) for task in tasks] == [False, True, True, False]
    obtain(tasks[3], accounts, Phases())  # out of turn: computed here, and not again
    for task in tasks[1:3]:
        obtain(task, accounts, Phases())
    assert not any(is_planned(task, accounts) for task in tasks)


def test_a_run_that_takes_long_is_not_waited_for_before_it_is_opened(
    started: ahead.Ahead, accounts: Accounts
) -> None:
    long = replace(TASK, n_init=1_000_000)
    plan(TASK, accounts)
    plan(long, accounts)
    while not comes_soon(TASK, accounts, Phases()):
        assert started.computing.process.is_alive()
    phases = Phases()
    assert not comes_soon(long, accounts, phases)
    assert 0.9 < phases.seconds["wait"] < 2
    assert not comes_soon(replace(TASK, k=9), accounts, phases)


def test_an_error_reaches_the_run_that_asked(started: ahead.Ahead, accounts: Accounts) -> None:
    task = replace(TASK, k=500)
    plan(task, accounts)
    with pytest.raises(InputError, match="k is 500; with 120 accounts"):
        obtain(task, accounts, Phases())


def test_without_the_processes_everything_is_computed_here(accounts: Accounts) -> None:
    start_ahead(drawn=True)
    assert ahead._ahead is not None
    plan(TASK, accounts)
    for helper in ahead._ahead.helpers():
        helper.process.kill()
        helper.process.join()
    plan(replace(TASK, k=4), accounts)
    for k in (3, 4):
        computed, draw = obtain(replace(TASK, k=k), accounts, Phases())
        assert computed.metrics == compute(replace(TASK, k=k), accounts).metrics
        assert draw().startswith(b"\x89PNG")
    assert draw_beside(str.upper, "drawn") == "DRAWN"
    stop_ahead()


def test_the_processes_end_at_once_whatever_was_planned(accounts: Accounts) -> None:
    start_ahead(drawn=True)
    assert ahead._ahead is not None
    processes = [helper.process for helper in ahead._ahead.helpers()]
    assert len(processes) == 2
    long = replace(TASK, n_init=1_000_000)
    for k in range(2, 60):
        plan(replace(long, k=k), accounts)
    begun = time.monotonic()
    stop_ahead()
    assert time.monotonic() - begun < 5
    assert not any(process.is_alive() for process in processes)


def test_a_drawing_that_fails_is_told_to_the_run(
    started: ahead.Ahead, accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ahead, "_draw", _fail)
    plan(TASK, accounts)
    _, draw = obtain(TASK, accounts, Phases())
    with pytest.raises(ZeroDivisionError):
        draw()


def _fail(_shown: object) -> None:
    raise ZeroDivisionError


SWEEP = ("-m", "k=range(2,10)", "n_init=1", "data.n_profiles=120", "structure=off")


def children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in listed.read_text().split()] if listed.exists() else []


@pytest.mark.parametrize("when", [0, 2])
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="children are read from /proc")
def test_a_sweep_whose_helpers_are_killed_is_completed_with_the_same_results(
    command: Callable[..., Outcome], root: Path, tmp_path: Path, when: int
) -> None:
    folder = tmp_path / "killed"
    folder.mkdir()
    sweep = start(folder, *SWEEP)
    # the tracker of semaphores, the process that computes, the process that draws
    wait_for(lambda: len(children(sweep.pid)) >= 3, sweep)
    wait_for(lambda: count_finished(folder / "mlflow.db") >= when, sweep)
    for child in children(sweep.pid):
        if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
            os.kill(child, signal.SIGKILL)
    assert sweep.wait(timeout=120) == 0, (folder / "err").read_text()
    assert "Traceback" not in (folder / "err").read_text()
    assert command("train.py", *SWEEP).status == 0
    pd.testing.assert_frame_equal(
        results(folder / "mlflow.db"), results(root / "mlflow.db"), check_exact=True
    )
