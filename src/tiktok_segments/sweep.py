"""The life of a sweep: its run, its progress, its leaderboard and its best run."""

import os
import sys
from dataclasses import dataclass, field, replace
from math import prod

import pandas as pd
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.utils import JobReturn, JobStatus
from omegaconf import DictConfig
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tiktok_segments import history, terminal, tracking
from tiktok_segments.candidates import collect_candidates
from tiktok_segments.command_line import SWEEP_VARIABLE, at_end
from tiktok_segments.conditions import Thresholds
from tiktok_segments.errors import InputError
from tiktok_segments.selection import Decision, select
from tiktok_segments.store import project_root
from tiktok_segments.sweep_results import log_sweep, print_sweep


@dataclass
class OpenSweep:
    """A sweep under way in this process.

    Attributes
    ----------
    run_id : str
        Its run in MLflow.
    config : DictConfig
        The configuration of the whole multirun.
    progress : Progress
        The bar on standard error.
    best : float
        Highest silhouette so far.
    """

    run_id: str
    config: DictConfig
    progress: Progress
    best: float = field(default=float("-inf"))


UNEXAMINED_SMALLEST_SHARE = 0.05
"""What the silhouette asks of the smallest segment where it stands in for the structure rule."""

_open: list[OpenSweep] = []


def open_sweep(config: DictConfig) -> None:
    """Open the sweep run that a multirun belongs to, and show the progress bar.

    Parameters
    ----------
    config : DictConfig
        The configuration of the whole multirun, with its ``hydra`` node.
    """
    with terminal.console(stderr=True).status("Opening the MLflow store ..."):
        tracking.connect()
        overrides = list(config.hydra.overrides.task)
        run_id = tracking.open_sweep(" ".join(overrides)[:250] or "sweep")
    os.environ[SWEEP_VARIABLE] = run_id
    tracking.log_numbers(run_id, params={"overrides": " ".join(overrides)})
    progress = _progress_bar()
    progress.add_task("Training", total=count_jobs(config), best="")
    progress.start()
    _open.append(OpenSweep(run_id, config, progress))
    at_end(close_sweep)


def _progress_bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[best]}"),
        console=terminal.console(stderr=True),
    )


def follow_job(job_return: JobReturn) -> None:
    """Advance the bar of the sweep that is open in this process; tell a failure at once.

    Parameters
    ----------
    job_return : JobReturn
        What Hydra says of the job that ended.
    """
    if not _open:
        return
    sweep = _open[-1]
    if job_return.status == JobStatus.FAILED:
        job = " ".join(job_return.overrides or [])
        # Reading return_value would raise the error, which Hydra does at the end.
        error = job_return._return_value
        reason = str(error).splitlines()[0]
        sweep.progress.console.print(f"failed: {job}: {reason}", markup=False, style="red")
        if isinstance(error, InputError):
            # Hydra would repeat the first error at the end; close_sweep counts them all.
            job_return.status, job_return.return_value = JobStatus.COMPLETED, float("nan")
    else:
        sweep.best = max(sweep.best, job_return.return_value)
    best = f"highest silhouette {sweep.best:.3f}" if sweep.best > float("-inf") else ""
    sweep.progress.update(sweep.progress.task_ids[0], advance=1, best=best)


def count_jobs(config: DictConfig) -> int:
    """Count the runs that a sweep is going to make.

    Parameters
    ----------
    config : DictConfig
        The configuration of the whole multirun, with its ``hydra`` node.

    Returns
    -------
    int
        The product of the numbers of values of every setting that is swept.
    """
    in_config = [f"{name}={values}" for name, values in (config.hydra.sweeper.params or {}).items()]
    overrides = OverridesParser.create().parse_overrides(
        in_config + list(config.hydra.overrides.task)
    )
    lengths = {
        override.get_key_element(): (
            len(list(override.sweep_iterator())) if override.is_sweep_override() else 1
        )
        for override in overrides
    }
    return prod(lengths.values())


def close_sweep() -> None:
    """Examine the open sweep, log what its runs add up to, print it, and end its run."""
    sweep = _open.pop()
    sweep.progress.stop()
    del os.environ[SWEEP_VARIABLE]
    runs = history.sweep_runs(sweep.run_id)
    if runs.empty:  # refused before its first run
        tracking.delete_run(sweep.run_id)
        return
    decision = None
    if len(runs) and (runs["status"] == "FINISHED").any():
        decision = decide(runs, sweep.config, examined=not _was_stopped())
        log_sweep(sweep.run_id, runs, decision, sweep.config)
    whole = decision is not None and bool((runs["status"] == "FINISHED").all())
    status = "KILLED" if _was_stopped() else "FINISHED" if whole else "FAILED"
    tracking.close_sweep(sweep.run_id, status)
    print_sweep(sweep.run_id, runs, decision)
    if decision is not None and sweep.config.report is True and not _was_stopped():
        from tiktok_segments.profiling import profile
        from tiktok_segments.segmentation import restore

        restored = restore(decision.run_id, data_path=None, naming=None)
        profile(restored, project_root() / "outputs" / "segments", table_format="csv")
    failed = int((runs["status"] == "FAILED").sum()) if len(runs) else 0
    if failed:
        raise InputError(
            f"{failed} of {len(runs)} runs failed; leaderboard.csv of sweep {sweep.run_id} has "
            "their errors."
        )


def _was_stopped() -> bool:
    """Whether the user is stopping the command."""
    return isinstance(sys.exception(), KeyboardInterrupt)


def decide(runs: pd.DataFrame, config: DictConfig, examined: bool) -> Decision:
    """Choose the best run of a sweep by the rule of its configuration.

    Parameters
    ----------
    runs : DataFrame of shape (n_runs, n_columns)
        Runs of a sweep, at least one of them finished.
    config : DictConfig
        The configuration of the sweep; ``selection`` and ``structure`` are read.
    examined : bool
        Whether to take the time for the structure diagnostics.

    Returns
    -------
    Decision
        Under ``structure=off``, or where not examined, by silhouette, which the reason says.
    """
    structure = config.structure if examined else DictConfig({"name": "off"})
    with _progress_bar() as bar:
        task = bar.add_task("Examining structure", total=None, best="", visible=False)
        candidates = collect_candidates(
            runs,
            structure,
            lambda space, done, n: bar.update(
                task, completed=done, total=n, best=space, visible=True
            ),
        )
    rule = str(config.selection.name)
    if rule == "structure" and structure.name != "off":
        return select(
            candidates,
            thresholds=Thresholds(**config.selection.thresholds),
            partition_space=(
                str(config.selection.partition_space[0]),
                str(config.selection.partition_space[1]),
            ),
        )
    smallest = config.selection.get("smallest_share", UNEXAMINED_SMALLEST_SHARE)
    large = candidates[candidates["smallest_share"] >= smallest]
    decision = select(
        large if len(large) else candidates, "elbow" if rule == "elbow" else "silhouette"
    )
    if rule == "structure":
        reason = f"{decision.reason} Structure was not examined, so the silhouette decided."
        decision = replace(decision, reason=reason)
    chosen = candidates["run_id"] == decision.run_id
    return replace(decision, candidates=candidates.assign(chosen=chosen))
