"""The life of a sweep: its run, its progress, its leaderboard and its best run."""

import os
import sys
from dataclasses import dataclass
from functools import partial

import pandas as pd
from hydra.core.utils import JobReturn, JobStatus
from hydra.errors import HydraException
from omegaconf import DictConfig
from omegaconf.errors import OmegaConfBaseException

from tiktok_segments import history, terminal, tracking
from tiktok_segments.accounts.dataset import DATA_PARTS, Dataset, load_dataset
from tiktok_segments.ahead import stop_ahead
from tiktok_segments.board import Board, Watch
from tiktok_segments.command_line import SKIP_VARIABLE, SWEEP_VARIABLE, at_end, job_exists
from tiktok_segments.content_key import CONTENT_KEY, sweep_key
from tiktok_segments.cut_runs import mark_cut_runs
from tiktok_segments.errors import InputError, StoreLost
from tiktok_segments.ingest_files import INGEST_VARIABLE, keep_with_sweep
from tiktok_segments.interrupt import uninterrupted
from tiktok_segments.jobs import count_jobs, in_process, swept_values
from tiktok_segments.provenance import code_version
from tiktok_segments.resume import (
    Finished,
    find_cut_sweep,
    find_finished,
    job_keys,
    name_reused,
    reopen,
)
from tiktok_segments.run_settings import check_switches
from tiktok_segments.selection import Decision
from tiktok_segments.store import project_root, store_lock
from tiktok_segments.store_errors import store_errors
from tiktok_segments.sweep_decision import decide
from tiktok_segments.sweep_results import (
    count_outcomes,
    log_sweep,
    print_phases,
    print_sweep,
)
from tiktok_segments.swept_settings import with_swept
from tiktok_segments.terminal import ReadingShown


@dataclass
class OpenSweep:
    """A sweep under way in this process.

    Attributes
    ----------
    run_id : str
        Its run in MLflow.
    config : DictConfig
        The configuration of the whole multirun.
    finished : Finished
        What of it was there before and is skipped.
    board : Board
        The bar on standard error.
    watch : Watch or None
        Looks for what jobs in other processes have done; None where they run in this one.
    """

    run_id: str
    config: DictConfig
    finished: Finished
    board: Board
    watch: Watch | None


_open: list[OpenSweep] = []


def open_sweep(config: DictConfig) -> dict[str, str]:
    """Open the sweep run that a multirun belongs to, and show the progress bar.

    Store, experiment, the record of the data and the sweep run are made here, before any job.
    With ``resume=true`` the newest cut sweep of the same content is opened again instead.

    Parameters
    ----------
    config : DictConfig
        The configuration of the whole multirun, with its ``hydra`` node.

    Returns
    -------
    dict of str to str
        Environment variables for the jobs.

    Raises
    ------
    InputError
        If a switch or the data cannot be used, or the sweep to resume is under way.
    StoreError
        If the store cannot be written.
    """
    check_switches(config)
    with store_errors():
        with terminal.console(stderr=True).status("Opening the MLflow store ..."):
            tracking.connect()
        mark_cut_runs()
        dataset = load_dataset(config, ReadingShown())
    with store_errors(), uninterrupted():  # else a sweep could be open that nobody closes
        run_id, finished = _new_or_cut_sweep(config, dataset)
        before = history.sweep_runs(run_id) if finished.jobs else None
        best = float("-inf") if before is None else float(before["silhouette"].max())
        board = Board(count_jobs(config), len(finished.jobs), best)
        watch = None if in_process(config) else Watch(run_id, board)
        _open.append(OpenSweep(run_id, config, finished, board, watch))
        at_end(close_sweep)
    board.start()
    if watch:
        watch.start()
    environment = {
        SWEEP_VARIABLE: run_id,
        SKIP_VARIABLE: ",".join(map(str, sorted(finished.jobs))),
    }
    if any(name.split(".")[0] in DATA_PARTS for name in swept_values(config)):
        return environment  # the accounts of a run may be others than those of the sweep
    with store_errors():
        return environment | keep_with_sweep(run_id, dataset)


def _new_or_cut_sweep(config: DictConfig, dataset: Dataset) -> tuple[str, Finished]:
    """Return the sweep to fill, reopened or new, and what of it is finished."""
    overrides = list(config.hydra.overrides.task)
    key = sweep_key(config, swept_values(config), dataset.sha256)
    resume = str(config.resume)
    if resume.lower() == "false":
        return _new_sweep(overrides, key, dataset), Finished({}, {})
    try:
        keys = job_keys(config)
    except (HydraException, OmegaConfBaseException):
        # Hydra will refuse the sweep for it: what was cut is left as it is.
        return _new_sweep(overrides, key, dataset), Finished({}, {})
    say = partial(terminal.console(stderr=True).print, markup=False)
    with store_lock():  # of two that resume one sweep, one goes on and the other is told
        cut = find_cut_sweep(key, resume.lower() if resume.lower() == "true" else resume)
        run_id = cut or _new_sweep(overrides, key, dataset)
        finished = find_finished(keys, run_id)
        if cut is None:
            left = len(keys) - len(finished.jobs)
            say(
                "No sweep of these settings, data and code was cut; this is a new one, of which "
                f"{left} of {len(keys)} runs are left to do."
            )
        if cut:
            reopen(cut, finished)
            say(
                f"Going on with sweep {cut}: {len(finished.jobs)} of {count_jobs(config)} finished."
            )
        name_reused(run_id, finished)
    return run_id, finished


def _new_sweep(overrides: list[str], key: str, dataset: Dataset) -> str:
    words = [word for word in overrides if not word.startswith("resume=")]
    run_id = tracking.open_sweep(" ".join(words)[:250] or "sweep")
    tracking.log_numbers(
        run_id,
        params={"overrides": " ".join(words), "data_sha256": dataset.sha256},
        tags={CONTENT_KEY: key, **code_version()},
    )
    tracking.log_dataset(run_id, dataset)
    return run_id


def follow_job(job_return: JobReturn) -> None:
    """Advance the bar of the sweep that is open in this process; tell a failure at once.

    Parameters
    ----------
    job_return : JobReturn
        What Hydra says of the job that ended.
    """
    # Reading return_value of a failed job would raise the error, which Hydra does at the end.
    result = job_return._return_value
    failed = job_return.status == JobStatus.FAILED
    if failed and isinstance(result, InputError):
        # Hydra would repeat the first error at the end; close_sweep counts them all.
        job_return.status, job_return.return_value = JobStatus.COMPLETED, float("nan")
    if not _open or _open[-1].watch or job_exists():
        return
    if failed:
        words = [word for word in job_return.overrides or [] if not word.startswith("resume=")]
        _open[-1].board.fail(" ".join(words), str(result))
    else:
        _open[-1].board.finish(result)


def close_sweep() -> None:
    """Examine the open sweep, log what its runs add up to, print it, and end its run.

    Nothing of this is done where the store was lost: the sweep is then marked by the next start.
    """
    sweep = _open.pop()
    if sys.exception() is not None:
        stop_ahead()  # what was planned is not begun any more
    if sweep.watch:
        sweep.watch.finish()
    sweep.board.stop()
    for name in (SWEEP_VARIABLE, SKIP_VARIABLE, INGEST_VARIABLE):
        os.environ.pop(name, None)
    if isinstance(sys.exception(), StoreLost):
        return
    with store_errors():
        runs = with_swept(history.sweep_runs(sweep.run_id), sweep.config)
        if runs.empty:  # refused or stopped before its first run
            if history.child_runs(sweep.run_id):  # of before it was gone on with
                tracking.close_sweep(sweep.run_id, "KILLED")
            else:
                tracking.delete_run(sweep.run_id)
            return
        stopped = _was_stopped()
        try:
            decision = _conclude(sweep, runs)
        except KeyboardInterrupt:
            if not stopped:
                _conclude(sweep, runs)
            raise
        if stopped:
            return
        if decision is not None and sweep.config.report is True:
            _profile(decision.run_id)
        if failed := int((runs["status"] == "FAILED").sum()):
            raise InputError(
                f"{failed} of {len(runs)} runs failed; leaderboard.csv of sweep {sweep.run_id} has "
                "their errors."
            )


def _profile(run_id: str) -> None:
    """Name and describe a run's segments, as ``scripts/profile_segments.py`` does."""
    from tiktok_segments.profiling import profile  # templates and drawing: not for other sweeps
    from tiktok_segments.restore import restore

    restored = restore(run_id, data_path=None, naming=None)
    profile(restored, project_root() / "outputs" / "segments", table_format="csv")


def _decide(sweep: OpenSweep, runs: pd.DataFrame) -> Decision | None:
    """Choose the best run, without examining structure where the user is stopping the command."""
    if not (runs["status"] == "FINISHED").any():
        return None
    return decide(runs, sweep.config, examined=not _was_stopped())


def _conclude(sweep: OpenSweep, runs: pd.DataFrame) -> Decision | None:
    """Choose the best run, log and print what the runs add up to, and end the sweep's run."""
    decision = _decide(sweep, runs)
    if decision is not None:
        log_sweep(sweep.run_id, runs, decision, sweep.config)
    whole = decision is not None and bool((runs["status"] == "FINISHED").all())
    status = "KILLED" if _was_stopped() else "FINISHED" if whole else "FAILED"
    tracking.close_sweep(sweep.run_id, status)
    print_sweep(sweep.run_id, runs, decision)
    out = terminal.console()
    if decision is not None and (sweep.config.report is not True or _was_stopped()):
        out.print(f"\nNext: python scripts/profile_segments.py sweep={sweep.run_id}", markup=False)
    out.print(count_outcomes(runs, sweep.finished), markup=False)
    if _was_stopped():
        done = int((runs["status"] == "FINISHED").sum())
        left = "examines it" if done == count_jobs(sweep.config) else "does the rest"
        out.print(
            f"Stopped with {done} of {count_jobs(sweep.config)} runs; the best is that of these, "
            "by silhouette, since structure was not examined. The same command with resume=true "
            f"{left}."
        )
    if sweep.config.profile is True:
        print_phases(runs)
    return decision


def _was_stopped() -> bool:
    """Whether the user is stopping the command."""
    return isinstance(sys.exception(), KeyboardInterrupt)
