"""What a configuration asks a run to compute, checked."""

import json
from typing import Any

import pandas as pd
from omegaconf import DictConfig, OmegaConf
from pandas.api.types import is_numeric_dtype

from tiktok_segments.availability import require_feature_set
from tiktok_segments.dataset import CONF
from tiktok_segments.errors import InputError
from tiktok_segments.run_task import RunTask


def read_task(config: DictConfig, frame: pd.DataFrame, examined: bool) -> RunTask:
    """Read what a run is to compute.

    Parameters
    ----------
    config : DictConfig
        A composed training configuration.
    frame : DataFrame of shape (n_accounts, n_columns)
        The clean accounts.
    examined : bool
        Whether its structure is to be examined. In a sweep all k of a space are examined
        together, once its runs are there.

    Returns
    -------
    RunTask
        To be computed by :func:`~tiktok_segments.computing.compute`.

    Raises
    ------
    InputError
        If a setting is no whole number in its range, or the data lacks a column, or has texts in
        one that is to be a feature.
    """
    numbers = {
        name: whole_number(config, name, smallest)
        for name, smallest in (("k", 2), ("n_init", 1), ("seed", 0))
    }
    check_features(config, list(frame.columns))
    for name in config.features.columns:
        if not is_numeric_dtype(frame[name]):
            raise InputError(f"features.columns.{name}: {name} holds no numbers to cluster by.")
    return RunTask(
        space=json.dumps([_plain(config.features.columns), _plain(config.scaler.estimator)]),
        drawn=wants_figures(config),
        structure=json.dumps(_plain(config.structure)) if examined else "",
        **numbers,
    )


def _plain(part: DictConfig) -> Any:
    return OmegaConf.to_container(part, resolve=True)


def wants_figures(config: DictConfig) -> bool:
    """Say whether a configuration wants figures, as those do that do not know the setting.

    Examples
    --------
    >>> wants_figures(DictConfig({"figures": {"name": "off"}})), wants_figures(DictConfig({}))
    (False, True)
    """
    return str(OmegaConf.select(config, "figures.name")) != "off"


def check_features(config: DictConfig, columns: list[str]) -> None:
    """Refuse a feature set that needs a column which the data lacks, naming those that can run.

    Parameters
    ----------
    config : DictConfig
        A composed training configuration.
    columns : list of str
        Columns of the clean frame.

    Raises
    ------
    InputError
        If a column is missing.
    """
    if set(config.features.columns) <= set(columns):
        return
    name = str(config.features.name)
    known = {
        str(choice.name): list(choice.columns)
        for choice in map(OmegaConf.load, (CONF / "features").glob("*.yaml"))
    }
    require_feature_set(name, columns, known | {name: list(config.features.columns)})


def whole_number(config: DictConfig, name: str, smallest: int) -> int:
    """Return a setting that must be a whole number.

    Raises
    ------
    InputError
        If it is none, or too small.

    Examples
    --------
    >>> whole_number(DictConfig({"k": 4}), "k", smallest=2)
    4
    """
    value = config[name]
    if isinstance(value, bool) or not isinstance(value, int) or value < smallest:
        raise InputError(f"{name} is {value}; it must be a whole number from {smallest} up.")
    return value
