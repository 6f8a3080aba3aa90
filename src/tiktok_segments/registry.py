"""The registered model: which version answers for the team, and what its segments are called."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import mlflow
from mlflow import MlflowClient
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import MlflowException

from tiktok_segments import models, tracking
from tiktok_segments.files import write_whole
from tiktok_segments.pipeline import naming_pipeline
from tiktok_segments.segmentation import Segmentation, as_document

MODEL_NAME = tracking.EXPERIMENT
CHAMPION = "champion"


def champion() -> ModelVersion | None:
    """Return the version that the alias ``champion`` stands for, None where there is none."""
    try:
        return MlflowClient().get_model_version_by_alias(MODEL_NAME, CHAMPION)
    except MlflowException:
        return None


def promote(segmentation: Segmentation) -> tuple[ModelVersion, bool]:
    """Make a run's model the champion: register it under its segments' names, move the alias.

    Parameters
    ----------
    segmentation : Segmentation
        Named segments of a run.

    Returns
    -------
    version : ModelVersion
        The champion.
    changed : bool
        False where that run's model was the champion already, and nothing was done.
    """
    now = champion()
    if now is not None and now.run_id == segmentation.run_id:
        return now, False
    client = MlflowClient()
    known = client.search_model_versions(
        f"name = '{MODEL_NAME}' and run_id = '{segmentation.run_id}'"
    )
    version = known[0] if known else _register(segmentation)
    client.set_registered_model_alias(MODEL_NAME, CHAMPION, version.version)
    return version, True


def _register(segmentation: Segmentation) -> ModelVersion:
    names = [name.name for name in segmentation.names]
    dataset = segmentation.dataset
    with mlflow.start_run(run_id=segmentation.run_id):
        address = models.log_model(
            naming_pipeline(segmentation.pipeline, names),
            dataset.frame,
            "named_model",
            metadata={"data_sha256": dataset.sha256, "segments": names},
        )
    with TemporaryDirectory() as folder:
        document = json.dumps(as_document(segmentation), indent=2, ensure_ascii=False)
        file = write_whole(Path(folder) / "segments.json", document)
        tracking.log_files(segmentation.run_id, [file], "segments")
    return mlflow.register_model(
        address,
        MODEL_NAME,
        tags={
            "segments": json.dumps(names, ensure_ascii=False),
            "data_sha256": dataset.sha256,
            "data_source": dataset.source,
            "synthetic": str(dataset.synthetic).lower(),
        },
    )
