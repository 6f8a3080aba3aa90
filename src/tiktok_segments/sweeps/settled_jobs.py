"""What the jobs of a sweep are given once their accounts are known: features, and common needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from omegaconf import DictConfig, OmegaConf

from tiktok_segments.accounts.dataset import KEPT, load_dataset
from tiktok_segments.errors import InputError
from tiktok_segments.sweeps.swept_settings import data_settings
from tiktok_segments.terminal import ReadingShown
from tiktok_segments.training.configuration import FIRST_OF
from tiktok_segments.training.settings import as_composed, choose_features

Jobs = Sequence[Mapping[str, Any]]
"""The configuration of each job as plain data, by its number; found to be sound."""


def settle_jobs(
    config: DictConfig, jobs: list[list[str]], settings: Jobs
) -> tuple[list[list[str]], Jobs]:
    """Give the jobs of a sweep the feature sets that their files can run on, and common needs.

    Parameters
    ----------
    config : DictConfig
        The configuration of the whole sweep, which is given the same.
    jobs : list of list of str
        The overrides of each job, by its number.
    settings : sequence of mapping
        The configuration of each job.

    Returns
    -------
    list of list of str
        The overrides, with what was settled where that is not what they say.
    sequence of mapping
        The configurations, with what was settled.
    """
    chosen = chosen_features(settings)
    was_open = [FIRST_OF in one["features"] for one in settings]
    own = next((one for one, open_ in zip(chosen, was_open, strict=True) if open_), None)
    own = own or as_composed({"features": OmegaConf.to_container(config.features, resolve=True)})
    OmegaConf.update(config, "features", own["features"], merge=False, force_add=True)
    jobs = [
        job if before["features"]["name"] == name else with_features(job, name)
        for job, before, name in zip(
            jobs, settings, (one["features"]["name"] for one in chosen), strict=True
        )
    ]
    if needs := common_needs(chosen):
        OmegaConf.update(config, "clean.needs", needs, force_add=True)
        jobs = [[*job, f"++clean.needs=[{','.join(needs)}]"] for job in jobs]
        return jobs, [with_needs(job, needs) for job in chosen]
    return jobs, chosen


def chosen_features(jobs: Jobs) -> list[dict[str, Any]]:
    """Return the configurations of jobs with the feature sets that their files can run on.

    Returns
    -------
    list of dict
        As :func:`~tiktok_segments.training.settings.choose_features` returns them; what was chosen
        is told once for all jobs on the same accounts.
    """
    keys = [(data_settings(job), str(job["features"])) for job in jobs]
    chosen = {key: choose_features(job) for key, job in dict(zip(keys, jobs, strict=True)).items()}
    return [
        {**job, "features": chosen[key]["features"]} for key, job in zip(keys, jobs, strict=True)
    ]


def with_features(overrides: Sequence[str], name: str) -> list[str]:
    """Return the overrides of a job with another feature set.

    Examples
    --------
    >>> with_features(["k=3", "features=ready"], "activity")
    ['k=3', 'features=activity']
    """
    return [*(word for word in overrides if not word.startswith("features=")), f"features={name}"]


def common_needs(jobs: Jobs) -> list[str] | None:
    """Return the columns that no account of a sweep may lack, where its feature sets differ.

    An account that lacks what one of several feature sets reads would be in the runs of the others
    only, and runs on different accounts are never ranked.

    Returns
    -------
    list of str or None
        The columns of all feature sets, for ``clean.needs``; None where each run has the same
        accounts without it, or ``clean.needs`` is given.
    """
    needed = list(dict.fromkeys(name for job in jobs for name in job["features"]["columns"]))
    given = any(job["clean"].get("needs") is not None for job in jobs)
    if given or all(set(job["features"]["columns"]) == set(needed) for job in jobs):
        return None
    by_data = {data_settings(job): job for job in jobs}
    whole = (_is_whole(with_needs(job, needed)) for job in by_data.values())
    return None if len(by_data) <= KEPT and all(whole) else needed


def with_needs(job: Mapping[str, Any], needed: Sequence[str]) -> dict[str, Any]:
    """Return a configuration with the columns that no account may lack."""
    return {**job, "clean": {**job["clean"], "needs": list(needed)}}


def _is_whole(job: Mapping[str, Any]) -> bool:
    try:
        return load_dataset(job, ReadingShown()).is_whole
    except InputError:
        return True  # no run has accounts of it, and each says why
