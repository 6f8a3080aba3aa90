"""The settings of a run as it logs them: its params, and config.yaml."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from hydra.core.hydra_config import HydraConfig

from tiktok_segments.accounts.privacy import without_names, without_paths
from tiktok_segments.tracking.artifacts import to_yaml
from tiktok_segments.tracking.provenance import WITHOUT_RESULT

LONGEST = 6_000
"""Characters that MLflow takes in the value of a param."""


def run_params(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return what every run logs of its settings, by the names of the params."""
    return {
        "features": settings["features"]["name"],
        "clean": settings["clean"].get("name", ""),
        "outliers": settings["outliers"]["name"],
        "scaler": settings["scaler"]["name"],
        "k": settings["k"],
        "seed": settings["seed"],
        "n_init": settings["n_init"],
    }


def given_settings(settings: Mapping[str, Any]) -> dict[str, str]:
    """Return what the job of a sweep was given on the command line, swept or not.

    Parameters
    ----------
    settings : mapping
        The plain content of its composed configuration. Hydra must be running the job.

    Returns
    -------
    dict of str to str
        Values by the settings' names, such as ``clean.min_followers``; of a group its choice.
        What changes no result is left out, and under pseudonyms what names files.
    """
    given = settings_by_name(without_paths(HydraConfig.get().overrides.task, settings["data"]))
    return {name: _value(settings, name, text)[:LONGEST] for name, text in given.items()}


def _value(settings: Mapping[str, Any], name: str, text: str) -> str:
    """Return the value of a setting as composed; the text that was given where it has none."""
    value: Any = settings
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return text if value is None or isinstance(value, (Mapping, list)) else str(value)


def settings_by_name(overrides: Iterable[str]) -> dict[str, str]:
    """Return overrides by the names of their settings; those that take one away have no value.

    Examples
    --------
    >>> settings_by_name(["k=3", "+features.columns.likes=raw", "~seed", "profile=true"])
    {'k': '3', 'features.columns.likes': 'raw'}
    """
    words = [override.lstrip("+").partition("=") for override in overrides]
    return {
        name: value
        for name, equals, value in words
        if equals and not name.startswith("~") and name.split(".")[0] not in WITHOUT_RESULT
    }


def write_config(settings: Mapping[str, Any]) -> str:
    """Return the plain content of a configuration as YAML that says the same in every folder."""
    data = without_names(settings["data"])
    if data["path"]:
        path = str(data["path"])
        in_lake = "://" in path or path.startswith("dbfs:")
        data["path"] = path if in_lake else str(Path(path).expanduser().resolve())
    return to_yaml({**settings, "data": data})
