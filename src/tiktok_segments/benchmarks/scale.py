"""Benchmark of training on many accounts: this project beside scripts that fit and print."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from shutil import which

import pandas as pd

from tiktok_segments.benchmarks.peak_memory import run_measured
from tiktok_segments.benchmarks.scale_accounts import write_profiles
from tiktok_segments.benchmarks.scale_variants import END, START, STORE, VARIANTS


def available() -> list[str]:
    """Return the ways that can be measured here: those whose packages are installed, and Java."""
    needed = {"scikit_learn_intelex": "sklearnex", "faiss": "faiss"}
    needed |= {"spark": "pyspark", "mllib": "pyspark"}
    found = [name for name in VARIANTS if name not in needed or find_spec(needed[name])]
    return [name for name in found if needed.get(name) != "pyspark" or which("java")]


def benchmark_scale(
    variants: Sequence[str],
    rows: int,
    *,
    kind: str = "planted",
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
    kind : str
        What they are like, one of :data:`~tiktok_segments.benchmarks.scale_accounts.KINDS`.
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
        write_profiles(path, rows, seed, kind)
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
