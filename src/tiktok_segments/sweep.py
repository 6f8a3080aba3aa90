"""The life of a sweep: its run, its progress, its leaderboard and its best run."""

import os
from dataclasses import dataclass, field
from math import prod

import pandas as pd
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.utils import JobReturn, JobStatus
from omegaconf import DictConfig
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tiktok_segments import plots, terminal, tracking
from tiktok_segments.command_line import SWEEP_VARIABLE, at_end
from tiktok_segments.elbow import find_elbow
from tiktok_segments.selection import SPACE, Choice, choose_run

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
    smallest_share : float
        What the selection asks of the smallest segment.
    progress : Progress
        The bar on standard error.
    best : float
        Highest silhouette so far.
    """

    run_id: str
    smallest_share: float
    progress: Progress
    best: float = field(default=float("-inf"))


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
    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[best]}"),
        console=terminal.console(stderr=True),
    )
    progress.add_task("Training", total=count_jobs(config), best="")
    progress.start()
    _open.append(OpenSweep(run_id, config.selection.smallest_share, progress))
    at_end(close_sweep)


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
        reason = str(job_return._return_value).splitlines()[0]
        sweep.progress.console.print(f"failed: {job}: {reason}", markup=False, style="red")
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
    """Log what the runs of the open sweep add up to, print it, and end its run."""
    sweep = _open.pop()
    sweep.progress.stop()
    del os.environ[SWEEP_VARIABLE]
    runs = tracking.sweep_runs(sweep.run_id)
    choice = choose_run(runs, sweep.smallest_share)
    if choice is not None:
        log_sweep(sweep.run_id, runs, choice)
    whole = choice is not None and bool((runs["status"] == "FINISHED").all())
    tracking.close_sweep(sweep.run_id, "FINISHED" if whole else "FAILED")
    print_sweep(sweep.run_id, runs, choice)


def log_sweep(sweep_id: str, runs: pd.DataFrame, choice: Choice) -> None:
    """Log the curves over k, their figures, the leaderboard and the best run.

    Parameters
    ----------
    sweep_id : str
        Run of the sweep.
    runs : DataFrame of shape (n_runs, n_columns)
        As :func:`~tiktok_segments.tracking.sweep_runs` returns them.
    choice : Choice
        The best run.
    """
    spaces = dict(named_spaces(runs))
    inertia = {name: space["inertia"] for name, space in spaces.items()}
    silhouette = {name: space["silhouette"] for name, space in spaces.items()}
    tracking.log_curves(
        sweep_id,
        {f"inertia.{name}": curve for name, curve in inertia.items()}
        | {f"silhouette.{name}": curve for name, curve in silhouette.items()},
    )
    knees = {name: find_elbow(curve) for name, curve in inertia.items()}
    tracking.log_figures(
        sweep_id,
        {
            "elbow": plots.draw_elbow(inertia, knees),
            "silhouette": plots.draw_silhouette_curve(silhouette),
        },
    )
    tracking.log_table(sweep_id, leaderboard(runs, choice), "leaderboard")
    tracking.log_numbers(
        sweep_id, tags={tracking.BEST_RUN_ID: choice.run_id, tracking.REASON: choice.reason}
    )
    tracking.log_numbers(choice.run_id, tags={tracking.BEST: "true"})


def named_spaces(runs: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """Split the finished runs by space, each with one row per k.

    Parameters
    ----------
    runs : DataFrame of shape (n_runs, n_columns)
        Runs of a sweep.

    Returns
    -------
    list of (str, DataFrame)
        ``<features>.<scaler>``, with ``.<outliers>`` behind it where several were swept, and its
        runs indexed by ascending k; of several runs with one k, the one of lowest inertia.
    """
    finished = runs[runs["status"] == "FINISHED"]
    parts = SPACE if finished["outliers"].nunique() > 1 else SPACE[:2]
    return [
        (
            ".".join(str(space.iloc[0][part]) for part in parts),
            space.assign(k=space["k"].astype(int))
            .sort_values(["k", "inertia"])
            .drop_duplicates("k")
            .set_index("k"),
        )
        for _, space in finished.groupby(SPACE, sort=False)
    ]


def leaderboard(runs: pd.DataFrame, choice: Choice | None) -> pd.DataFrame:
    """Return the runs with the best one marked, finished before failed, in order of their space.

    Within a space the highest silhouette comes first; across spaces it means nothing.
    """
    table = runs.reindex(columns=[name for name in LEADERBOARD if name in runs])
    table.insert(0, "best", runs["run_id"].eq(choice.run_id) if choice else False)
    if "silhouette" not in table:
        return table
    place = table.groupby(SPACE, sort=False).ngroup()
    keys = pd.DataFrame(
        {"failed": table["status"].ne("FINISHED"), "space": place, "low": -table["silhouette"]}
    )
    return table.loc[keys.sort_values(["failed", "space", "low"]).index].reset_index(drop=True)


def print_sweep(sweep_id: str, runs: pd.DataFrame, choice: Choice | None) -> None:
    """Print the leaderboard, the best run and why, and what to do next."""
    out = terminal.console()
    if choice is None:
        out.print(f"Sweep {sweep_id}: no run finished.", markup=False)
        return
    table = leaderboard(runs, choice)
    shown = [name for name in ("features", "scaler", "outliers") if table[name].nunique() > 1]
    columns = ["status", *shown, "k", "silhouette", "inertia", "smallest_share", "run_id"]
    terminal.print_table(
        table[columns], f"Sweep {sweep_id}", marked=int(table["best"].to_numpy().argmax())
    )
    out.print(f"\nBest run: {choice.run_id}\n{choice.reason}", markup=False)
    out.print("\nNext: python scripts/profile_segments.py   names and describes its segments")
