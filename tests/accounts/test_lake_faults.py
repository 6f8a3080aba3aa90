"""Spark's processes killed while they are at work: workers of a cluster, and the driver."""

import os
import re
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import mlflow
import numpy as np
import psutil
import pyspark
import pytest
from mlflow import MlflowClient

from commands import PROJECT, Outcome
from forked_commands import ForkedCommand
from lake import JAVA_OPTIONS, ON_SPARK, PROFILES, logged_runs
from servers import running
from sweep_processes import wait_for
from tiktok_segments.tracking import connection

pytestmark = ON_SPARK

FIT = ("k=4", "structure=off", "figures=off")
QUICK = tuple(
    f"+engine.config.spark.{setting}"
    for setting in (
        f"driver.extraJavaOptions={JAVA_OPTIONS}",
        f"executor.extraJavaOptions={JAVA_OPTIONS}",
        "sql.codegen.wholeStage=false",
        "sql.shuffle.partitions=2",
    )
)


class Held:
    """A command on Spark of which one partition waits."""

    def __init__(self, folder: Path, root: Path, step: str, script: str, *arguments: str) -> None:
        folder.mkdir()
        self._folder, self._err = folder, folder / "err"
        given = [step, str(PROJECT / script), "engine=spark", *QUICK, *arguments]
        self.driver = ForkedCommand(
            ["tests/faults/held_partition.py", *given], root,
            dict(os.environ) | {"HELD": str(folder)}, folder / "out", self._err,
        )  # fmt: skip

    def partition(self) -> psutil.Process:
        """Wait until it waits; return its process."""
        held = self._folder / "held"
        wait_for(held.exists, self.driver, seconds=240)
        assert held.exists(), self.said()
        return psutil.Process(int(held.read_text()))

    def release(self) -> None:
        (self._folder / "go").touch()

    def said(self) -> str:
        return self._err.read_text()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A master and two workers; its address."""
    home, folder = Path(str(pyspark.__file__)).parent, tmp_path_factory.mktemp("cluster")
    environment = {
        "SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_DAEMON_MEMORY": "256m",
        "SPARK_DAEMON_JAVA_OPTS": JAVA_OPTIONS, "PYSPARK_PYTHON": sys.executable,
        "SPARK_WORKER_DIR": str(folder / "work"),
    }  # fmt: skip
    master = folder / "master"

    def address() -> str:
        found = re.search(r"Starting Spark master at (spark://\S+)", master.read_text())
        return found[1] if found else ""

    def registered(number: int) -> bool:
        return master.read_text().count("Registering worker") == number

    with ExitStack() as stack:

        def start(is_ready: Callable[[], bool], log: Path, role: str, *arguments: str) -> None:
            command = [
                home / "bin" / "spark-class", f"org.apache.spark.deploy.{role}", "--port", "0",
                "--host", "127.0.0.1", "--webui-port", "0", *arguments,
            ]  # fmt: skip
            stack.enter_context(running(command, is_ready, log, environment))

        start(lambda: bool(address()), master, "master.Master")
        for number in (1, 2):
            start(
                partial(registered, number), folder / f"worker-{number}", "worker.Worker",
                "--cores", "1", "--memory", "512m", address(),
            )  # fmt: skip
        yield address()


def test_a_worker_that_is_killed_in_mid_fit_changes_nothing(
    command: Callable[..., Outcome], cluster: str, root: Path, tmp_path: Path
) -> None:
    export = tmp_path / "accounts.parquet"
    PROFILES.to_parquet(export)
    held = Held(
        tmp_path / "held", root, "fit", "train.py", *FIT, f"data.path={export}",
        f"engine.master={cluster}", "+engine.config.spark.executor.memory=512m",
    )  # fmt: skip
    executor = held.partition()
    while "CoarseGrainedExecutorBackend" not in " ".join(executor.cmdline()):
        executor = executor.parent() or pytest.fail("no executor is above the partition")
    worker = executor.parent()
    assert worker is not None and "worker.Worker" in " ".join(worker.cmdline())
    worker.kill()
    executor.kill()
    held.release()
    assert held.driver.wait() == 0, held.said()
    assert command("train.py", *FIT, f"data.path={export}", "engine=stream").status == 0
    lake, stream = logged_runs()
    assert lake.data.params["engine"] == "spark" and lake.info.status == "FINISHED"
    assert lake.data.metrics == pytest.approx(stream.data.metrics, rel=1e-9)
    centres = [
        mlflow.sklearn.load_model(f"runs:/{run.info.run_id}/model")[-1].cluster_centers_
        for run in (lake, stream)
    ]
    np.testing.assert_allclose(*centres, rtol=1e-9)


def test_a_driver_that_is_killed_leaves_no_half_and_the_next_start_says_so(
    command: Callable[..., Outcome], champion_root: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "accounts"
    folder.mkdir()
    export, output = folder / "new.parquet", folder / "out"
    PROFILES.to_parquet(export)
    where = (f"data.path={export}", "engine.master=local[1]")
    fit = Held(tmp_path / "fit", champion_root, "fit", "train.py", *FIT, *where)
    assign = Held(
        tmp_path / "assign", champion_root, "assign", "scripts/assign_segments.py", *where,
        f"output={output}",
    )  # fmt: skip
    for held in (fit, assign):
        held.partition()
    for held in (fit, assign):
        below = psutil.Process(held.driver.pid).children(recursive=True)
        os.kill(held.driver.pid, signal.SIGKILL)
        held.release()
        assert held.driver.wait() == -signal.SIGKILL
        assert psutil.wait_procs(below, timeout=120)[1] == []
    assert not output.exists() and not (folder / "out.rejected.csv").exists()
    connection.connect()
    cut = [run for run in logged_runs() if run.info.status == "RUNNING"]
    assert len(cut) == 1
    large = champion_root / "outputs" / "large"
    assert list(large.iterdir())
    done = command(
        "scripts/assign_segments.py", f"data.path={export}", "engine=spark", f"output={output}"
    )
    assert done.status == 0, done.err
    assert MlflowClient().get_run(cut[0].info.run_id).info.status != "RUNNING"
    left = sorted(file.name for file in folder.iterdir())
    assert left == ["new.parquet", "out", "out.rejected.csv"]
    assert list(large.iterdir()) == []
