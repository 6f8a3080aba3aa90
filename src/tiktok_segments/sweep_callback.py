"""The hook by which Hydra tells of a sweep. Light, since Hydra loads it even for ``--help``."""

import gc
import os
from typing import Any

from hydra.core.utils import JobReturn
from hydra.experimental.callback import Callback
from omegaconf import DictConfig, OmegaConf

from tiktok_segments.ahead import working_ahead
from tiktok_segments.command_line import (
    SKIP_VARIABLE,
    SWEEP_VARIABLE,
    ending_errors,
    enter_until_end,
)
from tiktok_segments.errors import InputError, StoreError, StoreLost
from tiktok_segments.interrupt import heed_interrupts
from tiktok_segments.jobs import count_jobs, in_process, swept_values
from tiktok_segments.ownership import end_with_parent
from tiktok_segments.store import check_server
from tiktok_segments.store_errors import RESUME


def _without_value(config: DictConfig) -> str:
    """Return the overrides that have no value."""
    names = [name for name, values in swept_values(config).items() if not values]
    given = [str(word) for word in config.hydra.overrides.task]
    return ", ".join(word for word in given if word.split("=")[0] in names)


class SweepCallback(Callback):
    """Hydra callback: opens a sweep before its first job and follows the jobs.

    Launchers that run jobs in other processes, or on other machines, send it there with what it
    holds: the environment variables that tell a job which sweep it belongs to. The sweep is
    closed when the command ends and not by ``on_multirun_end``, which Hydra leaves out when a job
    failed or the user stopped the sweep.
    """

    def __init__(self) -> None:
        self.environment: dict[str, str] = {}
        self.process = os.getpid()
        self.is_elsewhere = False

    def on_multirun_start(self, config: DictConfig, **kwargs: Any) -> None:
        """Start the processes that work ahead, open the sweep run, and show the progress bar."""
        with ending_errors():
            if not count_jobs(config):
                raise InputError(f"No value to sweep: {_without_value(config)}.")
            check_server()
            beside = in_process(config) and count_jobs(config) > 1
            if beside:
                ahead = working_ahead(drawn=OmegaConf.select(config, "figures.name") != "off")
                enter_until_end(ahead)
            anew = str(config.resume).lower() == "false"
            if beside and anew:
                self._plan(config)
            from tiktok_segments.sweep import open_sweep

            self.environment = open_sweep(config)
            os.environ.update(self.environment)
            if beside and not anew:
                self._plan(config)
            gc.freeze()  # what is there by now is not searched for garbage during the runs

    def _plan(self, config: DictConfig) -> None:
        """Have the jobs that are to be run computed ahead."""
        from tiktok_segments.planning import plan_jobs  # imports pandas

        plan_jobs(config, self.environment.get(SKIP_VARIABLE, ""))

    def on_job_start(self, config: DictConfig, **kwargs: Any) -> None:
        """Tell the job which sweep it belongs to, wherever it runs."""
        os.environ.update(self.environment)
        if self.process != os.getpid():
            end_with_parent(os.getppid())
            self.process, self.is_elsewhere = os.getpid(), True
        if self.is_elsewhere:
            heed_interrupts(True)

    def on_job_end(self, config: DictConfig, job_return: JobReturn, **kwargs: Any) -> None:
        """Advance the bar; tell a failure at once; end the sweep where the store is lost."""
        if self.is_elsewhere:
            heed_interrupts(False)  # between two jobs, which the process that was started ends
        if SWEEP_VARIABLE not in os.environ:
            return
        error = job_return._return_value  # return_value would raise it
        if isinstance(error, StoreError):
            words = str(error)
            raise StoreLost(words if RESUME in words else f"{words}\n{RESUME}")
        from tiktok_segments.sweep import follow_job

        follow_job(job_return)
