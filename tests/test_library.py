"""What a notebook or another program imports: few names, light, as the commands use them."""

import inspect
import os
import subprocess
import sys
from doctest import DocTestFinder
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from omegaconf import OmegaConf
from sklearn.preprocessing import RobustScaler

import tiktok_segments
from commands import PROJECT
from tiktok_segments import (
    CleanRules,
    InputError,
    assign_accounts,
    clean_profiles,
    cross_segments,
    describe_segments,
    fit_segments,
    load_model,
    load_naming,
    make_profiles,
    name_segments,
    read_export,
    scale_profiles,
)
from tiktok_segments.clustering.frames import CORE

FUNCTIONS = [name for name in tiktok_segments.__all__ if name[0].islower()]


def test_the_door_has_at_most_fifteen_names_and_lists_them() -> None:
    assert len(tiktok_segments.__all__) <= 15
    assert dir(tiktok_segments) == sorted(tiktok_segments.__all__)
    for name in tiktok_segments.__all__:
        assert getattr(tiktok_segments, name).__module__.startswith("tiktok_segments.")


def test_importing_the_package_imports_no_library_that_takes_time() -> None:
    heavy = ("numpy", "pandas", "sklearn", "mlflow", "hydra", "matplotlib", "omegaconf")
    code = f"import sys, tiktok_segments; print([m for m in {heavy!r} if m in sys.modules])"
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert answer.stdout == "[]\n"


def test_the_library_works_without_mlflow_and_hydra() -> None:
    code = (
        "import sys; from tiktok_segments import examine, fit_segments, make_profiles, "
        "load_naming, name_segments, read_export, scale_profiles, select; "
        "p, _ = make_profiles(60, 0); "
        "fit_segments(p, 3); scale_profiles(p); print('mlflow' in sys.modules)"
    )
    environment = {key: text for key, text in os.environ.items() if "TIKTOK" not in key}
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    assert answer.stdout == "False\n"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_documents_its_arguments_results_and_errors_with_an_example(
    name: str,
) -> None:
    function = getattr(tiktok_segments, name)
    text = inspect.getdoc(function) or ""
    assert DocTestFinder().find(function)[0].examples
    assert "Returns\n-------" in text
    for argument in inspect.signature(function).parameters:
        section = text.partition("Parameters\n")[2].partition("Returns\n")[0]
        assert any(argument in line.split(":")[0] for line in section.splitlines()), argument


def test_defaults_are_those_of_the_configuration() -> None:
    config = OmegaConf.load(PROJECT / "conf" / "config.yaml")
    core = OmegaConf.load(PROJECT / "conf" / "features" / "core.yaml")
    standard = OmegaConf.load(PROJECT / "conf" / "scaler" / "standard.yaml")
    arguments = inspect.signature(fit_segments).parameters
    assert arguments["n_init"].default == config["n_init"]
    assert arguments["random_state"].default == config["seed"]
    assert dict(CORE) == core["columns"]
    assert standard["estimator"]["_target_"] == "sklearn.preprocessing.StandardScaler"


def test_an_export_becomes_named_segments(tmp_path: Path) -> None:
    profiles, planted = make_profiles(300, seed=0)
    profiles.rename(columns={"account_id": "username", "followers": "fans"}).to_csv(
        tmp_path / "export.csv", index=False
    )
    export = read_export(tmp_path / "export.csv")
    frame = clean_profiles(export, CleanRules(min_followers=1)).frame
    fitted = fit_segments(frame, 5)
    names = [segment.name for segment in name_segments(frame, fitted.labels, load_naming())]
    assert set(names) == set(planted)
    table = describe_segments(frame, fitted.labels, names)
    assert table["accounts"].sum() == 300
    crossed = cross_segments(fitted.labels, fitted.labels, names, names)
    assert np.array_equal(np.diag(crossed), table["accounts"])


def test_a_fit_is_that_of_the_command_and_its_model_loads_and_assigns(champion_root: Path) -> None:
    model = load_model()
    profiles, _ = make_profiles(300, seed=0)
    assigned = assign_accounts(model, profiles)
    assert assigned.positions.tolist() == fit_segments(profiles, 5).labels.tolist()
    assert load_model("1").names == model.names
    with pytest.raises(InputError, match="has no version 7"):
        load_model("7")


def test_a_scaler_that_is_given_is_used_and_left_as_it_was() -> None:
    frame = pd.DataFrame({"followers": [1, 2, 3, 500]})
    scaler = RobustScaler()
    X = scale_profiles(frame, {"followers": "raw"}, scaler)
    assert not hasattr(scaler, "center_")
    assert np.median(X) == 0.0
    assert np.array_equal(fit_segments(frame, 2, {"followers": "raw"}, scaler).sample.X, X)


def test_mistakes_are_told_in_plain_words(tmp_path: Path) -> None:
    frame = pd.DataFrame({"followers": [1, 2, 3, 500]})
    for k in (1, 2.0, True, "3", None):
        with pytest.raises(InputError, match="whole number from 2"):
            fit_segments(frame, k, {"followers": "raw"})  # type: ignore[arg-type, unused-ignore]
    with pytest.raises(InputError, match="needs videos"):
        scale_profiles(frame, {"videos": "raw"})
    with pytest.raises(InputError, match="valid are raw"):
        scale_profiles(frame, {"followers": "log"})
    with pytest.raises(InputError, match="cannot be read"):
        load_naming(tmp_path / "none.yaml")
    file = tmp_path / "rules.yaml"
    for text, said in (("- 1", "lack follower_statistic, tiers, rules"), ("tiers: {}", "rules")):
        file.write_text(text)
        with pytest.raises(InputError, match=said):
            load_naming(file)
    file.write_text("a: [")
    with pytest.raises(InputError, match="cannot be read"):
        load_naming(file)
