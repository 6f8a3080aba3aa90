"""The jobs of a sweep: what each sweeps, in Hydra's order, and its configuration.

Hydra composes each job's configuration from some twenty files, twice (to check it, and to run it),
for 65 ms each time, which is more than a fit takes. Jobs that differ in plain settings only, such
as k, have one composition here, with those settings set on copies of it.
"""

import copy
from collections.abc import Sequence
from itertools import product
from typing import Any

from hydra.core.config_loader import ConfigLoader
from hydra.core.config_search_path import ConfigSearchPath
from hydra.core.global_hydra import GlobalHydra
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override
from hydra.plugins.config_source import ConfigSource
from omegaconf import DictConfig, OmegaConf, open_dict

from tiktok_segments.errors import InputError
from tiktok_segments.training.configuration import read_config
from tiktok_segments.training.job_place import ENVIRONMENT


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

    Raises
    ------
    InputError
        If a setting is to be swept over an interval, which has no values to list.
    """
    return {
        override.get_key_element(): _values(override)
        for override in _overrides(config)
        if override.is_sweep_override()
    }


def job_overrides(config: DictConfig) -> list[list[str]]:
    """Return the overrides of each run of a multirun, by its number.

    Parameters
    ----------
    config : DictConfig
        The configuration of the whole multirun, with its ``hydra`` node.

    Returns
    -------
    list of list of str
        As Hydra's basic sweeper makes them. Values in ``shuffle(...)`` have another order each
        time, so that a sweep asks once.

    Raises
    ------
    InputError
        If there is nothing to run, or a setting is to be swept over an interval.
    """
    choices: dict[str, list[str]] = {}
    empty: dict[str, str] = {}
    for override in _overrides(config):
        key = override.get_key_element()
        values = _values(override)
        choices[key] = [f"{key}={value}" for value in values]
        empty.pop(key, None)
        if not values:
            empty[key] = str(override.input_line)
    if empty:
        raise InputError(f"No value to sweep: {', '.join(empty.values())}.")
    return [list(job) for job in product(*choices.values())]


def _overrides(config: DictConfig) -> list[Override]:
    in_config = [f"{name}={values}" for name, values in (config.hydra.sweeper.params or {}).items()]
    hydra = GlobalHydra.instance()
    # By the loader the parser knows the choices of a group, for glob(*).
    parser = OverridesParser.create(hydra.config_loader() if hydra.is_initialized() else None)
    return parser.parse_overrides(in_config + list(config.hydra.overrides.task))


def _values(override: Override) -> list[str]:
    if not override.is_sweep_override():
        return [override.get_value_element_as_str()]
    if not override.is_discrete_sweep():
        raise InputError(
            f"{override.input_line} has no end of values; give them, as in "
            f"{override.get_key_element()}=2,3,4, or a range(...)."
        )
    return list(override.sweep_string_iterator())


def in_process(config: DictConfig) -> bool:
    """Say whether the jobs of a multirun run in the process that was started, one after another."""
    return str(config.hydra.runtime.choices["hydra/launcher"]) == "basic"


class SpaceLoader(ConfigLoader):
    """Hydra's loader, which makes a job from the composition of another one where it can.

    Parameters
    ----------
    loader : ConfigLoader
        Hydra's own.

    Attributes
    ----------
    composed : dict
        Compositions, by what of the jobs' overrides is no plain setting.
    """

    def __init__(self, loader: ConfigLoader) -> None:
        self.loader = loader
        self.composed: dict[tuple[str, ...], DictConfig] = {}
        self.without_hydra: dict[int, DictConfig] = {}
        self.groups: dict[str, bool] = {}

    def compose(
        self, master_config: DictConfig, sweep_overrides: Sequence[str]
    ) -> tuple[DictConfig, list[Override]]:
        """Return a composition that differs from a job's in plain settings only, and its overrides.

        Parameters
        ----------
        master_config : DictConfig
            The configuration of the whole sweep.
        sweep_overrides : sequence of str
            The job's overrides.

        Returns
        -------
        DictConfig
            Shared by several jobs: not to be changed.
        list of Override
            The job's overrides, parsed.
        """
        overrides = OverridesParser.create().parse_overrides(list(sweep_overrides))
        key = tuple(
            override.key_or_group if self._is_plain(override) else str(override.input_line)
            for override in overrides
            if not _is_place(override)
        )
        if key not in self.composed:
            own = [str(override.input_line) for override in overrides if not _is_place(override)]
            self.composed[key] = self.loader.load_sweep_config(master_config, own)
        return self.composed[key], overrides

    def settings(self, master_config: DictConfig, sweep_overrides: Sequence[str]) -> dict[str, Any]:
        """Return the configuration of a job as plain data, without its ``hydra`` node.

        Raises
        ------
        HydraException, OmegaConfBaseException
            If the job cannot be composed.
        """
        composed, overrides = self.compose(master_config, sweep_overrides)
        if id(composed) not in self.without_hydra:
            names = [str(name) for name in composed if name != "hydra"]
            self.without_hydra[id(composed)] = OmegaConf.masked_copy(composed, names)
        config = copy.deepcopy(self.without_hydra[id(composed)])
        self._set(config, overrides)
        return read_config(config)

    def load_sweep_config(
        self, master_config: DictConfig, sweep_overrides: list[str]
    ) -> DictConfig:
        """Return the configuration of a job, the same as Hydra's loader does."""
        composed, overrides = self.compose(master_config, sweep_overrides)
        config = copy.deepcopy(composed)
        self._set(config, overrides)
        task = [override for override in overrides if not override.is_hydra_override()]
        form = config.hydra.job.config.override_dirname
        words = [str(o.input_line) for o in task if o.key_or_group not in form.exclude_keys]
        with open_dict(config.hydra):
            config.hydra.overrides.task = [override.input_line for override in task]
            for override in filter(_is_place, overrides):
                name = override.key_or_group.removeprefix(ENVIRONMENT)
                config.hydra.job.env_set[name] = override.value()
                config.hydra.overrides.hydra.append(override.input_line)
            config.hydra.job.override_dirname = form.item_sep.join(sorted(words)).replace(
                "=", form.kv_sep
            )
        return config

    def _set(self, config: DictConfig, overrides: list[Override]) -> None:
        for override in filter(self._is_plain, overrides):
            OmegaConf.update(config, override.key_or_group, override.value())

    def _is_plain(self, override: Override) -> bool:
        """Whether an override replaces one value, and no group or part of the configuration."""
        name = override.key_or_group
        if name not in self.groups:
            self.groups[name] = bool(self.get_group_options(name))
        return (
            not (override.is_add() or override.is_force_add() or override.is_delete())
            and not override.is_hydra_override()
            and not self.groups[name]
            and isinstance(override.value(), (bool, int, float, str, type(None)))
        )

    def load_configuration(self, *args: Any, **kwargs: Any) -> DictConfig:
        """Compose a configuration anew."""
        return self.loader.load_configuration(*args, **kwargs)

    def get_search_path(self) -> ConfigSearchPath:
        """Return where configurations are searched for."""
        return self.loader.get_search_path()

    def get_sources(self) -> list[ConfigSource]:
        """Return the folders and packages that hold configurations."""
        return self.loader.get_sources()

    def list_groups(self, parent_name: str) -> list[str]:
        """Return the groups of a group."""
        return self.loader.list_groups(parent_name)

    def get_group_options(self, *args: Any, **kwargs: Any) -> list[str]:
        """Return the choices of a group, none where there is no such group."""
        return self.loader.get_group_options(*args, **kwargs)

    def compute_defaults_list(self, *args: Any, **kwargs: Any) -> Any:
        """Return which files a configuration is made of."""
        return self.loader.compute_defaults_list(*args, **kwargs)


def _is_place(override: Override) -> bool:
    """Whether an override tells a job its place in the sweep, which no composition depends on."""
    return bool(override.is_add()) and str(override.key_or_group).startswith(ENVIRONMENT)
