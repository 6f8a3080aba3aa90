"""Exports loaded by Spark, held against the same as a stream."""

from collections.abc import Mapping
from pathlib import Path
from shutil import which
from typing import Any

import mlflow
import pandas as pd
import pytest
import yaml
from mlflow import MlflowClient

from tiktok_segments.accounts.dataset import Dataset, load_dataset
from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.defaults import default_file
from tiktok_segments.tracking import connection

NEEDS_JAVA = pytest.mark.skipif(which("java") is None, reason="there is no Java on this machine")
ON_SPARK = [
    NEEDS_JAVA,
    pytest.mark.xdist_group("spark"),  # one Spark for all of these tests
    pytest.mark.usefixtures("spark", "small_sample"),
]

JAVA_OPTIONS = (
    "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC "
    "-XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote"
)
"""For processes that end soon: the start of a Spark is a third cheaper with them."""

LOCAL = {"name": "spark", "master": "local[2]"}
STREAM = {"name": "stream"}
PROFILES = make_profiles(1200, seed=3)[0]


def part(name: str) -> dict[str, Any]:
    return dict(yaml.safe_load(default_file(name).read_text()))


def load(
    path: Path | str | None,
    engine: Mapping[str, Any] = LOCAL,
    outliers: Mapping[str, Any] | None = None,
    **data: object,
) -> Dataset:
    where = {"path": None if path is None else str(path)}
    return load_dataset(
        {
            "data": part("data/sample.yaml") | where | data,
            "clean": part("clean/all.yaml"),
            "outliers": outliers or part("outliers/keep.yaml"),
            "engine": engine,
        }
    )


def numbers(found: Dataset) -> pd.DataFrame:
    columns = list(found.accounts.frame)
    frame = pd.concat(found.accounts.blocks(columns), ignore_index=True)
    return frame.sort_values(columns, ignore_index=True)


def require_same(lake: Dataset, stream: Dataset) -> None:
    assert (lake.engine, stream.engine) == ("spark", "stream")
    require_same_accounts(lake, stream)
    pd.testing.assert_frame_equal(lake.rejected, stream.rejected)
    assert lake.sha256 == stream.sha256


def require_same_accounts(lake: Dataset, stream: Dataset) -> None:
    assert lake.accounts.n_accounts == stream.accounts.n_accounts
    pd.testing.assert_frame_equal(lake.frame, stream.frame)
    pd.testing.assert_frame_equal(numbers(lake), numbers(stream))
    by_rule = [one.cleaning.sort_values("rule", ignore_index=True) for one in (lake, stream)]
    pd.testing.assert_frame_equal(*by_rule)


def logged_runs() -> list[mlflow.entities.Run]:
    """Return the experiment's runs, the oldest first."""
    found = MlflowClient().search_runs(
        [connection.experiment_id()], order_by=["attribute.start_time"]
    )
    return list(found)
