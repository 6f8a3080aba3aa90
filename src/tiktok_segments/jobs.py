"""The runs that a multirun is going to make, in the order in which Hydra numbers them."""

from collections.abc import Iterator
from itertools import product
from math import prod

from hydra.core.global_hydra import GlobalHydra
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override
from omegaconf import DictConfig

from tiktok_segments.space_loader import space_loader


def swept_values(config: DictConfig) -> dict[str, list[str]]:
    """Return every setting that a multirun sweeps, with its values as texts.

    Parameters
    ----------
    config : DictConfig
        The configuration of the whole multirun, with its ``hydra`` node.

    Returns
    -------
    dict of str to list of str
        As they stand on the command line or in ``hydra.sweeper.params``; of a setting that
        comes twice, the last.
    """
    return {
        override.get_key_element(): list(override.sweep_string_iterator())
        for override in _overrides(config)
        if override.is_sweep_override()
    }


def count_jobs(config: DictConfig) -> int:
    """Count the runs that a multirun is going to make: the product of the numbers of values."""
    return prod(map(len, swept_values(config).values()))


def job_overrides(config: DictConfig) -> list[list[str]]:
    """Return the overrides of each run of a multirun, by its number.

    Parameters
    ----------
    config : DictConfig
        The configuration of the whole multirun, with its ``hydra`` node.

    Returns
    -------
    list of list of str
        As Hydra's basic sweeper makes them.
    """
    choices: dict[str, list[str]] = {}
    for override in _overrides(config):
        key = override.get_key_element()
        values = (
            list(override.sweep_string_iterator())
            if override.is_sweep_override()
            else [override.get_value_element_as_str()]
        )
        choices[key] = [f"{key}={value}" for value in values]
    return [list(job) for job in product(*choices.values())]


def compose_jobs(config: DictConfig) -> Iterator[DictConfig]:
    """Compose the runs of a multirun, by their number; Hydra must be running.

    Parameters
    ----------
    config : DictConfig
        The configuration of the whole multirun, with its ``hydra`` node.

    Yields
    ------
    DictConfig
        A training configuration.
    """
    loader = space_loader(GlobalHydra.instance().config_loader())
    for job in job_overrides(config):
        yield loader.compose_job(config, job)


def in_process(config: DictConfig) -> bool:
    """Say whether the jobs of a multirun run in the process that was started, one after another."""
    return str(config.hydra.launcher._target_).endswith(".BasicLauncher")


def _overrides(config: DictConfig) -> list[Override]:
    in_config = [f"{name}={values}" for name, values in (config.hydra.sweeper.params or {}).items()]
    return OverridesParser.create().parse_overrides(in_config + list(config.hydra.overrides.task))
