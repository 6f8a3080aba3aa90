"""Disk full, store read-only, server gone, Ctrl-C: a plain line, nothing corrupted, resumed."""

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

import pytest
from mlflow.exceptions import MlflowException

from commands import PROJECT, Outcome
from servers import free_port, serving
from sweep_processes import count_finished, read_runs, start, start_python, wait_for
from tiktok_segments.tracking import artifacts, connection, run_names
from tiktok_segments.tracking.runs import record_run
from tiktok_segments.tracking.store_errors import explain_store_error

SWEEP = ("-m", "k=range(2,10)", "n_init=1", "data.n_profiles=120", "structure=off")
UNDRAWN = (*SWEEP, "figures=off")
"""Where figures are beside the point: most of a sweep on 120 accounts goes into them."""
RUNS = 8


def assert_plain(error: str, *words: str) -> None:
    """Hold that an error is told in at most three lines behind whatever progress was shown."""
    assert "Traceback" not in error
    progress = re.compile(r"Training|\d+ of \d+ runs, ")
    lines = [line for line in error.splitlines() if line.strip() and not progress.match(line)]
    assert 1 <= len(lines) <= 3, error
    for word in words:
        assert word in error


def assert_resumes(root: Path, sweep: Sequence[str] = SWEEP, **variables: str) -> None:
    """Hold that the store is sound, that what was cut is marked, and that resume completes it."""
    connection = sqlite3.connect(root / "mlflow.db")
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()
    before = count_finished(root / "mlflow.db")
    assert start(root, *sweep, "resume=true", **variables).wait() == 0, (root / "err").read_text()
    assert "Going on with sweep" in (root / "err").read_text()
    assert f"{RUNS - before} done, 0 failed, {before} skipped" in (root / "out").read_text()
    assert not read_runs(root / "mlflow.db")["status"].eq("RUNNING").any()
    assert count_finished(root / "mlflow.db") == RUNS


@contextmanager
def small_disk(folder: Path, kilobytes: int) -> Iterator[None]:
    """Mount a disk of that size on a folder, which needs the rights for it."""
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", folder], check=False
    )
    if done.returncode != 0:
        pytest.skip("mounting needs the rights of root")
    try:
        yield
    finally:
        deadline = time.monotonic() + 10
        # What Python keeps beside a process's helpers ends a moment after the process.
        while subprocess.run(["umount", folder], check=False).returncode != 0:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_a_full_disk_is_told_in_a_plain_line_and_with_more_room_the_sweep_goes_on(
    tmp_path: Path, migrated_store: Path
) -> None:
    disk = tmp_path / "disk"
    with small_disk(disk, kilobytes=migrated_store.stat().st_size // 1024 + 700):
        shutil.copy(migrated_store, disk / "mlflow.db")
        assert start(disk, *SWEEP, logs=tmp_path).wait() == 1
        assert_plain((tmp_path / "err").read_text(), "cannot be", "resume=true")
        assert 0 < count_finished(disk / "mlflow.db") < RUNS
        subprocess.run(["mount", "-o", "remount,size=100m", disk], check=True)
        assert_resumes(disk)


LIMITED = """
import resource, runpy, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
sys.argv = sys.argv[2:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def test_a_store_that_may_not_grow_is_told_in_a_plain_line(
    root: Path, forked: Callable[..., Outcome]
) -> None:
    limit = (root / "mlflow.db").stat().st_size + 8192
    (root / "limited.py").write_text(LIMITED)
    outcome = forked(str(root / "limited.py"), str(limit), str(PROJECT / "train.py"), *SWEEP)
    assert outcome.status == 1
    assert_plain(outcome.err, "cannot be")
    connection = sqlite3.connect(root / "mlflow.db")
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_read_only_store_is_told_in_a_plain_line(
    root: Path, forked: Callable[..., Outcome]
) -> None:
    forked("train.py", "k=2", "data.n_profiles=120", "structure=off")
    content = (root / "mlflow.db").read_bytes()
    address = f"sqlite:///file:{root / 'mlflow.db'}?mode=ro&uri=true"
    for arguments in (("k=3", "structure=off"), SWEEP):
        outcome = forked("train.py", *arguments, MLFLOW_TRACKING_URI=address)
        assert outcome.status == 1
        assert_plain(outcome.err, "readonly", "cannot be written")
    assert (root / "mlflow.db").read_bytes() == content


def test_a_place_that_takes_no_files_is_told_before_the_first_run(root: Path) -> None:
    (root / "mlruns").write_text("no folder")
    assert start(root, *SWEEP).wait() == 1
    assert_plain((root / "err").read_text(), "mlruns", "cannot be used")
    assert (root / "out").read_text() == ""
    connection.connect()
    assert connection.client().search_runs([connection.experiment_id()]) == []


@pytest.mark.usefixtures("root")
def test_a_run_whose_files_cannot_be_kept_fails_for_its_own_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(artifacts, "log_contents", refuse)
    connection.connect()
    with pytest.raises(ValueError, match="the reason"), record_run("a run", "train") as run:
        raise ValueError("the reason")
    logged = connection.client().get_run(run.open())
    assert logged.info.status == "FAILED"
    assert logged.data.tags[run_names.ERROR] == "the reason"


@pytest.mark.usefixtures("root")
@pytest.mark.parametrize("words", ["HTTPConnectionPool: Max retries exceeded", "IncompleteRead(0)"])
def test_a_server_that_ends_in_the_middle_of_an_answer_is_told_as_gone(words: str) -> None:
    error = MlflowException(f"API request to http://127.0.0.1:1/api failed with exception {words}")
    reason = explain_store_error(error)
    assert reason is not None
    assert reason.splitlines()[0].endswith("does not answer any more.")


def test_a_run_that_cannot_be_opened_is_not_tried_again(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection.connect()
    asked = []

    def refuse(*_arguments: object, **_named: object) -> None:
        asked.append(time.monotonic())
        raise ConnectionError("gone")

    monkeypatch.setattr(connection.client(), "create_run", refuse)
    with pytest.raises(ConnectionError), record_run("a run", "train") as run:
        run.log()
    assert len(asked) == 1


def test_a_server_that_goes_away_in_mid_sweep_ends_it_soon_and_resume_completes_it(
    root: Path,
) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    served = (root / "mlflow.db", root / "artifacts", port, root / "server.log")
    with serving(*served) as server:
        sweep = start(root, *UNDRAWN, MLFLOW_TRACKING_URI=address)
        wait_for(lambda: count_finished(root / "mlflow.db") >= 2, sweep)
        os.killpg(server.pid, signal.SIGKILL)
        gone = time.monotonic()
        assert sweep.wait(timeout=60) == 1
        assert time.monotonic() - gone < 30
    assert_plain((root / "err").read_text(), address, "resume=true")
    assert 2 <= count_finished(root / "mlflow.db") < RUNS
    with serving(*served):
        assert_resumes(root, UNDRAWN, MLFLOW_TRACKING_URI=address)


@contextmanager
def ctrl_c_at(call: int) -> Iterator[None]:
    """Press Ctrl-C at a call of a function of SQLAlchemy's, counted from 0, if it comes so far."""
    left = [call]

    def press(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call" and "sqlalchemy" in frame.f_code.co_filename:
            left[0] -= 1
            if left[0] < 0:
                sys.setprofile(None)
                signal.raise_signal(signal.SIGINT)

    sys.setprofile(press)
    try:
        yield
    finally:
        sys.setprofile(None)


@pytest.mark.usefixtures("root")
def test_ctrl_c_cuts_no_call_to_the_store_so_that_it_is_not_locked_and_no_run_stays_open() -> None:
    connection.connect()
    calls = range(0, 12_000, 97)
    for call in calls:
        with suppress(KeyboardInterrupt), record_run("a run", "train") as run:
            run.params["k"], run.metrics["silhouette"] = 3, 0.5
            with ctrl_c_at(call):
                run.log()
    runs = connection.client().search_runs([connection.experiment_id()])
    assert len(runs) == len(calls)
    stopped = [run for run in runs if run.info.status == "KILLED"]
    assert 30 < len(stopped) < len(runs)
    assert {run.data.tags[run_names.ERROR] for run in stopped} == {"Stopped by the user."}
    assert {run.info.status for run in runs} == {"FINISHED", "KILLED"}


@pytest.mark.parametrize(
    "parallel", [(), ("figures=off", "hydra/launcher=joblib", "hydra.launcher.n_jobs=2")]
)
def test_ctrl_c_ends_a_sweep_with_what_there_is(root: Path, parallel: tuple[str, ...]) -> None:
    sweep = start_python(root, *SWEEP, *parallel)
    wait_for(lambda: count_finished(root / "mlflow.db") >= 2, sweep)
    os.killpg(sweep.pid, signal.SIGINT)  # as a terminal does: to every process of the command
    assert sweep.wait(timeout=60) == 130
    assert_plain((root / "err").read_text(), "Stopped.")
    assert "failed" not in (root / "err").read_text()
    runs = read_runs(root / "mlflow.db")
    assert runs.loc[runs["kind"] == "sweep", "status"].item() == "KILLED"
    assert "Best run:" in (root / "out").read_text()
    assert_resumes(root, UNDRAWN)


def test_ctrl_c_while_structure_is_examined_ends_a_sweep_with_its_runs(root: Path) -> None:
    examined = ("-m", "k=2,3,4,5", "data.n_profiles=3000", "n_init=1", "figures=off")
    sweep = start(root, *examined)
    wait_for(lambda: count_finished(root / "mlflow.db") >= 4, sweep)
    time.sleep(0.5)
    os.killpg(sweep.pid, signal.SIGINT)
    assert sweep.wait(timeout=60) == 130
    assert_plain((root / "err").read_text(), "Stopped.")
    runs = read_runs(root / "mlflow.db")
    assert runs.loc[runs["kind"] == "sweep", "status"].item() == "KILLED"
    told = (root / "out").read_text()
    assert "Best run:" in told and "Stopped with 4 of 4 runs" in told
    assert start(root, *examined, "resume=true").wait() == 0
    told = (root / "out").read_text()
    assert "Structure was not examined" not in told and "0 done, 0 failed, 4 skipped" in told
