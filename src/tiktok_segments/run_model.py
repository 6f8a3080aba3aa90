"""The model of a training run: of many alike, what they share is made once in a process."""

import tempfile
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from mlflow.models import Model

from tiktok_segments import models, tracking
from tiktok_segments.dataset import Dataset
from tiktok_segments.model_template import DESCRIPTION, EXAMPLE, SERVED_EXAMPLE, describe_model
from tiktok_segments.run_record import RunRecord

NAME = "model"
"""Of the model within its run: it loads from ``runs:/<run id>/model``."""


def log_run_model(run: RunRecord, pipeline: bytes, dataset: Dataset, columns: list[str]) -> str:
    """Log a run's fitted pipeline as its model.

    The result is that of :func:`~tiktok_segments.models.log_model`.

    Parameters
    ----------
    run : RunRecord
        The run; MLflow keeps its parameters with the model, too.
    pipeline : bytes
        Fitted, in skops' format; its last step answers with cluster numbers.
    dataset : Dataset
        What it was fitted on.
    columns : list of str
        Canonical columns that it reads.

    Returns
    -------
    str
        The model's id.
    """
    client = tracking.client()
    logged = client.create_logged_model(
        tracking.experiment_id(),
        name=NAME,
        source_run_id=run.run_id,
        params={name: str(value) for name, value in run.params.items()},
    )
    described, files = _description(dataset, tuple(columns))
    described.run_id = run.run_id
    described.model_id = described.model_uuid = logged.model_id
    described.artifact_path = logged.artifact_location
    described.utc_time_created = str(datetime.now(UTC).replace(tzinfo=None))
    # MLflow counts what is there when it describes a model, before it adds the environment.
    examples = sum(len(files[name].encode()) for name in (EXAMPLE, SERVED_EXAMPLE))
    described.model_size_bytes = len(pipeline) + examples
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent, NAME)
        folder.mkdir()
        for name, content in files.items():
            (folder / name).write_text(content)
        (folder / models.MODEL_FILE).write_bytes(pipeline)
        described.save(folder / DESCRIPTION)
        client.log_model_artifacts(logged.model_id, str(folder))
    client.finalize_logged_model(logged.model_id, "READY")
    return str(logged.model_id)


@lru_cache(maxsize=32)
def _description(dataset: Dataset, columns: tuple[str, ...]) -> tuple[Model, dict[str, str]]:
    """Describe the models of one kind; what is a run's own is set for each."""
    return describe_model(dataset.frame, columns, {"data_sha256": dataset.sha256})
