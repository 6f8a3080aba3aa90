"""Logging and loading models: skops only, with a signature on raw columns and pinned packages."""

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

import mlflow
import numpy as np
import pandas as pd
from mlflow.exceptions import MlflowException
from mlflow.models import ModelSignature
from mlflow.types.schema import AnyType, ColSpec, Schema
from sklearn.pipeline import Pipeline

from tiktok_segments.errors import InputError
from tiktok_segments.features import TRUSTED_TYPES
from tiktok_segments.pipeline import raw_columns

PACKAGES = ("mlflow", "numpy", "pandas", "scikit-learn", "skops")
"""What a model needs where it is loaded; this package is not among them."""

EXAMPLE_ROWS = 3


def log_model(
    pipeline: Pipeline, frame: pd.DataFrame, name: str, metadata: Mapping[str, Any]
) -> str:
    """Log a fitted pipeline to the active run.

    Parameters
    ----------
    pipeline : Pipeline
        Fitted; its last step answers with cluster numbers or segment names.
    frame : DataFrame of shape (n_accounts, n_columns)
        Profiles it was fitted on; the first rows become the input example.
    name : str
        Name of the model within the run.
    metadata : mapping
        Kept with the model as it is.

    Returns
    -------
    str
        The model's address, ``models:/<id>``.
    """
    columns = raw_columns(pipeline)
    example = frame[columns].head(EXAMPLE_ROWS)
    answer = pipeline.predict(example)
    signature = ModelSignature(
        # Any type: a typed column would refuse either whole numbers or fractions.
        inputs=Schema([ColSpec(AnyType(), column) for column in columns]),
        outputs=Schema([ColSpec("long" if np.issubdtype(answer.dtype, np.integer) else "string")]),
    )
    info = mlflow.sklearn.log_model(
        pipeline,
        name=name,
        serialization_format="skops",
        skops_trusted_types=TRUSTED_TYPES,
        signature=signature,
        input_example=example.astype("float64"),
        pip_requirements=[f"{package}=={version(package)}" for package in PACKAGES],
        metadata=dict(metadata),
    )
    return str(info.model_uri)


def load_model(address: str) -> Pipeline:
    """Load a logged pipeline.

    Parameters
    ----------
    address : str
        ``runs:/<run id>/model``, ``models:/<id>`` or ``models:/<name>@<alias>``.

    Returns
    -------
    Pipeline
        As it was logged.

    Raises
    ------
    InputError
        If there is no such model, or it is not stored in skops' format (a pickle can run code
        when it is loaded, and is refused).
    """
    try:
        flavor = mlflow.models.get_model_info(address).flavors.get("sklearn", {})
    except (MlflowException, OSError):
        raise InputError(f"There is no model {address} in {mlflow.get_tracking_uri()}.") from None
    if flavor.get("serialization_format") != "skops":
        raise InputError(f"Model {address} is not stored in skops' format; it is not loaded.")
    pipeline: Pipeline = mlflow.sklearn.load_model(address)
    return pipeline


def source_run(address: str) -> str:
    """Return the id of the run that logged a model.

    Raises
    ------
    InputError
        If there is no such model.
    """
    try:
        return str(mlflow.models.get_model_info(address).run_id)
    except (MlflowException, OSError):
        raise InputError(f"There is no model {address} in {mlflow.get_tracking_uri()}.") from None
