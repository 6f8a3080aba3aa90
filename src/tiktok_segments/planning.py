"""Which runs of a sweep are computed ahead."""

from hydra.errors import HydraException
from omegaconf import DictConfig
from omegaconf.errors import OmegaConfBaseException

from tiktok_segments.accounts.dataset import KEPT, Dataset, data_settings, load_dataset
from tiktok_segments.ahead import plan
from tiktok_segments.jobs import compose_jobs
from tiktok_segments.run_settings import read_task
from tiktok_segments.run_task import KEPT_ROWS, RunTask
from tiktok_segments.terminal import ReadingShown


def plan_jobs(config: DictConfig, skipped: str) -> None:
    """Have the runs of a multirun computed ahead, as far as they can be.

    The others are computed when their turn comes, and what is wrong with them is told then: runs
    that cannot be read, on more data sets than are kept, or on too many accounts to be sent to
    another process.

    Parameters
    ----------
    config : DictConfig
        The configuration of the whole multirun, with its ``hydra`` node.
    skipped : str
        Numbers of the jobs that are not run, with commas between.
    """
    left_out = set(skipped.split(","))
    # The sweep's own data set is loaded, too, when the sweep is opened.
    wanted, refused = {data_settings(config)}, set()
    try:
        for number, job in enumerate(compose_jobs(config)):
            data = data_settings(job)
            if str(number) in left_out or data in refused:
                continue
            wanted.add(data)
            if len(wanted) > KEPT:
                return
            dataset = _read_data(job)
            if dataset is None or len(dataset.frame) > KEPT_ROWS:
                refused.add(data)
            elif task := _read_task(job, dataset):
                plan(task, dataset.accounts)
    except (HydraException, OmegaConfBaseException):
        return  # a job that cannot be composed; Hydra refuses the sweep for it


def _read_data(job: DictConfig) -> Dataset | None:
    try:
        return load_dataset(job, ReadingShown())
    except Exception:
        return None  # whatever it is, the run meets it again and tells it


def _read_task(job: DictConfig, dataset: Dataset) -> RunTask | None:
    try:
        return read_task(job, dataset.frame, examined=False)
    except Exception:
        return None  # likewise
