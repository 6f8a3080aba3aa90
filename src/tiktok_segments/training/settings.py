"""What a configuration asks a run to compute, checked against the data."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from hydra.errors import HydraException, InstantiationException
from hydra.utils import instantiate
from omegaconf import DictConfig
from pandas.api.types import is_numeric_dtype

from tiktok_segments.clustering.admissible import require_more_accounts
from tiktok_segments.clustering.features import require_feature_set
from tiktok_segments.clustering.scaling import VALID
from tiktok_segments.errors import InputError
from tiktok_segments.training.configuration import known_feature_sets
from tiktok_segments.training.task import RunTask, SpaceSettings
from tiktok_segments.validation.examination import read_structure


def read_task(config: Mapping[str, Any], frame: pd.DataFrame, examined: bool) -> RunTask:
    """Read what a run is to compute.

    Parameters
    ----------
    config : mapping
        The plain content of a composed training configuration, which
        :func:`~tiktok_segments.training.setting_faults.check_settings` has found to be sound.
    frame : DataFrame of shape (n_accounts, n_columns)
        The clean accounts.
    examined : bool
        Whether its structure is to be examined. In a sweep all k of a space are examined
        together, once its runs are there.

    Returns
    -------
    RunTask
        To be computed by :func:`~tiktok_segments.training.computing.compute`.

    Raises
    ------
    InputError
        If the data lacks a column, or has texts in one that is to be a feature.
    """
    features, scaler = config["features"], config["scaler"]
    check_features(features, list(frame.columns))
    for name in features["columns"]:
        if not is_numeric_dtype(frame[name]):
            raise InputError(f"features.columns.{name}: {name} holds no numbers to cluster by.")
    return RunTask(
        space=SpaceSettings(tuple(features["columns"].items()), scaler["estimator"]),
        drawn=wants_figures(config),
        structure=read_structure(config["structure"]) if examined else None,
        k=int(config["k"]),
        n_init=int(config["n_init"]),
        seed=int(config["seed"]),
    )


def check_run(config: Mapping[str, Any], frame: pd.DataFrame) -> None:
    """Refuse what cannot be run on these accounts, as far as it is known without computing.

    Parameters
    ----------
    config : mapping
        The plain content of a composed training configuration.
    frame : DataFrame of shape (n_accounts, n_columns)
        The clean accounts.

    Raises
    ------
    InputError
        As :func:`read_task` does, or if there are too few accounts for k.
    """
    task = read_task(config, frame, examined=False)
    require_more_accounts(task.k, len(frame))


def wants_figures(config: DictConfig | Mapping[str, Any]) -> bool:
    """Say whether a configuration wants figures, as those do that do not know the setting.

    Examples
    --------
    >>> wants_figures({"figures": {"name": "off"}}), wants_figures({})
    (False, True)
    """
    return "figures" not in config or str(config["figures"]["name"]) != "off"


def check_features(features: Mapping[str, Any], columns: list[str]) -> None:
    """Refuse a feature set that needs a column which the data lacks, naming those that can run.

    Parameters
    ----------
    features : mapping
        The feature set: its ``name`` and ``columns``.
    columns : list of str
        Columns of the clean frame.

    Raises
    ------
    InputError
        If a column is missing.
    """
    if set(features["columns"]) <= set(columns):
        return
    name = str(features["name"])
    require_feature_set(name, columns, known_feature_sets() | {name: list(features["columns"])})


def make_scaler(estimator: Mapping[str, Any]) -> Any:
    """Make the scaler that a configuration describes.

    Parameters
    ----------
    estimator : mapping
        ``_target_``, the scaler's class by its full name, and what to call it with.

    Returns
    -------
    transformer
        Not fitted.

    Raises
    ------
    InputError
        If it cannot be made, or is not a transformer of scikit-learn's kind.

    Examples
    --------
    >>> make_scaler({"_target_": "sklearn.preprocessing.MinMaxScaler"})
    MinMaxScaler()
    >>> make_scaler({"_target_": "sklearn.Scale"})
    Traceback (most recent call last):
    ...
    tiktok_segments.errors.InputError: scaler.estimator: sklearn.Scale cannot be made: no such class
    """
    target = estimator["_target_"]
    try:
        scaler = instantiate(estimator)
    except InstantiationException as error:
        cause = error.__cause__
        is_unknown = cause is None or isinstance(cause, (ImportError, HydraException))
        reason = "no such class" if is_unknown else str(cause).splitlines()[0]
        raise InputError(f"scaler.estimator: {target} cannot be made: {reason}") from error
    if not hasattr(scaler, "fit_transform"):
        raise InputError(f"scaler.estimator: {target} is not a scaler.\n{VALID}")
    return scaler
