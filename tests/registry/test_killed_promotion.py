"""Promotion, renaming and assignment killed at any moment: the next command finds all in order."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from commands import PROJECT, Outcome
from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.tracking import connection, history

KILLS = int(os.environ.get("KILLS", "3"))
"""Of each command: 20 in a run of half an hour's patience."""


def test_what_is_killed_leaves_no_run_running_and_the_champion_whole(
    command: Callable[..., Outcome], champion_root: Path
) -> None:
    assert command("train.py", "-m", "k=5", "data.n_profiles=300", "seed=1").status == 0
    connection.connect()
    challenger = history.best_run_id()
    export = champion_root / "new.csv"
    make_profiles(60, seed=3)[0].to_csv(export, index=False)
    commands = {
        "promote": ["scripts/promote_model.py", f"run={challenger}"],
        "rename": ["scripts/models.py", "rename=Celebrity Accounts", "to=Stars"],
        "assign": ["scripts/assign_segments.py", f"data.path={export}", "output=assigned.csv"],
    }
    # MLflow says there which store this process uses; each copy of the project has its own.
    environment = {name: text for name, text in os.environ.items() if name != "MLFLOW_TRACKING_URI"}
    base = Path(shutil.copytree(champion_root, champion_root / "projects" / "base"))
    done = subprocess.run(
        [sys.executable, PROJECT / "tests/killed_commands.py", base, str(KILLS),
         json.dumps(commands)],
        cwd=champion_root, capture_output=True, text=True, check=False,
        env=environment | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    outcomes = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(outcomes) == KILLS * len(commands)
    assert sum(outcome["killed"] for outcome in outcomes) >= len(outcomes) // 2
    for outcome in outcomes:
        assert not outcome["error"], outcome
