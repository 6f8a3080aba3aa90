"""Exports that Spark reads, beside the same as a stream; with a real Spark on two threads."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.preprocessing import StandardScaler

from commands import Outcome
from lake import (
    LOCAL,
    ON_SPARK,
    PROFILES,
    STREAM,
    load,
    logged_runs,
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
)
from tiktok_segments.accounts.lake.rows import LakeRows
from tiktok_segments.benchmarks.scale_variants import VARIANTS
from tiktok_segments.clustering.engines import silent
from tiktok_segments.clustering.pipeline import build_pipeline, fit_pipeline
from tiktok_segments.clustering.stored_clusters import describe_stored_clusters
from tiktok_segments.registry.stored_baseline import count_assigned, measure_columns

pytestmark = ON_SPARK


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
    memory, lake = logged_runs()
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
    stream, lake = (run for run in logged_runs() if run.data.params.get("k") == "4")
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
