"""Spark's session: what is wrong told in plain words, progress, its settings and executors."""

import gc
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyspark.sql import SparkSession

from lake import (
    LOCAL,
    ON_SPARK,
    PROFILES,
    STREAM,
    load,
)
from tiktok_segments.accounts.lake import (
    on_partitions,
    plain_failures,
    watched,
    watching,
)
from tiktok_segments.accounts.lake.failures import explain
from tiktok_segments.accounts.lake.session import open_session
from tiktok_segments.accounts.lake.settings import SparkSettings
from tiktok_segments.accounts.lake.shipping import pack_package
from tiktok_segments.errors import InputError
from tiktok_segments.tracking.store_errors import explain_store_error

pytestmark = ON_SPARK


def test_what_is_wrong_is_told_in_one_to_three_plain_lines(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    folder.mkdir()
    PROFILES.to_parquet(folder / "a.parquet")
    whole = (folder / "a.parquet").read_bytes()
    (folder / "b.parquet").write_bytes(whole[: len(whole) // 2])
    below_title = tmp_path / "titled.csv"
    below_title.write_text("Export of July\n\n" + PROFILES.to_csv(index=False))
    faults = {
        "/new/b.parquet cannot be read": lambda: load(folder),
        "has its header in line 3": lambda: load(below_title),
        "a.zip ends in .zip": lambda: load("s3a://lake/a.zip"),
        "engine.config.spark.jars.packages=org.apache": lambda: load("s3a://lake/profiles"),
        "has no reader for this data.format": lambda: load("file:///lake", format="delta"),
        "Nothing answers where hdfs://127.0.0.1:9/profiles is: Connection refused": lambda: load(
            "hdfs://127.0.0.1:9/profiles"
        ),
        "lake.profiles is not there": lambda: load(None, table="lake.profiles"),
        "has a session of Spark on local[2], not on local[3]": lambda: load(
            folder, {"name": "spark", "master": "local[3]"}
        ),
        "a session of Spark that is there has None, which cannot be changed": lambda: load(
            folder, LOCAL | {"config": {"spark.executor.memory": "2g"}}
        ),
        "data.format is xml": lambda: load(folder, format="xml"),
        "read by Spark only": lambda: load(None, STREAM, table="lake.profiles"),
    }
    for words, fails in faults.items():
        with pytest.raises(InputError) as caught:
            fails()
        text = str(caught.value)
        assert words in text and len(text.splitlines()) <= 3 and "\tat " not in text


def test_what_spark_lacks_is_told_before_it_starts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_text("#!/bin/sh\necho 'openjdk version \"1.8.0_392\"' >&2\n")
    java.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    monkeypatch.setattr(SparkSession, "getActiveSession", lambda: None)
    with pytest.raises(InputError, match=r"needs Java 17 or newer; .* is version 8"):
        open_session(SparkSettings())
    java.unlink()
    with pytest.raises(InputError, match="there is none here"):
        open_session(SparkSettings())
    answer = r"Nothing answers at engine\.master=spark://127.0.0.1:9"
    with pytest.raises(InputError, match=answer) as refused:
        open_session(SparkSettings("spark://127.0.0.1:9"))
    assert explain_store_error(refused.value) is None  # the cluster is away, not the store
    monkeypatch.setenv("SPARK_REMOTE", "sc://127.0.0.1:9")
    with pytest.raises(InputError, match=r"Nothing answers at engine\.remote=sc://127.0.0.1:9"):
        open_session(SparkSettings())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ModuleNotFoundError: No module named 'sklearn'", "executors has no sklearn"),
        ('java.io.IOException: Cannot run program "/no/python": error=2', "no Python /no/python"),
        ("java.lang.OutOfMemoryError: Java heap space", "driver.memory=4g"),
        ("Insufficient driver memory: System memory 104857600 must be", "driver.memory=4g"),
        ("System memory 314572800 must be at least 471859200.", "driver.memory=4g"),
        ("Error while sending or receiving", "JVM has ended in the midst"),
        ("(10.0.0.7 executor 3): java.lang.OutOfMemoryError: heap", "executor.memory=4g"),
        ("Lost executor 0: Command exited with code 52", "executor.memory=4g"),
        ("is bigger than spark.driver.maxResultSize (1.0 KiB)", "driver.maxResultSize=4g"),
        ("Java gateway process exited before sending its port number.", "does not start"),
        (
            "x\ntiktok_segments.errors.InputError: two columns\nKeep one.\n\n\tat org.apache",
            "two columns\nKeep one.",
        ),
    ],
)
def test_failures_of_executors_are_told_by_what_they_mean(text: str, words: str) -> None:
    assert words in explain(text, "accounts")


def test_the_package_is_imported_from_the_archive_that_executors_get(tmp_path: Path) -> None:
    archive = pack_package(tmp_path / "package.zip")
    modules = ["accounts.lake.cleaning", "accounts.lake.rows", "clustering.engines.sampled",
               "clustering.stored_clusters", "registry.stored_baseline", "monitoring.account_sums",
               "monitoring.assign_partition"]  # fmt: skip
    without = "sys.modules |= dict.fromkeys(['mlflow', 'hydra', 'skops', 'pyspark'])\n"
    code = f"import sys; {without}sys.path.insert(0, {str(archive)!r})\n" + "".join(
        f"import tiktok_segments.{module} as one; print(one.__file__)\n" for module in modules
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert done.returncode == 0, done.stderr
    assert all(line.startswith(str(archive)) for line in done.stdout.splitlines())
    assert len(done.stdout.splitlines()) == len(modules)


def test_what_executors_import_is_not_looked_through_after_every_task(spark: Any) -> None:
    def count(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        yield from (pa.RecordBatch.from_pydict({"n": [gc.get_freeze_count()]}) for _ in batches)

    with plain_failures("a range"):
        counted = on_partitions(spark.range(4, numPartitions=2), count, "n bigint").toArrow()
    assert counted.num_rows == 2 and min(counted["n"].to_pylist()) > 10_000


def test_it_is_told_how_far_spark_is_with_what_takes_long(
    spark: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "AFTER", 0.0)
    told, seen = list[tuple[int, int]](), tmp_path / "seen"

    def tell(done: int, total: int) -> None:
        told.append((done, total))
        if done:
            seen.touch()

    def wait(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            end = time.monotonic() + 60
            while batch["id"][0].as_py() == 3 and not seen.exists() and time.monotonic() < end:
                time.sleep(0.02)
            yield batch

    frame = spark.range(4, numPartitions=4)
    with plain_failures("a range"), watched(frame, tell):
        assert on_partitions(frame, wait, "id bigint").toArrow().num_rows == 4
    assert 0 < max(done for done, _ in told) <= 4
    assert {total for _, total in told} == {4}
    assert spark.sparkContext.getLocalProperty("spark.jobGroup.id") is None


def test_a_session_s_own_settings_stay_where_nothing_else_is_asked_for(spark: Any) -> None:
    assert open_session(SparkSettings("local[2]")) is spark
    assert spark.conf.get("spark.sql.shuffle.partitions") == "2"
    asked = SparkSettings("local[2]", config=(("spark.sql.shuffle.partitions", "3"),))
    assert open_session(asked).conf.get("spark.sql.shuffle.partitions") == "3"
    spark.conf.set("spark.sql.shuffle.partitions", "2")


def test_ctrl_c_is_heeded_as_it_was_before_spark_was_started() -> None:
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
