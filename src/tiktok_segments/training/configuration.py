"""Composed configurations as plain data, and the feature sets that there are to choose from."""

from collections.abc import Mapping
from typing import Any

from omegaconf import DictConfig, OmegaConf

from tiktok_segments.defaults import default_file
from tiktok_segments.segments.naming_rules import check_naming

FIRST_OF = "first_of"
"""In the default among the feature sets: the names of others, of which the first fit one is taken.
"""


def read_config(config: DictConfig | Mapping[str, Any]) -> dict[str, Any]:
    """Return the plain content of a configuration, with nothing left to resolve.

    Raises
    ------
    InputError
        If it asks for pseudonyms, and their key is not at hand; for digits that cannot be.

    Examples
    --------
    >>> from omegaconf import OmegaConf
    >>> read_config(OmegaConf.create({"k": 3, "twice": ["${k}"]}))
    {'k': 3, 'twice': [3]}
    >>> read_config({"k": 3})
    {'k': 3}
    """
    plain: Any = (
        OmegaConf.to_container(config, resolve=True) if OmegaConf.is_config(config) else config
    )
    settings = {str(name): part for name, part in plain.items()}
    data = settings.get("data") or {}
    if data.get("pseudonyms") or data.get("round") is not None:
        # Takes long to import, which those who ask for help spare.
        from tiktok_segments.accounts.privacy import settle_privacy
        from tiktok_segments.accounts.privacy.rounding import read_digits

        read_digits(data)
        settings["data"] = settle_privacy(data)
    return settings


def read_naming(config: DictConfig) -> dict[str, Any] | None:
    """Return the naming rules that a command is given.

    Parameters
    ----------
    config : DictConfig
        The command's composed configuration.

    Returns
    -------
    dict or None
        None where none are given: segments then take names from the run and the champion.

    Raises
    ------
    InputError
        If the rules cannot be used, whatever the accounts.

    Examples
    --------
    >>> from omegaconf import OmegaConf
    >>> read_naming(OmegaConf.create({"run": None})) is None  # no choice of the group
    True
    """
    if not config.get("naming"):
        return None
    naming = read_config(config.naming)
    check_naming(naming)
    return naming


def known_feature_sets() -> dict[str, list[str]]:
    """Return the feature sets of ``conf/features`` with the columns that each needs.

    Those that are tried where none is given come first, in their order.
    """
    sets = [read_feature_set(file.stem) for file in sorted(default_file("features").glob("*.yaml"))]
    known = {str(one["name"]): list(one["columns"]) for one in sets if FIRST_OF not in one}
    tried = [name for one in sets for name in one.get(FIRST_OF, [])]
    return {name: known[name] for name in tried if name in known} | known


def read_feature_set(choice: str) -> dict[str, Any]:
    """Return the content of a file of ``conf/features``, by its name."""
    content: Any = OmegaConf.to_container(
        OmegaConf.load(default_file("features") / f"{choice}.yaml")
    )
    return {str(name): part for name, part in content.items()}
