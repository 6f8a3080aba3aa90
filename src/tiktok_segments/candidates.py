"""From the finished runs of a sweep to the candidates that a selection rule chooses among."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from omegaconf import DictConfig

from tiktok_segments import history, models, tracking
from tiktok_segments.admissible import inadmissible_reasons
from tiktok_segments.dataset import load_dataset
from tiktok_segments.run_figure import wants_figures
from tiktok_segments.structure import KDiagnostics, SpaceDiagnostics, diagnose

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
        frame = load_dataset(config).frame
        ks = [int(k) for k in space.index]
        examined = structure.name != "off"
        wanted = space["run_id"] if examined else space["run_id"].iloc[:1]
        pipelines = [models.load_model(f"runs:/{run_id}/model") for run_id in wanted]
        X = np.asarray(pipelines[0][:-1].transform(frame))
        reasons = inadmissible_reasons(X, list(config.features.columns))
        facts = {
            "space": name,
            "n_samples": len(X),
            "admissible": not reasons,
            "inadmissible_reason": "; ".join(reasons),
            "log_space": all("log" in transform for transform in config.features.columns.values()),
        }
        found: dict[int, KDiagnostics] = {}
        if examined:
            labels = {
                k: np.asarray(pipeline[-1].predict(X))
                for k, pipeline in zip(ks, pipelines, strict=True)
            }
            diagnostics = examine(X, labels, structure, n_jobs, partial(progress, name))
            found = diagnostics.by_k if diagnostics else {}
        for k, run in zip(ks, space.to_dict("records"), strict=True):
            figures = {}
            if k in found:
                figures = {figure: getattr(found[k], figure) for figure in LOGGED}
                used = min(len(X), structure.max_rows)
                log_diagnostics(run["run_id"], found[k], used, wants_figures(config))
            rows.append(
                {"k": k} | {str(key): value for key, value in run.items()} | facts | figures
            )
    return pd.DataFrame(rows)


def examine(
    X: np.ndarray,
    labels_by_k: dict[int, np.ndarray],
    structure: DictConfig,
    n_jobs: int,
    progress: Callable[[int, int], None] | None = None,
) -> SpaceDiagnostics | None:
    """Diagnose the clusterings of one space, leaving out those with too few accounts a cluster.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        The scaled space.
    labels_by_k : dict of int to ndarray of shape (n_samples,)
        Clusters of each k.
    structure : DictConfig
        The ``structure`` group.
    n_jobs : int
        Processes.
    progress : callable, optional
        Called with the numbers of finished and of all tasks.

    Returns
    -------
    SpaceDiagnostics or None
        None where no k has four accounts to a cluster.
    """
    rows_used = min(len(X), structure.max_rows)
    enough = {k: labels for k, labels in labels_by_k.items() if 4 * k <= rows_used}
    if not enough:
        return None
    return diagnose(
        X,
        enough,
        random_state=structure.resampling_seed,
        n_draws=structure.n_draws,
        n_resamples=structure.n_resamples,
        n_splits=structure.n_splits,
        n_init=structure.n_init,
        max_rows=structure.max_rows,
        labels_by_k=enough,
        n_jobs=n_jobs,
        progress=progress,
    )


def log_diagnostics(
    run_id: str, diagnostics: KDiagnostics, rows_used: int, drawn: bool = True
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
    metrics = {key: float(getattr(diagnostics, key)) for key in LOGGED}
    metrics |= {f"jaccard.{cluster}": value for cluster, value in enumerate(diagnostics.jaccard)}
    metrics[ROWS_USED] = rows_used
    finite = {key: float(value) for key, value in metrics.items() if np.isfinite(value)}
    tracking.log_numbers(run_id, metrics=finite)
    if drawn:
        from tiktok_segments import plots  # takes time to import, which figures=off spares

        tracking.log_figures(run_id, {"stability": plots.draw_stability(diagnostics.jaccard)})


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
