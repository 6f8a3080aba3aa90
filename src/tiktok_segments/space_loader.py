"""Hydra's configurations of jobs, composed once for all jobs of one space.

Hydra composes each job's configuration from some twenty files, twice (to check it, and to run it),
for 65 ms each time, which is more than a fit takes. Jobs that differ in plain settings only, such
as k, have one composition here, with those settings set on copies of it.
"""

import copy
from functools import lru_cache
from typing import Any

from hydra.core.config_loader import ConfigLoader
from hydra.core.config_search_path import ConfigSearchPath
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override
from hydra.plugins.config_source import ConfigSource
from omegaconf import DictConfig, OmegaConf, open_dict


@lru_cache(maxsize=1)
def space_loader(loader: ConfigLoader) -> "SpaceLoader":
    """Return the loader of spaces over Hydra's own: one, so that what it composed is shared."""
    return SpaceLoader(loader)


@lru_cache(maxsize=4096)
def _parse(overrides: tuple[str, ...]) -> list[Override]:
    """Parse a job's overrides, which are asked for when it is planned, checked and run."""
    return OverridesParser.create().parse_overrides(list(overrides))


class SpaceLoader(ConfigLoader):
    """Hydra's loader, which makes a job from the composition of another one where it can.

    Parameters
    ----------
    loader : ConfigLoader
        Hydra's own.

    Attributes
    ----------
    reuse : bool
        Whether a job's configuration is done with when the next job's is asked for, as where jobs
        run one after another: the jobs of a space then have one object, set anew for each.
    """

    def __init__(self, loader: ConfigLoader) -> None:
        self.loader = loader
        self.reuse = False
        self.reused: dict[int, DictConfig] = {}
        self.composed: dict[tuple[str, ...], DictConfig] = {}
        self.without_hydra: dict[int, DictConfig] = {}
        self.groups: dict[str, bool] = {}

    def compose(
        self, master_config: DictConfig, sweep_overrides: list[str]
    ) -> tuple[DictConfig, list[Override]]:
        """Return a composition that differs from a job's in plain settings only, and its overrides.

        Parameters
        ----------
        master_config : DictConfig
            The configuration of the whole sweep.
        sweep_overrides : list of str
            The job's overrides.

        Returns
        -------
        DictConfig
            Shared by several jobs: not to be changed.
        list of Override
            The job's overrides, parsed.
        """
        overrides = _parse(tuple(sweep_overrides))
        key = tuple(
            override.key_or_group if self._is_plain(override) else str(override.input_line)
            for override in overrides
        )
        if key not in self.composed:
            self.composed[key] = self.loader.load_sweep_config(master_config, sweep_overrides)
        return self.composed[key], overrides

    def compose_job(self, master_config: DictConfig, sweep_overrides: list[str]) -> DictConfig:
        """Return the configuration of a job without its ``hydra`` node."""
        composed, overrides = self.compose(master_config, sweep_overrides)
        if id(composed) not in self.without_hydra:
            names = [str(name) for name in composed if name != "hydra"]
            self.without_hydra[id(composed)] = OmegaConf.masked_copy(composed, names)
        config = copy.deepcopy(self.without_hydra[id(composed)])
        self._set(config, overrides)
        return config

    def load_sweep_config(
        self, master_config: DictConfig, sweep_overrides: list[str]
    ) -> DictConfig:
        """Return the configuration of a job, the same as Hydra's loader does."""
        composed, overrides = self.compose(master_config, sweep_overrides)
        if not self.reuse:
            config = copy.deepcopy(composed)
        elif id(composed) in self.reused:
            config = self.reused[id(composed)]
            OmegaConf.set_readonly(config.hydra, None)  # as it was before Hydra ran a job with it
        else:
            config = self.reused[id(composed)] = copy.deepcopy(composed)
        self._set(config, overrides)
        task = [override for override in overrides if not override.is_hydra_override()]
        form = config.hydra.job.config.override_dirname
        words = [str(o.input_line) for o in task if o.key_or_group not in form.exclude_keys]
        with open_dict(config.hydra):
            config.hydra.overrides.task = [override.input_line for override in task]
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
