"""A sweep over a stream, killed while it reads and stopped while it fits, and then resumed."""

import os
import signal
from pathlib import Path

import pandas as pd

from commands import PROJECT
from sweep_processes import count_finished, results, start, wait_for
from tiktok_segments.benchmarks.assign import write_accounts

FIT_ROWS = 80_000
PROGRAM = f"""
import runpy
from tiktok_segments.accounts import row_sample
row_sample.FIT_ROWS = {FIT_ROWS}
runpy.run_path({str(PROJECT / "train.py")!r}, run_name="__main__")
"""
"""Training that keeps on disk what is more than this, for the sake of time; users' is more."""


def test_a_streamed_sweep_that_was_killed_and_stopped_leaves_nothing_and_is_completed(
    tmp_path: Path,
) -> None:
    export, root, uncut = tmp_path / "a.parquet", tmp_path / "root", tmp_path / "uncut"
    (program := tmp_path / "train.py").write_text(PROGRAM)
    write_accounts(export, FIT_ROWS + 10_000, seed=1)  # more than a sample holds, so kept on disk
    sweep = ("-m", "k=3,4,5", f"data.path={export}", "engine=stream", "structure=off",
             "figures=off", "n_init=1", "resume=true")  # fmt: skip
    for folder in (root, uncut):
        folder.mkdir()
    store, large = root / "mlflow.db", root / "outputs" / "large"

    killed = start(root, *sweep, program=program)
    wait_for(lambda: any(large.glob("*/accounts.arrow")), killed)
    assert killed.poll() is None, (root / "err").read_text()
    killed.kill()
    killed.wait()
    (left,) = large.glob("*/accounts.arrow")

    stopped = start(root, *sweep, program=program)
    wait_for(lambda: count_finished(store) >= 1, stopped)
    assert not left.exists()
    os.killpg(stopped.pid, signal.SIGINT)
    assert stopped.wait() in (0, 130), (root / "err").read_text()

    assert start(root, *sweep, program=program).wait() == 0, (root / "err").read_text()
    assert start(uncut, *sweep, program=program).wait() == 0, (uncut / "err").read_text()
    pd.testing.assert_frame_equal(results(store), results(uncut / "mlflow.db"))
    assert list(large.iterdir()) == []
