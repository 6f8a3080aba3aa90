"""A sweeper for Hydra that composes a configuration once for all jobs of one space.

Hydra takes plug-ins from the package ``hydra_plugins`` alone, and reads it even for ``--help``.
"""

from typing import Any

from hydra.core.plugins import Plugins
from hydra.plugins.launcher import Launcher
from hydra.plugins.sweeper import Sweeper
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig

from tiktok_segments.jobs import in_process, job_overrides
from tiktok_segments.space_loader import space_loader


class SpaceSweeper(Sweeper):
    """Makes the same jobs as Hydra's basic sweeper, in the same order, for any launcher.

    Parameters
    ----------
    max_batch_size : int or None
        Jobs that the launcher gets at a time; all where None.
    params : mapping of str to str, optional
        Overrides that stand in the configuration; those of the command line win.
    """

    def __init__(self, max_batch_size: int | None, params: dict[str, str] | None = None) -> None:
        self.max_batch_size = max_batch_size
        self.params = dict(params or {})

    def setup(
        self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig
    ) -> None:
        """Take the configuration of the whole sweep, and make its launcher."""
        self.config = config
        self.loader = space_loader(hydra_context.config_loader)
        self.loader.reuse = in_process(config)
        self.launcher: Launcher = Plugins.instance().instantiate_launcher(
            HydraContext(config_loader=self.loader, callbacks=hydra_context.callbacks),
            task_function,
            config,
        )

    def sweep(self, arguments: list[str]) -> list[Any]:
        """Run every combination of the values that the arguments sweep."""
        assert self.config is not None  # noqa: S101 - Hydra calls setup first
        jobs = job_overrides(self.config)
        for job in jobs:  # what cannot be composed is refused before the first run
            self.loader.compose(self.config, job)
        returns = []
        size = self.max_batch_size or len(jobs)
        for start in range(0, len(jobs), size):
            batch = self.launcher.launch(jobs[start : start + size], initial_job_idx=start)
            for job_return in batch:
                _ = job_return.return_value  # raises what a failed job has raised
            returns.append(batch)
        return returns
