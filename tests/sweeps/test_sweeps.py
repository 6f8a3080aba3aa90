import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import mlflow
import numpy as np
import pandas as pd
import pytest
from mlflow import MlflowClient
from omegaconf import OmegaConf

from commands import Outcome
from published import PROFILES, needs_published
from tiktok_segments.accounts.cleaning import clean_profiles
from tiktok_segments.accounts.reading import read_export
from tiktok_segments.errors import InputError
from tiktok_segments.sweeps.jobs import job_overrides
from tiktok_segments.sweeps.results import leaderboard
from tiktok_segments.sweeps.space_names import named_spaces
from tiktok_segments.tracking import connection
from tiktok_segments.tracking.runs import RunRecord, record_run

ELSEWHERE = """
import sys
assert not any("tiktok" in path for path in sys.path), sys.path
try:
    import tiktok_segments
except ImportError:
    pass
else:
    raise SystemExit("the project can be imported here")
import mlflow, pandas
mlflow.set_tracking_uri(sys.argv[1])
rows = pandas.read_json(sys.argv[2])
for run_id in sys.argv[3:]:
    print(*mlflow.sklearn.load_model(f"runs:/{run_id}/model").predict(rows))
"""


def runs_of_kind(kind: str) -> list[mlflow.entities.Run]:
    return list(
        MlflowClient().search_runs(
            [connection.experiment_id()], filter_string=f"tags.`segmentation.kind` = '{kind}'"
        )
    )


def artifacts_of(run_id: str, folder: str) -> set[str]:
    return {Path(file.path).name for file in MlflowClient().list_artifacts(run_id, folder)}


@needs_published
def test_a_sweep_on_the_published_data_makes_six_whole_runs_under_one_parent(
    process: Callable[..., Outcome],
    root: Path,
    aliases: Any,
) -> None:
    outcome = process("train.py", "-m", "k=2,3,4,5,6,7", f"data.path={PROFILES}")
    assert outcome.status == 0, outcome.err
    connection.connect()
    (parent,) = runs_of_kind("sweep")
    children = runs_of_kind("train")
    assert len(children) == 6
    assert {run.data.tags["mlflow.parentRunId"] for run in children} == {parent.info.run_id}
    assert {run.info.status for run in [parent, *children]} == {"FINISHED"}
    assert sorted(run.data.params["k"] for run in children) == ["2", "3", "4", "5", "6", "7"]
    for run in children:
        assert run.data.metrics["silhouette"] > 0
        assert artifacts_of(run.info.run_id, "figures") == {
            "run.png", "stability.png",
        }  # fmt: skip

    profiles = clean_profiles(read_export(PROFILES, aliases=aliases)).frame
    profiles[["followers", "following", "videos", "engagement_rate"]].to_json(root / "rows.json")
    ids = [run.info.run_id for run in children]
    answer = subprocess.run(
        [sys.executable, "-I", "-c", NO_PROJECT + ELSEWHERE, mlflow.get_tracking_uri(),
         str(root / "rows.json"), *ids],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert answer.returncode == 0, answer.stderr
    for run_id, line in zip(ids, answer.stdout.splitlines(), strict=True):
        here = mlflow.sklearn.load_model(f"runs:/{run_id}/model").predict(profiles)
        np.testing.assert_array_equal(np.fromstring(line, dtype=int, sep=" "), here)


NO_PROJECT = """
import sys
# An editable install puts the sources on the path; this process is to do without them.
sys.meta_path = [finder for finder in sys.meta_path if "editable" not in repr(finder).lower()]
sys.path = [path for path in sys.path if not path.rstrip("/").endswith("/src")]
"""


def test_the_parent_holds_the_curves_the_figures_the_leaderboard_and_the_best_run(
    command: Callable[..., Outcome],
) -> None:
    outcome = command("train.py", "-m", "k=3,4,5,6", "data.n_profiles=300")
    assert outcome.status == 0, outcome.err
    (parent,) = runs_of_kind("sweep")
    children = {run.data.params["k"]: run for run in runs_of_kind("train")}
    history = MlflowClient().get_metric_history(parent.info.run_id, "inertia.core.standard")
    assert {point.step: point.value for point in history} == {
        int(k): run.data.metrics["inertia"] for k, run in children.items()
    }
    assert artifacts_of(parent.info.run_id, "figures") >= {"elbow.png", "silhouette.png"}
    board = pd.read_csv(
        mlflow.artifacts.download_artifacts(f"runs:/{parent.info.run_id}/leaderboard.csv")
    )
    assert len(board) == 4
    best = parent.data.tags["segmentation.best_run_id"]
    assert board.loc[board["best"], "run_id"].to_list() == [best]
    assert [
        run.info.run_id for run in children.values() if run.data.tags.get("segmentation.best")
    ] == [best]
    assert parent.data.tags["segmentation.reason"].replace("\n", " ")
    assert best in outcome.out
    assert parent.info.run_name == "k 3 to 6, core, standard, data.n_profiles 300"
    assert best in parent.data.tags["mlflow.note.content"]
    chosen = next(run for run in children.values() if run.info.run_id == best)
    assert chosen.info.run_name.endswith("(best)")
    assert parent.data.metrics["chosen_k"] == int(chosen.data.params["k"])
    assert parent.data.metrics["silhouette"] == chosen.data.metrics["silhouette"]
    assert all("Fit for:" in run.data.tags["mlflow.note.content"] for run in children.values())
    assert "scripts/profile_segments.py" in outcome.out


def test_a_failed_run_is_marked_told_and_the_others_are_kept(
    command: Callable[..., Outcome],
) -> None:
    outcome = command("train.py", "-m", "k=3,500,4", "data.n_profiles=100")
    assert outcome.status != 0
    assert "failed: k=500" in outcome.err
    (parent,) = runs_of_kind("sweep")
    assert parent.info.status == "FAILED"
    status = {run.data.params["k"]: run.info.status for run in runs_of_kind("train")}
    assert status == {"3": "FINISHED", "500": "FAILED", "4": "FINISHED"}
    board = pd.read_csv(
        mlflow.artifacts.download_artifacts(f"runs:/{parent.info.run_id}/leaderboard.csv")
    )
    assert "from 2 to 99" in board.set_index("k").loc[500, "error"]
    assert parent.data.tags["segmentation.best_run_id"]


def test_the_spaces_of_a_sweep_have_curves_of_their_own(command: Callable[..., Outcome]) -> None:
    command(
        "train.py", "-m", "k=2,3", "features=core,activity", "scaler=standard,robust",
        "data.n_profiles=100", "structure=off",
    )  # fmt: skip
    (parent,) = runs_of_kind("sweep")
    for space in ("core.standard", "core.robust", "activity.standard", "activity.robust"):
        history = MlflowClient().get_metric_history(parent.info.run_id, f"silhouette.{space}")
        assert [point.step for point in history] == [2, 3]


def test_the_number_of_jobs_is_the_product_of_what_is_swept() -> None:
    config = OmegaConf.create(
        {
            "hydra": {
                "sweeper": {"params": {"k": "range(2,11)", "scaler": "standard,robust"}},
                "overrides": {"task": ["features=core,activity", "k=2,3", "seed=1"]},
            }
        }
    )
    assert len(job_overrides(config)) == 2 * 2 * 2


def finished(**columns: object) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "status": "FINISHED", "features": "core", "scaler": "standard", "outliers": "keep",
            "smallest_share": 0.2, "error": "", "rows": "300", "population_id": "p",
            "space_id": "s", **columns,
        }
    )  # fmt: skip


def test_of_runs_with_one_k_the_curve_takes_the_lowest_inertia() -> None:
    runs = finished(run_id=["a", "b", "c"], k=["3", "2", "2"], inertia=[5.0, 9.0, 8.0])
    ((name, space),) = named_spaces(runs)
    assert name == "core.standard"
    assert space["inertia"].to_dict() == {2: 8.0, 3: 5.0}


def test_the_leaderboard_lists_failed_runs_last() -> None:
    runs = finished(run_id=["a", "b"], k=["99", "2"], silhouette=[np.nan, 0.3])
    runs.loc[0, "status"] = "FAILED"
    assert leaderboard(runs, None)["run_id"].to_list() == ["b", "a"]


def test_a_sweep_can_end_in_the_report_of_its_best_run(
    command: Callable[..., Outcome], root: Path
) -> None:
    outcome = command("train.py", "-m", "k=4,5", "data.n_profiles=300", "report=true")
    assert outcome.status == 0, outcome.err
    assert (root / "outputs" / "segments" / "report.html").is_file()
    assert "Mid-Tier Mainstream Influencers" in outcome.out


@pytest.mark.parametrize(("k", "summary"), [("3,4", "1 done, 1 failed"), ("4,5", "")])
def test_a_job_that_failed_before_it_had_a_run_is_counted(
    command: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch, k: str, summary: str
) -> None:
    def refuse(name: str, *rest: Any, **more: Any) -> AbstractContextManager[RunRecord]:
        if not name.endswith("k=3"):
            raise InputError("There is no room for it.")
        return record_run(name, *rest, **more)

    monkeypatch.setattr("tiktok_segments.training.run.record_run", refuse)
    outcome = command("train.py", "-m", f"k={k}", "data.n_profiles=120", "structure=off")
    assert outcome.status == 1
    assert summary in outcome.out
    assert "There is no room for it." in outcome.err.splitlines()[-1]
    assert "Error executing job" not in outcome.err
    assert "Traceback" not in outcome.err
