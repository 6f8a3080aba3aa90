"""The hook by which Hydra tells of a job, and what came out of the job.

Light, since Hydra loads it even for ``--help``.
"""

import atexit
import gc
import os
from contextlib import redirect_stderr
from io import StringIO
from typing import Any

from hydra.core.utils import JobReturn
from hydra.experimental.callback import Callback
from hydra.types import RunMode
from omegaconf import DictConfig

from tiktok_segments.errors import StoreError, StoreLost
from tiktok_segments.tracking.interrupt import heed_interrupts
from tiktok_segments.tracking.store_errors import RESUME


class SweepCallback(Callback):
    """Hydra callback: heeds Ctrl-C in the jobs of other processes, and ends a sweep without store.

    Launchers that run jobs in other processes, or on other machines, send it there.
    """

    def __init__(self) -> None:
        self.process = os.getpid()
        self.is_elsewhere = False
        self.collect_after = gc.get_threshold()

    def on_job_start(self, config: DictConfig, **kwargs: Any) -> None:
        """Have a job elsewhere end with the process that was started, and heed Ctrl-C."""
        if self.process != os.getpid():
            from tiktok_segments.tracking.processes import end_with_parent  # psutil: not for --help

            end_with_parent(os.getppid())
            self.process, self.is_elsewhere = os.getpid(), True
            gc.set_threshold(*self.collect_after)  # as in the command, for what is imported now
            atexit.register(gc.freeze)
        if self.is_elsewhere:
            heed_interrupts(True)

    def on_job_end(self, config: DictConfig, job_return: JobReturn, **kwargs: Any) -> None:
        """End the sweep where the store is lost."""
        if self.is_elsewhere:
            heed_interrupts(False)  # between two jobs, which the process that was started ends
        if config.hydra.mode != RunMode.MULTIRUN:
            return
        error = job_outcome(job_return)
        if isinstance(error, StoreError):
            words = str(error)
            raise StoreLost(words if RESUME in words else f"{words}\n{RESUME}")


def job_outcome(job: JobReturn) -> object:
    """Return what a job returned, or the error that it raised.

    Hydra raises the error where its ``return_value`` is read, and writes a line of its own.

    Parameters
    ----------
    job : JobReturn
        What Hydra says of a job that has ended.

    Examples
    --------
    >>> from hydra.core.utils import JobStatus
    >>> failed = JobReturn(status=JobStatus.FAILED)
    >>> failed.return_value = ValueError("k")
    >>> job_outcome(failed)
    ValueError('k')
    """
    try:
        with redirect_stderr(StringIO()):
            return job.return_value
    except Exception as error:
        return error
