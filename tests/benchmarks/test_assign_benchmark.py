import re
from collections.abc import Callable

from commands import Outcome
from tiktok_segments.benchmarks.assign import AssignBenchmark


def test_the_assign_benchmark_prints_both_times_their_ratios_and_memory(
    command: Callable[..., Outcome],
) -> None:
    outcome = command("scripts/benchmark.py", "assign", "rows=2000", "rounds=1")
    assert outcome.status == 0, outcome.err
    assert outcome.out.startswith("2,000 synthetic accounts")
    seconds = [float(found) for found in re.findall(r"([\d.]+) s ", outcome.out)]
    mebibytes = [int(found.replace(",", "")) for found in re.findall(r"([\d,]+) MiB", outcome.out)]
    assert seconds[0] > seconds[1] > 0
    assert mebibytes[1] > 50 and mebibytes[0] < 1000
    ratio = re.search(r"ratio +([\d.]+) ", outcome.out)
    assert ratio is not None and float(ratio.group(1)) > 1


def test_the_ratio_is_the_median_of_the_rounds() -> None:
    assert AssignBenchmark(1, 1, 2.0, 1.0, (1.0, 9.0, 2.0), 1.0, 1.0).ratio == 2.0
