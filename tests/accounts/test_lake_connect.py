"""Commands over Spark Connect, beside the same as a stream."""

import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pandas as pd
import pyspark
import pytest

from commands import Outcome
from lake import JAVA_OPTIONS, NEEDS_JAVA, PROFILES
from servers import free_port, running

pytestmark = NEEDS_JAVA


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """A server of Spark Connect on one thread; its address."""
    home, log, port = Path(str(pyspark.__file__)).parent, tmp_path / "server", free_port()
    settings = {
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": port,
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.shuffle.partitions": 2,
        "spark.sql.warehouse.dir": tmp_path / "warehouse",
        "spark.ui.enabled": "false",
    }
    command = [
        home / "bin" / "spark-submit", "--master", "local[1]",
        "--driver-java-options", JAVA_OPTIONS,
        *(word for name, value in settings.items() for word in ("--conf", f"{name}={value}")),
        "--class", "org.apache.spark.sql.connect.service.SparkConnectServer", "spark-internal",
    ]  # fmt: skip
    environment = {
        "SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable,
    }  # fmt: skip
    with running(command, lambda: "Connect server started" in log.read_text(), log, environment):
        yield f"sc://127.0.0.1:{port}"


def test_accounts_are_assigned_and_compared_over_connect_as_in_a_stream(
    command: Callable[..., Outcome],
    forked: Callable[..., Outcome],
    champion_root: Path,
    server: str,
    tmp_path: Path,
) -> None:
    old, new = champion_root / "old.parquet", champion_root / "new.parquet"
    PROFILES.to_parquet(old)
    PROFILES.iloc[100:].assign(followers=PROFILES["followers"] * 2).to_parquet(new)
    ways = {
        "spark": (partial(forked, SPARK_REMOTE=server), "output_table=default.assigned"),
        "stream": (command, f"output={champion_root / 'assigned.parquet'}"),
    }
    for engine, (run, output) in ways.items():
        folder = champion_root / engine
        assigned = run("scripts/assign_segments.py", f"engine={engine}", f"data.path={new}", output)
        assert assigned.status == 0, assigned.err
        compared = run(
            "scripts/compare_snapshots.py", f"engine={engine}", f"old={old}", f"new={new}",
            f"output={folder}",
        )  # fmt: skip
        assert compared.status == 0, compared.err
    lake, stream = (
        pd.read_parquet(file).sort_values("account_id", ignore_index=True)
        for file in (tmp_path / "warehouse" / "assigned", champion_root / "assigned.parquet")
    )
    texts = dict.fromkeys(["segment", "segment_id", "model_version"], "str")
    pd.testing.assert_frame_equal(lake, stream.astype(texts), rtol=1e-12)
    tables = sorted(file.name for file in (champion_root / "stream").glob("*.csv"))
    assert len(tables) > 5
    for name in tables:
        one, other = (pd.read_csv(champion_root / engine / name) for engine in ways)
        pd.testing.assert_frame_equal(one, other, rtol=1e-9)
