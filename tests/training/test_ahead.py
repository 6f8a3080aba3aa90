"""Runs computed and drawn ahead, in processes that may be ended by force at any moment."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from multiprocessing.process import BaseProcess
from pathlib import Path

import pandas as pd
import pytest

from commands import Outcome
from forked_commands import fork_workers
from sweep_processes import Command, count_finished, results, start, start_python, wait_for
from tiktok_segments.accounts.row_sample import Accounts, account_keys
from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.errors import InputError
from tiktok_segments.training import ahead
from tiktok_segments.training.ahead import (
    Worker,
    comes_soon,
    draw_beside,
    obtain,
    plan,
    stop_ahead,
    working_ahead,
)
from tiktok_segments.training.computing import SpaceCache, compute
from tiktok_segments.training.task import RunTask, SpaceSettings
from tiktok_segments.training.timings import Phases

SPACE = SpaceSettings(
    columns=(("followers", "log_count"), ("engagement_rate", "log_rate")),
    scaler={"_target_": "sklearn.preprocessing.StandardScaler"},
)
TASK = RunTask(space=SPACE, k=3, n_init=1, seed=0, drawn=True, structure=None, proposals=None)


@pytest.fixture(scope="module")
def accounts() -> Accounts:
    frame = make_profiles(120, seed=0)[0]
    return Accounts(frame.select_dtypes(["number", "bool"]), True, account_keys(frame))


def under_way() -> tuple[Worker, BaseProcess]:
    worker = ahead._worker
    assert worker is not None
    assert worker.process is not None
    return worker, worker.process


@pytest.fixture
def process(monkeypatch: pytest.MonkeyPatch) -> Iterator[BaseProcess]:
    fork_workers(monkeypatch)
    with working_ahead(drawn=True):
        yield under_way()[1]


def is_planned(task: RunTask, accounts: Accounts) -> bool:
    assert ahead._worker is not None
    return (accounts, task) in ahead._worker.planned


def test_what_is_computed_ahead_is_what_is_computed_here(
    process: BaseProcess, accounts: Accounts
) -> None:
    plan(TASK, accounts)
    assert is_planned(TASK, accounts)
    phases = Phases()
    computed = obtain(TASK, accounts, phases)
    apart = {"seconds": {}, "model": b""}  # whose parts skops names by their places in memory
    assert replace(computed, **apart) == replace(compute(TASK, SpaceCache(accounts)), **apart)
    assert computed.model
    assert computed.picture.startswith(b"\x89PNG")
    assert not is_planned(TASK, accounts)
    assert {"wait", "fit", "metrics", "serialise", "draw"} == set(phases.seconds)


def test_what_was_not_planned_is_computed_here(process: BaseProcess, accounts: Accounts) -> None:
    plan(replace(TASK, k=4), accounts)
    phases = Phases()
    obtain(replace(TASK, k=5), accounts, phases)
    assert "wait" not in phases.seconds


def test_no_more_runs_than_the_limit_are_computed_ahead(
    process: BaseProcess, accounts: Accounts, monkeypatch: pytest.MonkeyPatch
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
    process: BaseProcess, accounts: Accounts
) -> None:
    long = replace(TASK, n_init=1_000_000)
    plan(TASK, accounts)
    plan(long, accounts)
    while not comes_soon(TASK, accounts, Phases()):
        assert process.is_alive()
    phases = Phases()
    assert not comes_soon(long, accounts, phases)
    assert 0.9 < phases.seconds["wait"] < 2
    assert not comes_soon(replace(TASK, k=9), accounts, phases)


def test_an_error_reaches_the_run_that_asked(process: BaseProcess, accounts: Accounts) -> None:
    task = replace(TASK, k=500)
    plan(task, accounts)
    with pytest.raises(InputError, match="k is 500; with 120 accounts"):
        obtain(task, accounts, Phases())


def draw(word: str) -> dict[str, bytes]:
    return {"word": word.encode(), "process": str(os.getpid()).encode()}


def test_pictures_are_drawn_beside_this_process(process: BaseProcess) -> None:
    drawn = draw_beside(draw, "a" * 1_000_000)
    assert drawn == {"word": b"a" * 1_000_000, "process": str(process.pid).encode()}


def test_without_the_process_everything_is_computed_here(
    process: BaseProcess, accounts: Accounts
) -> None:
    plan(TASK, accounts)
    process.kill()
    process.join()
    plan(replace(TASK, k=4), accounts)
    for k in (3, 4):
        computed = obtain(replace(TASK, k=k), accounts, Phases())
        assert computed.metrics == compute(replace(TASK, k=k), SpaceCache(accounts)).metrics
        assert computed.picture.startswith(b"\x89PNG")
    assert draw_beside(draw, "here")["process"] == str(os.getpid()).encode()


def test_one_that_is_killed_at_any_moment_keeps_nobody_waiting(accounts: Accounts) -> None:
    for after in (0.0, 0.3, 1.0, 2.0):
        with working_ahead(drawn=True):
            process = under_way()[1]
            tasks = [replace(TASK, k=k, seed=seed) for k in (2, 3, 4) for seed in range(3)]
            for task in tasks:
                plan(task, accounts)
            time.sleep(after)
            process.kill()
            for task in tasks:
                assert obtain(task, accounts, Phases()).model


def test_the_process_ends_at_once_whatever_was_planned(accounts: Accounts) -> None:
    with working_ahead(drawn=False):
        process = under_way()[1]
        long = replace(TASK, n_init=1_000_000)
        for k in range(2, 60):
            plan(replace(long, k=k), accounts)
        begun = time.monotonic()
        stop_ahead()
        assert time.monotonic() - begun < 5
        assert not process.is_alive()


def test_one_that_is_done_ends_in_peace_and_leaves_no_file(accounts: Accounts) -> None:
    with working_ahead(drawn=False):
        worker, process = under_way()
        folder = Path(worker.folder)
        plan(replace(TASK, drawn=False), accounts)
        obtain(replace(TASK, drawn=False), accounts, Phases())
        assert list(folder.iterdir()) == []
        stop_ahead()
    assert process.exitcode == 0
    assert not folder.exists()


def test_a_drawing_that_fails_is_told_to_the_run(process: BaseProcess) -> None:
    with pytest.raises(ZeroDivisionError):
        draw_beside(fail)


def fail() -> dict[str, bytes]:
    raise ZeroDivisionError


def test_where_no_process_can_be_had_everything_is_computed_here(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object) -> None:
        raise BlockingIOError("Resource temporarily unavailable")

    monkeypatch.setattr("multiprocessing.process.BaseProcess.start", refuse)
    with working_ahead(drawn=False):
        plan(TASK, accounts)
        assert (
            obtain(TASK, accounts, Phases()).metrics == compute(TASK, SpaceCache(accounts)).metrics
        )


@pytest.mark.parametrize("after", [0.0, 0.3, 1.0])
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="processes are read from /proc")
def test_it_ends_with_the_process_that_started_it(after: float) -> None:
    code = (
        "import time\n"
        "from tiktok_segments.training import ahead\n"
        "if __name__ == '__main__':\n"
        "    with ahead.working_ahead(drawn=False):\n"
        "        print(ahead._worker.process.pid, flush=True)\n"
        "        time.sleep(100)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    time.sleep(after)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 20
    while Path(f"/proc/{child}").exists() and state(child) not in "ZX":
        assert time.monotonic() < deadline, "it goes on"
        time.sleep(0.1)


def state(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


SWEEP = ("-m", "k=range(2,10)", "n_init=1", "data.n_profiles=120", "structure=off")


def children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in listed.read_text().split()] if listed.exists() else []


@pytest.mark.parametrize("when", [0, 2])
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="children are read from /proc")
def test_a_sweep_whose_worker_is_killed_is_completed_with_the_same_results(
    command: Callable[..., Outcome], root: Path, tmp_path: Path, when: int
) -> None:
    folder = tmp_path / "killed"
    folder.mkdir()
    if when == 0:  # while it imports
        sweep: Command = start_python(folder, *SWEEP)
        # the tracker of semaphores, and the process that works ahead
        wait_for(lambda: len(children(sweep.pid)) >= 2, sweep)
    else:
        sweep = start(folder, *SWEEP)
    wait_for(lambda: count_finished(folder / "mlflow.db") >= when, sweep)
    for child in children(sweep.pid):
        if b"resource_tracker" not in Path(f"/proc/{child}/cmdline").read_bytes():
            os.kill(child, signal.SIGKILL)
    assert sweep.wait(timeout=120) == 0, (folder / "err").read_text()
    assert "Traceback" not in (folder / "err").read_text()
    assert command("train.py", *SWEEP).status == 0
    pd.testing.assert_frame_equal(
        results(folder / "mlflow.db"), results(root / "mlflow.db"), check_exact=True
    )
