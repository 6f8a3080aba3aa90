"""The benchmark of training on many accounts, on few."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from commands import Outcome
from tiktok_segments.benchmarks import scale, scale_accounts
from tiktok_segments.benchmarks.peak_memory import EVERY, run_measured
from tiktok_segments.benchmarks.scale_variants import END, START


def test_training_is_measured_beside_scripts_that_reach_the_same_inertia(
    command: Callable[..., Outcome], tmp_path: Path
) -> None:
    outcome = command(
        "scripts/benchmark.py", "scale", "rows=3000", "rounds=1", f"output={tmp_path}",
        "variants=[project,plain,minibatch]",
    )  # fmt: skip
    assert outcome.status == 0, outcome.err
    table = pd.read_csv(tmp_path / "scale.csv").set_index("variant")
    assert table.loc["project", "inertia"] == pytest.approx(table.loc["plain", "inertia"], rel=1e-9)
    assert (table[["seconds", "cpu_seconds", "peak_mib"]] > 0).all(axis=None)
    assert (tmp_path / "scale.png").is_file()


def test_accounts_of_an_unknown_kind_are_told_before_anything_is_measured(
    command: Callable[..., Outcome],
) -> None:
    outcome = command("scripts/benchmark.py", "scale", "accounts=clouds")
    assert outcome.status == 1
    assert "accounts is clouds; give planted or continuum." in outcome.err


@pytest.mark.parametrize("kind", ["planted", "continuum"])
def test_profiles_are_written_part_by_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(scale_accounts, "GROUP", 100)
    scale_accounts.write_profiles(tmp_path / "accounts.parquet", 250, 1, kind)
    frame = pd.read_parquet(tmp_path / "accounts.parquet")
    assert len(frame) == frame["account_id"].nunique() == 250
    assert frame["followers"].nunique() > 200


def test_memory_and_processor_time_of_a_process_that_another_starts_count() -> None:
    work = "sum(range(6_000_000)); held = bytearray(300 << 20); held[::4096] = b'x' * 76800"
    code = f"""
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "{work}; print('held', flush=True); input()"],
                         stdin=subprocess.PIPE, stdout=subprocess.PIPE)
child.stdout.readline()
import select
select.select([], [], [], {3 * EVERY})
inertia = lambda: 1.0
"""
    printed, peak = run_measured(f"{START}{code}{END}child.communicate(b'done')\n")
    assert 300 < peak < 600
    assert json.loads(printed[-1])["cpu_seconds"] > 0.1


def test_what_is_measured_has_the_variables_that_were_given() -> None:
    given = os.environ | {"OMP_NUM_THREADS": "7"}
    code = "import os; print(os.environ['OMP_NUM_THREADS'])"
    assert run_measured(code, given)[0] == ["7"]
    assert run_measured(code)[0] == [os.environ["OMP_NUM_THREADS"]]


def test_spark_is_measured_where_it_and_its_java_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scale, "which", lambda name: None)
    assert not {"spark", "mllib"} & {*scale.available()}
