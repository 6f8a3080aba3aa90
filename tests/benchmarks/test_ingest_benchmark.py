from __future__ import annotations

from tiktok_segments.accounts.cleaning import clean_profiles
from tiktok_segments.accounts.reading import read_export
from tiktok_segments.benchmarks.ingest import benchmark_ingest, synthetic_export


def test_the_synthetic_export_is_readable_but_for_its_planted_bad_rows(tmp_path, aliases) -> None:
    path = tmp_path / "a.csv"
    table = synthetic_export(3000, seed=1)
    table.to_csv(path, index=False)
    cleaned = clean_profiles(read_export(path, aliases=aliases))
    assert cleaned.rejected[["line", "rule"]].values.tolist() == [
        [2, "unreadable followers"],
        [1002, "unreadable followers"],
        [2002, "unreadable followers"],
    ]
    assert cleaned.frame.engagement_rate.between(0, 1).all()
    assert synthetic_export(3000, seed=1).equals(table)


def test_the_benchmark_reports_times_ratio_and_memory() -> None:
    steps: list[str] = []
    measured = benchmark_ingest(2000, rounds=2, progress=steps.append)
    assert measured.rows == 2000
    assert len(measured.ratios) == 2
    assert min(measured.ratios) <= measured.ratio <= max(measured.ratios)
    assert 50 < measured.pandas_peak_mib < 1000
    assert 50 < measured.peak_mib < 1000
    assert steps[-1] == "peak memory"
