from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from commands import Outcome
from tiktok_segments import recovery


def test_the_ingest_benchmark_prints_both_times_and_their_ratio(
    command: Callable[..., Outcome],
) -> None:
    outcome = command("scripts/benchmark.py", "ingest", "rows=2000", "rounds=1")
    assert outcome.status == 0, outcome.err
    assert outcome.out.startswith("2,000 rows")
    assert "ratio" in outcome.out


def test_the_selection_benchmark_writes_its_table_and_its_figure(
    command: Callable[..., Outcome], root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The classic sets alone: the planted ones take minutes.
    monkeypatch.setattr(recovery, "_known_sets", lambda *_: list(KNOWN)[:1])
    KNOWN = [(known, 0) for known in recovery.classic_sets()]
    outcome = command("scripts/benchmark.py", "selection", "seeds=3", f"output={root / 'out'}")
    assert outcome.status == 0, outcome.err
    table = pd.read_csv(root / "out" / "selection.csv")
    assert recovery.OWN_RULE in table["rule"].to_list()
    assert (root / "out" / "selection.png").stat().st_size > 10_000
    assert recovery.OWN_RULE in outcome.out


def test_an_unknown_benchmark_names_those_there_are(command: Callable[..., Outcome]) -> None:
    for arguments in ([], ["speed"]):
        outcome = command("scripts/benchmark.py", *arguments)
        assert outcome.status == 1
        assert "benchmark.py ingest" in outcome.err
