"""Models in MLflow: found by their addresses, and loaded by skops only, whatever they say.

Scikit-learn and skops, which take seconds to import, are imported where a model is opened.
"""

import atexit
import hashlib
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import TYPE_CHECKING
from zipfile import BadZipFile

import mlflow
from mlflow.entities import LoggedModel, LoggedModelStatus
from mlflow.exceptions import MlflowException

from tiktok_segments.errors import InputError
from tiktok_segments.files import sha256_of
from tiktok_segments.tracking.artifacts import MODEL_FILE, REQUIREMENTS
from tiktok_segments.tracking.connection import client
from tiktok_segments.tracking.relocation import gone
from tiktok_segments.tracking.store import is_server
from tiktok_segments.tracking.store_errors import BACK, is_absent

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

MODEL, NAMED_MODEL = "model", "named_model"
"""Names within a run: of its model, which answers with numbers; of the promoted one, with names."""

_OF_RUN = re.compile(r"runs:/([^/']+)/([^/']+)")
_OF_VERSION = re.compile(r"models:/([^/@]+)(?:/(\d{1,9})|@([^/]+))")
_OF_MODEL = re.compile(r"models:/([^/@]+)")

DAMAGE = (
    AttributeError, BadZipFile, EOFError, LookupError, NotImplementedError, OSError,
    RecursionError, TypeError, ValueError, zlib.error,
)  # fmt: skip
"""What skops and zipfile raise at a file with other bytes, or another schema, than was written."""

PACKAGES = ("mlflow", "numpy", "pandas", "scikit-learn", "skops")
"""What a model needs where it is loaded; this package is not among them."""


def download_model(address: str) -> Path:
    """Return the local folder of a model, downloaded where a server holds it.

    Raises
    ------
    InputError
        If there is no such model, or its files are gone.
    """
    # MLflow itself would leave every download behind.
    folder = mkdtemp(dir=_downloads()) if is_server(mlflow.get_tracking_uri()) else None
    is_version = _OF_VERSION.fullmatch(address)
    own = address if is_version else f"models:/{find_logged_model(address).model_id}"
    with naming_absent_model(address):
        if place := gone(_address_of_files(own)):
            raise InputError(
                f"The files of model {address} are gone: {place} is not there.\n{BACK}"
            )
        return Path(mlflow.artifacts.download_artifacts(own, dst_path=folder))


def _address_of_files(address: str) -> str:
    """Ask the store where the files of a version, or of a model by its id, are said to be."""
    if (version := _OF_VERSION.fullmatch(address)) is None:
        return str(client().get_logged_model(address.removeprefix("models:/")).artifact_location)
    name, number, alias = version.groups()
    if number is None:
        number = client().get_model_version_by_alias(name, alias).version
    return str(client().get_model_version_download_uri(name, str(number)))


@cache
def _downloads() -> str:
    """Return a folder for what is downloaded, which goes when the process ends."""
    folder = TemporaryDirectory(prefix="tiktok-segments-")
    atexit.register(folder.cleanup)
    return folder.name


def find_logged_model(address: str) -> LoggedModel:
    """Return MLflow's record of the model that a run logged under a name, or of an id.

    Asked to download ``runs:/``, MLflow says that nothing is there whatever kept it from it.

    Parameters
    ----------
    address : str
        ``runs:/<run id>/<name>`` or ``models:/<id>``.

    Returns
    -------
    LoggedModel
        With the run that logged it.

    Raises
    ------
    InputError
        If there is no such model.
    """
    with naming_absent_model(address):
        if model := _OF_MODEL.fullmatch(address):
            return client().get_logged_model(model[1])
        if not (of_run := _OF_RUN.fullmatch(address)):
            raise _no_model(address)
        run_id, name = of_run.groups()
        found = client().search_logged_models(
            [client().get_run(run_id).info.experiment_id],
            f"name = '{name}' and source_run_id = '{run_id}'",
        )
    # One that a process was killed while it logged stays pending.
    whole = [model for model in found if model.status == LoggedModelStatus.READY]
    if not whole:
        raise _no_model(address)
    return whole[0]


@contextmanager
def naming_absent_model(address: str) -> Iterator[None]:
    """Turn the store's answer that it has no such model into an error for the user.

    Raises
    ------
    InputError
        If that is what it answers; whatever else keeps a model from being read passes.
    """
    try:
        yield
    except MlflowException as error:
        if not is_absent(error):
            raise
        raise _no_model(address) from None


def _no_model(address: str) -> InputError:
    return InputError(f"There is no model {address} in {mlflow.get_tracking_uri()}.")


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
    file = download_model(f"runs:/{run_id}/{MODEL}") / REQUIREMENTS
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
        If there is no such model, or it is not stored in skops' format: a pickle can run code.
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
    except (UntrustedTypesFoundException, *DAMAGE) as error:
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
