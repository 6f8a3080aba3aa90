"""The model with names that a setting means: a version, a run, an address, or the champion."""

import re

from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

from tiktok_segments import history, registry
from tiktok_segments.errors import InputError
from tiktok_segments.named_model import NamedModel, load_named_model
from tiktok_segments.pipeline import naming_pipeline
from tiktok_segments.segmentation import restore

_REGISTERED = re.compile(rf"models:/{re.escape(registry.MODEL_NAME)}(?:/(\d+)|@(.+))")
_RUN = re.compile(r"[0-9a-f]{32}")


def choose_model(given: str | None) -> NamedModel:
    """Load the model that a setting means.

    Parameters
    ----------
    given : str or None
        None: the champion. A version's number. ``models:/<name>/<version>`` or
        ``models:/<name>@<alias>``: both are refused where the files are not as they were promoted.
        ``models:/<id>``. A run's id: the version that it was promoted as, the newest if there are
        several; else its segments are named as a report of the run would.

    Returns
    -------
    NamedModel
        The model.

    Raises
    ------
    InputError
        If there is no such model, it was changed since, or it has no names.
    """
    if given is None:
        return registry.load_champion()[1]
    if _RUN.fullmatch(given):  # first, as it may be of digits alone
        return _model_of_run(given)
    if given.isdigit():
        return registry.load_version(registry.get_version(given))
    if found := _REGISTERED.fullmatch(given):
        number = found[1] or _version_of_alias(found[2])
        return registry.load_version(registry.get_version(number))
    if given.startswith(("models:/", "runs:/")):
        return load_named_model(given)
    raise InputError(
        f"{given} is no model; give a version's number, a run's id of 32 letters and digits, or "
        "models:/... as the MLflow UI shows it."
    )


def label_model(model: NamedModel) -> str:
    """Return what a model is called in tables and figures: ``version 3``, ``run 0123abcd``."""
    if found := _REGISTERED.fullmatch(model.address):
        return f"version {found[1]}"
    if model.address.startswith("run "):
        return model.address[:12]
    return model.address


def _version_of_alias(alias: str) -> str:
    try:
        version = MlflowClient().get_model_version_by_alias(registry.MODEL_NAME, alias)
    except MlflowException:
        raise InputError(f"No version of {registry.MODEL_NAME} has the alias {alias}.") from None
    return str(version.version)


def _model_of_run(run_id: str) -> NamedModel:
    if versions := history.model_versions(run_id):
        return registry.load_version(registry.get_version(versions[0]))
    segmentation = restore(run_id, None, None)
    names = [identity.name for identity in segmentation.identities]
    return NamedModel(
        address=f"run {run_id}",
        run_id=run_id,
        pipeline=naming_pipeline(segmentation.pipeline, names),
        segments=tuple(segmentation.identities),
        baseline={},
        facts={"synthetic": segmentation.dataset.synthetic},
    )
