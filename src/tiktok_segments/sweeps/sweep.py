"""The life of a sweep: its run is opened, its jobs are followed, it is closed whatever comes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from types import TracebackType
from typing import Any

from hydra.core.utils import JobReturn
from omegaconf import DictConfig

from tiktok_segments import terminal
from tiktok_segments.accounts.dataset import Dataset, load_dataset
from tiktok_segments.accounts.privacy import without_paths
from tiktok_segments.accounts.settings import DATA_PARTS
from tiktok_segments.errors import InputError, StoreLost
from tiktok_segments.reports.selective_rejections import check_rejections
from tiktok_segments.sweeps.callback import job_outcome
from tiktok_segments.sweeps.description import name_sweep
from tiktok_segments.sweeps.end import end_sweep
from tiktok_segments.sweeps.jobs import in_process, swept_values
from tiktok_segments.sweeps.planning import plan_jobs
from tiktok_segments.sweeps.progress import Board, Watch
from tiktok_segments.sweeps.resume import (
    FinishedJobs,
    find_cut_sweep,
    find_finished,
    job_keys,
    name_reused,
    reopen,
)
from tiktok_segments.terminal import ReadingShown
from tiktok_segments.tracking import connection, history, run_log, run_names
from tiktok_segments.tracking.interrupt import is_interrupt, uninterrupted
from tiktok_segments.tracking.processes import mark_cut_runs
from tiktok_segments.tracking.provenance import code_version, sweep_key
from tiktok_segments.tracking.run_names import CONTENT_KEY
from tiktok_segments.tracking.store import store_lock
from tiktok_segments.tracking.store_errors import store_errors
from tiktok_segments.training.ahead import stop_ahead
from tiktok_segments.training.configuration import read_config
from tiktok_segments.training.job_place import JobPlace, keep_with_sweep


@dataclass
class OpenSweep:
    """A sweep under way in this process: a context manager, at whose end it is closed.

    Attributes
    ----------
    run_id : str
        Its run in MLflow.
    config : DictConfig
        The configuration of the whole multirun.
    jobs : int
        How many jobs it has.
    finished : FinishedJobs
        What of it was there before and is skipped.
    board : Board
        The bar on standard error.
    watch : Watch or None
        Looks for what jobs in other processes have done; None where they run in this one.
    kept : str
        Digest of what it keeps of its data for its runs.
    failures : list of Exception
        What the failed jobs ended in; of some there may be no run.
    """

    run_id: str
    config: DictConfig
    jobs: int
    finished: FinishedJobs
    board: Board
    watch: Watch | None
    kept: str = ""
    failures: list[Exception] = field(default_factory=list)

    def place(self, job: int) -> JobPlace:
        """Return what a job is told of its place in this sweep."""
        return JobPlace(self.run_id, job, self.kept)

    def follow(self, job: JobReturn) -> None:
        """Advance the bar by a job that has ended; tell a failure at once.

        Raises
        ------
        KeyboardInterrupt
            If the job ended in what Python made of Ctrl-C.
        """
        result = job_outcome(job)
        if not isinstance(result, Exception):
            if self.watch is None:
                # Of a run, which returns its silhouette.
                self.board.finish(float(result))  # type: ignore[arg-type]
            return
        if is_interrupt(result):
            raise KeyboardInterrupt from result
        self.failures.append(result)
        if self.watch is None:
            words = [word for word in job.overrides or [] if not word.startswith("resume=")]
            self.board.fail(" ".join(words), str(result))

    def __enter__(self) -> OpenSweep:
        """Show the bar, and watch what jobs in other processes do."""
        self.board.start()
        if self.watch:
            self.watch.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Draw up what the runs add up to, and end the sweep's run.

        Nothing of this is done where the store was lost: the sweep is then marked by the next
        start.
        """
        if error is not None:
            stop_ahead()  # what was planned is not begun any more
        if self.watch:
            self.watch.finish()
        self.board.stop()
        if isinstance(error, StoreLost):
            return
        with store_errors():
            end_sweep(self.run_id, self.config, self.finished, self.jobs, error, self.failures)


@contextmanager
def open_sweep(config: DictConfig, jobs: Sequence[Mapping[str, Any]]) -> Iterator[OpenSweep]:
    """Open the sweep run that a multirun belongs to, show the progress bar, and close both.

    Store, experiment, the record of the data and the sweep run are made here, before any job.
    With ``resume=true`` the newest cut sweep of the same content is opened again instead.

    Parameters
    ----------
    config : DictConfig
        The configuration of the whole multirun, with its ``hydra`` node.
    jobs : sequence of mapping
        The configuration of each job as plain data, by its number; found to be sound.

    Yields
    ------
    OpenSweep
        To be told of the jobs that have ended.

    Raises
    ------
    InputError
        If the data cannot be used, or the sweep to resume is under way; at the end, if
        a run failed.
    StoreError
        If the store cannot be written.
    """
    _refuse_files(config)
    settings = read_config(config)
    anew = str(config.resume).lower() == "false"
    same_accounts = not any(name.split(".")[0] in DATA_PARTS for name in swept_values(config))
    if anew:
        plan_jobs(config, settings, jobs, skipped=set())
    with ExitStack() as life:
        with store_errors():
            with terminal.console(stderr=True).status("Opening the MLflow store ..."):
                connection.connect()
            mark_cut_runs()
            dataset = load_dataset(config, ReadingShown())
            check_rejections(dataset, settings)
        with store_errors(), uninterrupted():  # else a sweep could be open that nobody closes
            run_id, finished = _new_or_cut_sweep(config, settings, jobs, dataset)
            before = history.sweep_runs(run_id) if finished.jobs else None
            best = float("-inf") if before is None else float(before["silhouette"].max())
            board = Board(len(jobs), len(finished.jobs), best, comparable=same_accounts)
            watch = None if in_process(config) else Watch(run_id, board)
            sweep = OpenSweep(run_id, config, len(jobs), finished, board, watch)
            life.enter_context(sweep)
        if same_accounts:
            with store_errors():
                sweep.kept = keep_with_sweep(run_id, dataset)
        if not anew:
            plan_jobs(config, settings, jobs, finished.jobs)
        yield sweep


def _refuse_files(config: DictConfig) -> None:
    if config.data.pseudonyms and "data.path" in swept_values(config):
        raise InputError(
            "Under pseudonyms no file is named, so that a sweep over files could not tell its runs "
            "apart.\nMake a sweep of each: data.path=FILE"
        )


def _new_or_cut_sweep(
    config: DictConfig,
    settings: Mapping[str, Any],
    jobs: Sequence[Mapping[str, Any]],
    dataset: Dataset,
) -> tuple[str, FinishedJobs]:
    """Return the sweep to fill, reopened or new, and what of it is finished."""
    key = sweep_key(settings, swept_values(config), dataset.sha256)
    resume = str(config.resume)
    if resume.lower() == "false":
        return _new_sweep(config, key, dataset), FinishedJobs({}, {})
    keys = job_keys(jobs)
    say = partial(terminal.console(stderr=True).print, markup=False)
    with store_lock():  # of two that resume one sweep, one goes on and the other is told
        cut = find_cut_sweep(key, resume.lower() if resume.lower() == "true" else resume)
        run_id = cut or _new_sweep(config, key, dataset)
        finished = find_finished(keys, run_id)
        if cut is None:
            left = len(keys) - len(finished.jobs)
            say(
                "No sweep of these settings, data and code was cut; this is a new one, of which "
                f"{left} of {len(keys)} runs are left to do."
            )
        if cut:
            reopen(cut, finished)
            say(f"Going on with sweep {cut}: {len(finished.jobs)} of {len(jobs)} finished.")
        name_reused(run_id, finished)
    return run_id, finished


def _new_sweep(config: DictConfig, key: str, dataset: Dataset) -> str:
    overrides = config.hydra.overrides.task
    words = [word for word in overrides if not word.startswith("resume=")]
    words = without_paths(words, config.data)
    run_id = run_log.open_sweep_run(name_sweep(config))
    run_log.log_numbers(
        run_id,
        params={run_names.OVERRIDES: " ".join(words), run_names.DATA_SHA256: dataset.sha256},
        tags={CONTENT_KEY: key, **code_version()},
    )
    run_log.log_dataset(run_id, dataset)
    return run_id
