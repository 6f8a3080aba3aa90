"""Provenance of a run: the code that made it, and one key over its data, settings and code.

Two runs with one key give the same labels and metrics, wherever their files and stores are.
"""

import hashlib
import json
import subprocess
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tiktok_segments.export.aliases import alias_file
from tiktok_segments.files import sha256_of
from tiktok_segments.tracking.run_names import CODE, COMMIT, POPULATION_TAG, SPACE_TAG
from tiktok_segments.validation.spaces import POPULATION, VIEW

PACKAGE = Path(__file__).parents[1]

WITHOUT_RESULT = frozenset({"figures", "privacy", "profile", "report", "resume", "tracking"})
"""Settings that change no label and no metric."""

PLACES = frozenset({"path", "url", "sha256", "aliases", "label", "round"})
"""Settings of ``data`` that change no account: places of files, whose digests count, and words."""

LIBRARIES = ("numpy", "pandas", "scikit-learn", "scipy")
"""Libraries whose version can change a result."""


@cache
def code_version() -> dict[str, str]:
    """Return tags that say which code is running.

    Returns
    -------
    dict of str to str
        ``segmentation.code_sha256``, over the package's sources in order of their names, and
        ``segmentation.commit`` where the package stands in a git checkout (with ``+changes``
        where the checkout has uncommitted ones).
    """
    digest = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*.py")):
        digest.update(path.relative_to(PACKAGE).as_posix().encode())
        digest.update(path.read_bytes())
    tags = {CODE: digest.hexdigest()}
    commit = _git("rev-parse", "HEAD")
    if commit:
        changes = "+changes" if _git("status", "--porcelain", "--untracked-files=no") else ""
        tags[COMMIT] = commit + changes
    return tags


def _git(*arguments: str) -> str:
    """Return what git answers, nothing where there is no git or no checkout."""
    try:
        answer = subprocess.run(  # noqa: S603 - fixed words, no shell
            ["git", *arguments],  # noqa: S607 - whichever git the user has
            cwd=PACKAGE,
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        return ""
    return answer.stdout.strip() if answer.returncode == 0 else ""


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
        The tags ``segmentation.population`` and ``segmentation.space``, SHA-256 in 64 hexadecimal
        digits each: equal where data, filter and outlier rule are, and features and scaler, too.
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
        "code": code_version()[CODE],
        "libraries": _versions(),
    }
    text = json.dumps(content, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _versions() -> dict[str, str]:
    return {name: version(name) for name in LIBRARIES}
