"""The registered model: its versions, their aliases, and who may move them."""

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from time import time

from mlflow import MlflowClient
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import MlflowException

from tiktok_segments import model_addresses, models, tracking
from tiktok_segments.errors import InputError
from tiktok_segments.named_model import NamedModel, load_named_model
from tiktok_segments.store_errors import is_absent

MODEL_NAME = tracking.EXPERIMENT
CHAMPION, CHALLENGER = "champion", "challenger"
DIGEST = "model_sha256"

DIGITS = 9
"""Longest number of a version: of longer ones a database says only that they are too large."""
LOCK = f"{MODEL_NAME}.promotion-under-way"
STALE_AFTER = 300.0
"""Seconds after which a promotion that left its lock behind counts as dead."""


def champion() -> ModelVersion | None:
    """Return the version that the alias ``champion`` stands for, None where there is none."""
    return _version_by_alias(CHAMPION)


def _version_by_alias(alias: str) -> ModelVersion | None:
    try:
        return tracking.client().get_model_version_by_alias(MODEL_NAME, alias)
    except MlflowException as error:
        if not is_absent(error):
            raise
        return None


def versions() -> list[ModelVersion]:
    """Return every version with its aliases, the newest first; none where nothing is promoted."""
    client = tracking.client()
    found = client.search_model_versions(f"name = '{MODEL_NAME}'")
    ordered = sorted((int(version.version) for version in found), reverse=True)
    # A search leaves the aliases out.
    return [client.get_model_version(MODEL_NAME, str(number)) for number in ordered]


def get_version(number: str) -> ModelVersion:
    """Return a version by its number.

    Raises
    ------
    InputError
        If there is none of that number.
    """
    if len(str(number)) <= DIGITS:
        try:
            return tracking.client().get_model_version(MODEL_NAME, str(number))
        except MlflowException as error:
            if not is_absent(error):
                raise
    known = ", ".join(str(version.version) for version in versions()) or "none yet"
    raise InputError(f"{MODEL_NAME} has no version {number}; there is: {known}.")


def load_version(version: ModelVersion) -> NamedModel:
    """Load a version's model, refusing one that is not as it was promoted.

    Raises
    ------
    InputError
        If its files were changed since, or it cannot be loaded.
    """
    address = f"models:/{MODEL_NAME}/{version.version}"
    return load_named_model(address, version.tags.get(DIGEST) or "not promoted by this project")


def load_champion() -> tuple[ModelVersion, NamedModel]:
    """Load the champion.

    Raises
    ------
    InputError
        If there is none, or it was tampered with.
    """
    version = champion()
    if version is None:
        raise InputError(
            "There is no champion yet.\nPromote a run first: python scripts/promote_model.py"
        )
    return version, load_version(version)


def load_for_use(address: str | int | None = None) -> tuple[str, NamedModel]:
    """Load the model that an address names, the champion where there is none.

    Parameters
    ----------
    address : str, int or None
        A version's number, ``models:/<name>/<version>``, ``models:/<name>@<alias>`` or
        ``models:/<id>``.

    Returns
    -------
    label : str
        Its version's number, or the address of a model that is no version.
    model : NamedModel
        A version of the registered model is as it was promoted.

    Raises
    ------
    InputError
        If there is no such model, it was tampered with, or it has no names.
    """
    if address is None:
        version, model = load_champion()
        return str(version.version), model
    found = _find_version(str(address))
    if found is None:
        return str(address), load_named_model(str(address))
    return str(found.version), load_version(found)


def _find_version(address: str) -> ModelVersion | None:
    """Return the version of the registered model that an address stands for, if it is one."""
    if address.isdigit():
        return get_version(address)
    name = re.fullmatch(rf"models:/{re.escape(MODEL_NAME)}(?:/(\d+)|@(.+))", address)
    if name is None:
        return next((v for v in versions() if address == v.source), None)
    if name[1]:
        return get_version(name[1])
    if (version := _version_by_alias(name[2])) is None:
        raise InputError(f"{MODEL_NAME} has no version of alias {name[2]}.")
    return version


def register(address: str, model: NamedModel, tags: dict[str, str], text: str) -> ModelVersion:
    """Register a logged model as a new version of the registered model.

    Parameters
    ----------
    address : str
        ``models:/<id>``.
    model : NamedModel
        The same, loaded.
    tags : dict of str to str
        Kept on the version, beside names, ids, data and digest of the model.
    text : str
        The version's description, in Markdown.

    Returns
    -------
    ModelVersion
        Without an alias.
    """
    client = tracking.client()
    if not client.search_registered_models(f"name = '{MODEL_NAME}'"):
        client.create_registered_model(MODEL_NAME)
    version = client.create_model_version(
        MODEL_NAME,
        source=address,
        model_id=address.removeprefix("models:/"),
        run_id=model.run_id,
        description=text,
        tags={
            "segments": json.dumps(model.names, ensure_ascii=False),
            "segment_ids": json.dumps([segment.segment_id for segment in model.segments]),
            "data_sha256": str(model.facts["data_sha256"]),
            "data_source": str(model.facts["data_source"]),
            "synthetic": str(model.facts["synthetic"]).lower(),
            DIGEST: models.digest_of_model(model_addresses.download_model(address)),
            **tags,
        },
    )
    return get_version(version.version)


def describe(version: ModelVersion, text: str) -> None:
    """Set a version's description, in Markdown."""
    tracking.client().update_model_version(MODEL_NAME, version.version, text)


def set_alias(alias: str, version: ModelVersion) -> None:
    """Let an alias stand for a version."""
    tracking.client().set_registered_model_alias(MODEL_NAME, alias, version.version)


@contextmanager
def promotion_lock(expected: ModelVersion | None) -> Iterator[None]:
    """Keep every other promotion out, on whichever machine it runs.

    MLflow can neither lock nor compare and set. It can refuse a second registered model of the
    same name, which its database decides; so an empty one of a name set apart stands for the lock.

    Parameters
    ----------
    expected : ModelVersion or None
        The champion that the challenger was judged against.

    Raises
    ------
    InputError
        If another promotion is under way, or has moved the alias in the meantime.
    """
    client = tracking.client()
    with ExitStack() as at_end:
        try:
            if stale := _break_stale_lock(client):
                at_end.callback(client.delete_registered_model, stale)
            client.create_registered_model(LOCK, description="Stands for a promotion under way.")
        except MlflowException as error:
            if error.error_code != "RESOURCE_ALREADY_EXISTS":
                raise
            raise _another_is_under_way() from None
        at_end.callback(client.delete_registered_model, LOCK)
        now = champion()
        if (now and now.version) != (expected and expected.version):
            raise InputError(
                f"Another promotion came first: version {now.version if now else '-'} is the "
                "champion now; nothing was changed.\nRun this again to be judged against it."
            )
        yield


def _break_stale_lock(client: MlflowClient) -> str | None:
    """Rename the lock of a promotion that died, and return its new name.

    Two may find it. The new name is taken by the first, and stays so until its promotion is done;
    the second therefore cannot take the first one's lock for the dead one's.
    """
    for model in client.search_registered_models(f"name = '{LOCK}'"):
        if time() - model.creation_timestamp / 1000 > STALE_AFTER:
            broken = f"{LOCK}.{model.creation_timestamp}"
            try:
                client.rename_registered_model(LOCK, broken)
            except MlflowException:  # by databases: it exists, it is gone, no row was changed
                raise _another_is_under_way() from None
            return broken
    return None


def _another_is_under_way() -> InputError:
    return InputError(
        "Another promotion is under way; nothing was changed. Run this again once it is done."
    )
