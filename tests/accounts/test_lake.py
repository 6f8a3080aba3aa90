"""Exports that Spark reads, beside the same as a stream; with a real Spark on two threads."""

import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import mlflow
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from mlflow import MlflowClient
from pyspark.sql import SparkSession
from sklearn.preprocessing import StandardScaler

from commands import Outcome
from lake import (
    LOCAL,
    ON_SPARK,
    PROFILES,
    STREAM,
    load,
    numbers,
    part,
    require_same,
    require_same_accounts,
)
from published import PROFILES as PUBLISHED
from published import needs_published
from tiktok_segments.accounts import row_sample
from tiktok_segments.accounts.lake import (
    gather_lake,
    loading,
    on_partitions,
    plain_failures,
    watched,
    watching,
)
from tiktok_segments.accounts.lake.failures import explain
from tiktok_segments.accounts.lake.rows import LakeRows
from tiktok_segments.accounts.lake.session import open_session
from tiktok_segments.accounts.lake.settings import SparkSettings
from tiktok_segments.accounts.lake.shipping import pack_package
from tiktok_segments.benchmarks.scale_variants import VARIANTS
from tiktok_segments.clustering.engines import silent
from tiktok_segments.clustering.pipeline import build_pipeline, fit_pipeline
from tiktok_segments.clustering.stored_clusters import describe_stored_clusters
from tiktok_segments.errors import InputError
from tiktok_segments.monitoring import assign_lake
from tiktok_segments.monitoring.assign_export import assign_export
from tiktok_segments.monitoring.assign_partition import AssigningPartition
from tiktok_segments.registry.stored_baseline import count_assigned, measure_columns
from tiktok_segments.registry.versions import load_champion
from tiktok_segments.tracking import connection
from tiktok_segments.tracking.store_errors import explain_store_error

pytestmark = ON_SPARK

ASSIGN = "scripts/assign_segments.py"


def test_spark_finds_in_a_file_what_a_stream_finds(tmp_path: Path) -> None:
    small = PROFILES.assign(
        **{name: PROFILES[name].mask(PROFILES.index % 2 > 0, PROFILES[name] // 500)
           for name in ("followers", "likes")}
    )  # fmt: skip
    bad = small.head(20).assign(followers=-1, account_id="new")
    newer = small.head(30).assign(videos=7)
    path = tmp_path / "accounts.parquet"
    pd.concat([small, newer, bad], ignore_index=True).to_parquet(path)
    lake, stream = load(path), load(path, STREAM)
    require_same(lake, stream)
    assert len(lake.rejected) == 50
    few = [[line for line in found.notes if "drawn from" in line] for found in (lake, stream)]
    assert few[0] == few[1] != []


def test_all_accounts_are_described_where_they_lie(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "accounts.parquet"
    PROFILES.assign(is_verified=[True, None, False] * 400).to_parquet(path)
    lake, stream = load(path), load(path, {"name": "stream"})
    monkeypatch.setattr(LakeRows, "blocks", None)
    features = {"followers": "log_count", "videos": "log_count"}
    pipeline = build_pipeline(features, StandardScaler(), k=3, n_init=1, seed=0)
    fit_pipeline(pipeline, lake.frame)
    seen = {"edges": [50.0], "minimum": 9, "maximum": 400}
    baseline = {"columns": dict.fromkeys(features, seen)}
    described, measured, counted = [], [], []
    for one in (lake, stream):
        described.append(describe_stored_clusters(pipeline, one.accounts, "abc", "abc", silent))
        measured.append(measure_columns(one.accounts, baseline["columns"], silent))
        counted.append(count_assigned(pipeline, one.accounts, baseline, silent))
    pd.testing.assert_frame_equal(*described, rtol=1e-12)
    assert measured[0] == measured[1]
    assert counted[0][0].tolist() == counted[1][0].tolist() == described[0]["accounts"].tolist()
    assert 0 < counted[0][1] == counted[1][1] < len(PROFILES)


def test_spark_keeps_pseudonyms_alone_where_they_are_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIKTOK_SEGMENTS_KEY", "7" * 64)
    bad = PROFILES.head(5).assign(followers=-1, account_id="emil")
    named = pd.concat([PROFILES, PROFILES.head(9), bad], ignore_index=True)
    path = tmp_path / "emil.parquet"
    named.assign(nickname="Emil E.", biography="mails to emil").to_parquet(path)
    lake, stream = (load(path, one, pseudonyms=True) for one in (LOCAL, STREAM))
    require_same(lake, stream)
    assert lake.frame["account_id"].str.startswith("p_").all()
    said = str([lake.rejected.to_csv(), lake.notes, lake.source, *lake.frame.columns])
    assert "emil" not in said.lower() and "biography" not in lake.frame and len(lake.rejected) == 14


def test_partitions_their_number_and_the_order_of_rows_change_nothing(
    tmp_path: Path, spark: Any
) -> None:
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    for folder in (whole, parts):
        folder.mkdir()
    PROFILES.to_parquet(whole / "accounts.parquet")
    shuffled = PROFILES.sample(frac=1, random_state=1)
    for number in range(7):
        shuffled.iloc[number::7].to_parquet(parts / f"part-{number}.parquet")
    one, seven = load(whole), load(parts)
    pd.testing.assert_frame_equal(seven.frame, one.frame)
    pd.testing.assert_frame_equal(numbers(seven), numbers(one))
    spark.read.parquet(parts.as_uri()).repartition(64).createOrReplaceTempView("profiles")
    iqr = part("outliers/iqr.yaml") | {"columns": ["videos", "followers"]}
    without = [load(folder, engine, iqr) for folder, engine in ((parts, LOCAL), (whole, STREAM))]
    require_same_accounts(*without)
    assert 0 < len(without[0].frame) < 300 < without[0].n_accounts < len(PROFILES)
    table = load(None, table="profiles")
    pd.testing.assert_frame_equal(table.frame, one.frame)
    assert table.source == "profiles" and len(table.sha256) == 64


@needs_published
def test_the_published_segments_come_out_of_spark_to_their_digits(
    command: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(row_sample, "FIT_ROWS", 250_000)
    for engine in ("memory", "spark"):
        outcome = command(
            "train.py", "experiment=published", f"data.path={PUBLISHED}", f"engine={engine}",
            "structure=off", "figures=off",
        )  # fmt: skip
        assert outcome.status == 0, outcome.err
    memory, lake = _runs()
    assert lake.data.metrics == memory.data.metrics
    assert (
        lake.data.tags["segmentation.labels_sha256"]
        == memory.data.tags["segmentation.labels_sha256"]
    )


def test_a_sweep_on_spark_reads_once_and_logs_what_the_same_run_as_a_stream_logs(
    command: Callable[..., Outcome], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "accounts.parquet"
    PROFILES.to_parquet(path)
    read = []
    monkeypatch.setattr(loading, "gather_lake", lambda *of: read.append(of) or gather_lake(*of))
    for run in (("k=4", "engine=stream"), ("-m", "k=3,4", "engine=spark")):
        outcome = command("train.py", *run, f"data.path={path}", "structure=off", "figures=off")
        assert outcome.status == 0, outcome.err
    assert "engine: spark" in outcome.out
    assert len(read) == 1
    stream, lake = (run for run in _runs() if run.data.params.get("k") == "4")
    assert lake.data.params.items() >= (stream.data.params | {"engine": "spark"}).items()
    assert lake.data.metrics == pytest.approx(stream.data.metrics, rel=1e-9)
    assert lake.data.metrics["sample_rows"] == 300
    compared = command(
        "scripts/compare_runs.py", f"first={stream.info.run_id}", f"second={lake.info.run_id}",
        f"output={tmp_path / 'compared'}",
    )  # fmt: skip
    assert compared.status == 0, compared.err
    assert "1,200 accounts" in compared.out and "chance): 1.000" in compared.out
    crossing = pd.read_csv(tmp_path / "compared" / "crossing.csv", index_col=0).to_numpy()
    assert crossing.sum() == np.trace(crossing) == len(PROFILES)


def _runs() -> list[mlflow.entities.Run]:
    found = MlflowClient().search_runs(
        [connection.experiment_id()], order_by=["attribute.start_time"]
    )
    return list(found)


def test_accounts_are_assigned_with_spark_as_in_a_stream(
    command: Callable[..., Outcome], champion_root: Path
) -> None:
    bad = PROFILES.head(20).assign(followers=-1, account_id="new")
    newer = PROFILES.head(30).assign(videos=7)
    path = champion_root / "new.parquet"
    pd.concat([PROFILES, newer, bad], ignore_index=True).to_parquet(path)
    outputs = {"stream": champion_root / "out.parquet", "spark": champion_root / "out"}
    for engine, output in outputs.items():
        outcome = command(ASSIGN, f"data.path={path}", f"output={output}", f"engine={engine}")
        assert outcome.status == 0, outcome.err
    stream, lake = (
        pd.read_parquet(output).sort_values("account_id", ignore_index=True)
        for output in outputs.values()
    )
    assert list(lake) == list(stream)
    texts = ["segment", "segment_id", "model_version"]
    stream = stream.astype(dict.fromkeys(texts, "str"))
    pd.testing.assert_frame_equal(lake, stream, rtol=1e-12)
    assert len(pd.read_csv(champion_root / "out.rejected.csv")) == 50
    in_stream, in_spark = _runs()[-2:]
    assert in_spark.data.metrics == pytest.approx(in_stream.data.metrics, rel=1e-9)
    assert in_spark.data.params["data_sha256"] == in_stream.data.params["data_sha256"]
    again = command(ASSIGN, f"data.path={path}", f"output={outputs['spark']}", "engine=spark")
    assert again.status == 1 and "is there already" in again.err


def test_accounts_are_assigned_to_a_table_that_is_whole_or_not_there(
    command: Callable[..., Outcome], champion_root: Path, spark: Any
) -> None:
    spark.createDataFrame(pa.Table.from_pandas(PROFILES)).createOrReplaceTempView("new_accounts")
    spark.sql("create database if not exists marketing")

    def assign(output_table: str, *more: str) -> Outcome:
        return command(
            ASSIGN, "data.table=new_accounts", "engine=spark", f"output_table={output_table}", *more
        )

    written = assign("spark_catalog.marketing.assigned")
    assert written.status == 0, written.err
    assert "Accounts: spark_catalog.marketing.assigned\n" in written.out
    assigned = spark.read.table("marketing.assigned")
    assert assigned.count() == len(PROFILES) == assigned.where("segment is not null").count()
    assert spark.read.table("marketing.assigned_rejected").count() == 0
    assert _runs()[-1].data.params["output"] == "spark_catalog.marketing.assigned"
    faults = {
        "marketing.assigned is there already": assign("marketing.assigned"),
        "has no nowhere": assign("nowhere.assigned"),
        "is no name of a table": assign("assigned"),
        "is written by Spark only": command(
            ASSIGN, f"data.path={champion_root}", "output_table=a.b"
        ),
        "output=s3a://lake/out: no folder can appear whole": command(
            ASSIGN, "data.table=new_accounts", "engine=spark", "output=s3a://lake/out"
        ),
        "Both output and output_table": assign("marketing.other", "output=other"),
    }
    for words, refused in faults.items():
        assert refused.status == 1 and words in refused.err, refused.err
        assert len(refused.err.splitlines()) <= 3
    spark.sql("drop table marketing.assigned")
    spark.sql("drop table marketing.assigned_rejected")


def test_two_exports_are_compared_with_spark_as_in_a_stream(
    command: Callable[..., Outcome], champion_root: Path, spark: Any
) -> None:
    old, new = champion_root / "old.parquet", champion_root / "new.parquet"
    PROFILES.to_parquet(old)
    later = PROFILES.iloc[100:].assign(followers=PROFILES["followers"] * 2)
    later.to_parquet(new)
    spark.read.parquet(new.as_uri()).createOrReplaceTempView("later")

    def compare(engine: str, *exports: str) -> Path:
        folder = champion_root / engine
        outcome = command(
            "scripts/compare_snapshots.py", f"engine={engine}", f"output={folder}", *exports
        )
        assert outcome.status == 0, outcome.err
        return folder

    stream = compare("stream", f"old={old}", f"new={new}")
    lake = compare("spark", f"old={old.as_uri()}", "new_table=later")
    tables = sorted(file.name for file in stream.glob("*.csv"))
    assert tables == sorted(file.name for file in lake.glob("*.csv"))
    for name in tables:
        one, other = pd.read_csv(lake / name), pd.read_csv(stream / name)
        pd.testing.assert_frame_equal(one, other, rtol=1e-9)
    refused = command("scripts/compare_snapshots.py", f"old={old}", "new_table=later")
    assert refused.status == 1 and "new_table=later is read by Spark only" in refused.err


def test_a_week_is_judged_and_assigned_with_spark(
    command: Callable[..., Outcome], champion_root: Path
) -> None:
    path, folder = champion_root / "new.parquet", champion_root / "week"
    PROFILES.to_parquet(path)
    before = folder / "assigned" / "part-0.parquet"
    before.parent.mkdir(parents=True)
    PROFILES.head(3).to_parquet(before)
    outcome = command(
        "scripts/weekly.py", "retrain=never", f"data.path={path}", f"output={folder}",
        "engine=spark", "accept=true", "reason=to try",
    )  # fmt: skip
    assert outcome.status == 0, outcome.err
    assigned = pd.read_parquet(before.parent).sort_values("account_id", ignore_index=True)
    assert assigned["account_id"].to_list() == sorted(PROFILES["account_id"])
    assert assigned["segment"].notna().all() and not (folder / "assigned.csv").exists()
    assert "in 1,200 accounts" in (folder / "report.html").read_text()


def test_a_job_that_fails_leaves_nothing_of_what_it_wrote(
    champion_root: Path, monkeypatch: pytest.MonkeyPatch, spark: Any
) -> None:
    connection.connect()
    model = load_champion()[1]
    folder = champion_root / "new"
    folder.mkdir()
    PROFILES.to_parquet(folder / "new.parquet")
    data = part("data/sample.yaml") | {"path": str(folder / "new.parquet")}

    class Failing(AssigningPartition):
        def __call__(self, batches: Iterator[Any]) -> Iterator[Any]:
            yield from super().__call__(batches)
            raise InputError("the disk is full")

    class Killed(AssigningPartition):
        def __call__(self, batches: Iterator[Any]) -> Iterator[Any]:
            yield from super().__call__(batches)
            os.kill(os.getpid(), signal.SIGKILL)

    class Lost(AssigningPartition):
        def __call__(self, batches: Iterator[Any]) -> Iterator[Any]:
            yield from (batch.slice(1) for batch in super().__call__(batches))

    faults = {"the disk is full": Failing, "worker": Killed, "of which 1,199 are seen": Lost}
    for words, faulty in faults.items():
        monkeypatch.setattr(assign_lake, "AssigningPartition", faulty)
        with pytest.raises(InputError, match=words):
            assign_export(model, "1", data, part("clean/all.yaml"), folder / "out", engine=LOCAL)
        assert [file.name for file in folder.iterdir()] == ["new.parquet"]
    spark.sql("create database if not exists marketing")
    with pytest.raises(InputError, match=r"Spark wrote 1,199 of 1,200 accounts"):
        assign_export(
            model, "1", data, part("clean/all.yaml"), Path("marketing.lost"), engine=LOCAL,
            in_tables=True,
        )  # fmt: skip
    assert [table for table in spark.catalog.listTables("marketing") if not table.isTemporary] == []


def test_the_benchmark_measures_the_inertia_that_spark_s_own_k_means_reaches(
    tmp_path: Path,
) -> None:
    path = tmp_path / "accounts.parquet"
    PROFILES.to_parquet(path)
    found: dict[str, Any] = {"given": {"path": str(path), "k": 2, "seed": 1}}
    exec(VARIANTS["mllib"], found)  # noqa: S102 - the benchmark's own code
    X = np.log1p(PROFILES[["followers", "following", "videos"]].astype(float))
    X["engagement"] = np.log10(PROFILES["engagement_rate"].clip(lower=1e-4))
    X = X.dropna().to_numpy()
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    as_sample = np.sqrt(len(X) / (len(X) - 1))  # what Spark's own scaler takes the rows for
    away = X[:, None] - np.array(found["fitted"].clusterCenters()) * as_sample
    assert found["inertia"]() == pytest.approx((away**2).sum(axis=2).min(axis=1).sum(), rel=1e-9)


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
