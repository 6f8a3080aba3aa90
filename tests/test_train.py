import json
from collections.abc import Callable
from pathlib import Path

import mlflow
import numpy as np
import pandas as pd
import pytest
from mlflow import MlflowClient
from omegaconf import OmegaConf
from sklearn.metrics import adjusted_rand_score

from commands import Outcome
from published import PROFILES, needs_published
from tiktok_segments import history, tracking
from tiktok_segments.sample import make_profiles

PARAMS = {
    "data_sha256", "data_source", "rows", "features", "outliers", "scaler", "k", "seed", "engine",
    "n_init",
}  # fmt: skip
METRICS = {
    "inertia", "inertia_ratio", "silhouette", "calinski_harabasz", "davies_bouldin",
    "smallest_share", "gate_z", "valley", "stability_min_jaccard", "stability_ari",
    "split_half_ari", "jaccard.0", "jaccard.4", "structure_rows",
}  # fmt: skip


def only_run() -> mlflow.entities.Run:
    (run,) = MlflowClient().search_runs([tracking.experiment_id()])
    return run


def test_a_run_holds_its_params_metrics_figures_config_and_model(
    command: Callable[..., Outcome],
) -> None:
    outcome = command("train.py", "k=5", "data.n_profiles=200")
    assert outcome.status == 0, outcome.err
    run = only_run()
    assert run.info.status == "FINISHED"
    assert set(run.data.params) >= PARAMS
    assert set(run.data.metrics) >= METRICS
    assert run.data.tags["segmentation.kind"] == "train"
    assert len(run.data.tags["segmentation.code_sha256"]) == 64
    artifacts = {file.path for file in MlflowClient().list_artifacts(run.info.run_id, "figures")}
    names = {"silhouettes", "map", "centres", "stability"}
    assert artifacts == {f"figures/{name}.png" for name in names}
    assert history.load_config(run.info.run_id).k == 5
    assert run.info.run_id in outcome.out


@needs_published
def test_the_data_set_is_the_runs_input_with_the_whole_files_digest(
    command: Callable[..., Outcome],
) -> None:
    command("train.py", f"data.path={PROFILES}")
    run = only_run()
    sha256 = "aa0e507d9101a76fcb075fe1ec5d48156d77032225642e8aa7cf0ecedb32252a"
    assert run.data.params["data_sha256"] == sha256
    assert run.data.params["data_source"] == str(PROFILES)
    (data,) = run.inputs.dataset_inputs
    assert {tag.key: tag.value for tag in data.tags}["sha256"] == sha256
    assert json.loads(data.dataset.source)["uri"].endswith(str(PROFILES))


def test_the_logged_model_answers_as_the_run_did_and_refuses_a_missing_column(
    command: Callable[..., Outcome],
) -> None:
    command("train.py", "k=5")
    model = mlflow.pyfunc.load_model(f"runs:/{only_run().info.run_id}/model")
    profiles, planted = make_profiles(1000, seed=0)
    assert adjusted_rand_score(planted, model.predict(profiles)) >= 0.9
    with pytest.raises(mlflow.MlflowException, match="engagement_rate"):
        model.predict(profiles.drop(columns="engagement_rate"))


def test_the_same_configuration_gives_the_same_metrics_and_labels(
    command: Callable[..., Outcome],
) -> None:
    command("train.py", "k=4", "data.n_profiles=300", "structure=off")
    command("train.py", "k=4", "data.n_profiles=300", "structure=off")
    first, second = MlflowClient().search_runs([tracking.experiment_id()])
    assert first.data.metrics == second.data.metrics
    profiles, _ = make_profiles(300, seed=0)
    labels = [
        mlflow.sklearn.load_model(f"runs:/{run.info.run_id}/model").predict(profiles)
        for run in (first, second)
    ]
    np.testing.assert_array_equal(*labels)


@pytest.mark.parametrize("scaler", ["standard", "robust", "minmax", "power", "quantile"])
def test_every_scaler_fits_and_its_model_loads(
    command: Callable[..., Outcome], scaler: str
) -> None:
    outcome = command("train.py", f"scaler={scaler}", "data.n_profiles=120", "k=3", "structure=off")
    assert outcome.status == 0, outcome.err
    model = mlflow.sklearn.load_model(f"runs:/{only_run().info.run_id}/model")
    assert set(model.predict(make_profiles(120, seed=0)[0])) == {0, 1, 2}


@pytest.mark.parametrize(
    "features", ["core", "size_engagement", "engagement", "activity", "published"]
)
def test_every_feature_set_fits_and_its_model_loads(
    command: Callable[..., Outcome], features: str
) -> None:
    outcome = command(
        "train.py", f"features={features}", "data.n_profiles=120", "k=3", "structure=off"
    )
    assert outcome.status == 0, outcome.err
    model = mlflow.sklearn.load_model(f"runs:/{only_run().info.run_id}/model")
    assert set(model.predict(make_profiles(120, seed=0)[0])) == {0, 1, 2}


@pytest.mark.parametrize(
    "name",
    ["export (1).csv", "Maya's export.csv", "a,b.csv", "naïve_é.csv", "two  spaces=[x]{y}.csv"],
)
def test_file_names_as_people_have_them_need_no_quotes(
    command: Callable[..., Outcome], root: Path, name: str
) -> None:
    make_profiles(60, seed=0)[0].to_csv(root / name, index=False)
    outcome = command("train.py", f"data.path={root / name}", "k=3", "structure=off")
    assert outcome.status == 0, outcome.err
    assert only_run().data.params["data_source"] == str(root / name)


def test_a_sample_is_called_synthetic_where_it_shows(command: Callable[..., Outcome]) -> None:
    command("train.py", "data.n_profiles=100", "structure=off")
    run = only_run()
    assert run.data.params["data_source"] == "synthetic sample, 100 accounts, seed 0"
    assert run.data.tags["segmentation.synthetic"] == "true"


def test_cleaning_is_logged_row_for_row(command: Callable[..., Outcome], root: Path) -> None:
    profiles = make_profiles(60, seed=0)[0].astype(str)
    profiles.loc[3, "followers"] = "many"
    profiles.loc[4, "followers"] = "-5"
    profiles.to_csv(root / "export.csv", index=False)
    command("train.py", f"data.path={root / 'export.csv'}", "k=3")
    run = only_run()
    assert run.data.params["rows"] == "58"
    file = mlflow.artifacts.download_artifacts(f"runs:/{run.info.run_id}/rejected.csv")
    assert pd.read_csv(file)["line"].to_list() == [5, 6]


def test_help_explains_every_group_and_every_choice(command: Callable[..., Outcome]) -> None:
    outcome = command("train.py", "--help")
    assert outcome.status == 0
    conf = Path(__file__).resolve().parents[1] / "conf"
    listed = OmegaConf.load(conf / "config.yaml").defaults
    groups = {name for entry in listed if entry != "_self_" for name in entry if "/" not in name}
    choices = [path for group in groups for path in (conf / group).glob("*.yaml")]
    assert len(choices) > 15
    for path in choices:
        section = outcome.out.split(f"\n  {path.parent.name} ")[1]
        assert f"\n    {path.stem} " in section, path


def test_the_shell_completes_groups_and_choices(command: Callable[..., Outcome]) -> None:
    outcome = command("train.py", "-sc", "install=bash")
    assert "complete" in outcome.out
