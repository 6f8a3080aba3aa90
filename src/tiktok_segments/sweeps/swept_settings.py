"""Settings that a sweep varies, as columns of its leaderboard."""

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd
from omegaconf import DictConfig

from tiktok_segments.accounts.settings import DATA_PARTS
from tiktok_segments.sweeps.jobs import job_overrides, swept_values
from tiktok_segments.training.params import settings_by_name


def swept_names(config: DictConfig) -> list[str]:
    """Return the names of the settings that a multirun sweeps and that can change a result.

    Parameters
    ----------
    config : DictConfig
        The configuration of the whole multirun, with its ``hydra`` node.
    """
    return list(settings_by_name([f"{key}=" for key in swept_values(config)]))


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
    jobs = pd.DataFrame([settings_by_name(job) for job in job_overrides(config)])
    given = jobs.reindex(runs["job"]).set_axis(runs.index)
    filled = {
        name: runs[name].fillna(given[name]) if name in runs else given[name]
        for name in swept_names(config)
    }
    return runs.assign(**filled)


def data_settings(config: Mapping[str, Any]) -> str:
    """Return the part of a configuration that decides which accounts are loaded, as JSON.

    Parameters
    ----------
    config : mapping
        The plain content of a composed training configuration.

    Returns
    -------
    str
        Equal where the accounts are.
    """
    return json.dumps({name: config.get(name) for name in (*DATA_PARTS, "engine")})
