"""Composed configurations as plain data, and the feature sets that there are to choose from."""

from collections.abc import Mapping
from typing import Any

from omegaconf import DictConfig, OmegaConf

from tiktok_segments.defaults import default_file


def read_config(config: DictConfig | Mapping[str, Any]) -> dict[str, Any]:
    """Return the plain content of a configuration, with nothing left to resolve.

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
    return {str(name): part for name, part in plain.items()}


def known_feature_sets() -> dict[str, list[str]]:
    """Return the feature sets of ``conf/features`` with the columns that each needs."""
    return {
        str(choice.name): list(choice.columns)
        for choice in map(OmegaConf.load, sorted(default_file("features").glob("*.yaml")))
    }
