"""Benchmark of assigning: a large Parquet file in a stream, beside pyarrow copying it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet
from sklearn.preprocessing import StandardScaler

from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.benchmarks.peak_memory import run_measured
from tiktok_segments.clustering.pipeline import build_pipeline, fit_pipeline, naming_pipeline
from tiktok_segments.registry.baseline import measure_baseline
from tiktok_segments.segments.identity import new_identities
from tiktok_segments.tracking.named_model import NamedModel

COLUMNS = {
    "followers": "log_count",
    "following": "log_count",
    "videos": "log_count",
    "engagement_rate": "log_rate",
}
_GROUP = 1_000_000
"""Rows of the file that are made at a time; its groups of rows are as large."""


@dataclass(frozen=True)
class AssignBenchmark:
    """What was measured.

    Attributes
    ----------
    rows, bytes : int
        Size of the file.
    seconds, copy_seconds : float
        Median of assigning it, and of pyarrow reading and writing it.
    ratios : tuple of float
        One divided by the other, in every round.
    peak_mib, copy_peak_mib : float
        Largest resident memory over all rounds, imports included.
    """

    rows: int
    bytes: int
    seconds: float
    copy_seconds: float
    ratios: tuple[float, ...]
    peak_mib: float
    copy_peak_mib: float

    @property
    def ratio(self) -> float:
        """Median of the ratios; the bound is 2.5."""
        return median(self.ratios)


def benchmark_assign(
    rows: int = 10_000_000,
    *,
    rounds: int = 3,
    seed: int = 42,
    progress: Callable[[str], None] | None = None,
) -> AssignBenchmark:
    """Measure assigning accounts from Parquet to Parquet.

    Each measurement is a process of its own, of which the imports do not count as time. Both take
    turns, first one then the other going first, so that a busy machine slows both. The copy
    writes the nine columns that it reads, batch by batch; assigning writes five more.

    Parameters
    ----------
    rows : int
        Accounts of the synthetic file.
    rounds : int
        How often each is measured, after one round that is not counted.
    seed : int
        Of the synthetic file.
    progress : callable, optional
        Called with one short text per step.

    Returns
    -------
    AssignBenchmark
        Times, their ratios and peak memory.
    """
    tell = progress or (lambda step: None)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "accounts.parquet"
        tell(f"writing {rows:,} synthetic accounts")
        write_accounts(path, rows, seed)
        codes = [
            code.format(path=str(path), output=str(Path(folder) / f"{name}.parquet"))
            for name, code in (("assigned", _ASSIGN), ("copied", _COPY))
        ]
        measured: list[list[tuple[float, float]]] = [[], []]
        for turn in range(rounds + 1):
            tell(f"round {turn} of {rounds}")
            for place in (0, 1) if turn % 2 else (1, 0):
                printed, peak = run_measured(codes[place])
                measured[place].append((float(printed[-1]), peak))
        ours, theirs = (counted[1:] for counted in measured)
        return AssignBenchmark(
            rows=rows,
            bytes=path.stat().st_size,
            seconds=median(seconds for seconds, _ in ours),
            copy_seconds=median(seconds for seconds, _ in theirs),
            ratios=tuple(a / b for (a, _), (b, _) in zip(ours, theirs, strict=True)),
            peak_mib=max(peak for _, peak in ours),
            copy_peak_mib=max(peak for _, peak in theirs),
        )


def write_accounts(path: Path, rows: int, seed: int) -> None:
    """Write synthetic accounts as Parquet: nine canonical columns, every value valid.

    Parameters
    ----------
    path : Path
        The file.
    rows : int
        How many accounts.
    seed : int
        Same seed, same accounts.
    """
    rng = np.random.default_rng(seed)
    writer = None
    for start in range(0, rows, _GROUP):
        table = _some_accounts(rng, start, min(rows, start + _GROUP))
        writer = writer or pa.parquet.ParquetWriter(path, table.schema)
        writer.write_table(table)
    if writer is not None:
        writer.close()


def _some_accounts(rng: np.random.Generator, start: int, stop: int) -> pa.Table:
    n = stop - start
    followers = np.floor(rng.lognormal(9, 2.2, n)).astype(np.int64) + 1
    numbers = pa.array(np.arange(start, stop)).cast(pa.string())
    regions = pa.DictionaryArray.from_arrays(
        pa.array(rng.integers(0, 5, n).astype(np.int32)), ["US", "NA", "BR", "DE", "ID"]
    )
    return pa.table(
        {
            "account_id": pc.binary_join_element_wise("creator", numbers, "_"),
            "followers": followers,
            "following": np.floor(rng.lognormal(6, 1.2, n)).astype(np.int64),
            "likes": np.floor(followers * rng.lognormal(2.5, 1, n)).astype(np.int64),
            "videos": np.floor(rng.lognormal(4.5, 1.2, n)).astype(np.int64) + 1,
            "engagement_rate": rng.beta(1, 12, n),
            "is_verified": rng.random(n) < 0.02,
            "nickname": pc.binary_join_element_wise("Creator", numbers, " "),
            "region": regions.cast(pa.string()),
        }
    )


def make_model() -> NamedModel:
    """Make a model of five segments from the built-in sample, without a store."""
    frame, _ = make_profiles(1000, seed=0)
    clusters = build_pipeline(COLUMNS, StandardScaler(), k=5, n_init=1, seed=0)
    X, labels = fit_pipeline(clusters, frame)
    names = [f"Segment {number}" for number in range(5)]
    return NamedModel(
        address="models:/benchmark",
        run_id="benchmark",
        pipeline=naming_pipeline(clusters, names),
        segments=tuple(new_identities("benchmark", names)),
        baseline=measure_baseline(frame, X, labels, list(COLUMNS), 5),
        facts={},
    )


_ASSIGN = """
import time
from pathlib import Path
import yaml
from tiktok_segments.benchmarks.assign import make_model
from tiktok_segments.monitoring.assign_export import assign_export
from tiktok_segments.defaults import default_file
data = yaml.safe_load(default_file("data/sample.yaml").read_text()) | dict(path={path!r})
clean = yaml.safe_load(default_file("clean/all.yaml").read_text())
model = make_model()
start = time.perf_counter()
assign_export(model, "1", data, clean, Path({output!r}), small=0)
print(time.perf_counter() - start)
"""
_COPY = """
import time
import pyarrow.parquet
from tiktok_segments.accounts.opening import BATCH_ROWS
start = time.perf_counter()
with pyarrow.parquet.ParquetFile({path!r}) as file:
    with pyarrow.parquet.ParquetWriter({output!r}, file.schema_arrow) as writer:
        for batch in file.iter_batches(BATCH_ROWS):
            writer.write_batch(batch)
print(time.perf_counter() - start)
"""
