"""Settings that a sweep varies, as params of its runs and columns of its leaderboard."""

from typing import Any

import pandas as pd
from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig, OmegaConf

from tiktok_segments.sweeps.jobs import job_overrides, swept_values
from tiktok_segments.tracking.content_key import WITHOUT_RESULT

LONGEST = 6_000
"""Characters that MLflow takes in the value of a param."""


def given_settings(config: DictConfig) -> dict[str, Any]:
    """Return what the job of a sweep was given on the command line, swept or not.

    Parameters
    ----------
    config : DictConfig
        Its composed configuration. Hydra must be running the job.

    Returns
    -------
    dict of str to object
        Values by the settings' names, such as ``clean.min_followers``; of a group its choice.
        What changes no result is left out.
    """
    given = _by_name(HydraConfig.get().overrides.task)
    settings = {}
    for name, text in given.items():
        value = OmegaConf.select(config, name, default=None)
        plain = text if value is None or OmegaConf.is_config(value) else value
        settings[name] = str(plain)[:LONGEST]
    return settings


def swept_names(config: DictConfig) -> list[str]:
    """Return the names of the settings that a multirun sweeps and that can change a result.

    Parameters
    ----------
    config : DictConfig
        The configuration of the whole multirun, with its ``hydra`` node.
    """
    return list(_by_name([f"{key}=" for key in swept_values(config)]))


def with_swept(runs: pd.DataFrame, config: DictConfig) -> pd.DataFrame:
    """Fill in what the runs of a sweep were given, of those that did not log it.

    A finished run that was taken over from another sweep was given it there in another way.

    Parameters
    ----------
    runs : DataFrame of shape (n_runs, n_columns)
        As :func:`~tiktok_segments.tracking.history.sweep_runs` returns them.
    config : DictConfig
        The configuration of the whole multirun, with its ``hydra`` node.

    Returns
    -------
    DataFrame of shape (n_runs, n_columns)
        With a column for each swept setting.
    """
    if runs.empty:
        return runs
    jobs = pd.DataFrame([_by_name(job) for job in job_overrides(config)])
    given = jobs.reindex(runs["job"]).set_axis(runs.index)
    filled = {
        name: runs[name].fillna(given[name]) if name in runs else given[name]
        for name in swept_names(config)
    }
    return runs.assign(**filled)


def _by_name(overrides: list[str]) -> dict[str, str]:
    """Return overrides by the names of their settings; those that take one away have no value.

    Examples
    --------
    >>> _by_name(["k=3", "+features.columns.likes=raw", "~seed", "profile=true"])
    {'k': '3', 'features.columns.likes': 'raw'}
    """
    words = [override.lstrip("+").partition("=") for override in overrides]
    return {
        name: value
        for name, equals, value in words
        if equals and not name.startswith("~") and name.split(".")[0] not in WITHOUT_RESULT
    }
