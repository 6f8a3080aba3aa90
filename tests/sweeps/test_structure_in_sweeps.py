"""The verdict of a sweep, by the real command on data of known structure."""

from collections.abc import Callable
from pathlib import Path

import mlflow
import numpy as np
import pandas as pd
import pytest
from mlflow import MlflowClient
from sklearn.metrics import adjusted_rand_score

from commands import Outcome
from published import PROFILES, needs_published
from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.tracking import history
from tiktok_segments.tracking.model_loading import load_model
from tiktok_segments.validation.separation import examine


def newest_sweep() -> mlflow.entities.Run:
    return history.get_run(history.newest_sweep())


def candidates_of(sweep: mlflow.entities.Run) -> pd.DataFrame:
    file = mlflow.artifacts.download_artifacts(f"runs:/{sweep.info.run_id}/candidates.csv")
    return pd.read_csv(file)


def test_the_sample_has_five_separated_segments_with_the_published_names(
    command: Callable[..., Outcome],
) -> None:
    outcome = command("train.py", "-m", "k=2,3,4,5,6,7")
    assert outcome.status == 0, outcome.err
    sweep = newest_sweep()
    assert sweep.data.tags["segmentation.verdict"] == "separated"
    best = history.get_run(sweep.data.tags["segmentation.best_run_id"])
    assert best.data.params["k"] == "5"
    figures = MlflowClient().list_artifacts(sweep.info.run_id, "figures")
    assert "figures/structure.png" in {file.path for file in figures}
    assert "Verdict: separated" in outcome.out
    pipeline = load_model(f"runs:/{best.info.run_id}/model")
    X = pipeline[:-1].transform(make_profiles(1000, seed=0)[0])
    found = examine(X, range(2, 8))
    assert (found.verdict, found.k) == ("separated", 5)
    assert adjusted_rand_score(found.labels, pipeline[-1].predict(X)) == 1.0
    profiled = command("scripts/profile_segments.py")
    for name in (
        "Mid-Tier Mainstream Influencers",
        "Celebrity Accounts",
        "Niche Engagement Specialists",
        "Community Builders",
        "Verified Content Creators",
    ):
        assert name in profiled.out


@needs_published
def test_the_published_profiles_are_a_continuum_cut_in_four(
    command: Callable[..., Outcome],
) -> None:
    command(
        "train.py", "-m", "k=3,4,5", "features=published,core", f"data.path={PROFILES}",
        "figures=off",
    )  # fmt: skip
    sweep = newest_sweep()
    assert sweep.data.tags["segmentation.verdict"] == "continuum"
    best = history.get_run(sweep.data.tags["segmentation.best_run_id"])
    assert (best.data.params["features"], best.data.params["k"]) == ("core", "4")
    assert best.data.metrics["stability_min_jaccard"] >= 0.75
    model = mlflow.sklearn.load_model(f"runs:/{best.info.run_id}/model")
    sizes = np.bincount(model[-1].labels_)
    np.testing.assert_allclose(np.sort(sizes), [188, 211, 297, 304], atol=10)
    table = candidates_of(sweep)
    published = table[table["features"] == "published"].iloc[0]
    assert not published["admissible"]
    for word in ("skew", "say the same", "binary"):
        assert word in published["inadmissible_reason"]


def test_a_cloud_without_groups_is_not_called_separated(
    command: Callable[..., Outcome], root: Path
) -> None:
    rng = np.random.default_rng(5)
    measures = np.exp(rng.normal([9, 5, 4, -3], [1.5, 1, 1, 0.8], size=(400, 4)))
    frame = pd.DataFrame(measures, columns=["followers", "following", "videos", "engagement_rate"])
    frame[["followers", "following", "videos"]] = frame.iloc[:, :3].round().astype(int)
    frame.insert(0, "account_id", [f"account{i}" for i in range(400)])
    frame.to_csv(root / "cloud.csv", index=False)
    command("train.py", "-m", "k=2,3,4,5", f"data.path={root / 'cloud.csv'}", "figures=off")
    sweep = newest_sweep()
    assert sweep.data.tags["segmentation.verdict"] in ("continuum", "none")
    assert sweep.data.tags["segmentation.best_run_id"]


@pytest.mark.parametrize(("rule", "k"), [("silhouette", "5"), ("elbow", "5")])
def test_the_textbook_rules_give_no_verdict(
    command: Callable[..., Outcome], rule: str, k: str
) -> None:
    command(
        "train.py", "-m", "k=3,4,5,6,7,8", "data.n_profiles=300", f"selection={rule}",
        "structure=off", "figures=off",
    )  # fmt: skip
    sweep = newest_sweep()
    assert "segmentation.verdict" not in sweep.data.tags
    assert history.get_run(sweep.data.tags["segmentation.best_run_id"]).data.params["k"] == k


def test_without_structure_the_reason_says_so(command: Callable[..., Outcome]) -> None:
    command("train.py", "-m", "k=4,5", "data.n_profiles=300", "structure=off", "figures=off")
    sweep = newest_sweep()
    assert "Structure was not examined" in sweep.data.tags["segmentation.reason"]
    assert "segmentation.verdict" not in sweep.data.tags


def test_too_many_clusters_for_the_accounts_are_left_unexamined(
    command: Callable[..., Outcome],
) -> None:
    outcome = command("train.py", "-m", "k=2,3,30", "data.n_profiles=100", "figures=off")
    assert outcome.status == 0, outcome.err
    table = candidates_of(newest_sweep()).set_index("k")
    assert np.isnan(table.loc[30, "valley"])
    assert table.loc[30, "partition_stability"] == "missed: not measured"


def test_shuffled_and_repeated_rows_leave_the_verdict_as_it_is(
    command: Callable[..., Outcome], root: Path
) -> None:
    profiles = make_profiles(250, seed=3)[0]
    shuffled = profiles.sample(frac=1, random_state=1)
    repeated = pd.concat([profiles, profiles.sample(40, random_state=2)])
    verdicts = []
    for number, frame in enumerate((profiles, shuffled, repeated)):
        frame.to_csv(root / f"{number}.csv", index=False)
        command("train.py", "-m", "k=3,4,5", f"data.path={root / f'{number}.csv'}", "figures=off")
        sweep = newest_sweep()
        best = history.get_run(sweep.data.tags["segmentation.best_run_id"])
        verdicts.append((sweep.data.tags["segmentation.verdict"], best.data.params["k"]))
    assert verdicts == [("separated", "5")] * 3
