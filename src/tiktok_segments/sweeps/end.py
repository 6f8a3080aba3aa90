"""The end of a sweep: its best run, its leaderboard, and what the user is told."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from omegaconf import DictConfig

from tiktok_segments import terminal
from tiktok_segments.defaults import next_command
from tiktok_segments.errors import InputError
from tiktok_segments.sweeps.decision import decide
from tiktok_segments.sweeps.results import count_outcomes, log_sweep, print_sweep
from tiktok_segments.sweeps.resume import FinishedJobs
from tiktok_segments.sweeps.swept_settings import with_swept
from tiktok_segments.tracking import artifacts, history, run_log
from tiktok_segments.tracking.interrupt import is_interrupt
from tiktok_segments.training.printing import print_phases
from tiktok_segments.validation.selection import Decision


def end_sweep(
    sweep_id: str,
    config: DictConfig,
    finished: FinishedJobs,
    jobs: int,
    error: BaseException | None,
    failures: Sequence[Exception],
) -> None:
    """Examine a sweep, log what its runs add up to, print it, and end its run.

    Parameters
    ----------
    sweep_id : str
        The sweep's run.
    config : DictConfig
        The configuration of the whole multirun.
    finished : FinishedJobs
        What of it was there before.
    jobs : int
        How many jobs it was to have.
    error : BaseException or None
        What ended it before its time.
    failures : sequence of Exception
        What its failed jobs ended in, as far as this process was told. Of some there is no run.

    Raises
    ------
    InputError
        If a job failed, and nothing else ended the sweep.
    Exception
        What the first job ended in that met a defect before it had a run.
    """
    runs = with_swept(history.sweep_runs(sweep_id), config)
    if runs.empty:  # refused or stopped before its first run
        if history.child_runs(sweep_id):  # of before it was gone on with
            run_log.close_sweep_run(sweep_id, "KILLED")
        else:
            run_log.delete_run(sweep_id)
        if failures and error is None:
            raise failures[0]
        return
    failed = int((runs["status"] == "FAILED").sum())
    without_run = max(0, len(failures) - failed)
    ending = _Ending(sweep_id, config, finished, jobs, without_run)
    stopped = is_interrupt(error)
    try:
        decision = ending.conclude(runs, stopped)
    except KeyboardInterrupt:
        if not stopped:
            ending.conclude(runs, stopped=True)
        raise
    if error is not None:
        return
    if decision is not None and config.report is not False:
        from tiktok_segments.reports.segment_files import (
            profile_run,  # templates and drawing: not for other sweeps
        )

        profile_run(decision.run_id, config.report, config.data.path)
    _raise_failures(sweep_id, failed, len(runs), without_run, failures)


def _raise_failures(
    sweep_id: str, failed: int, runs: int, without_run: int, failures: Sequence[Exception]
) -> None:
    """End the command in what failed: in the error of a defect, else in a count."""
    if without_run:
        for failure in failures:
            if not isinstance(failure, InputError):
                raise failure
    words = f"{failed + without_run} of {runs + without_run} runs failed"
    if failed:
        table = f"{artifacts.LEADERBOARD}.csv"
        raise InputError(f"{words}; {table} of sweep {sweep_id} has their errors.")
    if without_run:
        raise InputError(f"{words}, before they were opened: {failures[0]}")


@dataclass(frozen=True)
class _Ending:
    """What of a sweep its end needs to know, as :func:`end_sweep` is given it."""

    sweep_id: str
    config: DictConfig
    finished: FinishedJobs
    jobs: int
    without_run: int

    def conclude(self, runs: pd.DataFrame, stopped: bool) -> Decision | None:
        """Choose the best run, log and print what the runs add up to, and end the sweep's run.

        Structure is not examined where the user is stopping the command.
        """
        is_done = runs["status"] == "FINISHED"
        decision = decide(runs, self.config, examined=not stopped) if is_done.any() else None
        if decision is not None:
            log_sweep(self.sweep_id, runs, decision, self.config)
        whole = decision is not None and bool(is_done.all()) and not self.without_run
        status = "KILLED" if stopped else "FINISHED" if whole else "FAILED"
        run_log.close_sweep_run(self.sweep_id, status)
        print_sweep(self.sweep_id, decision)
        if self.config.profile is True:
            print_phases(runs)
        self._tell(
            int(is_done.sum()), count_outcomes(runs, self.finished, self.without_run), stopped
        )
        return decision

    def _tell(self, done: int, outcomes: str, stopped: bool) -> None:
        """Print what to do next, and how many runs there are."""
        out = terminal.console()
        out.print(outcomes, markup=False)
        if stopped:
            left = "examines it" if done == self.jobs else "does the rest"
            out.print(
                f"Stopped with {done} of {self.jobs} runs; the best is that of these, by "
                "silhouette, since structure was not examined. The same command with resume=true "
                f"{left}."
            )
        if done and (self.config.report is False or stopped):
            following = next_command(
                "scripts/profile_segments.py", f"sweep={self.sweep_id}", data=self.config.data
            )
            line = f"\nNext: {following}"
            out.print(line, markup=False, soft_wrap=True)  # a command that is copied stays one line
