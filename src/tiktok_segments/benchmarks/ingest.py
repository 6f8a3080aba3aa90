"""Benchmark of reading: a file read and cleaned, beside pandas parsing it as text."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd

from tiktok_segments.accounts.cleaning import clean_profiles
from tiktok_segments.accounts.reading import read_export
from tiktok_segments.benchmarks.peak_memory import run_measured


@dataclass(frozen=True)
class IngestBenchmark:
    """What was measured.

    Parameters
    ----------
    rows, bytes : int
        Size of the file.
    seconds : float
        Median of reading and cleaning.
    pandas_seconds : float
        Median of ``pandas.read_csv(dtype=str, keep_default_na=False)``.
    ratio : float
        Median over the rounds of one divided by the other; the bound is 3.
    ratios : tuple of float
        Every round's ratio.
    peak_mib, pandas_peak_mib : float
        Largest resident memory of a process that does only that, imports included.
    """

    rows: int
    bytes: int
    seconds: float
    pandas_seconds: float
    ratio: float
    ratios: tuple[float, ...]
    peak_mib: float
    pandas_peak_mib: float


def benchmark_ingest(
    rows: int = 1_000_000,
    *,
    rounds: int = 5,
    seed: int = 42,
    progress: Callable[[str], None] | None = None,
) -> IngestBenchmark:
    """Measure reading and cleaning of a CSV with suffixed numbers.

    The two take turns, first one then the other going first, so that a busy machine slows both.

    Parameters
    ----------
    rows : int
        Rows of the synthetic file; one in a thousand is bad.
    rounds : int
        How often each is measured, after one round that is not counted.
    seed : int
        Of the synthetic file.
    progress : callable, optional
        Called with one short text per step.

    Returns
    -------
    IngestBenchmark
        Times, their ratio and peak memory.
    """
    tell = progress or (lambda step: None)

    def ours() -> None:
        clean_profiles(read_export(path))

    def theirs() -> None:
        pd.read_csv(path, dtype=str, keep_default_na=False)

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "profiles.csv"
        tell(f"writing {rows:,} synthetic rows")
        synthetic_export(rows, seed).to_csv(path, index=False)
        times: list[tuple[float, float]] = []
        for turn in range(rounds + 1):
            tell(f"round {turn} of {rounds}")
            if turn % 2:
                first, second = _seconds(ours), _seconds(theirs)
            else:
                second, first = _seconds(theirs), _seconds(ours)
            times.append((first, second))
        counted = times[1:]
        ratios = tuple(one / other for one, other in counted)
        tell("peak memory")
        return IngestBenchmark(
            rows,
            path.stat().st_size,
            median(one for one, _ in counted),
            median(other for _, other in counted),
            median(ratios),
            ratios,
            run_measured(_OURS.format(path=str(path)))[1],
            run_measured(_THEIRS.format(path=str(path)))[1],
        )


def synthetic_export(rows: int, seed: int) -> pd.DataFrame:
    """Make a table as influencer tools export it: counts with suffixes, rates as percentages.

    Parameters
    ----------
    rows : int
        How many accounts.
    seed : int
        Same seed, same table.

    Returns
    -------
    DataFrame
        All texts.
    """
    rng = np.random.default_rng(seed)
    followers = rng.lognormal(9, 2.2, rows)
    frame = pd.DataFrame({"Username": "creator_" + pd.Series(np.arange(rows)).astype(str)})
    frame["Followers"] = _suffixed(followers)
    frame["Following"] = _suffixed(rng.lognormal(6, 1.2, rows))
    frame["Likes"] = _suffixed(followers * rng.lognormal(2.5, 1, rows))
    frame["Videos"] = _suffixed(rng.lognormal(4.5, 1.2, rows))
    frame["Engagement Rate"] = pd.Series((100 * rng.beta(1, 12, rows)).round(2)).astype(str) + "%"
    frame["Verified"] = np.where(rng.random(rows) < 0.02, "yes", "no")
    frame["Region"] = rng.choice(["US", "NA", "BR", "DE", "ID"], rows)
    frame.loc[::1000, "Followers"] = "unknown"
    return frame


def _suffixed(values: np.ndarray) -> pd.Series:
    numbers = pd.Series(values)
    text = numbers.round().astype("int64").astype(str)
    for size, suffix in ((1e3, "K"), (1e6, "M"), (1e9, "B")):
        text = text.where(numbers < size, (numbers / size).round(1).astype(str) + suffix)
    return text


def _seconds(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


_OURS = """
from tiktok_segments.accounts.reading import read_export
from tiktok_segments.accounts.cleaning import clean_profiles
clean_profiles(read_export({path!r}))
"""
_THEIRS = """
import pandas
pandas.read_csv({path!r}, dtype=str, keep_default_na=False)
"""
