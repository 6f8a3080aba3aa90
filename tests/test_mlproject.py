import os
import subprocess
import sys
from pathlib import Path

import mlflow
import pytest
from mlflow import MlflowClient

from commands import PROJECT
from tiktok_segments import tracking


def mlflow_run(root: Path, entry_point: str, **parameters: str) -> None:
    """Start an entry point as a user does who stands in the project's folder."""
    arguments = [word for item in parameters.items() for word in ("-P", "=".join(item))]
    program = Path(sys.executable).parent
    done = subprocess.run(
        [program / "mlflow", "run", str(PROJECT), "--env-manager", "local", "-e", entry_point,
         *arguments],
        cwd=root,
        env=os.environ
        | {
            "PATH": f"{program}{os.pathsep}{os.environ['PATH']}",
            "MLFLOW_TRACKING_URI": f"sqlite:///{root / 'mlflow.db'}",
        },
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_entry_points_lead_from_a_sweep_to_a_champion(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mlflow_run(root, "main", k="2,3")
    mlflow_run(root, "profile", output=str(root / "found"))
    mlflow_run(root, "promote")
    mlflow_run(root, "train", k="4", seed="7")
    tracking.connect()
    runs = MlflowClient().search_runs([tracking.experiment_id()])
    kinds = [run.data.tags["segmentation.kind"] for run in runs]
    assert (kinds.count("sweep"), kinds.count("train")) == (1, 3)
    assert {run.info.status for run in runs} == {"FINISHED"}
    assert runs[0].data.params["seed"] == "7"
    assert (root / "found" / "report.html").is_file()
    champion = mlflow.pyfunc.load_model("models:/tiktok-influencer-segments@champion")
    assert champion.metadata.metadata["segments"]
