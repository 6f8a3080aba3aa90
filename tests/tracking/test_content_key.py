from pathlib import Path
from typing import Any

import pytest
from hydra import compose, initialize_config_dir
from omegaconf import DictConfig

from commands import PROJECT
from tiktok_segments.export import aliases
from tiktok_segments.sweeps.jobs import job_overrides, swept_values
from tiktok_segments.tracking.provenance import run_key, sweep_key
from tiktok_segments.training.configuration import read_config

DATA = "a" * 64


def composed(root: Path, *overrides: str) -> dict[str, Any]:
    assert root.is_dir()
    with initialize_config_dir(str(PROJECT / "conf"), version_base="1.3"):
        return read_config(compose("config", overrides=list(overrides)))


@pytest.mark.parametrize(
    "override",
    ["report=true", "resume=true", "selection=elbow", "data.path=/elsewhere/export.csv"],
)
def test_what_does_not_change_the_result_does_not_change_the_key(root: Path, override: str) -> None:
    assert run_key(composed(root, override), DATA) == run_key(composed(root), DATA)


@pytest.mark.parametrize(
    "override",
    ["k=6", "seed=1", "n_init=3", "scaler=robust", "features=activity", "outliers=iqr",
     "clean.min_followers=10", "structure=off", "data.sheet=Second"],
)  # fmt: skip
def test_what_changes_the_result_changes_the_key(root: Path, override: str) -> None:
    assert run_key(composed(root, override), DATA) != run_key(composed(root), DATA)


def test_other_data_has_another_key(root: Path) -> None:
    assert run_key(composed(root), DATA) != run_key(composed(root), "b" * 64)


def test_an_alias_table_counts_by_its_content(root: Path) -> None:
    for name, text in (("a", "x: [y]"), ("copy", "x: [y]"), ("other", "x: [z]")):
        (root / f"{name}.yaml").write_text(text)
    keys = [
        run_key(composed(root, f"data.aliases={root}/{name}.yaml"), DATA)
        for name in ("a", "copy", "other")
    ]
    assert keys[0] == keys[1] != keys[2]


def test_so_does_the_projects_own(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = composed(root)
    before = run_key(config, DATA)
    monkeypatch.setattr(aliases, "default_file", lambda name: root / name)
    (root / "aliases.yaml").write_text("x: [y]")
    assert run_key(config, DATA) != before


def multirun(*overrides: str, params: dict[str, str] | None = None) -> DictConfig:
    hydra = {"sweeper": {"params": params}, "overrides": {"task": list(overrides)}}
    return DictConfig({"hydra": hydra})


def test_a_sweep_is_the_same_however_its_values_are_written(root: Path) -> None:
    config = composed(root)
    keys = {
        sweep_key(config, swept_values(multirun(*words)), DATA)
        for words in (("k=2,3,4",), ("k=range(2,5)",), ("k=4,2,3", "seed=42"))
    }
    assert len(keys) == 1
    assert sweep_key(config, swept_values(multirun("k=2,3")), DATA) not in keys
    assert sweep_key(composed(root, "selection=elbow"), {"k": ["2", "3", "4"]}, DATA) not in keys


def test_jobs_are_numbered_as_hydra_numbers_them() -> None:
    config = multirun("scaler=standard,robust", "seed=1", params={"k": "range(2,4)"})
    assert job_overrides(config) == [
        ["k=2", "scaler=standard", "seed=1"],
        ["k=2", "scaler=robust", "seed=1"],
        ["k=3", "scaler=standard", "seed=1"],
        ["k=3", "scaler=robust", "seed=1"],
    ]
    assert len(job_overrides(config)) == 4
