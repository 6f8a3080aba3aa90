from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from commands import Outcome
from tiktok_segments.benchmarks import known_k, sweep


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
    monkeypatch.setattr(known_k, "_known_sets", lambda *_: list(KNOWN)[:1])
    KNOWN = [(known, 0) for known in known_k.classic_sets()]
    outcome = command("scripts/benchmark.py", "selection", "seeds=3", f"output={root / 'out'}")
    assert outcome.status == 0, outcome.err
    table = pd.read_csv(root / "out" / "selection.csv")
    assert known_k.OWN_RULE in table["rule"].to_list()
    assert (root / "out" / "selection.png").stat().st_size > 10_000
    assert known_k.OWN_RULE in outcome.out


def test_the_sweep_benchmark_checks_the_models_and_writes_ratios(
    command: Callable[..., Outcome], root: Path
) -> None:
    variants = ["project_without_figures", "tutorial", "autolog"]
    outcome = command(
        "scripts/benchmark.py", "sweep", "configurations=1", "rounds=1",
        f"variants=[{','.join(variants)}]", f"output={root / 'out'}",
    )  # fmt: skip
    assert outcome.status == 0, outcome.err
    table = pd.read_csv(root / "out" / "sweep.csv").set_index("variant")
    assert table.index.to_list() == ["bare", *variants]
    assert table["models"].to_list() == [0, 1, 1, 1]
    assert table.loc["bare", "ratio"] == 1
    assert (table["ratio"].iloc[1:] > 1).all()
    assert (root / "out" / "sweep.png").stat().st_size > 5_000


def test_a_model_of_other_clusters_than_the_bare_loops_is_told() -> None:
    with pytest.raises(RuntimeError, match="project: a model's clusters differ"):
        sweep._agree(0.99, "project")


def test_an_unknown_variant_names_those_there_are(command: Callable[..., Outcome]) -> None:
    outcome = command("scripts/benchmark.py", "sweep", "variants=[fast]")
    assert outcome.status == 1
    assert "bare, project, project_without_figures, tutorial, autolog" in outcome.err


def test_an_unknown_benchmark_names_those_there_are(command: Callable[..., Outcome]) -> None:
    for arguments in ([], ["speed"]):
        outcome = command("scripts/benchmark.py", *arguments)
        assert outcome.status == 1
        assert "benchmark.py has: ingest, assign" in outcome.err
