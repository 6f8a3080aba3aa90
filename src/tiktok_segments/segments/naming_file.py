"""Naming rules from a file, as the configuration composes them for the commands."""

from pathlib import Path
from typing import Any

import yaml

from tiktok_segments.defaults import default_file
from tiktok_segments.errors import InputError, reason


def load_naming(path: str | Path | None = None) -> dict[str, Any]:
    """Load naming rules for :func:`~tiktok_segments.segments.naming.name_segments`.

    Parameters
    ----------
    path : str or Path, optional
        A whole file of rules in YAML; the project's ``conf/naming/median.yaml`` by default.

    Returns
    -------
    dict
        ``follower_statistic``, ``tiers`` and ``rules``.

    Raises
    ------
    InputError
        If the file cannot be read, or lacks one of the three.

    Examples
    --------
    >>> load_naming()["rules"][0]
    {'name': 'Celebrity Accounts', 'when': {'followers': [5000000, None]}}
    """
    file = Path(path).expanduser() if path else default_file("naming/median.yaml")
    try:
        rules = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InputError(f"The naming rules {file} cannot be read: {reason(error)}.") from None
    needed = ("follower_statistic", "tiers", "rules")
    if not isinstance(rules, dict) or (lacking := [name for name in needed if name not in rules]):
        lack = ", ".join(lacking if isinstance(rules, dict) else needed)
        raise InputError(f"The naming rules {file} lack {lack}; see conf/naming/median.yaml.")
    return rules
