"""Killed, on a full and on a broken disk, at any write: the next command finds all in order."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from commands import PROJECT, Outcome
from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.tracking import connection, history

POINTS = int(os.environ.get("FAULTS", "1"))
"""Writes of each command that meet each fault: 20 in a run of an hour's patience."""


def test_at_whichever_write_a_command_fails_the_project_is_as_before_or_as_after(
    command: Callable[..., Outcome], champion_root: Path
) -> None:
    if shutil.which("cc") is None:
        pytest.skip("there is no C compiler to build the faults with")
    assert (
        command("train.py", "-m", "figures=off", "k=5", "data.n_profiles=300", "seed=1").status == 0
    )
    assert command("scripts/store.py", "backup", f"output={champion_root}/copy").status == 0
    connection.connect()
    challenger = history.best_run_id()
    export = champion_root / "new.csv"
    make_profiles(60, seed=3)[0].to_csv(export, index=False)
    kept = champion_root / "outputs" / "new.csv"
    assigned = command("scripts/assign_segments.py", f"data.path={export}", f"output={kept}")
    assert assigned.status == 0, assigned.err
    assert "synthetic_07" in kept.read_text()
    commands = {
        "sweep": ["train.py", "-m", "k=2,3", "data.n_profiles=60", "structure=off", "resume=true"],
        "stream": ["train.py", "k=3", f"data.path={export}", "engine=stream", "structure=off"],
        "promote": ["scripts/promote_model.py", f"run={challenger}"],
        "rename": ["scripts/models.py", "rename=Celebrity Accounts", "to=Stars"],
        "assign": ["scripts/assign_segments.py", f"data.path={export}", "output=assigned.csv"],
        "backup": ["scripts/store.py", "backup"],
        "restore": ["scripts/store.py", "restore", "backup={root}/copy"],
        "forget": ["scripts/privacy.py", "forget", "account=synthetic_07"],
        "prune": ["scripts/store.py", "prune", "older_than=0", "dry_run=false"],
    }
    # MLflow says there which store this process uses; each copy of the project has its own.
    environment = {name: text for name, text in os.environ.items() if name != "MLFLOW_TRACKING_URI"}
    base = Path(shutil.copytree(champion_root, champion_root / "projects" / "base"))
    faults = champion_root / "faults.so"
    source = PROJECT / "tests/faults/write_faults.c"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", faults, source, "-ldl"], check=True)
    done = subprocess.run(
        [sys.executable, PROJECT / "tests/faults/faulty_commands.py", base, str(POINTS),
         json.dumps(commands)],
        cwd=champion_root, capture_output=True, text=True, check=False,
        env=environment | {"PYTHONPATH": os.pathsep.join(sys.path), "LD_PRELOAD": str(faults)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    outcomes = [json.loads(line) for line in done.stdout.splitlines()]
    assert {outcome["command"] for outcome in outcomes} == set(commands)
    wrong = [
        json.dumps(outcome, indent=1)
        for outcome in outcomes
        if outcome["faults"]
        or "Traceback" in outcome["said"]
        or (outcome["status"] == -9) != (outcome["fault"] == "killed")
    ]
    assert not wrong, "\n".join(wrong).replace("\\n", "\n")
