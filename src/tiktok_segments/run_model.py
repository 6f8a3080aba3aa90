"""The model of a training run: of many alike, what they share is made once in a process."""

import copy
import shutil
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import skops.io
from mlflow.models import Model
from sklearn.pipeline import Pipeline

from tiktok_segments import models, tracking
from tiktok_segments.dataset import Dataset
from tiktok_segments.pipeline import raw_columns

NAME = "model"
"""Of the model within its run: it loads from ``runs:/<run id>/model``."""


def log_run_model(
    run_id: str, pipeline: Pipeline, dataset: Dataset, params: Mapping[str, object]
) -> str:
    """Log a run's fitted pipeline as its model.

    The result is that of :func:`~tiktok_segments.models.log_model`. Signature, input example and
    requirements are the same for all runs with one kind of pipeline on one data set: MLflow
    writes, and checks, the first of them, and the others differ from it in the pipeline's file
    and in what names the run.

    Parameters
    ----------
    run_id : str
        The run.
    pipeline : Pipeline
        Fitted; its last step answers with cluster numbers.
    dataset : Dataset
        What it was fitted on.
    params : mapping
        The run's parameters, which MLflow keeps with the model, too.

    Returns
    -------
    str
        The model's id.
    """
    client = tracking.client()
    logged = client.create_logged_model(
        tracking.experiment_id(),
        name=NAME,
        source_run_id=run_id,
        params={name: str(value) for name, value in params.items()},
    )
    first, description = _first_of_kind(pipeline, dataset)
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent, NAME)
        shutil.copytree(first, folder)
        skops.io.dump(pipeline, folder / models.MODEL_FILE)
        described = copy.copy(description)
        described.run_id = run_id
        described.model_id = described.model_uuid = logged.model_id
        described.artifact_path = logged.artifact_location
        described.utc_time_created = str(datetime.now(UTC).replace(tzinfo=None))
        own_size = (folder / models.MODEL_FILE).stat().st_size
        described.model_size_bytes = (described.model_size_bytes or 0) + own_size
        described.save(folder / "MLmodel")
        client.log_model_artifacts(logged.model_id, str(folder))
    client.finalize_logged_model(logged.model_id, "READY")
    return str(logged.model_id)


def _first_of_kind(pipeline: Pipeline, dataset: Dataset) -> tuple[Path, Model]:
    """Return the folder of the first model of a kind, its pipeline taken out, and its MLmodel."""
    kind = (dataset, tuple(type(step) for step in pipeline), tuple(raw_columns(pipeline)))
    if kind not in _first_models:
        parent = tempfile.TemporaryDirectory()
        folder = Path(parent.name, NAME)
        metadata = {"data_sha256": dataset.sha256}
        models.save_model(pipeline, dataset.frame, folder, metadata)
        described = Model.load(folder)
        own_file = folder / models.MODEL_FILE
        described.model_size_bytes = (described.model_size_bytes or 0) - own_file.stat().st_size
        own_file.unlink()
        _first_models[kind] = (parent, described)
    parent, described = _first_models[kind]
    return Path(parent.name, NAME), described


_first_models: dict[object, tuple[tempfile.TemporaryDirectory[str], Model]] = {}
"""The first model of each kind, in folders that go when the process ends."""
