"""One run: accounts → pipeline → metrics and figures → MLflow."""

import hashlib
import json
import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from hydra.core.hydra_config import HydraConfig
from hydra.utils import instantiate
from omegaconf import DictConfig, OmegaConf
from sklearn.cluster import KMeans
from sklearn.pipeline import Pipeline

from tiktok_segments import terminal, tracking
from tiktok_segments.availability import require_feature_set
from tiktok_segments.candidates import examine, log_diagnostics
from tiktok_segments.command_line import SWEEP_VARIABLE
from tiktok_segments.content_key import CONTENT_KEY, run_key
from tiktok_segments.cut_runs import mark_cut_runs
from tiktok_segments.dataset import CONF, Dataset, load_dataset
from tiktok_segments.drawing import draw_beside
from tiktok_segments.errors import InputError
from tiktok_segments.metrics import sample_silhouettes, score_clusters
from tiktok_segments.phases import Phases
from tiktok_segments.pipeline import build_pipeline, fit_clusters, raw_columns
from tiktok_segments.provenance import code_version
from tiktok_segments.run_figure import describe_run, wants_figures
from tiktok_segments.run_model import log_run_model
from tiktok_segments.run_record import RunRecord, record_run
from tiktok_segments.store_errors import store_errors

ENGINE = "scikit-learn"

KEPT_ROWS = 100_000
"""Up to this many accounts a space's features are kept for its other values of k."""

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
    phases = Phases()
    parent = os.environ.get(SWEEP_VARIABLE)
    with record_run(name, parent, {**_place_in_sweep(), **code_version()}) as run:
        with phases("prepare"):
            run.params |= _settings(config)
            run.files["config.yaml"] = write_config(config)
        with phases("read"):
            dataset = load_dataset(config)
        with phases("prepare"):
            _describe_data(run, config, dataset)
        with phases("fit"):
            pipeline, X, labels = fit(config, dataset)
        with phases("metrics"):
            rows, silhouettes = sample_silhouettes(X, labels, config.seed)
            metrics = score_clusters(X, labels, silhouettes)
            run.metrics |= {**metrics, "silhouette_rows": len(rows)}
            run.tags[LABELS] = digest_labels(labels)
        if parent is None and config.structure.name != "off":
            # In a sweep all k of a space are examined together, once its runs are there.
            with phases("structure"):
                found = examine(X, {config.k: labels}, config.structure, n_jobs=1)
            if found:
                diagnostics = found.by_k[config.k]
                log_diagnostics(run.run_id, diagnostics, found.rows_used, wants_figures(config))
        if wants_figures(config):
            with phases("draw"):
                shown = describe_run(dataset, pipeline, labels, rows, silhouettes, config.seed)
                drawn = draw_beside(shown)
        with phases("model"):
            run.model_id = log_run_model(run.run_id, pipeline, dataset, run.params)
        if wants_figures(config):
            with phases("draw"):
                run.files["figures/run.png"] = drawn()
        with phases("log"):
            run.log()
        if config.get("profile") is True:
            tracking.log_numbers(run.run_id, metrics=phases.metrics())
    return {"run_id": run.run_id, "rows": len(dataset.frame), **metrics}


def _describe_data(run: RunRecord, config: DictConfig, dataset: Dataset) -> None:
    """Add to a run's record what it was fitted on, and what became of the rows of the file."""
    run.dataset = dataset
    run.params |= {
        "data_sha256": dataset.sha256,
        "data_source": dataset.source,
        "rows": len(dataset.frame),
    }
    run.tags |= {
        "segmentation.synthetic": str(dataset.synthetic).lower(),
        CONTENT_KEY: run_key(config, dataset.sha256),
    }
    run.files |= {
        "cleaning.csv": dataset.cleaning.to_csv(index=False),
        "rejected.csv": dataset.rejected.to_csv(index=False),
        "ingest.txt": "\n".join(dataset.notes),
    }


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
    n_init = whole_number(config, "n_init", smallest=1)
    seed = whole_number(config, "seed", smallest=0)
    check_features(config, list(dataset.frame.columns))
    parts = (config.features.columns, config.scaler.estimator)
    text = json.dumps([OmegaConf.to_container(part, resolve=True) for part in parts])
    space = _transform if len(dataset.frame) <= KEPT_ROWS else _transform.__wrapped__
    steps, X = space(dataset, text)
    kmeans = KMeans(n_clusters=k, n_init=n_init, random_state=seed)
    labels = fit_clusters(kmeans, X, dataset.frame)
    return Pipeline([*steps, ("kmeans", kmeans)]), X, labels


@lru_cache(maxsize=32)
def _transform(dataset: Dataset, space: str) -> tuple[list[tuple[str, Any]], np.ndarray]:
    """Return the fitted steps from raw columns to scaled features, and the features.

    They are the same for every k of a space, the text of whose settings is given.
    """
    columns, scaler = json.loads(space)
    pipeline = build_pipeline(columns, instantiate(scaler), k=2, n_init=1, seed=0)
    X = pipeline[:-1].fit_transform(dataset.frame[raw_columns(pipeline)])
    X.flags.writeable = False
    return pipeline.steps[:-1], X


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


def write_config(config: DictConfig) -> str:
    """Return a configuration as YAML with nothing left to resolve, the same in every folder."""
    if config.data.path is not None:
        config = config.copy()
        config.data.path = str(Path(str(config.data.path)).expanduser().resolve())
    return OmegaConf.to_yaml(config, resolve=True)


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
