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

from tiktok_segments import history, sweep_plots, terminal, tracking
from tiktok_segments.candidates import (
    SPACE,
    collect_candidates,
    named_spaces,
    summarise_candidates,
)
from tiktok_segments.command_line import SWEEP_VARIABLE, at_end
from tiktok_segments.conditions import Thresholds
from tiktok_segments.elbow import elbow_k
from tiktok_segments.errors import InputError
from tiktok_segments.selection import Decision, select

LEADERBOARD = (
    "run_id", "status", "features", "scaler", "outliers", "k", "seed", "silhouette", "inertia",
    "calinski_harabasz", "davies_bouldin", "smallest_share", "error",
)  # fmt: skip


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


LEGEND = (
    "z: how far the silhouette lies above data without groups, in standard deviations; "
    "valley: density between the closest two segments, as a share of the sides'; "
    "jaccard: overlap of the least stable segment with itself on resampled accounts; "
    "ARI, halves: agreement on resampled accounts, and of two halves."
)
"""What the columns of the table of candidates mean."""

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


def log_sweep(sweep_id: str, runs: pd.DataFrame, decision: Decision, config: DictConfig) -> None:
    """Log the curves over k, their figures, the tables, the verdict and the best run.

    Parameters
    ----------
    sweep_id : str
        Run of the sweep.
    runs : DataFrame of shape (n_runs, n_columns)
        As :func:`~tiktok_segments.history.sweep_runs` returns them.
    decision : Decision
        What the selection rule made of them.
    config : DictConfig
        The configuration of the sweep.
    """
    spaces = dict(named_spaces(runs))
    inertia = {name: space["inertia"] for name, space in spaces.items()}
    silhouette = {name: space["silhouette"] for name, space in spaces.items()}
    tracking.log_curves(
        sweep_id,
        {f"inertia.{name}": curve for name, curve in inertia.items()}
        | {f"silhouette.{name}": curve for name, curve in silhouette.items()},
    )
    knees = {
        name: elbow_k(curve.index.to_list(), curve.to_list()) for name, curve in inertia.items()
    }
    figures = {
        "elbow": sweep_plots.draw_elbow(inertia, knees),
        "silhouette": sweep_plots.draw_silhouette_curve(silhouette),
    }
    if "valley" in decision.candidates:
        figures["structure"] = sweep_plots.draw_structure(
            decision.candidates, decision.run_id, _bounds(decision, config)
        )
    tracking.log_figures(sweep_id, figures)
    tracking.log_table(sweep_id, leaderboard(runs, decision), "leaderboard")
    tracking.log_table(sweep_id, decision.candidates, "candidates")
    tags = {tracking.BEST_RUN_ID: decision.run_id, tracking.REASON: decision.reason}
    if decision.verdict != "untested":
        tags[tracking.VERDICT] = decision.verdict
    tracking.log_numbers(sweep_id, tags=tags)
    tracking.log_numbers(decision.run_id, tags={tracking.BEST: "true"})


def _bounds(decision: Decision, config: DictConfig) -> dict[str, float | None]:
    """Return the thresholds that the figure of the choice shows: those that decided."""
    thresholds = config.selection.get("thresholds", {})
    prefix = "" if decision.verdict == "separated" else "partition_"
    return {
        "valley": thresholds.get("valley"),
        "stability_min_jaccard": thresholds.get(f"{prefix}jaccard"),
        "smallest_share": thresholds.get(f"{prefix}smallest_share"),
    }


def leaderboard(runs: pd.DataFrame, decision: Decision | None) -> pd.DataFrame:
    """Return the runs with the best one marked, finished before failed, in order of their space.

    Within a space the highest silhouette comes first; across spaces it means nothing.
    """
    table = runs.reindex(columns=[name for name in LEADERBOARD if name in runs])
    table.insert(0, "best", runs["run_id"].eq(decision.run_id) if decision else False)
    if "silhouette" not in table:
        return table
    place = table.groupby(SPACE, sort=False).ngroup()
    keys = pd.DataFrame(
        {"failed": table["status"].ne("FINISHED"), "space": place, "low": -table["silhouette"]}
    )
    return table.loc[keys.sort_values(["failed", "space", "low"]).index].reset_index(drop=True)


def print_sweep(sweep_id: str, runs: pd.DataFrame, decision: Decision | None) -> None:
    """Print the candidates, the verdict, the best run and why, and what to do next."""
    out = terminal.console()
    if decision is None:
        out.print(f"Sweep {sweep_id}: no run finished.", markup=False)
        return
    table = summarise_candidates(decision.candidates)
    best = int(decision.candidates["chosen"].to_numpy().argmax())
    terminal.print_table(table, f"Sweep {sweep_id}", marked=best)
    unfit = decision.candidates.drop_duplicates("space")
    for space, why in zip(unfit["space"], unfit["inadmissible_reason"], strict=True):
        if why:
            out.print(f"{space} is not fit for k-means: {why}", markup=False)
    if decision.verdict != "untested":
        out.print(f"\nVerdict: {decision.verdict}", style="bold", markup=False)
    out.print(f"{decision.reason}\nBest run: {decision.run_id}", markup=False)
    if "valley" in decision.candidates:
        out.print(f"\n{LEGEND}", markup=False, style="dim")
    out.print(f"\nNext: python scripts/profile_segments.py sweep={sweep_id}", markup=False)
