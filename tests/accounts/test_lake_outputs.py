"""What Spark writes: assignments, comparisons and weeks, as a stream gives them."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from commands import Outcome
from lake import (
    LOCAL,
    ON_SPARK,
    PROFILES,
    logged_runs,
    part,
)
from tiktok_segments.errors import InputError
from tiktok_segments.monitoring import assign_lake
from tiktok_segments.monitoring.assign_export import assign_export
from tiktok_segments.monitoring.assign_partition import AssigningPartition
from tiktok_segments.registry.versions import load_champion
from tiktok_segments.tracking import connection

pytestmark = ON_SPARK

ASSIGN = "scripts/assign_segments.py"


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
    in_stream, in_spark = logged_runs()[-2:]
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
    assert logged_runs()[-1].data.params["output"] == "spark_catalog.marketing.assigned"
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
