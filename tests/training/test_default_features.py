"""The feature set of runs and sweeps that were given none."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from mlflow import MlflowClient
from mlflow.entities import Run

from commands import Outcome
from logged_runs import runs_of_kind
from tiktok_segments.tracking import artifacts, history, run_names
from tiktok_segments.training.configuration import known_feature_sets

LINE = (
    "Features: size_likes, as the file has no engagement_rate; core needs followers, following, "
    "videos, engagement_rate."
)
QUICK = ("structure=off", "n_init=2", "figures=off")


@pytest.fixture
def scrape(root: Path) -> Path:
    """A scrape of the commonest kind: no rate, and one account that lacks what it does not need."""
    generator = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "username": [f"u{number}" for number in range(60)],
            "followers": (10 ** generator.uniform(3, 6, 60)).astype(int),
            "following": ["", *map(str, generator.integers(1, 2_000, 59))],
            "videos": generator.integers(5, 500, 60),
        }
    )
    frame["likes"] = (frame.followers * frame.videos * generator.uniform(0.01, 0.2, 60)).astype(int)
    path = root / "scrape.csv"
    frame.to_csv(path, index=False)
    return path


def logged_features(run: Run) -> object:
    return artifacts.load_config(run.info.run_id)["features"]


SIZE_LIKES = {"name": "size_likes", "columns": {"followers": "log_count", "like_rate": "log_rate"}}


def test_a_scrape_without_rates_runs_on_size_likes_and_says_so(
    command: Callable[..., Outcome], scrape: Path
) -> None:
    outcome = command("train.py", f"data.path={scrape}", "k=3", *QUICK)
    assert outcome.status == 0, outcome.err
    assert " ".join(outcome.out.split()).count(LINE) == 1
    (run,) = runs_of_kind("train")
    assert (run.data.params["features"], run.data.params["rows"]) == ("size_likes", "60")
    assert logged_features(run) == SIZE_LIKES
    again = command("scripts/replay.py", f"run={run.info.run_id}")
    assert again.status == 0, again.out + again.err

    named = command("train.py", f"data.path={scrape}", "k=3", "features=size_likes", *QUICK)
    assert named.status == 0, named.err
    first, second = (run.data.tags for run in runs_of_kind("train"))
    for tag in (run_names.CONTENT_KEY, run_names.SPACE_TAG, run_names.LABELS):
        assert first[tag] == second[tag]


def test_a_sweep_of_it_in_other_processes_runs_on_size_likes_and_resumes_in_this_one(
    command: Callable[..., Outcome], scrape: Path
) -> None:
    sweep = ("train.py", "-m", f"data.path={scrape}", "k=2,3", *QUICK)
    outcome = command(*sweep, "hydra/launcher=joblib", "hydra.launcher.n_jobs=2")
    assert outcome.status == 0, outcome.err
    assert " ".join(outcome.out.split()).count(LINE) == 1
    (parent,) = runs_of_kind("sweep")
    assert "size_likes" in parent.info.run_name
    assert [logged_features(run) for run in runs_of_kind("train")] == [SIZE_LIKES] * 2
    assert set(history.sweep_runs(parent.info.run_id)["rows"]) == {"60"}

    (lost, _) = runs_of_kind("train")
    MlflowClient().set_terminated(lost.info.run_id, "KILLED")
    MlflowClient().set_terminated(parent.info.run_id, "KILLED")
    outcome = command(*sweep, "features=ready", "resume=true")
    assert outcome.status == 0, outcome.err
    assert f"Going on with sweep {parent.info.run_id}: 1 of 2 finished." in outcome.err


def test_sets_of_a_sweep_share_the_accounts_of_the_one_that_was_taken(
    command: Callable[..., Outcome], scrape: Path
) -> None:
    swept = "features=ready,activity"
    outcome = command("train.py", "-m", f"data.path={scrape}", "k=2", swept, *QUICK)
    assert outcome.status == 0, outcome.err
    runs = history.sweep_runs(runs_of_kind("sweep")[0].info.run_id)
    assert runs["features"].to_list() == ["size_likes", "activity"]
    assert runs["rows"].to_list() == ["59", "59"]


def test_the_sample_stays_on_core_by_run_and_by_sweep(command: Callable[..., Outcome]) -> None:
    sample = ("data.n_profiles=60", "k=2", *QUICK)
    for words in (sample, ("features=core", *sample), ("-m", *sample)):
        outcome = command("train.py", *words)
        assert outcome.status == 0, outcome.err
        assert "Features:" not in outcome.out
    runs = runs_of_kind("train")
    core = {"name": "core", "columns": dict.fromkeys(known_feature_sets()["core"], "log_count")}
    core["columns"]["engagement_rate"] = "log_rate"
    assert [logged_features(run) for run in runs] == [core] * 3
    assert len({run.data.tags[run_names.CONTENT_KEY] for run in runs}) == 1


@pytest.mark.parametrize("mode", [(), ("-m",)])
def test_core_that_was_changed_by_hand_is_taken_as_it_is(
    command: Callable[..., Outcome], scrape: Path, mode: tuple[str, ...]
) -> None:
    more = ("+features.columns.likes=log_count", "k=2", f"data.path={scrape}", *QUICK)
    refused = command("train.py", *mode, *more)
    assert refused.status == 1
    assert "features=core needs engagement_rate" in refused.err
    outcome = command("train.py", *mode, *more, "~features.columns.engagement_rate")
    assert outcome.status == 0, outcome.err
    columns = ["followers", "following", "videos", "likes"]
    run = runs_of_kind("train")[-1]
    assert run.data.params["features"] == "core"
    assert list(artifacts.load_config(run.info.run_id)["features"]["columns"]) == columns


def test_a_file_that_no_set_can_run_on_is_refused_with_all_that_core_lacks(
    command: Callable[..., Outcome], root: Path
) -> None:
    (root / "few.csv").write_text("username,followers\n" + "".join(f"u{n},{n}\n" for n in range(9)))
    outcome = command("train.py", f"data.path={root / 'few.csv'}", "k=2", *QUICK)
    assert outcome.status == 1
    assert "features=core needs following, videos, engagement_rate" in outcome.err
    assert "None runs on this file." in outcome.err
    assert outcome.out.count("source:") == 1
