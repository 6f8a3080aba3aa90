"""Results of a sweep: curves, leaderboard and verdict of its runs, in MLflow and in print."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from omegaconf import DictConfig

from tiktok_segments import terminal
from tiktok_segments.sweeps.description import best_scores, describe_sweep
from tiktok_segments.sweeps.pictures import draw_sweep
from tiktok_segments.sweeps.resume import FinishedJobs
from tiktok_segments.sweeps.space_names import named_spaces
from tiktok_segments.sweeps.swept_settings import swept_names
from tiktok_segments.tracking import artifacts, connection, history, run_log, run_names
from tiktok_segments.tracking.run_names import POPULATION_TAG
from tiktok_segments.training.ahead import draw_beside
from tiktok_segments.training.settings import wants_figures
from tiktok_segments.validation.candidates import LEGEND, summarise_candidates
from tiktok_segments.validation.results import CERTAINTY
from tiktok_segments.validation.selection import Decision
from tiktok_segments.validation.spaces import POPULATION_ID, SPACE_ID

LEADERBOARD = (
    "run_id", "status", "features", "scaler", "clean", "outliers", "k", "seed", "rows",
    "silhouette", "inertia", "calinski_harabasz", "davies_bouldin", "smallest_share", "error",
)  # fmt: skip

"""Tag of a sweep: the best runs on other accounts than those of its best run, a line each."""

LEGEND_OF_TRIES = (
    "runs: seeds and restarts of one k, of which the one of lowest inertia is shown; "
    "inertia spread: from their lowest to their highest, as a share of the lowest."
)


def log_sweep(sweep_id: str, runs: pd.DataFrame, decision: Decision, config: DictConfig) -> None:
    """Log the curves over k, their figures, the tables, the verdict and the best run.

    Parameters
    ----------
    sweep_id : str
        Run of the sweep.
    runs : DataFrame of shape (n_runs, n_columns)
        As :func:`~tiktok_segments.tracking.history.sweep_runs` returns them.
    decision : Decision
        What the selection rule made of them.
    config : DictConfig
        The configuration of the sweep.
    """
    spaces = dict(named_spaces(runs))
    inertia = {name: space["inertia"] for name, space in spaces.items()}
    silhouette = {name: space["silhouette"] for name, space in spaces.items()}
    run_log.log_curves(
        sweep_id,
        {f"inertia.{name}": curve for name, curve in inertia.items()}
        | {f"silhouette.{name}": curve for name, curve in silhouette.items()},
    )
    if wants_figures(config):
        pictures = draw_beside(
            draw_sweep, inertia, silhouette, decision.candidates, decision.run_id,
            _bounds(decision, config),
        )  # fmt: skip
        artifacts.log_pictures(sweep_id, pictures)
    board = leaderboard(runs, decision, swept_names(config))
    artifacts.log_table(sweep_id, board, artifacts.LEADERBOARD)
    artifacts.log_table(sweep_id, decision.candidates, artifacts.CANDIDATES)
    certainty = {CERTAINTY: decision.certainty} if np.isfinite(decision.certainty) else {}
    note = describe_sweep(sweep_id, decision, connection.run_page(decision.run_id), config.data)
    run_log.log_numbers(
        sweep_id,
        metrics={run_names.CHOSEN_K: decision.k, **best_scores(decision), **certainty},
        tags=_tags(runs, decision) | {run_names.NOTE: note},
    )
    if decision.run_id in {run.info.run_id for run in history.child_runs(sweep_id)}:
        run_log.mark_best(decision.run_id, is_best=True)
        run_log.log_numbers(decision.run_id, metrics=certainty)


def _tags(runs: pd.DataFrame, decision: Decision) -> dict[str, str]:
    """Return what the sweep's tags say of the choice; a verdict holds for its population only."""
    tags = {run_names.BEST_RUN_ID: decision.run_id, run_names.REASON: decision.reason}
    if decision.verdict != "untested":
        tags[run_names.VERDICT] = decision.verdict
    if decision.others:
        best = runs.set_index("run_id").loc[decision.run_id]
        tags[POPULATION_TAG] = str(best[POPULATION_ID])
        tags[run_names.OTHER_BESTS] = "\n".join(other.in_words() for other in decision.others)
        tags |= {
            f"{run_names.VERDICT}.{other.population_id}": other.verdict
            for other in decision.others
            if other.verdict != "untested"
        }
    return tags


def _bounds(decision: Decision, config: DictConfig) -> dict[str, float | None]:
    """Return the thresholds that the figure of the choice shows: those that decided."""
    thresholds = config.selection.get("thresholds", {})
    prefix = "" if decision.verdict == "separated" else "partition_"
    return {
        "valley": thresholds.get("valley"),
        "stability_min_jaccard": thresholds.get(f"{prefix}jaccard"),
        "smallest_share": thresholds.get(f"{prefix}smallest_share"),
    }


def leaderboard(
    runs: pd.DataFrame, decision: Decision | None, swept: Sequence[str] = ()
) -> pd.DataFrame:
    """Return the runs with the best one marked, finished before failed, in order of their space.

    Within a space the highest silhouette comes first; across spaces it means nothing.

    Parameters
    ----------
    runs : DataFrame of shape (n_runs, n_columns)
        All that count for the sweep.
    decision : Decision or None
        What was chosen among them.
    swept : sequence of str
        Settings that were swept, each of which is a column.

    Returns
    -------
    DataFrame of shape (n_runs, n_columns)
        Where several populations were swept, ``best_on_its_accounts`` marks each one's best run.
    """
    own = [name for name in swept if name in runs and name not in LEADERBOARD]
    at = LEADERBOARD.index("rows")
    names = [*LEADERBOARD[:at], *own, *LEADERBOARD[at:]]
    table = runs.reindex(columns=[name for name in names if name in runs])
    table.insert(0, "best", runs["run_id"].eq(decision.run_id) if decision else False)
    if decision and decision.others:
        bests = [decision.run_id, *(other.run_id for other in decision.others)]
        table.insert(1, "best_on_its_accounts", runs["run_id"].isin(bests))
    if "silhouette" not in table:
        return table
    place = runs.groupby(SPACE_ID, sort=False).ngroup()
    keys = pd.DataFrame(
        {"failed": table["status"].ne("FINISHED"), "space": place, "low": -table["silhouette"]}
    )
    return table.loc[keys.sort_values(["failed", "space", "low"]).index].reset_index(drop=True)


def count_outcomes(runs: pd.DataFrame, finished: FinishedJobs, without_run: int = 0) -> str:
    """Say how many runs of a sweep were done, failed and skipped.

    Parameters
    ----------
    runs : DataFrame of shape (n_runs, n_columns)
        All that count for the sweep.
    finished : FinishedJobs
        What was there before.
    without_run : int
        Jobs that failed before they had a run.

    Examples
    --------
    >>> states = ["FINISHED", "FINISHED", "FAILED", "KILLED"]
    >>> runs = pd.DataFrame({"status": states, "run_id": [*"abcd"]})
    >>> count_outcomes(runs, FinishedJobs({0: "a"}, {}))
    '1 done, 1 failed, 1 stopped, 1 skipped (finished before, 0 of them in other sweeps)'
    """
    before = {*finished.here.values(), *finished.elsewhere.values()}
    done = int(((runs["status"] == "FINISHED") & ~runs["run_id"].isin(before)).sum())
    failed, stopped = (int((runs["status"] == status).sum()) for status in ("FAILED", "KILLED"))
    words = f"{done} done, {failed + without_run} failed, "
    words += f"{stopped} stopped, " * bool(stopped) + f"{len(finished.jobs)} skipped"
    if not finished.jobs:
        return words
    return f"{words} (finished before, {len(finished.elsewhere)} of them in other sweeps)"


def print_sweep(sweep_id: str, decision: Decision | None) -> None:
    """Print the candidates, the verdict, the best run and why."""
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
    for other in decision.others:
        out.print(f"Best on other accounts: {other.in_words()}", markup=False)
    if "runs" in table:
        out.print(f"\n{LEGEND_OF_TRIES}", markup=False, style="dim")
    if "valley" in decision.candidates:
        out.print(f"\n{LEGEND}", markup=False, style="dim")
