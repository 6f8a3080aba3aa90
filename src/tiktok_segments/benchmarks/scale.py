"""Benchmark of training on many accounts: this project beside scripts that fit and print."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from shutil import which

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.benchmarks.peak_memory import run_measured
from tiktok_segments.benchmarks.scale_variants import END, START, STORE, VARIANTS

GROUP = 1_000_000
"""Accounts that are made at a time."""


def available() -> list[str]:
    """Return the ways that can be measured here: those whose packages are installed, and Java."""
    needed = {"scikit_learn_intelex": "sklearnex", "faiss": "faiss"}
    needed |= {"spark": "pyspark", "mllib": "pyspark"}
    found = [name for name in VARIANTS if name not in needed or find_spec(needed[name])]
    return [name for name in found if needed.get(name) != "pyspark" or which("java")]


def write_profiles(path: Path, rows: int, seed: int) -> None:
    """Write profiles of the sample's generator as Parquet, a part at a time.

    Parameters
    ----------
    path : Path
        The file: account_id and the eight columns of numbers and flags.
    rows : int
        How many accounts; those of the last part are 13 at least.
    seed : int
        Same seed, same accounts.
    """
    writer = None
    for part, start in enumerate(range(0, rows, GROUP)):
        profiles, _ = make_profiles(min(GROUP, rows - start), seed + part)
        numbers = profiles.drop(columns=["account_id", "nickname", "biography"])
        table = pa.Table.from_pandas(numbers, preserve_index=False)
        ids = pa.array(np.arange(start, start + len(profiles))).cast(pa.string())
        ids = pc.binary_join_element_wise("creator", ids, "_")
        table = table.add_column(0, "account_id", ids)
        writer = writer or pa.parquet.ParquetWriter(path, table.schema)
        writer.write_table(table)
    if writer is not None:
        writer.close()


def benchmark_scale(
    variants: Sequence[str],
    rows: int,
    *,
    k: int = 5,
    rounds: int = 3,
    seed: int = 42,
    environment: Mapping[str, str] | None = None,
    progress: Callable[[str], None] = lambda step: None,
) -> pd.DataFrame:
    """Measure training on a file of made-up accounts in several ways, one after the other.

    Each measurement is a process of its own, from its start on, with those that it starts: imports
    and a JVM count. All but this project fit and print only; it reads, checks, logs and keeps a
    model, too. The store is there before, as for every run but the first of a project.

    Parameters
    ----------
    variants : sequence of str
        Of :func:`available`.
    rows : int
        Accounts of the file.
    k : int
        Number of clusters.
    rounds : int
        How often, in turns.
    seed : int
        Of the accounts and of k-means.
    environment : mapping of str to str, optional
        Variables of every way's process, instead of those that this project set for this one: a
        plain script has as many threads as there are cores.
    progress : callable, optional
        Called with one short text per step.

    Returns
    -------
    DataFrame of shape (n_measurements, 7)
        ``variant``, ``round``, ``seconds``, ``cpu_seconds``, ``peak_mib``, ``inertia`` of all
        accounts, and ``over_best``, by how much of the best inertia it is larger.
    """
    measured = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "accounts.parquet"
        progress(f"writing {rows:,} synthetic accounts")
        write_profiles(path, rows, seed)
        progress("making an empty store")
        empty = Path(folder) / "empty.db"
        run_measured(STORE.format(f"sqlite:///{empty}"))
        for turn in range(rounds):
            for name in variants:
                progress(f"round {turn + 1} of {rounds}: {name}")
                root = Path(folder) / f"{name}.{turn}"
                root.mkdir()
                shutil.copy(empty, root / "mlflow.db")
                given = {"path": str(path), "k": k, "seed": seed, "root": str(root)}
                code = f"given = {given!r}\n{START}{VARIANTS[name]}{END}"
                printed, peak = run_measured(code, environment)
                found = json.loads(printed[-1])
                measured.append({"variant": name, "round": turn, "peak_mib": peak, **found})
    table = pd.DataFrame(measured)
    best = table["inertia"].min()
    return table.assign(over_best=table["inertia"] / best - 1)


def summarise_scale(measured: pd.DataFrame) -> pd.DataFrame:
    """Return the medians of each variant, in the order measured, with its peak memory.

    Examples
    --------
    >>> summarise_scale(pd.DataFrame({"variant": ["plain"] * 3, "round": [0, 1, 2],
    ...     "seconds": [1.0, 9.0, 2.0], "cpu_seconds": 1.0, "peak_mib": [1.0, 2.0, 3.0],
    ...     "inertia": 5.0, "over_best": 0.0}))[["seconds", "peak_mib"]].values.tolist()
    [[2.0, 3.0]]
    """
    rounds = measured.groupby("variant", sort=False)
    table = rounds[["seconds", "cpu_seconds", "over_best"]].median()
    return table.assign(peak_mib=rounds["peak_mib"].max()).reset_index()
