from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hydra import initialize_config_dir
from hydra.core.config_loader import ConfigLoader
from hydra.core.global_hydra import GlobalHydra
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf

from commands import PROJECT, Outcome
from tiktok_segments.errors import InputError
from tiktok_segments.sweeps.jobs import SpaceLoader, job_overrides
from tiktok_segments.training.job_place import JobPlace


@pytest.fixture
def loader(root: Path) -> Iterator[ConfigLoader]:
    with initialize_config_dir(str(PROJECT / "conf"), version_base="1.3"):
        yield GlobalHydra.instance().config_loader()


@pytest.fixture
def master(loader: ConfigLoader) -> DictConfig:
    return loader.load_configuration("config", ["k=2,3", "scaler=standard,power"], RunMode.MULTIRUN)


@pytest.mark.parametrize(
    "jobs",
    [
        [["k=2", "scaler=standard"], ["k=3", "scaler=standard"], ["k=3", "scaler=power"]],
        [["seed=1", "scaler=quantile"], ["seed=2", "scaler=quantile"]],
        [["data.path='a b.csv'", "k=2"], ["data.path=null", "k=2"]],
        [["clean.regions=[US]", "k=2"], ["clean.regions=[GB,US]", "k=3"]],
        [["+note=a", "k=2"], ["+note=b", "k=3"]],
        [["experiment=published", "k=6"], ["experiment=published", "k=7"]],
        [["~data.n_profiles", "k=2"], ["~data.n_profiles", "k=3"]],
        [["k=2", JobPlace("ab", 0, "").override()], ["k=3", JobPlace("ab", 1, "").override()]],
    ],
)
def test_a_job_is_composed_as_hydra_does(
    loader: ConfigLoader, master: DictConfig, jobs: list[list[str]]
) -> None:
    spaces = SpaceLoader(loader)
    for job in jobs:
        expected = loader.load_sweep_config(master, job)
        made = spaces.load_sweep_config(master, job)
        assert made == expected
        assert OmegaConf.to_yaml(made.hydra) == OmegaConf.to_yaml(expected.hydra)


def test_jobs_that_differ_in_plain_settings_share_a_composition(
    loader: ConfigLoader, master: DictConfig
) -> None:
    spaces = SpaceLoader(loader)
    jobs = [[f"k={k}", f"scaler={scaler}"] for k in (2, 3, 4) for scaler in ("standard", "power")]
    configs = [spaces.load_sweep_config(master, job) for job in jobs]
    assert len(spaces.composed) == 2
    assert [config.k for config in configs] == [2, 2, 3, 3, 4, 4]


@pytest.mark.parametrize("override", ["k=range(4,2)", "+x=${nope}"])
def test_a_sweep_that_cannot_be_opened_leaves_nothing(
    command: Callable[..., Outcome], root: Path, override: str
) -> None:
    outcome = command("train.py", "-m", "seed=1,2", override)
    assert outcome.status == 1
    assert "Traceback" not in outcome.err
    assert ("range(4,2)" if "range" in override else "nope") in outcome.err
    assert not (root / "mlruns").exists()


def test_a_sweep_that_knows_no_figures_has_its_runs(command: Callable[..., Outcome]) -> None:
    outcome = command("train.py", "-m", "k=2,3", "~figures", "structure=off", "data.n_profiles=60")
    assert outcome.status == 0, outcome.err
    assert "2 done, 0 failed" in outcome.out


def test_what_cannot_be_composed_is_refused_before_the_first_run(
    command: Callable[..., Outcome], root: Path
) -> None:
    outcome = command("train.py", "-m", "k=2,3", "scaler=standard,robst", "data.n_profiles=60")
    assert outcome.status == 1
    assert "'robst'" in outcome.err
    assert not list((root / "mlruns").glob("*/artifacts/config.yaml"))


@pytest.mark.parametrize(
    ("override", "jobs"),
    [
        ("scaler=glob(*)", ["minmax", "power", "quantile", "robust", "standard"]),
        ("scaler=glob(*,exclude=[m*,p*])", ["quantile", "robust", "standard"]),
        ("k=range(2,6)", ["2", "3", "4", "5"]),
        ("k=choice(2,4)", ["2", "4"]),
        ("k=sort(4,2)", ["2", "4"]),
    ],
)
def test_values_are_swept_as_hydra_writes_them(
    loader: ConfigLoader, override: str, jobs: list[str]
) -> None:
    config = loader.load_configuration("config", [override], RunMode.MULTIRUN)
    name = override.split("=")[0]
    assert job_overrides(config) == [[f"{name}={value}"] for value in jobs]


def test_an_interval_is_refused(loader: ConfigLoader) -> None:
    config = loader.load_configuration("config", ["k=interval(2,6)"], RunMode.MULTIRUN)
    with pytest.raises(InputError, match=r"k=interval\(2,6\) has no end of values"):
        job_overrides(config)
