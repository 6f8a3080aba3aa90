"""The plan of a sweep: its runs that are computed ahead."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from typing import Any

from omegaconf import DictConfig

from tiktok_segments.accounts.dataset import KEPT, load_dataset
from tiktok_segments.errors import InputError
from tiktok_segments.sweeps.jobs import in_process
from tiktok_segments.sweeps.swept_settings import data_settings
from tiktok_segments.terminal import ReadingShown
from tiktok_segments.training.ahead import plan
from tiktok_segments.training.settings import read_task

KEPT_ROWS = 100_000
"""Up to this many accounts are sent to another process."""


def plan_jobs(
    config: DictConfig,
    settings: Mapping[str, Any],
    jobs: Sequence[Mapping[str, Any]],
    skipped: Collection[int],
) -> None:
    """Have the runs of a multirun computed ahead, as far as they can be.

    The others are computed when their turn comes, and what is wrong with them is told then: runs
    that cannot be read, on more data sets than are kept, or on too many accounts to be sent to
    another process.

    Parameters
    ----------
    config : DictConfig
        The configuration of the whole multirun, with its ``hydra`` node.
    settings : mapping
        Its plain content.
    jobs : sequence of mapping
        The configuration of each job as plain data, by its number.
    skipped : collection of int
        Numbers of the jobs that are not run.
    """
    if not in_process(config) or len(jobs) < 2:
        return  # there are no processes beside this one
    # The sweep's own data set is loaded, too, when the sweep is opened.
    wanted, refused = {data_settings(settings)}, set()
    for number, job in enumerate(jobs):
        data = data_settings(job)
        if number in skipped or data in refused:
            continue
        wanted.add(data)
        if len(wanted) > KEPT:
            return
        try:
            dataset = load_dataset(job, ReadingShown())
        except InputError:  # the run meets it again, and tells it
            refused.add(data)
            continue
        if dataset.stored or dataset.n_accounts > KEPT_ROWS:
            refused.add(data)
            continue
        with suppress(InputError):  # likewise
            plan(read_task(job, dataset.frame, examined=False), dataset.accounts)
