"""The hook by which Hydra tells of a sweep. Light, since Hydra loads it even for ``--help``."""

import os
from typing import Any

from hydra.core.utils import JobReturn
from hydra.experimental.callback import Callback
from omegaconf import DictConfig

from tiktok_segments.command_line import SWEEP_VARIABLE, plain_errors
from tiktok_segments.store import check_server


class SweepCallback(Callback):
    """Hydra callback: opens a sweep before its first job and follows the jobs.

    Without state of its own, so that launchers can send it to other processes. The sweep is
    closed when the command ends and not by ``on_multirun_end``, which Hydra leaves out when a job
    failed or the user stopped the sweep.
    """

    def on_multirun_start(self, config: DictConfig, **kwargs: Any) -> None:
        """Open the sweep run and show the progress bar."""
        with plain_errors():  # Hydra would turn an error into a warning and go on
            check_server()
            from tiktok_segments.sweep import open_sweep

            open_sweep(config)

    def on_job_end(self, config: DictConfig, job_return: JobReturn, **kwargs: Any) -> None:
        """Advance the bar; tell a failure at once."""
        if SWEEP_VARIABLE in os.environ:
            from tiktok_segments.sweep import follow_job

            follow_job(job_return)
