"""The model with names that a setting means: a version, a run, an address, or the champion."""

import re

from tiktok_segments import history, registry
from tiktok_segments.errors import InputError
from tiktok_segments.named_model import NamedModel
from tiktok_segments.pipeline import naming_pipeline
from tiktok_segments.segmentation import restore

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
    if given is None or given.startswith(("models:/", "runs:/")):
        return registry.load_for_use(given)[1]
    if _RUN.fullmatch(given):  # before the number, as it may be of digits alone
        return _model_of_run(given)
    if given.isdigit():
        return registry.load_version(registry.get_version(given))
    raise InputError(
        f"{given} is no model; give a version's number, a run's id of 32 letters and digits, or "
        "models:/... as the MLflow UI shows it."
    )


def _model_of_run(run_id: str) -> NamedModel:
    champion = registry.champion()
    if champion is not None and champion.run_id == run_id:
        return registry.load_version(champion)
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
