"""What a training run works out, apart from keeping it: settings and accounts in, results out.

Knows no MLflow, so that a process that only computes need not import it.
"""

import hashlib
import json
from functools import lru_cache
from typing import Any

import numpy as np
import skops.io
from hydra.utils import instantiate
from omegaconf import DictConfig
from sklearn.cluster import KMeans
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import Pipeline

from tiktok_segments.admissible import inadmissible_reasons
from tiktok_segments.features import build_features
from tiktok_segments.metrics import sample_silhouettes, score_clusters
from tiktok_segments.phases import Phases
from tiktok_segments.pipeline import build_pipeline, fit_clusters, raw_columns
from tiktok_segments.run_figure import describe_run
from tiktok_segments.run_task import KEPT_ROWS, Accounts, Computed, RunTask


def compute(task: RunTask, accounts: Accounts) -> Computed:
    """Fit one clustering and work out everything that its run is to keep.

    Parameters
    ----------
    task : RunTask
        What to compute.
    accounts : Accounts
        With every column of the feature set.

    Returns
    -------
    Computed
        The same to the last digit in whichever process.

    Raises
    ------
    InputError
        If the accounts do not suit the settings.
    """
    phases = Phases()
    with phases("fit"):
        pipeline, X, labels, unfit = _fit(task, accounts)
    with phases("metrics"):
        rows, silhouettes = sample_silhouettes(X, labels, task.seed)
        metrics = score_clusters(X, labels, silhouettes)
    diagnostics, rows_used = None, 0
    if task.structure:
        from tiktok_segments.examination import examine  # not needed by the runs of a sweep

        with phases("structure"):
            structure = DictConfig(json.loads(task.structure))
            found = examine(X, {task.k: labels}, structure, n_jobs=1)
        if found:
            diagnostics, rows_used = found.by_k[task.k], found.rows_used
    picture = b""
    if task.drawn:
        from tiktok_segments.run_panels import draw_run  # matplotlib, which figures=off spares

        with phases("draw"):
            picture = draw_run(
                describe_run(
                    accounts.frame,
                    accounts.synthetic,
                    raw_columns(pipeline),
                    pipeline[-1].cluster_centers_,
                    labels,
                    rows,
                    silhouettes,
                    task.seed,
                )
            )
    with phases("serialise"):
        model = skops.io.dumps(pipeline)
    return Computed(
        metrics={**metrics, "silhouette_rows": float(len(rows))},
        labels_sha256=digest_labels(labels),
        model=model,
        unfit=unfit,
        picture=picture,
        diagnostics=diagnostics,
        rows_used=rows_used,
        seconds=phases.seconds,
    )


def digest_labels(labels: np.ndarray) -> str:
    """Return the SHA-256 of the accounts' clusters, in the order of the accounts.

    Examples
    --------
    >>> digest_labels(np.array([0, 1])) == digest_labels(np.array([0, 1], dtype="int32"))
    True
    """
    return hashlib.sha256(labels.astype("<i8").tobytes()).hexdigest()


def _fit(task: RunTask, accounts: Accounts) -> tuple[Pipeline, np.ndarray, np.ndarray, str]:
    """Return the fitted pipeline, the scaled features, the clusters, and why they are unfit."""
    steps, X, unfit = _kept(_scale, accounts)(accounts, task.space)
    kmeans = KMeans(n_clusters=task.k, n_init=task.n_init, random_state=task.seed)
    labels = fit_clusters(kmeans, X, accounts.frame)
    return Pipeline([*steps, ("kmeans", kmeans)]), X, labels, unfit


def _kept(work: Any, accounts: Accounts) -> Any:
    """Return a function as it is, which keeps its results; of too many accounts it keeps none."""
    return work if len(accounts.frame) <= KEPT_ROWS else work.__wrapped__


@lru_cache(maxsize=32)
def _scale(accounts: Accounts, space: str) -> tuple[list[tuple[str, Any]], np.ndarray, str]:
    """Return the fitted steps from raw columns to scaled features, the features, and their faults.

    They are the same for every k of a space, the text of whose settings is given.
    """
    columns, scaler = json.loads(space)
    pipeline = build_pipeline(columns, instantiate(scaler), k=2, n_init=1, seed=0)
    fitted, features = _kept(_transform, accounts)(accounts, json.dumps(columns))
    pipeline.set_params(features=fitted)
    # Of a copy, since a scaler may be told to work on what it is given.
    scaled = pipeline.named_steps["scaler"].fit_transform(features.copy(order="K"))
    X = np.ascontiguousarray(scaled)  # sums in another order would differ in the last digit
    X.flags.writeable = False
    return pipeline.steps[:-1], X, "; ".join(inadmissible_reasons(X, list(columns)))


@lru_cache(maxsize=32)
def _transform(accounts: Accounts, columns: str) -> tuple[ColumnTransformer, np.ndarray]:
    """Return the step from raw columns to features, and the features: the same for every scaler."""
    transforms = json.loads(columns)
    step = build_features(transforms)
    return step, step.fit_transform(accounts.frame[list(transforms)])
