"""What a configuration asks a run to compute, checked."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd
from omegaconf import DictConfig, OmegaConf
from pandas.api.types import is_numeric_dtype

from tiktok_segments.accounts.settings import CONF
from tiktok_segments.availability import require_feature_set
from tiktok_segments.errors import InputError
from tiktok_segments.plain import as_plain
from tiktok_segments.run_task import RunTask, SpaceSettings

if TYPE_CHECKING:
    from tiktok_segments.examination import StructureSettings


def read_task(
    config: DictConfig | Mapping[str, Any], frame: pd.DataFrame, examined: bool
) -> RunTask:
    """Read what a run is to compute.

    Parameters
    ----------
    config : DictConfig or mapping
        A composed training configuration, or the plain content of one.
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
    features, scaler = as_plain(config["features"]), as_plain(config["scaler"])
    numbers = {
        name: whole_number(config, name, smallest)
        for name, smallest in (("k", 2), ("n_init", 1), ("seed", 0))
    }
    check_features(features, list(frame.columns))
    for name in features["columns"]:
        if not is_numeric_dtype(frame[name]):
            raise InputError(f"features.columns.{name}: {name} holds no numbers to cluster by.")
    return RunTask(
        space=SpaceSettings(tuple(features["columns"].items()), scaler["estimator"]),
        drawn=wants_figures(config),
        structure=read_structure(config["structure"]) if examined else None,
        **numbers,
    )


def read_structure(structure: DictConfig | Mapping[str, Any]) -> "StructureSettings":
    """Read the settings of the diagnostics.

    Parameters
    ----------
    structure : DictConfig or mapping
        The ``structure`` group, not ``off``.

    Returns
    -------
    StructureSettings
        As they are.

    Raises
    ------
    InputError
        If one is not a whole number in its range.
    """
    from tiktok_segments.examination import StructureSettings  # scikit-learn: not for every run

    smallest = {
        "n_draws": 2, "n_resamples": 1, "n_splits": 1, "n_init": 1, "max_rows": 1,
        "resampling_seed": 0,
    }  # fmt: skip
    named = {f"structure.{name}": structure[name] for name in smallest}
    return StructureSettings(
        **{
            name: whole_number(named, f"structure.{name}", least)
            for name, least in smallest.items()
        }
    )


def check_switches(config: DictConfig) -> None:
    """Refuse a value of a switch that is neither yes nor no, which would else count as no.

    Raises
    ------
    InputError
        If ``profile``, ``report`` or ``resume`` has a value that it cannot have.

    Examples
    --------
    >>> check_switches(OmegaConf.create({"profile": "maybe"}))
    Traceback (most recent call last):
    ...
    tiktok_segments.errors.InputError: profile is maybe; valid are true and false.
    """
    for name in ("profile", "report"):
        if not isinstance(config.get(name, False), bool):
            raise InputError(f"{name} is {config[name]}; valid are true and false.")
    resume = str(config.get("resume", False))
    if resume.lower() not in ("true", "false") and not re.fullmatch("[0-9a-f]{32}", resume):
        raise InputError(f"resume is {resume}; valid are true, false and the id of a sweep.")


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
    known = {
        str(choice.name): list(choice.columns)
        for choice in map(OmegaConf.load, (CONF / "features").glob("*.yaml"))
    }
    require_feature_set(name, columns, known | {name: list(features["columns"])})


def whole_number(config: DictConfig | Mapping[str, Any], name: str, smallest: int) -> int:
    """Return a setting that must be a whole number.

    Raises
    ------
    InputError
        If it is none, or too small.

    Examples
    --------
    >>> whole_number({"k": 4}, "k", smallest=2)
    4
    """
    value = config[name]
    if isinstance(value, bool) or not isinstance(value, int) or value < smallest:
        raise InputError(f"{name} is {value}; it must be a whole number from {smallest} up.")
    return value
