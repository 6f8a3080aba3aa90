"""One Spark, on two threads, for all tests of this room that are in the group ``spark``."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lake import JAVA_OPTIONS
from tiktok_segments.accounts import dataset, row_sample
from tiktok_segments.accounts.lake.session import open_session
from tiktok_segments.accounts.lake.settings import SparkSettings


@pytest.fixture(scope="package")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TIKTOK_SEGMENTS_ROOT", str(tmp_path_factory.mktemp("spark")))
        config = (
            ("spark.sql.shuffle.partitions", "2"),
            ("spark.sql.codegen.wholeStage", "false"),  # what costs most of a small job's time
            ("spark.driver.extraJavaOptions", JAVA_OPTIONS),
            ("spark.sql.warehouse.dir", str(tmp_path_factory.mktemp("warehouse"))),
        )
        session = open_session(SparkSettings("local[2]", config=config))
    yield session
    dataset._loaded.clear()
    session.stop()


@pytest.fixture
def small_sample(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Have samples of 300 accounts, of exports that no test before has loaded."""
    monkeypatch.setenv("TIKTOK_SEGMENTS_ROOT", str(tmp_path / "root"))
    monkeypatch.setattr(row_sample, "FIT_ROWS", 300)
    dataset._loaded.clear()
