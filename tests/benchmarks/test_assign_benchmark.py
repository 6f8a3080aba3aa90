from collections.abc import Callable

from commands import Outcome
from tiktok_segments.benchmarks.assign import AssignBenchmark, benchmark_assign


def test_the_assign_benchmark_prints_both_times_and_their_ratio(
    command: Callable[..., Outcome],
) -> None:
    outcome = command("scripts/benchmark.py", "assign", "rows=2000", "rounds=1")
    assert outcome.status == 0, outcome.err
    assert outcome.out.startswith("2,000 synthetic accounts")
    assert "ratio" in outcome.out


def test_every_round_gives_a_ratio_of_times_and_the_largest_memory() -> None:
    found = benchmark_assign(5000, rounds=2)
    assert len(found.ratios) == 2
    assert 0 < found.copy_seconds < found.seconds
    assert 50 < found.copy_peak_mib < found.peak_mib < 1000


def test_the_ratio_is_the_median_of_the_rounds() -> None:
    assert AssignBenchmark(1, 1, 2.0, 1.0, (1.0, 9.0, 2.0), 1.0, 1.0).ratio == 2.0
