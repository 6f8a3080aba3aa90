"""What a configuration asks a run to compute, checked against the data."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

import pandas as pd
from hydra.errors import HydraException, InstantiationException
from hydra.utils import instantiate
from omegaconf import DictConfig
from pandas.api.types import is_numeric_dtype

from tiktok_segments.accounts.dataset import load_dataset
from tiktok_segments.clustering.admissible import require_more_accounts
from tiktok_segments.clustering.features import require_feature_set
from tiktok_segments.clustering.scaling import VALID
from tiktok_segments.errors import InputError
from tiktok_segments.terminal import ReadingShown
from tiktok_segments.training.configuration import FIRST_OF, known_feature_sets, read_feature_set
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
    structure = read_structure(config["structure"])
    # Runs of before there was this setting did not search, nor does structure=off.
    searched = structure.proposals and "proposals" in config["structure"]
    return RunTask(
        space=SpaceSettings(tuple(features["columns"].items()), scaler["estimator"]),
        drawn=wants_figures(config),
        structure=structure if examined else None,
        proposals=structure if searched else None,
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


def as_composed(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return a configuration with the feature set that it was composed with, and no other choice.

    Parameters
    ----------
    settings : mapping
        The plain content of a composed training configuration.

    Examples
    --------
    >>> as_composed({"features": {"name": "core", "columns": {}, "first_of": ["core", "activity"]}})
    {'features': {'name': 'core', 'columns': {}}}
    """
    features = {name: part for name, part in settings["features"].items() if name != FIRST_OF}
    return {**settings, "features": features}


def choose_features(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return a configuration with the feature set that its file can run on; say if not the first.

    Parameters
    ----------
    settings : mapping
        The plain content of a composed training configuration, found to be sound. Where its
        ``features`` have ``first_of``, names of sets in order, the accounts are read.

    Returns
    -------
    dict
        Without ``first_of``. The set is the one composed where it was changed by hand, where the
        file has all its columns, where no set can run, or where the file cannot be read: whoever
        uses it meets that again, and says why.
    """
    composed = as_composed(settings)
    names = settings["features"].get(FIRST_OF)
    if names is None or composed["features"] != read_feature_set(names[0]):
        return composed
    heard = _Heard()
    try:
        dataset = load_dataset(composed, heard)
    except InputError:
        return composed
    columns = set(dataset.frame.columns)
    sets = map(read_feature_set, names)
    features = next((one for one in sets if columns.issuperset(one["columns"])), None)
    is_first = features is None or features == composed["features"]
    if heard.notes and (is_first or dataset.is_whole):  # else they are read once more, and told
        ReadingShown().found(heard.notes)
    if features is None or is_first:
        return composed
    needed = list(composed["features"]["columns"])
    lacking = " and no ".join(name for name in needed if name not in columns)
    line = f"Features: {features['name']}, as the file has no {lacking}; {names[0]} needs "
    ReadingShown().found([f"{line}{', '.join(needed)}."])
    return {**composed, "features": features}


class _Heard:
    """A listener that shows the reading of accounts, and keeps what was found."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def reading(self) -> AbstractContextManager[Callable[[str], None]]:
        return ReadingShown().reading()

    def found(self, notes: Sequence[str]) -> None:
        self.notes += notes


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
