"""The run, or the model with names, that a setting means."""

import os
import re
from collections.abc import Mapping
from typing import Any

from mlflow.entities.model_registry import ModelVersion

from tiktok_segments import terminal
from tiktok_segments.clustering.pipeline import naming_pipeline
from tiktok_segments.defaults import default_root
from tiktok_segments.errors import InputError
from tiktok_segments.registry import versions
from tiktok_segments.registry.restoration import require_finished, restore
from tiktok_segments.tracking import artifacts, connection, history
from tiktok_segments.tracking.model_loading import find_logged_model
from tiktok_segments.tracking.named_model import NamedModel, load_named_model
from tiktok_segments.tracking.store import model_name

_RUN = re.compile(r"[0-9a-f]{32}")


def find_run(settings: Mapping[str, Any]) -> str:
    """Return the run that the settings of a command ask for.

    Parameters
    ----------
    settings : mapping
        At most one of ``run``, ``sweep`` and ``model``; none means the best run of the
        newest sweep.

    Returns
    -------
    str
        The run's id.

    Raises
    ------
    InputError
        If more than one is given, or there is no such run, sweep or model.
    """
    asked = {name: settings.get(name) for name in ("run", "sweep", "model")}
    if empty := [name for name, value in asked.items() if value == ""]:
        raise InputError(f"{empty[0]}= is empty; give an id, or leave it out for the newest sweep.")
    given = {name: value for name, value in asked.items() if value}
    if len(given) > 1:
        raise InputError(f"Give one of run=, sweep= and model=, not {' and '.join(given)}.")
    if "run" in given:
        return str(given["run"])
    if "model" in given:
        return _source_run(str(given["model"]))
    if "sweep" not in given and (note := history.unfinished_newer_sweep()):
        terminal.console(stderr=True).print(note, markup=False)
    return history.best_run_id(given.get("sweep"))


def choose_model(given: str | None, asked: Mapping[str, Any] | None = None) -> NamedModel:
    """Load the model that a setting means.

    Parameters
    ----------
    given : str or None
        None or ``champion``: the champion. ``challenger``. A version's number.
        ``models:/<name>/<version>`` or ``models:/<name>@<alias>``: all are refused where the
        files are not as they were promoted. ``models:/<id>``. A run's id: the version that it was
        promoted as, the newest if there are several; else its segments are named as a report of the
        run would.
    asked : mapping, optional
        The command's ``data``, by which the accounts of such a run are found if they have
        pseudonyms: its record names no file.

    Returns
    -------
    NamedModel
        The model.

    Raises
    ------
    InputError
        If there is no such model, it was changed since, or it has no names.
    """
    if given is None or given == versions.CHAMPION:
        return load_for_use()[1]
    if given.startswith(("models:/", "runs:/")):
        return load_for_use(given)[1]
    if _RUN.fullmatch(given):  # before the number, as it may be of digits alone
        return _model_of_run(given, asked)
    if given.isdigit() or given == versions.CHALLENGER:
        return load_for_use(given)[1]
    raise InputError(
        f"{given} is not a model; give champion, challenger, a version's number, a run's id of 32 "
        "letters and digits, or models:/... as the MLflow UI shows it."
    )


def _model_of_run(run_id: str, asked: Mapping[str, Any] | None) -> NamedModel:
    champion = versions.champion()
    if champion is not None and champion.run_id == run_id:
        return versions.load_version(champion)
    if numbers := history.model_versions(run_id):
        return versions.load_version(versions.get_version(numbers[0]))
    run = require_finished(run_id)
    data = artifacts.load_config(run.info.run_id)["data"]
    hidden = data.get("pseudonyms")
    segmentation = restore(run_id, asked if hidden else None, None)
    names = [identity.name for identity in segmentation.identities]
    return NamedModel(
        address=f"run {run_id}",
        run_id=run_id,
        pipeline=naming_pipeline(segmentation.pipeline, names),
        segments=tuple(segmentation.identities),
        baseline={},
        facts={
            "synthetic": segmentation.dataset.synthetic,
            "pseudonyms": hidden or "",
            "round": data.get("round"),
        },
    )


def load_for_use(address: str | int | None = None) -> tuple[str, NamedModel]:
    """Load the model that an address names, the champion where there is none.

    Parameters
    ----------
    address : str, int or None
        ``champion`` or ``challenger``, a version's number, ``models:/<name>/<version>``,
        ``models:/<name>@<alias>`` or ``models:/<id>``.

    Returns
    -------
    label : str
        Its version's number, or the address of a model that is not a version.
    model : NamedModel
        A version of the registered model is as it was promoted.

    Raises
    ------
    InputError
        If there is no such model, it was tampered with, or it has no names.
    """
    if address is None:
        version, model = versions.load_champion()
        return str(version.version), model
    found = _find_version(str(address))
    if found is None:
        return str(address), load_named_model(str(address))
    return str(found.version), versions.load_version(found)


def _find_version(address: str) -> ModelVersion | None:
    """Return the version of the registered model that an address stands for, if it is one."""
    if address.isdigit():
        return versions.get_version(address)
    if address in (versions.CHAMPION, versions.CHALLENGER):
        address = f"models:/{model_name()}@{address}"
    name = re.fullmatch(rf"models:/{re.escape(model_name())}(?:/(\d+)|@(.+))", address)
    if name is None:
        return next((v for v in versions.versions() if address == v.source), None)
    if name[1]:
        return versions.get_version(name[1])
    if (version := versions.version_by_alias(name[2])) is None:
        raise InputError(f"There is no model {address}: no version has the alias {name[2]}.")
    return version


def _source_run(address: str) -> str:
    """Return the id of the run that logged a model."""
    if version := _find_version(address):
        return str(version.run_id)
    return str(find_logged_model(address).source_run_id)


def load_model(address: str | None = None) -> NamedModel:
    """Load a model with named segments from MLflow.

    ``MLFLOW_TRACKING_URI`` says where the store is; without it, it is that of this project, or that
    of the current folder where the package was installed.

    Parameters
    ----------
    address : str, optional
        A version's number, a run's id, or ``models:/...``; the champion by default.

    Returns
    -------
    NamedModel
        For :func:`~tiktok_segments.monitoring.assign.assign_accounts`.

    Raises
    ------
    InputError
        If there is no such model, it was changed since it was promoted, or it has no names.
    StoreError
        If the store cannot be reached.

    Examples
    --------
    >>> load_model("")
    Traceback (most recent call last):
    ...
    tiktok_segments.errors.InputError: The model's address is empty; leave it out for the champion.
    """
    if address == "":
        raise InputError("The model's address is empty; leave it out for the champion.")
    os.environ.setdefault("TIKTOK_SEGMENTS_ROOT", str(default_root()))
    connection.connect()
    return choose_model(address if address is None else str(address))
