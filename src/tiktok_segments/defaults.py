"""Defaults: the files of ``conf/`` or an installed package's copy of them, the root, variables.

And commands that say what of it is otherwise.
"""

import os
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).parent
_CHECKOUT = _PACKAGE.parents[1]

KEY_FILE = "TIKTOK_SEGMENTS_KEY_FILE"
"""The environment variable that names the file of the key of pseudonyms."""

LARGEST_SEED = 2**32 - 1
"""What NumPy's legacy generator, which scikit-learn seeds, takes at most."""

DEFAULT_NAME = "tiktok-influencer-segments"
"""Name of the MLflow experiment and of the registered model where none is given."""

VARIABLES = {"experiment": "MLFLOW_EXPERIMENT_NAME", "model": "TIKTOK_SEGMENTS_MODEL"}
"""Variables that name them, by the settings of ``tracking`` that do; the first is MLflow's own."""

_GIVEN: dict[str, str] = {}
"""Variables that a setting of this command made, which a bare command would have otherwise."""


def default_file(name: str) -> Path:
    """Return a file of the project's configuration.

    Parameters
    ----------
    name : str
        The path of a file or folder below ``conf/``.

    Returns
    -------
    Path
        Within the copy of ``conf/`` that an installed package holds; within ``conf/`` itself where
        the package runs from its checkout.

    Examples
    --------
    >>> default_file("aliases.yaml").is_file()
    True
    """
    installed = _PACKAGE / "conf"
    return (installed if installed.is_dir() else _CHECKOUT / "conf") / name


def default_root() -> Path:
    """Return the folder of the default store, where no command says another.

    Returns
    -------
    Path
        The checkout that the package runs from; the current folder where it was installed.

    Examples
    --------
    >>> (default_root() / "conf").is_dir()
    True
    """
    return Path.cwd() if (_PACKAGE / "conf").is_dir() else _CHECKOUT


def give_variable(variable: str, value: str, usual: str = "") -> None:
    """Put a setting into its variable, and remember it for :func:`next_command`.

    Parameters
    ----------
    variable : str
        Read by this process and those that it starts.
    value : str
        What the setting says.
    usual : str
        What holds where there is no such variable.
    """
    if (os.environ.get(variable) or usual) != value:
        _GIVEN[variable] = value
    os.environ[variable] = value


def next_command(
    script: str, *settings: str, data: Mapping[str, Any] | None = None, kept: bool = False
) -> str:
    """Return a command that sees what this one saw: its experiment, its model, its accounts.

    Parameters
    ----------
    script : str
        Path from the project's folder.
    *settings : str
        As ``name=value``, before those that are added.
    data : mapping, optional
        ``path`` and ``pseudonyms`` of the accounts that it reads. Under pseudonyms no record says
        where they are, so that the command does.
    kept : bool, default False
        Whether the command goes into the store, where who reads it may have other variables than
        this process, and no file of accounts under pseudonyms is named.

    Returns
    -------
    str
        A line for the shell.

    Examples
    --------
    >>> next_command("train.py", "-m", "k=2,3,4")
    'python train.py -m k=2,3,4'
    >>> hidden = {"path": "Maya's.csv", "pseudonyms": "1234567890ab"}
    >>> next_command("scripts/profile_segments.py", "run=7", data=hidden, kept=True)
    'python scripts/profile_segments.py run=7 data.path=FILE'
    """
    words = [*settings]
    if data and data.get("pseudonyms"):
        if data.get("path") and not any(word.startswith("data.path=") for word in words):
            words.append(f"data.path={'FILE' if kept else data['path']}")
        if not kept and _is_given(KEY_FILE):
            words.append(f"privacy.key_file={os.environ[KEY_FILE]}")
    for setting, variable in VARIABLES.items():
        name = os.environ.get(variable) or DEFAULT_NAME
        if name != DEFAULT_NAME if kept else _is_given(variable):
            words.append(f"tracking.{setting}={name}")
    return shlex.join(["python", script, *words])


def _is_given(variable: str) -> bool:
    return variable in _GIVEN and os.environ.get(variable) == _GIVEN[variable]
