"""The resumption of a cut sweep: which one, what of it is finished, and what is left to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from tiktok_segments.accounts.dataset import load_dataset
from tiktok_segments.errors import InputError
from tiktok_segments.terminal import ReadingShown
from tiktok_segments.tracking import Run, artifacts, connection, history, run_log, run_names
from tiktok_segments.tracking.processes import describe_owner, is_gone, this_process
from tiktok_segments.tracking.provenance import run_key
from tiktok_segments.tracking.run_names import CONTENT_KEY, OWNER


@dataclass(frozen=True)
class FinishedJobs:
    """What of a sweep need not be run again.

    Attributes
    ----------
    here : mapping of int to str
        Number of the job to the finished run of this sweep.
    elsewhere : mapping of int to str
        Number of the job to a finished run of the same content outside of this sweep.
    """

    here: Mapping[int, str]
    elsewhere: Mapping[int, str]

    @property
    def jobs(self) -> set[int]:
        """Numbers of the jobs to skip."""
        return {*self.here, *self.elsewhere}


def find_cut_sweep(key: str, wanted: str) -> str | None:
    """Return the sweep to go on with.

    Parameters
    ----------
    key : str
        Content key of the sweep that was asked for.
    wanted : str
        ``true`` for the newest sweep of that key that was killed or has failed runs, or the id of
        a sweep, for one whose process ran on another host and cannot be seen from here.

    Returns
    -------
    str or None
        Its id; None where none was cut.

    Raises
    ------
    InputError
        If such a sweep is under way in a live process, or the sweep named has another content.
    """
    if wanted != "true":
        sweep = history.get_run(wanted)
        if sweep.data.tags.get(CONTENT_KEY) != key:
            raise InputError(
                f"resume={wanted}: that is not a sweep of these settings, data and code.\n"
                "Give the same command that started it, and this version of the code."
            )
        if not is_other_host(sweep):
            _require_ended(sweep)
        return wanted
    sweeps = connection.client().search_runs(
        [connection.experiment_id()],
        filter_string=f"tags.`{CONTENT_KEY}` = '{key}' and tags.`{run_names.KIND}` = 'sweep' "
        "and attributes.status != 'FINISHED'",
        order_by=history.NEWEST_FIRST,
        max_results=1,
    )
    if not sweeps:
        return None
    _require_ended(sweeps[0])
    return str(sweeps[0].info.run_id)


def is_other_host(sweep: Run) -> bool:
    """Say whether a sweep shows as running on a host whose processes cannot be seen from here."""
    owner = sweep.data.tags.get(OWNER, this_process())
    return owner.rsplit(" ", 2)[0] != this_process().rsplit(" ", 2)[0]


def _require_ended(sweep: Run) -> None:
    owner = sweep.data.tags[OWNER]
    if sweep.info.status == "RUNNING" and not is_gone(owner):
        raise InputError(
            f"Sweep {sweep.info.run_id} of this content is under way: {describe_owner(owner)}.\n"
            "Wait for it. Where you know that it has ended on another host, give "
            f"resume={sweep.info.run_id}"
        )


def job_keys(jobs: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the content key of each run of a multirun, by its number.

    Parameters
    ----------
    jobs : sequence of mapping
        The configuration of each as plain data.

    Returns
    -------
    list of str
        Empty texts for runs whose data cannot be read.
    """
    return [_key(job) for job in jobs]


def find_finished(keys: Sequence[str], sweep_id: str) -> FinishedJobs:
    """Find the runs of a sweep that exist already: same data, configuration and code, finished.

    Parameters
    ----------
    keys : sequence of str
        As :func:`job_keys` returns them.
    sweep_id : str
        The sweep that is to be completed.

    Returns
    -------
    FinishedJobs
        Its own finished runs first; of several outside, the oldest.
    """
    own = {
        run.data.tags.get(CONTENT_KEY): run.info.run_id
        for run in history.child_runs(sweep_id)
        if run.info.status == "FINISHED"
    }
    here = {job: own[key] for job, key in enumerate(keys) if key in own}
    others = {job: _finished_run(key) for job, key in enumerate(keys) if key and job not in here}
    return FinishedJobs(here, {job: run_id for job, run_id in others.items() if run_id})


def _finished_run(key: str) -> str | None:
    """Return the oldest finished training run of a content key."""
    runs = connection.client().search_runs(
        [connection.experiment_id()],
        filter_string=f"tags.`{CONTENT_KEY}` = '{key}' and tags.`{run_names.KIND}` = 'train' "
        "and attributes.status = 'FINISHED'",
        order_by=["attributes.start_time ASC"],
        max_results=1,
    )
    return str(runs[0].info.run_id) if runs else None


def _key(job: Mapping[str, Any]) -> str:
    """Return the content key of one job; of one whose data cannot be read, one that none has."""
    try:
        return run_key(job, load_dataset(job, ReadingShown()).sha256)
    except InputError:
        return ""  # its run will say so


def reopen(sweep_id: str, finished: FinishedJobs) -> None:
    """Open a cut sweep again, as this process's.

    What it had found is taken back. Of its runs, those that are not finished stay in the store
    but no longer count (``segmentation.superseded``), since each is now run again.

    Parameters
    ----------
    sweep_id : str
        A sweep that was cut.
    finished : FinishedJobs
        What of it need not be run again.
    """
    client = connection.client()
    client.set_tag(sweep_id, OWNER, this_process())
    client.update_run(sweep_id, status="RUNNING")
    tags = client.get_run(sweep_id).data.tags
    for name in (run_names.BEST_RUN_ID, run_names.REASON, run_names.VERDICT, run_names.ERROR):
        if name in tags:
            client.delete_tag(sweep_id, name)
    numbers = {run_id: str(job) for job, run_id in finished.here.items()}
    for run in history.child_runs(sweep_id):
        if run_names.BEST in run.data.tags:
            run_log.mark_best(run.info.run_id, is_best=False)
        if run.info.run_id in numbers:
            client.set_tag(run.info.run_id, run_names.JOB, numbers[run.info.run_id])
        else:
            client.set_tag(run.info.run_id, run_names.SUPERSEDED, "true")


def name_reused(sweep_id: str, finished: FinishedJobs) -> None:
    """Name the finished runs of other sweeps that a sweep counts as its own, on the sweep.

    Parameters
    ----------
    sweep_id : str
        The sweep.
    finished : FinishedJobs
        What need not be run again.
    """
    if not finished.elsewhere:
        return
    table = pd.DataFrame(finished.elsewhere.items(), columns=["job", "run_id"])
    artifacts.log_table(sweep_id, table, artifacts.REUSED_TABLE)
    ids = ",".join(table["run_id"][: history.REUSED_IN_TAG])
    run_log.log_numbers(sweep_id, tags={run_names.REUSED: ids})
