"""One run: accounts → pipeline → metrics and figures → MLflow."""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from hydra.core.hydra_config import HydraConfig
from hydra.utils import instantiate
from matplotlib.figure import Figure
from omegaconf import DictConfig, OmegaConf
from sklearn.pipeline import Pipeline

from tiktok_segments import models, plots, terminal, tracking
from tiktok_segments.availability import require_feature_set
from tiktok_segments.candidates import examine, log_diagnostics
from tiktok_segments.command_line import SWEEP_VARIABLE
from tiktok_segments.content_key import CONTENT_KEY, run_key
from tiktok_segments.cut_runs import mark_cut_runs
from tiktok_segments.dataset import CONF, Dataset, load_dataset
from tiktok_segments.errors import InputError
from tiktok_segments.metrics import sample_silhouettes, score_clusters
from tiktok_segments.pipeline import build_pipeline, fit_pipeline, raw_columns
from tiktok_segments.provenance import code_version
from tiktok_segments.store_errors import store_errors

ENGINE = "scikit-learn"

LABELS = "segmentation.labels_sha256"
"""Tag: digest of the accounts' clusters, as :func:`digest_labels` makes it."""


def train(config: DictConfig) -> dict[str, Any]:
    """Fit one configuration and log it to MLflow as one run.

    A run tells by its tags whose it is (``segmentation.owner``), what it is a run of
    (``segmentation.content_key``) and what came out (``segmentation.labels_sha256``).

    Parameters
    ----------
    config : DictConfig
        A composed training configuration.

    Returns
    -------
    dict
        ``run_id``, ``rows`` and the metrics.

    Raises
    ------
    InputError
        If the configuration or the data cannot be used; the run is then marked FAILED.
    StoreError
        If the run cannot be logged any more.
    """
    with store_errors():
        return _train(config)


def _train(config: DictConfig) -> dict[str, Any]:
    tracking.connect()
    if SWEEP_VARIABLE not in os.environ:
        if str(config.resume).lower() != "false":
            raise InputError(f"resume={config.resume} goes on with a sweep; add -m.")
        mark_cut_runs()
    name = f"{config.features.name}, {config.scaler.name}, k={config.k}"
    with tracking.open_run(name, os.environ.get(SWEEP_VARIABLE), _place_in_sweep()) as run:
        run_id = run.info.run_id
        tracking.log_numbers(run_id, params=_settings(config), tags=code_version())
        tracking.log_config(run_id, _with_absolute_path(config))
        dataset = load_dataset(config)
        tracking.log_numbers(
            run_id,
            params={
                "data_sha256": dataset.sha256,
                "data_source": dataset.source,
                "rows": len(dataset.frame),
            },
            tags={
                "segmentation.synthetic": str(dataset.synthetic).lower(),
                CONTENT_KEY: run_key(config, dataset.sha256),
            },
        )
        tracking.log_dataset(
            run_id, dataset.frame, dataset.source, dataset.sha256, dataset.synthetic
        )
        tracking.log_table(run_id, dataset.cleaning, "cleaning")
        tracking.log_table(run_id, dataset.rejected, "rejected")
        tracking.log_text(run_id, "\n".join(dataset.notes), "ingest.txt")
        pipeline, X, labels = fit(config, dataset)
        rows, silhouettes = sample_silhouettes(X, labels, config.seed)
        metrics = score_clusters(X, labels, silhouettes)
        tracking.log_numbers(
            run_id,
            metrics={**metrics, "silhouette_rows": len(rows)},
            tags={LABELS: digest_labels(labels)},
        )
        if SWEEP_VARIABLE not in os.environ and config.structure.name != "off":
            # In a sweep all k of a space are examined together, once its runs are there.
            found = examine(X, {config.k: labels}, config.structure, n_jobs=1)
            if found:
                log_diagnostics(run_id, found.by_k[config.k], found.rows_used)
        tracking.log_figures(
            run_id, draw_run(dataset, pipeline, labels, rows, silhouettes, config.seed)
        )
        models.log_model(pipeline, dataset.frame, "model", metadata={"data_sha256": dataset.sha256})
    return {"run_id": run_id, "rows": len(dataset.frame), **metrics}


def digest_labels(labels: np.ndarray) -> str:
    """Return the SHA-256 of the accounts' clusters, in the order of the accounts.

    Examples
    --------
    >>> digest_labels(np.array([0, 1])) == digest_labels(np.array([0, 1], dtype="int32"))
    True
    """
    return hashlib.sha256(labels.astype("<i8").tobytes()).hexdigest()


def _place_in_sweep() -> dict[str, str]:
    """Return the tag with the number of this run in its sweep, nothing outside of sweeps."""
    inside = SWEEP_VARIABLE in os.environ
    return {tracking.JOB: str(HydraConfig.get().job.num)} if inside else {}


def fit(config: DictConfig, dataset: Dataset) -> tuple[Pipeline, np.ndarray, np.ndarray]:
    """Build and fit the pipeline that a configuration describes.

    Parameters
    ----------
    config : DictConfig
        A composed training configuration.
    dataset : Dataset
        Accounts to fit on.

    Returns
    -------
    pipeline : Pipeline
        Fitted, its clusters in order.
    X : ndarray of shape (n_accounts, n_features)
        Scaled features.
    labels : ndarray of shape (n_accounts,)
        Cluster of each account.

    Raises
    ------
    InputError
        If a setting is no whole number in its range, or the data does not suit the features.
    """
    k = whole_number(config, "k", smallest=2)
    check_features(config, list(dataset.frame.columns))
    pipeline = build_pipeline(
        dict(config.features.columns),
        instantiate(config.scaler.estimator),
        k=k,
        n_init=whole_number(config, "n_init", smallest=1),
        seed=whole_number(config, "seed", smallest=0),
    )
    X, labels = fit_pipeline(pipeline, dataset.frame)
    return pipeline, X, labels


def check_features(config: DictConfig, columns: list[str]) -> None:
    """Refuse a feature set that needs a column which the data lacks, naming those that can run.

    Parameters
    ----------
    config : DictConfig
        A composed training configuration.
    columns : list of str
        Columns of the clean frame.

    Raises
    ------
    InputError
        If a column is missing.
    """
    if set(config.features.columns) <= set(columns):
        return
    name = str(config.features.name)
    known = {
        str(choice.name): list(choice.columns)
        for choice in map(OmegaConf.load, (CONF / "features").glob("*.yaml"))
    }
    require_feature_set(name, columns, known | {name: list(config.features.columns)})


def whole_number(config: DictConfig, name: str, smallest: int) -> int:
    """Return a setting that must be a whole number.

    Raises
    ------
    InputError
        If it is none, or too small.

    Examples
    --------
    >>> whole_number(DictConfig({"k": 4}), "k", smallest=2)
    4
    """
    value = config[name]
    if isinstance(value, bool) or not isinstance(value, int) or value < smallest:
        raise InputError(f"{name} is {value}; it must be a whole number from {smallest} up.")
    return value


def draw_run(
    dataset: Dataset,
    pipeline: Pipeline,
    labels: np.ndarray,
    rows: np.ndarray,
    silhouettes: np.ndarray,
    seed: int,
) -> dict[str, Figure]:
    """Draw a run's figures by name: silhouettes, centres and, where it can be drawn, the map."""
    frame = dataset.frame
    sizes = np.bincount(labels)
    columns = raw_columns(pipeline)
    medians = frame[columns].groupby(labels).median()
    origin = "synthetic accounts" if dataset.synthetic else "accounts"
    note = f"{len(frame):,} {origin}"
    if len(rows) < len(frame):
        note = f"a random {len(rows):,} of {note}"
    names = [f"cluster {cluster} ({size:,})" for cluster, size in enumerate(sizes)]
    figures = {
        "silhouettes": plots.draw_silhouettes(silhouettes, labels[rows], note),
        "centres": plots.draw_centres(pipeline[-1].cluster_centers_, medians, columns, names),
    }
    if {"followers", "engagement_rate"} <= set(frame.columns):
        clusters = [f"cluster {cluster}" for cluster in range(len(sizes))]
        figures["map"] = plots.draw_map(frame, labels, clusters, seed)
    return figures


def _with_absolute_path(config: DictConfig) -> DictConfig:
    """Return a configuration that means the same file in every folder."""
    config = config.copy()
    if config.data.path is not None:
        config.data.path = str(Path(str(config.data.path)).expanduser().resolve())
    return config


def _settings(config: DictConfig) -> dict[str, Any]:
    return {
        "features": config.features.name,
        "outliers": config.outliers.name,
        "scaler": config.scaler.name,
        "k": config.k,
        "seed": config.seed,
        "n_init": config.n_init,
        "engine": ENGINE,
    }


def report_run(result: Mapping[str, Any]) -> None:
    """Print one run's outcome and what to do next; a sweep prints a table instead."""
    if SWEEP_VARIABLE in os.environ:
        return
    table = pd.DataFrame(
        {
            "metric": list(result)[1:],
            "value": [f"{value:,.6g}" for value in list(result.values())[1:]],
        }
    )
    terminal.print_table(table, f"Run {result['run_id']}")
    terminal.console().print(
        f"\nNext: python scripts/profile_segments.py run={result['run_id']}", markup=False
    )
