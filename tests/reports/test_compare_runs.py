import json
from collections.abc import Callable
from pathlib import Path

import mlflow
import pandas as pd
import pytest
from mlflow import MlflowClient
from sklearn.metrics import adjusted_rand_score

from commands import Outcome
from published import PROFILES, needs_published
from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.tracking import connection


def runs_of(kind: str) -> list[str]:
    """Return the ids of the runs of a kind, the oldest first."""
    found = MlflowClient().search_runs(
        [connection.experiment_id()],
        filter_string=f"tags.`segmentation.kind` = '{kind}'",
        order_by=["attributes.start_time ASC"],
    )
    return [run.info.run_id for run in found]


def test_four_segments_are_compared_with_five_on_the_same_accounts(
    command: Callable[..., Outcome], root: Path
) -> None:
    command("train.py", "-m", "figures=off", "k=4,5", "structure=off")
    four, five = runs_of("train")
    (sweep,) = runs_of("sweep")
    refused = command("scripts/compare_runs.py", f"first={sweep}", f"second={five}")
    assert refused.status == 1
    assert f"Run {sweep} is a sweep. Its best run is " in refused.err
    outcome = command("scripts/compare_runs.py", f"first={four}", f"second={five}")
    assert outcome.status == 0, outcome.err
    profiles = make_profiles(1000, seed=0)[0]
    labels = [
        mlflow.sklearn.load_model(f"runs:/{run_id}/model").predict(profiles)
        for run_id in (four, five)
    ]
    table = pd.read_csv(root / "outputs/compare/crossing.csv").set_index("segment")
    assert table.to_numpy().tolist() == pd.crosstab(*labels).to_numpy().tolist()
    (run_id,) = runs_of("compare")
    run = MlflowClient().get_run(run_id)
    assert run.info.status == "FINISHED"
    assert run.data.metrics["ari"] == pytest.approx(adjusted_rand_score(*labels))
    assert run.data.params["rows"] == "1000"
    assert f"{run.data.metrics['ari']:.3f}" in outcome.out
    document = json.loads(mlflow.artifacts.load_text(f"runs:/{run_id}/comparison.json"))
    assert "splits into" in document["sentences"][0]
    assert document["sentences"][0][:40] in outcome.out
    logged = {file.path for file in MlflowClient().list_artifacts(run_id, "figures")}
    assert logged == {"figures/crossing.png", "figures/flows.png"}
    assert (root / "outputs/compare/flows.png").read_bytes().startswith(b"\x89PNG")


def test_versions_are_compared_on_a_file_of_the_users_choice(
    command: Callable[..., Outcome], champion_root: Path
) -> None:
    file = champion_root / "my accounts.csv"
    make_profiles(200, seed=3)[0].to_csv(file, index=False)
    outcome = command(
        "scripts/compare_runs.py",
        "first=1",
        "second=models:/tiktok-influencer-segments@champion",
        f"data.path={file}",
    )
    assert outcome.status == 0, outcome.err
    assert "200 accounts" in outcome.out
    assert outcome.out.count("stays: 100 % of its accounts are there") == 5


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["first=1"], "Which two?"),
        (["first=1", "second=7"], "has no version 7; there is: 1."),
        (["first=1", "second=maya"], "maya is not a model; give"),
        (
            ["first=1", "second=models:/tiktok-influencer-segments@best"],
            "no version has the alias best",
        ),
        (["first=1", f"second={'0' * 32}"], "There is no run"),
        (["first=1", "second=1", "data.path=none.csv"], "none.csv"),
    ],
)
def test_what_cannot_be_compared_is_said_in_plain_words(
    command: Callable[..., Outcome], champion_root: Path, arguments: list[str], said: str
) -> None:
    outcome = command("scripts/compare_runs.py", *arguments)
    assert outcome.status == 1
    assert said in outcome.err
    assert len(outcome.err.strip().splitlines()) <= 3


@needs_published
def test_the_published_accounts_segments_split_from_four_to_five(
    command: Callable[..., Outcome], root: Path
) -> None:
    command("train.py", "-m", "figures=off", "k=4,5", "structure=off", f"data.path={PROFILES}")
    four, five = runs_of("train")
    outcome = command("scripts/compare_runs.py", f"first={four}", f"second={five}")
    assert outcome.status == 0, outcome.err
    assert "splits into" in outcome.out
    table = pd.read_csv(root / "outputs/compare/crossing.csv").set_index("segment")
    assert table.shape == (4, 5)
    assert table.to_numpy().sum() == 1000
