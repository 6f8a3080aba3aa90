import json
from collections.abc import Callable
from pathlib import Path

import mlflow
import numpy as np
import pandas as pd
import pytest
from mlflow import MlflowClient

from commands import Outcome
from published import FIGURES, PROFILES, needs_published
from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.tracking import connection, history

MODEL = "models:/tiktok-influencer-segments@champion"


def newest_run() -> str:
    (run,) = MlflowClient().search_runs([connection.experiment_id()], max_results=1)
    return str(run.info.run_id)


def artifacts_of(run_id: str) -> set[str]:
    return {Path(file.path).name for file in MlflowClient().list_artifacts(run_id, "segments")}


@needs_published
def test_the_published_segments_come_back_digit_for_digit(
    forked: Callable[..., Outcome], root: Path
) -> None:
    reference = json.loads(FIGURES.read_text())
    outcome = forked("train.py", "experiment=published", f"data.path={PROFILES}")
    assert outcome.status == 0, outcome.err
    connection.connect()
    run_id = newest_run()
    outcome = forked("scripts/profile_segments.py", f"run={run_id}")
    assert outcome.status == 0, outcome.err
    metrics = MlflowClient().get_run(run_id).data.metrics
    assert metrics["inertia"] == pytest.approx(reference["inertia"], rel=1e-6)
    assert metrics["silhouette"] == pytest.approx(reference["silhouette"], rel=1e-6)
    segments = pd.read_csv(root / "outputs/segments/segments.csv").set_index("segment")
    assert segments["accounts"].sum() == 683
    canonical = {
        "awg_engagement_rate": "engagement_rate_mean",
        "comment_engagement_rate": "comment_rate_mean",
        "like_engagement_rate": "like_rate_mean",
        "followers": "followers_mean",
        "following": "following_mean",
        "likes": "likes_mean",
        "videos_count": "videos_mean",
        "is_verified": "verified_share",
    }
    assert len(segments) == len(reference["segments"])
    for row in reference["segments"]:
        ours = segments.loc[row["name"]]
        assert ours["accounts"] == row["accounts"]
        for name, column in canonical.items():
            printed = repr(row[name])
            mantissa = printed.split("e")[0]
            digits = len(mantissa.split(".")[1]) if "." in mantissa else 0
            shown = row[name]
            # The published table prints large numbers to seven significant digits.
            tolerance = max(0.5 * 10.0**-digits, abs(shown) * 5e-7) if shown else 0.0
            assert ours[column] == pytest.approx(shown, abs=tolerance), (row["name"], name)
        assert row["name"] in outcome.out


def test_profiling_writes_four_files_that_agree_and_logs_them(
    command: Callable[..., Outcome], swept_root: Path
) -> None:
    connection.connect()
    outcome = command("scripts/profile_segments.py", f"output={swept_root / 'my segments'}")
    assert outcome.status == 0, outcome.err
    folder = swept_root / "my segments"
    names = {"segments.csv", "accounts.csv", "segments.json", "report.html"}
    assert {file.name for file in folder.iterdir()} == names
    run_id = history.best_run_id()
    assert artifacts_of(run_id) == names
    segments = pd.read_csv(folder / "segments.csv")
    assert segments.columns[:3].to_list() == ["cluster", "segment", "segment_id"]
    accounts = pd.read_csv(folder / "accounts.csv")
    assert accounts.columns[:4].to_list() == ["account_id", "cluster", "segment", "confidence"]
    assert accounts["confidence"].between(0, 1).all()
    by_hand = accounts.groupby("segment")["followers"].agg(["size", "median", "mean"])
    ours = segments.set_index("segment")[["accounts", "followers_median", "followers_mean"]]
    np.testing.assert_allclose(ours.loc[by_hand.index].to_numpy(), by_hand.to_numpy())
    document = json.loads((folder / "segments.json").read_text())
    assert [row["segment"] for row in document["segments"]] == segments["segment"].to_list()
    assert document["synthetic"] is True
    page = (folder / "report.html").read_text()
    assert all(name in page for name in segments["segment"])
    assert "synthetic" in page
    assert str(folder / "report.html") in outcome.out.replace("\n", "")


def test_profiling_works_twice_from_another_folder_and_by_every_address(
    command: Callable[..., Outcome], root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_profiles(80, seed=0)[0].to_csv(root / "mine.csv", index=False)
    monkeypatch.chdir(root)
    assert command("train.py", "-m", "figures=off", "k=3", "data.path=mine.csv").status == 0
    (root / "deeper").mkdir()
    monkeypatch.chdir(root / "deeper")
    (sweep,) = MlflowClient().search_runs(
        [connection.experiment_id()], filter_string="tags.`segmentation.kind` = 'sweep'"
    )
    printed = [
        command("scripts/profile_segments.py", *arguments).out.split("Report")[0]
        for arguments in (
            [],
            [],
            [f"run={history.best_run_id()}"],
            [f"sweep={sweep.info.run_id}"],
            [f"model=runs:/{history.best_run_id()}/model"],
        )
    ]
    assert "segment" in printed[0]
    assert len(set(printed)) == 1


def test_profiling_refuses_other_data_and_finds_moved_data(
    command: Callable[..., Outcome], root: Path
) -> None:
    file = root / "export.csv"
    make_profiles(60, seed=0)[0].to_csv(file, index=False)
    command("train.py", "-m", "figures=off", "k=3", f"data.path={file}")
    moved = file.rename(root / "moved export.csv")
    make_profiles(60, seed=1)[0].to_csv(file, index=False)
    refused = command("scripts/profile_segments.py")
    assert refused.status == 1
    assert "SHA-256" in refused.err
    file.unlink()
    assert "does not exist" in command("scripts/profile_segments.py").err
    found = command("scripts/profile_segments.py", f"data.path={moved}")
    assert found.status == 0, found.err


@pytest.mark.usefixtures("swept_root")
def test_other_naming_rules_can_be_chosen(command: Callable[..., Outcome]) -> None:
    connection.connect()
    assert command("scripts/profile_segments.py").status == 0
    run_id = history.best_run_id()
    first = mlflow.artifacts.load_text(f"runs:/{run_id}/segments/segments.json")
    rules = (
        "naming=median",
        "naming.rules=[{name: '{tier} Accounts', when: {}}]",
    )
    outcome = command("scripts/profile_segments.py", *rules)
    assert "Mega Accounts" in outcome.out, outcome.err
    assert mlflow.artifacts.load_text(f"runs:/{run_id}/segments/segments.json") == first
    assert "Mega Accounts" in mlflow.artifacts.load_text(f"runs:/{run_id}/segments_2/segments.json")
    note = history.get_run(run_id).data.tags["mlflow.note.content"]
    assert "Mega Accounts" in note and f"{run_id}/artifacts/segments_2/report.html" in note


@pytest.mark.usefixtures("swept_root")
def test_promotion_registers_names_once_and_the_champion_answers_with_them(
    command: Callable[..., Outcome],
) -> None:
    outcome = command("scripts/promote_model.py")
    assert outcome.status == 0, outcome.err
    assert "version 1 is now the champion" in outcome.out
    again = command("scripts/promote_model.py")
    assert "nothing was changed" in again.out
    (version,) = MlflowClient().search_model_versions("name = 'tiktok-influencer-segments'")
    names = json.loads(version.tags["segments"])
    assert (
        version.tags["data_sha256"]
        == (MlflowClient().get_run(version.run_id).data.params["data_sha256"])
    )
    profiles, _ = make_profiles(300, seed=0)
    clusters = mlflow.sklearn.load_model(f"runs:/{version.run_id}/model").predict(profiles)
    champion = mlflow.pyfunc.load_model(MODEL)
    assert champion.predict(profiles).tolist() == [names[cluster] for cluster in clusters]
    assert "segments.json" in artifacts_of(version.run_id)


def test_the_champion_reads_counts_of_any_type(command: Callable[..., Outcome]) -> None:
    command("train.py", "-m", "figures=off", "k=3", "data.n_profiles=100", "features=published")
    forced = command("scripts/promote_model.py", "force=true", "reason=its features take all types")
    assert forced.status == 0, forced.err
    champion = mlflow.pyfunc.load_model(MODEL)
    profiles, _ = make_profiles(100, seed=0)
    counts = ["followers", "following", "likes", "videos"]
    for dtype in ("int64", "Int64", "float64"):
        answer = champion.predict(profiles.astype(dict.fromkeys(counts, dtype)))
        np.testing.assert_array_equal(answer, champion.predict(profiles), dtype)
    with pytest.raises(mlflow.MlflowException, match="is_verified"):
        champion.predict(profiles.drop(columns="is_verified"))


def test_of_a_champion_of_synthetic_accounts_no_name_is_inherited_and_that_is_said(
    command: Callable[..., Outcome], champion_root: Path, published: Path
) -> None:
    rename = ("rename=Celebrity Accounts", "to=Our stars")
    assert command("scripts/models.py", *rename).status == 0
    command("train.py", "figures=off", "k=4", f"data.path={published}")
    outcome = command("scripts/promote_model.py", f"run={newest_run()}", "force=true", "reason=x")
    assert outcome.status == 0, outcome.out
    assert "No name is inherited: version 2 was made of synthetic accounts." in outcome.out
    assert "Our stars" not in outcome.out


def test_a_second_run_takes_the_alias_and_the_first_can_take_it_back(
    command: Callable[..., Outcome],
) -> None:
    command("train.py", "figures=off", "k=5", "data.n_profiles=300")
    first = newest_run()
    command("train.py", "figures=off", "k=4", "data.n_profiles=300")
    second = newest_run()
    for run_id in (first, second, first):
        assert command("scripts/promote_model.py", f"run={run_id}").status == 0
    version = MlflowClient().get_model_version_by_alias("tiktok-influencer-segments", "champion")
    assert (version.run_id, int(version.version)) == (first, 1)
    assert len(MlflowClient().search_model_versions("name = 'tiktok-influencer-segments'")) == 2
