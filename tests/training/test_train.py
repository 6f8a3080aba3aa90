import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import mlflow
import numpy as np
import pandas as pd
import pytest
from mlflow import MlflowClient
from omegaconf import OmegaConf
from sklearn.metrics import adjusted_rand_score

from commands import PROJECT, Outcome
from logged_runs import runs_of_kind
from published import PROFILES, needs_published
from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.tracking import artifacts, connection

PARAMS = {
    "data_sha256", "data_source", "rows", "features", "outliers", "scaler", "k", "seed", "engine",
    "n_init", "init",
}  # fmt: skip
METRICS = {
    "inertia", "inertia_ratio", "silhouette", "calinski_harabasz", "davies_bouldin",
    "smallest_share", "gate_z", "valley", "stability_min_jaccard", "stability_ari",
    "split_half_ari", "jaccard.0", "jaccard.4", "structure_rows",
}  # fmt: skip


def only_run() -> mlflow.entities.Run:
    (run,) = MlflowClient().search_runs([connection.experiment_id()])
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
    figures = {file.path for file in MlflowClient().list_artifacts(run.info.run_id, "figures")}
    assert figures == {"figures/run.png", "figures/stability.png"}
    assert artifacts.load_config(run.info.run_id)["k"] == 5
    assert run.info.run_id in outcome.out
    assert run.data.tags["segmentation.verdict"] == "separated"
    assert "These 5 segments are separate groups." in outcome.out
    assert "split_half_ari" in outcome.out


def test_a_run_by_itself_is_called_what_it_is(command: Callable[..., Outcome]) -> None:
    outcome = command("train.py", "k=9", "data.n_profiles=200", "figures=off")
    assert only_run().data.tags["segmentation.verdict"] == "none"
    assert "These 9 segments cannot be relied on." in outcome.out


def test_a_run_that_was_not_examined_says_so_and_where_its_time_went(
    command: Callable[..., Outcome],
) -> None:
    outcome = command("train.py", "k=3", "data.n_profiles=60", "structure=off", "profile=true")
    assert "segmentation.verdict" not in only_run().data.tags
    assert "Whether these are separate groups was not examined." in outcome.out
    assert "ms a run" in outcome.out


@pytest.mark.parametrize("switch", ["profile=maybe", "report=treu", "resume=yes"])
@pytest.mark.parametrize("many", [(), ("-m",)])
def test_a_switch_that_is_neither_on_nor_off_is_refused(
    command: Callable[..., Outcome], switch: str, many: tuple[str, ...]
) -> None:
    outcome = command("train.py", *many, "k=3", "structure=off", switch)
    assert outcome.status == 1
    name, value = switch.split("=")
    assert outcome.err.strip().startswith(f"{name} is {value}; valid are true")


def test_a_models_page_shows_the_runs_params_and_metrics_and_its_signature(
    command: Callable[..., Outcome],
) -> None:
    command("train.py", "k=3", "data.n_profiles=100", "structure=off")
    run = only_run()
    (output,) = run.outputs.model_outputs
    model = MlflowClient().get_logged_model(output.model_id)
    told = (model.name, str(model.status), model.source_run_id)
    assert told == ("model", "READY", run.info.run_id)
    assert model.params == run.data.params
    assert {metric.key: metric.value for metric in model.metrics} == run.data.metrics
    info = mlflow.models.get_model_info(f"models:/{output.model_id}")
    assert info.model_id == output.model_id
    assert info.run_id == run.info.run_id
    assert info.metadata == {"data_sha256": run.data.params["data_sha256"]}
    assert info.signature.inputs.input_names() == [
        "followers", "following", "videos", "engagement_rate",
    ]  # fmt: skip
    assert len(info.saved_input_example_info) > 0
    requirements = mlflow.pyfunc.get_model_dependencies(info.model_uri)
    pins = Path(requirements).read_text().split()
    assert pins and all("==" in pin for pin in pins)


def test_models_of_one_process_differ_in_what_is_theirs_alone(
    command: Callable[..., Outcome],
) -> None:
    command("train.py", "-m", "k=2,3", "data.n_profiles=100", "structure=off")
    runs = runs_of_kind("train")
    assert [run.data.params["k"] for run in runs] == ["2", "3"]
    profiles, _ = make_profiles(100, seed=0)
    for run in runs:
        model = mlflow.pyfunc.load_model(f"runs:/{run.info.run_id}/model")
        assert model.metadata.run_id == run.info.run_id
        assert len(set(model.predict(profiles))) == int(run.data.params["k"])
        folder = Path(mlflow.artifacts.download_artifacts(f"models:/{model.metadata.model_uuid}"))
        counted = [folder / "model.skops", *folder.glob("*input_example*")]
        assert len(counted) > 1
        size = sum(file.stat().st_size for file in counted)
        assert model.metadata.model_size_bytes == size  # as MLflow counts it


def test_without_figures_a_run_has_everything_else(command: Callable[..., Outcome]) -> None:
    outcome = command("train.py", "-m", "k=3", "data.n_profiles=60", "figures=off")
    assert outcome.status == 0, outcome.err
    runs = MlflowClient().search_runs([connection.experiment_id()])
    assert len(runs) == 2
    for run in runs:
        names = {file.path for file in MlflowClient().list_artifacts(run.info.run_id)}
        assert "figures" not in names
        kept = {"sweep": "leaderboard.csv", "train": "config.yaml"}
        assert kept[run.data.tags["segmentation.kind"]] in names


def test_the_time_of_each_part_is_logged_and_summed_where_asked(
    command: Callable[..., Outcome],
) -> None:
    outcome = command(
        "train.py", "-m", "k=2,3", "data.n_profiles=60", "structure=off", "profile=true"
    )
    assert outcome.status == 0, outcome.err
    assert "Where the time of the runs went" in outcome.out
    assert "Tracking (prepare, serialise, model, log, end) took" in outcome.out
    parts = {
        "prepare", "read", "wait", "fit", "metrics", "serialise", "draw", "model", "log", "end",
    }  # fmt: skip
    runs = runs_of_kind("train")
    assert len(runs) == 2
    for run in runs:
        logged = {name for name in run.data.metrics if name.startswith("seconds.")}
        assert logged == {f"seconds.{part}" for part in parts}
        assert all(0 <= run.data.metrics[name] < 60 for name in logged)


def test_a_run_whose_columns_do_not_suit_k_means_says_so_and_is_reported_where_asked(
    command: Callable[..., Outcome], root: Path
) -> None:
    few = [f"structure.{name}=2" for name in ("n_draws", "n_resamples", "n_splits")]
    outcome = command(
        "train.py", "k=3", "features=published", "data.n_profiles=150", "report=true", *few
    )
    assert outcome.status == 0, outcome.err
    assert "Not fit for k-means: is_verified is binary" in outcome.out
    assert "What they were made of does not suit this kind of grouping" in outcome.out
    assert "Report: " in outcome.out
    page = (root / "outputs" / "segments" / "report.html").read_text()
    assert "does not suit this kind of grouping" in page


HELP = """
import runpy, sys
sys.argv = ["train.py", "--help"]
try:
    runpy.run_path({script!r}, run_name="__main__")
except SystemExit:
    pass
heavy = {{"mlflow", "sklearn", "pandas", "numpy", "matplotlib", "skops", "sqlalchemy", "requests"}}
print("imported:", *sorted(heavy & set(sys.modules)))
"""


def test_help_imports_nothing_that_takes_long(root: Path) -> None:
    code = HELP.format(script=str(PROJECT / "train.py"))
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert "Groups (group=choice" in answer.stdout
    assert answer.stdout.splitlines()[-1] == "imported:"


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
    command("train.py", "figures=off", "k=4", "data.n_profiles=300", "structure=off")
    command("train.py", "figures=off", "k=4", "data.n_profiles=300", "structure=off")
    first, second = MlflowClient().search_runs([connection.experiment_id()])
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
    "features", ["core", "size_engagement", "size_likes", "engagement", "activity", "published"]
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
    outcome = command("train.py", "figures=off", f"data.path={root / name}", "k=3", "structure=off")
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
    command("train.py", "figures=off", f"data.path={root / 'export.csv'}", "k=3")
    run = only_run()
    assert run.data.params["rows"] == "58"
    file = mlflow.artifacts.download_artifacts(f"runs:/{run.info.run_id}/rejected.csv")
    assert pd.read_csv(file)["line"].to_list() == [5, 6]


def test_help_explains_every_group_and_every_choice(command: Callable[..., Outcome]) -> None:
    outcome = command("train.py", "--help")
    assert outcome.status == 0
    conf = Path(__file__).resolve().parents[2] / "conf"
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
