"""Models in MLflow: the files of one, written from MLflow's own parts, and logging them to a run.

``mlflow.sklearn.log_model`` writes the same files, but looks through all installed packages for
each model, and logs only to a run that is under way.
"""

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
import yaml
from mlflow import pyfunc
from mlflow.entities import LoggedModelOutput
from mlflow.models import Model, ModelSignature, convert_input_example_to_serving_input
from mlflow.types.schema import AnyType, ColSpec, Schema

from tiktok_segments.tracking import connection
from tiktok_segments.tracking.artifacts import (
    CONDA,
    DESCRIPTION,
    EXAMPLE,
    MODEL_FILE,
    PYTHON,
    REQUIREMENTS,
    SERVED_EXAMPLE,
)
from tiktok_segments.tracking.interrupt import uninterrupted
from tiktok_segments.tracking.model_loading import versions
from tiktok_segments.tracking.run_names import NOTE, NOTE_LENGTH
from tiktok_segments.wording import markdown_text

EXAMPLE_ROWS = 3


@dataclass(frozen=True)
class ModelContent:
    """What a logged model consists of.

    Attributes
    ----------
    pipeline : bytes
        A fitted pipeline in skops' format.
    columns : sequence of str
        Canonical columns that it reads.
    answer : str
        MLflow's type of its answers: ``long`` for cluster numbers, ``string`` for names.
    accounts : DataFrame of shape (n_accounts, n_columns)
        Accounts with these columns, whose quartiles become the input example.
    metadata : mapping
        Kept with the model as it is.
    """

    pipeline: bytes
    columns: Sequence[str]
    answer: str
    accounts: pd.DataFrame
    metadata: Mapping[str, Any]


@uninterrupted()  # else it could stay pending for ever
def log_model(
    run_id: str, name: str, content: ModelContent, params: Mapping[str, object] | None = None
) -> str:
    """Log a model to a run, which may be finished and stays as it is.

    Parameters
    ----------
    run_id : str
        The run that made it.
    name : str
        Name of the model within its run: it loads from ``runs:/<run id>/<name>``.
    content : ModelContent
        The model.
    params : mapping, optional
        Kept with the model in the store.

    Returns
    -------
    str
        The model's id; it loads from ``models:/<id>``.
    """
    client = connection.client()
    logged = client.create_logged_model(
        connection.experiment_id(),
        name=name,
        source_run_id=run_id,
        params={key: str(value) for key, value in (params or {}).items()},
        tags={NOTE: _describe(f"runs:/{run_id}/{name}", content, params or {})},
    )
    model_id = str(logged.model_id)
    model = Model(
        artifact_path=logged.artifact_location,
        run_id=run_id,
        model_uuid=model_id,
        model_id=model_id,
    )
    try:
        with TemporaryDirectory() as folder:
            write_model(Path(folder), content, model)
            client.log_model_artifacts(model_id, folder)
        client.log_outputs(run_id, [LoggedModelOutput(model_id, step=0)])
    except BaseException:
        client.finalize_logged_model(model_id, "FAILED")
        raise
    client.finalize_logged_model(model_id, "READY")
    return model_id


def _describe(address: str, content: ModelContent, params: Mapping[str, object]) -> str:
    """Say what the UI shows as the model's description, in Markdown."""
    names = [markdown_text(segment["name"]) for segment in content.metadata.get("segments", ())]
    answer = f"names of segments: {'; '.join(names)}" if names else "numbers of clusters"
    made = [f"{key} {params[key]}" for key in ("k", "features", "scaler", "rows") if key in params]
    return (
        f"Answers with {answer}. Made with {markdown_text(', '.join(made))}.\n\n"
        f"- `mlflow.pyfunc.load_model('{address}').predict(profiles)`\n"
        f"- It reads the columns {', '.join(f'`{column}`' for column in content.columns)}.\n"
        "- Its run's description says what it is fit for."
    )[:NOTE_LENGTH]


def write_model(folder: Path, content: ModelContent, model: Model) -> None:
    """Write the files of a model to an empty folder, as ``mlflow.sklearn.save_model`` does.

    Parameters
    ----------
    folder : Path
        The model's folder.
    content : ModelContent
        The model.
    model : mlflow.models.Model
        Its description, which knows its id and its run; the rest is added.
    """
    (folder / MODEL_FILE).write_bytes(content.pipeline)
    _write_example(folder, content)
    model.signature = signature(content.columns, content.answer)
    model.metadata = dict(content.metadata)
    model.saved_input_example_info = {
        "artifact_path": EXAMPLE,
        "pandas_orient": "split",
        "serving_input_path": SERVED_EXAMPLE,
        "type": "dataframe",
    }
    _add_flavors(model)
    model.model_size_bytes = sum(file.stat().st_size for file in folder.iterdir())
    model.save(folder / DESCRIPTION)
    for name, text in _environment().items():
        (folder / name).write_text(text)


def signature(columns: Sequence[str], answer: str) -> ModelSignature:
    """Return the signature of a pipeline on raw columns.

    Parameters
    ----------
    columns : sequence of str
        Canonical columns that it reads.
    answer : str
        MLflow's type of its answers, ``long`` or ``string``.
    """
    return ModelSignature(
        # Any type: a typed column would refuse either whole numbers or fractions.
        inputs=Schema([ColSpec(AnyType(), column) for column in columns]),
        outputs=Schema([ColSpec(answer)]),
    )


def input_example(accounts: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return rows that are no account's: each column's quartiles, which it has of many accounts."""
    quartiles = np.linspace(0, 1, EXAMPLE_ROWS + 2)[1:-1]
    found = accounts[list(columns)].astype("float64").quantile(quartiles)
    return found.reset_index(drop=True)


def _write_example(folder: Path, content: ModelContent) -> None:
    example = input_example(content.accounts, content.columns)
    served = str(convert_input_example_to_serving_input(example))
    (folder / SERVED_EXAMPLE).write_text(served)
    (folder / EXAMPLE).write_text(json.dumps(json.loads(served)["dataframe_split"]))


def _add_flavors(model: Model) -> None:
    """Say how the model is loaded: by ``mlflow.pyfunc`` and by ``mlflow.sklearn``."""
    from tiktok_segments.clustering.features import TRUSTED_TYPES  # imports scikit-learn

    pyfunc.add_to_model(
        model,
        loader_module="mlflow.sklearn",
        model_path=MODEL_FILE,
        conda_env=CONDA,
        python_env=PYTHON,
        predict_fn="predict",
    )
    model.add_flavor(
        "sklearn",
        pickled_model=MODEL_FILE,
        sklearn_version=versions()["scikit-learn"],
        serialization_format="skops",
        code=None,
        skops_trusted_types=TRUSTED_TYPES,
    )


@cache  # a tenth of the time of logging a model
def _environment() -> dict[str, str]:
    """Return the packages that models need, in the three files that MLflow reads."""
    packages = [f"{package}=={number}" for package, number in versions().items()]
    python = platform.python_version()
    pip = _installed("pip")
    conda = {
        "channels": ["conda-forge"],
        "dependencies": [f"python={python}", pip.replace("==", "<="), {"pip": packages}],
        "name": "mlflow-env",
    }
    builders = [pip, _installed("setuptools"), _installed("wheel")]
    environment = {
        "python": python,
        "build_dependencies": builders,
        "dependencies": [f"-r {REQUIREMENTS}"],
    }
    return {
        CONDA: yaml.safe_dump(conda),
        PYTHON: yaml.safe_dump(environment, sort_keys=False),
        REQUIREMENTS: "\n".join(packages),
    }


def _installed(package: str) -> str:
    """Return a package as a requirement of its installed version, its name where it is not."""
    try:
        return f"{package}=={version(package)}"
    except PackageNotFoundError:
        return package
