"""The model of a training run: of many alike, what they share is made once in a process."""

import json
from datetime import UTC, datetime
from functools import lru_cache

from tiktok_segments import artifacts, models, tracking
from tiktok_segments.accounts.dataset import Dataset
from tiktok_segments.interrupt import uninterrupted
from tiktok_segments.model_template import DESCRIPTION, EXAMPLE, SERVED_EXAMPLE, describe_models
from tiktok_segments.run_record import RunRecord

NAME = "model"
"""Of the model within its run: it loads from ``runs:/<run id>/model``."""


@uninterrupted()  # else it could stay pending for ever
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
    files = _shared_files(dataset, tuple(columns))
    # MLflow counts what is there when it describes a model, before it adds the environment.
    size = sum(map(len, (pipeline, files[EXAMPLE], files[SERVED_EXAMPLE])))
    own = {
        "artifact_path": logged.artifact_location,
        "model_id": logged.model_id,
        "model_size_bytes": size,
        "model_uuid": logged.model_id,
        "run_id": run.run_id,
        "utc_time_created": str(datetime.now(UTC).replace(tzinfo=None)),
    }
    # A value in JSON is one in YAML, too, and PyYAML takes far longer to write it.
    described = "".join(
        f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in own.items()
    )
    contents = files | {
        DESCRIPTION: files[DESCRIPTION] + described.encode(),
        models.MODEL_FILE: pipeline,
    }
    try:
        artifacts.log_contents(logged.artifact_location, contents)
    except Exception:
        client.finalize_logged_model(logged.model_id, "FAILED")
        raise
    client.finalize_logged_model(logged.model_id, "READY")
    return str(logged.model_id)


@lru_cache(maxsize=32)
def _shared_files(dataset: Dataset, columns: tuple[str, ...]) -> dict[str, bytes]:
    """Describe the models of one kind."""
    files = describe_models(dataset.frame, columns, {"data_sha256": dataset.sha256})
    return {name: content.encode() for name, content in files.items()}
