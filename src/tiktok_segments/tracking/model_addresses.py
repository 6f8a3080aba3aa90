"""Addresses of models: what MLflow holds under each, and its files on this machine."""

import atexit
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

import mlflow
from mlflow.entities import LoggedModel
from mlflow.exceptions import MlflowException

from tiktok_segments.errors import InputError
from tiktok_segments.tracking.connection import client
from tiktok_segments.tracking.store import is_server
from tiktok_segments.tracking.store_errors import is_absent

MODEL, NAMED_MODEL = "model", "named_model"
"""Names within a run: of its own model, which answers with numbers, and of the promoted one,
which answers with names."""

_OF_RUN = re.compile(r"runs:/([^/']+)/([^/']+)")
_OF_VERSION = re.compile(r"models:/([^/@]+)(?:/(\d{1,9})|@([^/]+))")
_OF_MODEL = re.compile(r"models:/([^/@]+)")


def download_model(address: str) -> Path:
    """Return the local folder of a model, downloaded where a server holds it.

    What is downloaded is removed when the process ends.

    Raises
    ------
    InputError
        If there is no such model.
    """
    # MLflow itself would leave every download behind.
    folder = mkdtemp(dir=_downloads()) if is_server(mlflow.get_tracking_uri()) else None
    own = address
    if not _OF_VERSION.fullmatch(address):
        own = f"models:/{find_logged_model(address).model_id}"
    with naming_absent_model(address):
        return Path(mlflow.artifacts.download_artifacts(own, dst_path=folder))


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
    if not found:
        raise _no_model(address)
    return found[0]


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
