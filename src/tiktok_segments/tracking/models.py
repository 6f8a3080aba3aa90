"""Loading models: skops only, whatever a model says of itself.

Scikit-learn and skops, which take seconds to import, are imported where a model is opened.
"""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile

from tiktok_segments.errors import InputError
from tiktok_segments.files import sha256_of
from tiktok_segments.tracking.model_addresses import MODEL, download_model

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

PACKAGES = ("mlflow", "numpy", "pandas", "scikit-learn", "skops")
"""What a model needs where it is loaded; this package is not among them."""

MODEL_FILE = "model.skops"
"""The pipeline's file in a model's folder."""


@cache
def versions() -> dict[str, str]:
    """Return the installed versions of the packages that a model needs, by name."""
    return {package: version(package) for package in PACKAGES}


def logged_versions(run_id: str) -> dict[str, str]:
    """Return the versions of the packages that a run's model was made with, by name.

    Raises
    ------
    InputError
        If the run has no model.
    """
    file = download_model(f"runs:/{run_id}/{MODEL}") / "requirements.txt"
    if not file.is_file():
        raise InputError(f"Run {run_id} has no model; it is not a whole training run.")
    return dict(line.split("==") for line in file.read_text().split())


def load_model(address: str) -> "Pipeline":
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
    return read_model(download_model(address), address)


def read_model(folder: Path, address: str) -> "Pipeline":
    """Read the pipeline in a model's folder, whatever the folder says of itself.

    Only skops' own file is opened, and only the types of this project's pipelines are trusted:
    what the folder lists as trusted is not asked, nor is any loader that it names.

    Parameters
    ----------
    folder : Path
        A model as MLflow stores it.
    address : str
        What to call it in an error.

    Returns
    -------
    Pipeline
        As it was logged.

    Raises
    ------
    InputError
        If it is no skops file, is damaged, or holds other types.
    """
    import skops.io
    from sklearn.pipeline import Pipeline
    from skops.io.exceptions import UntrustedTypesFoundException

    from tiktok_segments.clustering.features import TRUSTED_TYPES

    file = folder / MODEL_FILE
    if not file.is_file():
        raise InputError(f"Model {address} is not stored in skops' format; it is not loaded.")
    try:
        pipeline = skops.io.load(file, trusted=TRUSTED_TYPES)
    except (UntrustedTypesFoundException, BadZipFile, KeyError, ValueError, TypeError) as error:
        reason = " ".join(str(error).split())[:200]
        raise InputError(f"Model {address} is damaged or was changed; refused: {reason}") from None
    if not isinstance(pipeline, Pipeline):
        raise InputError(f"Model {address} is no scikit-learn pipeline; it is not loaded.")
    return pipeline


def digest_of_model(folder: Path) -> str:
    """Return the SHA-256 over every file of a model's folder, by name and content.

    MLflow's ``registered_model_meta``, which it writes beside a download, does not count.

    Parameters
    ----------
    folder : Path
        A model as MLflow stores it.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    digest = hashlib.sha256()
    for file in sorted(file for file in folder.rglob("*") if file.is_file()):
        name = file.relative_to(folder).as_posix()
        if name != "registered_model_meta":
            digest.update(f"{name}\0{sha256_of(file)}\n".encode())
    return digest.hexdigest()
