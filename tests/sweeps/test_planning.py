from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import pytest
from hydra import initialize_config_dir
from hydra.core.global_hydra import GlobalHydra
from hydra.types import RunMode
from omegaconf import DictConfig

from commands import PROJECT
from tiktok_segments.accounts.dataset import Dataset, load_dataset
from tiktok_segments.accounts.row_sample import Accounts
from tiktok_segments.errors import InputError
from tiktok_segments.sweeps import planning
from tiktok_segments.sweeps.jobs import SpaceLoader, job_overrides
from tiktok_segments.sweeps.planning import plan_jobs
from tiktok_segments.training.configuration import read_config
from tiktok_segments.training.task import RunTask

Planned = list[tuple[RunTask, Accounts]]


@pytest.fixture
def planned(monkeypatch: pytest.MonkeyPatch) -> Planned:
    asked: Planned = []
    monkeypatch.setattr(planning, "plan", lambda task, accounts: asked.append((task, accounts)))
    return asked


@pytest.fixture
def hydra(root: Path) -> Iterator[None]:
    with initialize_config_dir(str(PROJECT / "conf"), version_base="1.3"):
        yield


def multirun(*overrides: str) -> DictConfig:
    loader = GlobalHydra.instance().config_loader()
    given = ["data.n_profiles=60", *overrides]
    return loader.load_configuration("config", given, RunMode.MULTIRUN)


def plan(*overrides: str, skipped: Collection[int] = ()) -> None:
    config = multirun(*overrides)
    loader = SpaceLoader(GlobalHydra.instance().config_loader())
    jobs = [loader.settings(config, job) for job in job_overrides(config)]
    plan_jobs(config, read_config(config), jobs, skipped)


@pytest.mark.usefixtures("hydra")
def test_every_run_is_planned_but_those_that_are_skipped(planned: Planned) -> None:
    plan("k=2,3,4", "scaler=standard,robust", skipped={0, 5})
    assert [task.k for task, _ in planned] == [2, 3, 3, 4]
    assert len({task.space for task, _ in planned}) == 2
    assert len({accounts for _, accounts in planned}) == 1


@pytest.mark.usefixtures("hydra")
def test_runs_on_other_accounts_are_planned_on_those(planned: Planned) -> None:
    plan("outliers=keep,iqr", "k=2,3")
    (all_of_them, _), _, (fewer, _), _ = [(a, t) for t, a in planned]
    assert len(planned) == 4
    assert len(fewer.frame) < len(all_of_them.frame)


@pytest.mark.usefixtures("hydra")
def test_what_cannot_be_run_is_left_to_its_own_turn(planned: Planned) -> None:
    plan("data.n_profiles=60,many", "k=3,4")
    assert [task.k for task, _ in planned] == [3, 4]


@pytest.mark.usefixtures("hydra")
def test_more_data_sets_than_are_kept_are_not_read_ahead(planned: Planned) -> None:
    config = multirun("data.sample_seed=range(1,9)", "k=3")
    plan("data.sample_seed=range(1,9)", "k=3")
    assert len(planned) == 3  # and the sweep's own
    load_dataset(config)
    first = multirun("data.sample_seed=1")
    assert load_dataset(first).accounts is planned[0][1]
    planned.clear()
    plan("data.sample_seed=0,1,2,3", "k=3")
    assert len(planned) == 4  # the first one is the sweep's own


@pytest.mark.usefixtures("hydra")
def test_data_that_is_refused_is_read_once(
    planned: Planned, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = []

    def refuse(config: dict[str, Any], _: object) -> Dataset:
        read.append(config["k"])
        raise InputError("of any kind")

    monkeypatch.setattr(planning, "load_dataset", refuse)
    plan("k=2,3,4")
    assert (read, planned) == ([2], [])


@pytest.mark.usefixtures("hydra")
def test_many_accounts_are_not_sent_to_another_process(
    planned: Planned, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "KEPT_ROWS", 50)
    plan("k=2,3")
    assert planned == []


@pytest.mark.usefixtures("hydra")
def test_a_defect_is_not_taken_for_a_refusal(
    planned: Planned, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> Dataset:
        raise TypeError("a defect")

    monkeypatch.setattr(planning, "load_dataset", fail)
    with pytest.raises(TypeError, match="a defect"):
        plan("k=2,3")
