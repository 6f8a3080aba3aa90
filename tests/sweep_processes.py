"""Sweeps as processes of their own, and what a store holds of them, read without MLflow."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd

from commands import PROJECT
from forked_commands import ForkedCommand

RUN_TABLE = """
SELECT runs.run_uuid AS run_id, runs.status, kind.value AS kind, parent.value AS parent,
       labels.value AS labels, error.value AS error,
       (SELECT count(*) FROM latest_metrics AS m WHERE m.run_uuid = runs.run_uuid) AS metrics
FROM runs
LEFT JOIN tags AS kind ON kind.run_uuid = runs.run_uuid AND kind.key = 'segmentation.kind'
LEFT JOIN tags AS parent ON parent.run_uuid = runs.run_uuid AND parent.key = 'mlflow.parentRunId'
LEFT JOIN tags AS labels
    ON labels.run_uuid = runs.run_uuid AND labels.key = 'segmentation.labels_sha256'
LEFT JOIN tags AS error ON error.run_uuid = runs.run_uuid AND error.key = 'segmentation.error'
"""

RUN_COUNT = """
SELECT count(*) FROM runs
JOIN tags ON tags.run_uuid = runs.run_uuid AND tags.key = 'segmentation.kind'
WHERE """

Command = subprocess.Popen[str] | ForkedCommand


def start(
    root: Path,
    *arguments: str,
    logs: Path | None = None,
    program: Path = PROJECT / "train.py",
    **variables: str,
) -> ForkedCommand:
    """Start train.py on a project folder, with its output there (or in logs) as out and err."""
    folder = logs or root
    return ForkedCommand(
        [str(program), *arguments],
        root,
        _environment(root, variables),
        folder / "out",
        folder / "err",
    )


def start_python(
    root: Path, *arguments: str, logs: Path | None = None, **variables: str
) -> subprocess.Popen[str]:
    """Start train.py likewise, as a shell does: with a Python that has yet to import all."""
    folder = logs or root
    with (folder / "out").open("w") as out, (folder / "err").open("w") as err:
        return subprocess.Popen(
            [sys.executable, str(PROJECT / "train.py"), *arguments],
            stdout=out, stderr=err, env=_environment(root, variables), cwd=root, text=True,
            start_new_session=True, preexec_fn=_heed_ctrl_c,
        )  # fmt: skip


def _environment(root: Path, variables: Mapping[str, str]) -> dict[str, str]:
    """Return this process's variables, for a project folder and without its store."""
    inherited = {name: text for name, text in os.environ.items() if name != "MLFLOW_TRACKING_URI"}
    return inherited | {"TIKTOK_SEGMENTS_ROOT": str(root)} | dict(variables)


def _heed_ctrl_c() -> None:
    """Undo what a shell does to commands in its background, whose children ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def read_runs(store: Path) -> pd.DataFrame:
    """Return a row for each run of a SQLite store; none where there is no store yet."""
    if not store.exists():
        return pd.DataFrame(columns=["run_id", "status", "kind"])
    connection = sqlite3.connect(f"file:{store}?mode=ro", uri=True, timeout=30)
    try:
        return pd.read_sql_query(RUN_TABLE, connection)
    finally:
        connection.close()


def count_finished(store: Path) -> int:
    """Return how many training runs of a SQLite store are finished."""
    return _count(store, "tags.value = 'train' AND runs.status = 'FINISHED'")


def count_runs(store: Path) -> int:
    """Return how many runs of any kind a SQLite store has."""
    return _count(store, "TRUE")


def _count(store: Path, condition: str) -> int:
    if not store.exists():
        return 0
    connection = sqlite3.connect(f"file:{store}?mode=ro", uri=True, timeout=30)
    try:
        return int(connection.execute(RUN_COUNT + condition).fetchone()[0])
    finally:
        connection.close()


def wait_for(condition: Callable[[], bool], process: Command, seconds: float = 120) -> None:
    """Wait until a condition holds or a process has ended."""
    deadline = time.monotonic() + seconds
    while process.poll() is None and not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def results(store: Path) -> pd.DataFrame:
    """Return what came out per configuration: parameters, labels' digest and every metric."""
    connection = sqlite3.connect(store)
    try:
        runs = pd.read_sql_query(RUN_TABLE, connection)
        values = [
            pd.read_sql_query(f"SELECT run_uuid AS run_id, key, value FROM {table}", connection)  # noqa: S608 - fixed words
            for table in ("params", "latest_metrics")
        ]
    finally:
        connection.close()
    runs = runs[(runs["kind"] == "train") & (runs["status"] == "FINISHED")]
    for table in values:
        wide = table.pivot(index="run_id", columns="key", values="value")
        runs = runs.merge(wide, left_on="run_id", right_index=True, how="left")
    order = ["features", "scaler", "k"]
    chosen = [*order, "labels", *sorted(set(values[1]["key"]) & set(runs.columns))]
    return runs.sort_values(order, ignore_index=True)[chosen].dropna(axis=1, how="all")
