"""Which runs of a sweep are computed ahead."""

from hydra.errors import HydraException
from omegaconf import DictConfig
from omegaconf.errors import OmegaConfBaseException

from tiktok_segments.ahead import plan
from tiktok_segments.dataset import KEPT, data_settings, load_dataset
from tiktok_segments.errors import InputError
from tiktok_segments.jobs import compose_jobs
from tiktok_segments.run_settings import read_task

MAX_ROWS = 100_000
"""Data sets of more accounts are not sent to another process."""


def plan_jobs(config: DictConfig, skipped: str) -> None:
    """Have the runs of a multirun computed ahead, as far as they can be.

    The others are computed when their turn comes, and what is wrong with them is told then.

    Parameters
    ----------
    config : DictConfig
        The configuration of the whole multirun, with its ``hydra`` node.
    skipped : str
        Numbers of the jobs that are not run, with commas between.
    """
    left_out = set(skipped.split(","))
    loaded: set[str] = set()
    try:
        for number, job in enumerate(compose_jobs(config)):
            if str(number) in left_out:
                continue
            loaded.add(data_settings(job))
            if len(loaded) > KEPT:
                return
            try:
                dataset = load_dataset(job)
                task = read_task(job, list(dataset.frame.columns), examined=False)
            except InputError:
                continue
            if len(dataset.frame) <= MAX_ROWS:
                plan(task, dataset.accounts)
    except (HydraException, OmegaConfBaseException):
        return
