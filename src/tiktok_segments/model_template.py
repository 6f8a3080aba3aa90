"""What MLflow keeps beside the pipeline of every model, written by MLflow once on a machine.

To write it anew MLflow imports scikit-learn and skops and looks through all installed packages,
which takes longer than logging fifty runs.
"""

import hashlib
import json
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from platform import python_version

import pandas as pd
import yaml
from mlflow.models import Model, convert_input_example_to_serving_input

from tiktok_segments import models
from tiktok_segments.template_cache import cache_folder, find_kept, keep

DESCRIPTION = "MLmodel"
"""The file in which a model is described."""

EXAMPLE, SERVED_EXAMPLE = "input_example.json", "serving_input_example.json"
"""Files of the input example, as the description names them."""

OWN = frozenset(
    {"artifact_path", "model_id", "model_size_bytes", "model_uuid", "run_id", "utc_time_created"}
)
"""What the description says of one model alone."""


def describe_models(
    frame: pd.DataFrame, columns: Sequence[str], metadata: Mapping[str, object]
) -> dict[str, str]:
    """Describe the clustering pipelines that are fitted on a data set, as MLflow would.

    Parameters
    ----------
    frame : DataFrame of shape (n_accounts, n_columns)
        What they are fitted on; the first rows become the input example.
    columns : sequence of str
        Canonical columns that they read.
    metadata : mapping
        Kept with each model as it is.

    Returns
    -------
    dict of str to str
        Content of the files of every such model, by name, but of its pipeline's. The description
        lacks what is said of one model alone (``OWN``), which may be added at its end.
    """
    files = dict(load_template())
    model = Model.from_dict(yaml.safe_load(files[DESCRIPTION]))
    model.signature = models.signature(columns, answer="long")
    model.metadata = dict(metadata)
    shared = {name: value for name, value in model.to_dict().items() if name not in OWN}
    served = str(convert_input_example_to_serving_input(models.input_example(frame, columns)))
    return files | {
        DESCRIPTION: yaml.safe_dump(shared),
        SERVED_EXAMPLE: served,
        EXAMPLE: json.dumps(json.loads(served)["dataframe_split"]),
    }


@cache
def load_template() -> dict[str, str]:
    """Load what was written on this machine before, or have it written, for a second or two.

    Returns
    -------
    dict of str to str
        Content of every file of a model but its pipeline, by name.
    """
    try:
        if kept := find_kept(_name()):
            return dict(json.loads(kept.read_text()))
    except OSError:
        pass  # somebody else's
    files = make_template()
    try:
        cache_folder().mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache_folder()) as folder:
            made = Path(folder, "model.json")
            made.write_text(json.dumps(files))
            keep(_name(), made)
    except OSError:
        pass  # it is made again next time
    return files


def make_template() -> dict[str, str]:
    """Have MLflow save a small clustering pipeline.

    Returns
    -------
    dict of str to str
        Content of every file but its pipeline, by name.
    """
    from sklearn.preprocessing import StandardScaler

    from tiktok_segments.pipeline import build_pipeline, fit_pipeline

    frame = pd.DataFrame({"followers": [1.0, 2.0, 30.0, 40.0]})
    pipeline = build_pipeline({"followers": "log_count"}, StandardScaler(), k=2, n_init=1, seed=0)
    fit_pipeline(pipeline, frame)
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent, "model")
        models.save_model(pipeline, frame, folder, metadata={})
        (folder / models.MODEL_FILE).unlink()
        return {file.name: file.read_text() for file in folder.iterdir()}


def _name() -> str:
    """Return what the template depends on: versions, and how this code has models saved."""
    installers = {name: _installed(name) for name in ("pip", "setuptools", "wheel")}
    # What this code has MLflow save depends on these of its modules.
    sources = [
        Path(__file__).with_name(f"{name}.py").read_text()
        for name in ("features", "model_template", "models", "pipeline")
    ]
    facts = [models.versions(), python_version(), installers, sources]
    digest = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
    return f"model-{digest[:16]}"


def _installed(package: str) -> str:
    """Return a package's version, nothing where it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
