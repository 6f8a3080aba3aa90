"""A sweeper for Hydra that opens a sweep's run, launches its jobs and closes it.

Hydra takes plug-ins from the package ``hydra_plugins`` alone, and reads it even for ``--help``.
"""

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from hydra.core.plugins import Plugins
from hydra.plugins.launcher import Launcher
from hydra.plugins.sweeper import Sweeper
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig, OmegaConf

from tiktok_segments.sweeps.jobs import SpaceLoader, in_process, job_overrides
from tiktok_segments.tracking.store import find_store
from tiktok_segments.training.ahead import working_ahead
from tiktok_segments.training.setting_faults import check_settings

if TYPE_CHECKING:
    from tiktok_segments.sweeps.sweep import OpenSweep


class SpaceSweeper(Sweeper):
    """Makes the same jobs as Hydra's basic sweeper, in the same order, for any launcher.

    Those whose runs exist already are not launched; the others keep their numbers.

    Parameters
    ----------
    max_batch_size : int or None
        Jobs that a launcher for other processes gets at a time; all where None.
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
        self.loader = SpaceLoader(hydra_context.config_loader)
        self.launcher: Launcher = Plugins.instance().instantiate_launcher(
            HydraContext(config_loader=self.loader, callbacks=hydra_context.callbacks),
            task_function,
            config,
        )

    def sweep(self, arguments: list[str]) -> list[Any]:
        """Run every combination of the values that the arguments sweep.

        Raises
        ------
        InputError
            If a job cannot be run for certain, when no run is opened, or if a run failed.
        """
        assert self.config is not None  # noqa: S101 - Hydra calls setup first
        jobs = job_overrides(self.config)
        alone = in_process(self.config)
        find_store(self.config.tracking)
        with ExitStack() as beside:
            if alone and len(jobs) > 1:
                drawn = OmegaConf.select(self.config, "figures.name") != "off"
                beside.enter_context(working_ahead(drawn))
            settings = [self.loader.settings(self.config, job) for job in jobs]
            check_settings(settings)
            # These import pandas and MLflow, as others work by now.
            from tiktok_segments.sweeps.settled_jobs import settle_jobs
            from tiktok_segments.sweeps.sweep import open_sweep

            jobs, settled = settle_jobs(self.config, jobs, settings)
            with open_sweep(self.config, settled) as sweep:
                return self._launch(jobs, sweep, 1 if alone else self.max_batch_size or len(jobs))

    def _launch(self, jobs: list[list[str]], sweep: "OpenSweep", size: int) -> list[Any]:
        """Launch the jobs whose runs do not exist, so many at a time."""
        left = [number for number in range(len(jobs)) if number not in sweep.finished.jobs]
        returns = []
        for start in range(0, len(left), size):
            numbers = left[start : start + size]
            placed = [[*jobs[number], sweep.place(number).override()] for number in numbers]
            done = self.launcher.launch(placed, initial_job_idx=numbers[0])
            for job in done:
                sweep.follow(job)
            returns.append(done)
        return returns
