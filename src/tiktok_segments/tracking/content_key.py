"""What a run is a run of: one key over its data, its configuration and the code that runs it.

Two runs with one key give the same labels and metrics, wherever their files and stores are.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import version
from typing import Any

from tiktok_segments.accounts.settings import alias_file
from tiktok_segments.files import sha256_of
from tiktok_segments.tracking.provenance import code_version
from tiktok_segments.validation.spaces import POPULATION, VIEW

CONTENT_KEY = "segmentation.content_key"
"""Tag of every run and sweep."""

POPULATION_TAG, SPACE_TAG = "segmentation.population", "segmentation.space"
"""Tags of every run: digests of its accounts' settings, and of its space's."""

WITHOUT_RESULT = frozenset({"figures", "profile", "report", "resume"})
"""Settings that change no label and no metric."""

PLACES = frozenset({"path", "url", "sha256", "aliases"})
"""Settings of ``data`` that say where a file is; its digest takes their place."""

LIBRARIES = ("numpy", "pandas", "scikit-learn", "scipy")
"""Libraries whose version can change a result."""


def run_key(config: Mapping[str, Any], data_sha256: str) -> str:
    """Return the content key of a training run.

    Parameters
    ----------
    config : mapping
        The plain content of its composed configuration. What does not change the run is
        left out: the report, figures, the rule that chooses among the runs of a sweep, and where
        the data's file is.
    data_sha256 : str
        Digest of its data.

    Returns
    -------
    str
        SHA-256 in 64 hexadecimal digits.
    """
    return _digest(_settings(config, {"selection"}), data_sha256, {})


def sweep_key(
    config: Mapping[str, Any], swept: Mapping[str, Sequence[str]], data_sha256: str
) -> str:
    """Return the content key of a sweep, which is the same whatever order its values come in.

    Parameters
    ----------
    config : mapping
        The plain content of the configuration that all its runs share.
    swept : mapping of str to sequence of str
        Settings that are swept, with their values.
    data_sha256 : str
        Digest of the data of ``config``. Where the data itself is swept, its runs have keys of
        their own and the sweep's holds the values as they were given.

    Returns
    -------
    str
        SHA-256 in 64 hexadecimal digits.
    """
    return _digest(_settings(config, set()), data_sha256, swept)


def space_tags(config: Mapping[str, Any], data_sha256: str) -> dict[str, str]:
    """Return what tells the population and the space of a run from others.

    Parameters
    ----------
    config : mapping
        The plain content of its composed configuration.
    data_sha256 : str
        Digest of its data.

    Returns
    -------
    dict of str to str
        The tags :data:`POPULATION_TAG` and :data:`SPACE_TAG`, SHA-256 in 64 hexadecimal digits
        each: equal where data, filter and outlier rule are, and features and scaler, too.
    """
    settings = _settings(config, set())

    def digest(names: Sequence[str]) -> str:
        parts = {name: settings[name] for name in names}
        text = json.dumps([data_sha256, parts], sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()

    return {POPULATION_TAG: digest(POPULATION), SPACE_TAG: digest([*POPULATION, *VIEW])}


def _settings(config: Mapping[str, Any], left_out: set[str]) -> dict[str, Any]:
    """Return the part of a configuration that decides the result, as plain data."""
    names = sorted(map(str, set(config) - WITHOUT_RESULT - left_out - {"hydra"}))
    settings: dict[str, Any] = {name: config[name] for name in names}
    given = settings["data"]
    settings["data"] = {name: value for name, value in given.items() if name not in PLACES}
    aliases = alias_file(given.get("aliases"))
    if aliases.is_file():
        settings["data"]["aliases_sha256"] = sha256_of(aliases)
    return settings


def _digest(
    settings: Mapping[str, Any], data_sha256: str, swept: Mapping[str, Sequence[str]]
) -> str:
    content = {
        "settings": settings,
        "swept": {name: sorted(values) for name, values in swept.items()},
        "data": data_sha256,
        "code": code_version()["segmentation.code_sha256"],
        "libraries": _versions(),
    }
    text = json.dumps(content, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _versions() -> dict[str, str]:
    return {name: version(name) for name in LIBRARIES}
