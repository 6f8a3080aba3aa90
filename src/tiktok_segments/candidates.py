"""From the finished runs of a sweep to the candidates that a selection rule chooses among."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from omegaconf import DictConfig

from tiktok_segments import artifacts, history, models, tracking
from tiktok_segments.accounts.dataset import load_dataset
from tiktok_segments.run_settings import read_structure, wants_figures

if TYPE_CHECKING:
    from tiktok_segments.structure import KDiagnostics

SPACE = ["features", "scaler", "outliers"]
"""Runs that agree in these are of one space: only their metrics can be compared."""

LOGGED = (
    "gate_z", "gap", "valley", "stability_min_jaccard", "stability_ari", "split_half_ari",
    "null_silhouette_mean", "null_silhouette_sd",
)  # fmt: skip
"""Diagnostics that a run logs as metrics, beside ``jaccard.<cluster>``."""

ROWS_USED = "structure_rows"
"""Metric: accounts that the diagnostics were computed on. No condition, in spite of its name."""


def named_spaces(runs: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Split the finished runs by space, each with one row per k.

    Parameters
    ----------
    runs : DataFrame of shape (n_runs, n_columns)
        As :func:`~tiktok_segments.history.sweep_runs` returns them.

    Yields
    ------
    name : str
        ``<features>.<scaler>``, with ``.<outliers>`` behind it where several were swept.
    space : DataFrame of shape (n_k, n_columns)
        Its runs indexed by ascending k; of several runs with one k, the one of lowest inertia.
    """
    finished = runs[runs["status"] == "FINISHED"]
    parts = SPACE if finished["outliers"].nunique() > 1 else SPACE[:2]
    for _, space in finished.groupby(SPACE, sort=False):
        name = ".".join(str(space.iloc[0][part]) for part in parts)
        ordered = space.assign(k=space["k"].astype(int)).sort_values(["k", "inertia"])
        yield name, ordered.drop_duplicates("k").set_index("k")


def collect_candidates(
    runs: pd.DataFrame,
    structure: DictConfig,
    progress: Callable[[str, int, int], None],
) -> pd.DataFrame:
    """Examine every space of a sweep and return a row for each of its runs.

    The logged models are examined, not refitted ones. The null of a space is drawn once for all
    its k. What was found is logged on the runs.

    Parameters
    ----------
    runs : DataFrame of shape (n_runs, n_columns)
        Runs of a sweep, at least one of them finished.
    structure : DictConfig
        The ``structure`` group; ``off`` leaves everything out but admissibility.
    progress : callable
        Called with the space's name and the numbers of finished and of all tasks.

    Returns
    -------
    DataFrame of shape (n_candidates, n_columns)
        The runs' columns, ``space``, ``admissible``, ``inadmissible_reason``, ``log_space``,
        ``n_samples`` and, where examined, the figures of
        :class:`~tiktok_segments.structure.KDiagnostics`.
    """
    spaces = list(named_spaces(runs))
    n_jobs = -1 if len(spaces) > 2 else 1  # starting processes costs as much as one space
    rows: list[dict[str, Any]] = []
    for name, space in spaces:
        config = history.load_config(space["run_id"].iloc[0])
        transforms = config.features.columns.values()
        found: dict[int, KDiagnostics] = {}
        if structure.name != "off":
            found = _examine_space(space, config, structure, n_jobs, partial(progress, name))
        for k, run in zip(map(int, space.index), space.to_dict("records"), strict=True):
            unfit = str(run.pop("unfit"))
            facts = {
                "space": name,
                "n_samples": int(run["rows"]),
                "admissible": not unfit,
                "inadmissible_reason": unfit,
                "log_space": all("log" in transform for transform in transforms),
            }
            figures = {}
            if k in found:
                figures = {figure: getattr(found[k], figure) for figure in LOGGED}
            rows.append(
                {"k": k} | {str(key): value for key, value in run.items()} | facts | figures
            )
    return pd.DataFrame(rows)


def _examine_space(
    space: pd.DataFrame,
    config: DictConfig,
    structure: DictConfig,
    n_jobs: int,
    progress: Callable[[int, int], None],
) -> "dict[int, KDiagnostics]":
    """Examine the logged models of a space, and log what was found on their runs."""
    from tiktok_segments.examination import examine

    frame = load_dataset(config).frame
    pipelines = [models.load_model(f"runs:/{run_id}/model") for run_id in space["run_id"]]
    X = np.asarray(pipelines[0][:-1].transform(frame))
    labels = {
        int(k): np.asarray(pipeline[-1].predict(X))
        for k, pipeline in zip(space.index, pipelines, strict=True)
    }
    found = examine(X, labels, read_structure(structure), n_jobs, progress)
    if found is None:
        return {}
    for k, diagnostics in found.by_k.items():
        run_id = str(space.loc[k, "run_id"])
        log_diagnostics(run_id, diagnostics, found.rows_used, wants_figures(config))
    return found.by_k


def log_diagnostics(
    run_id: str, diagnostics: "KDiagnostics", rows_used: int, drawn: bool = True
) -> None:
    """Log a run's diagnostics as metrics, and its clusters' Jaccard coefficients as a figure.

    Parameters
    ----------
    run_id : str
        The training run.
    diagnostics : KDiagnostics
        Of its k.
    rows_used : int
        Accounts that the diagnostics were computed on; logged as ``structure_rows``.
    drawn : bool
        Whether figures are wanted.
    """
    tracking.log_numbers(run_id, metrics=diagnostic_metrics(diagnostics, rows_used))
    if drawn:
        from tiktok_segments import plots  # takes time to import, which figures=off spares

        artifacts.log_figures(run_id, {"stability": plots.draw_stability(diagnostics.jaccard)})


def diagnostic_metrics(diagnostics: "KDiagnostics", rows_used: int) -> dict[str, float]:
    """Return what a run logs of its diagnostics: the metrics that are there, by name."""
    metrics = {key: float(getattr(diagnostics, key)) for key in LOGGED}
    metrics |= {f"jaccard.{i}": float(value) for i, value in enumerate(diagnostics.jaccard)}
    metrics[ROWS_USED] = float(rows_used)
    return {key: value for key, value in metrics.items() if np.isfinite(value)}


def summarise_candidates(candidates: pd.DataFrame) -> pd.DataFrame:
    """Return what the terminal shows of the candidates: figures, and which conditions they miss.

    Parameters
    ----------
    candidates : DataFrame of shape (n_candidates, n_columns)
        As a :class:`~tiktok_segments.selection.Decision` holds them.

    Returns
    -------
    DataFrame of shape (n_candidates, n_shown)
        ``separated`` and ``reproducible`` say yes or name the conditions missed.
    """
    shown = candidates[["space", "k", "silhouette", "inertia", "smallest_share"]].copy()
    names = {
        "gate_z": "z", "valley": "valley", "stability_min_jaccard": "jaccard",
        "stability_ari": "ARI", "split_half_ari": "halves",
    }  # fmt: skip
    for column, name in names.items():
        if column in candidates:
            shown[name] = candidates[column].map("{:.2f}".format)
    for kind, title in (("structure_", "separated"), ("partition_", "reproducible")):
        words = candidates.filter(regex=f"^{kind}").drop(columns=ROWS_USED, errors="ignore")
        if len(words.columns):
            missed = words.apply(lambda column: column.str.startswith("missed"))
            shown[title] = [
                ", ".join(name.removeprefix(kind) for name in words.columns[row]) or "yes"
                for row in missed.to_numpy()
            ]
            shown[title] = shown[title].map(lambda text: text if text == "yes" else f"no: {text}")
            shown.loc[~candidates["admissible"], title] = "not fit"
    return shown
