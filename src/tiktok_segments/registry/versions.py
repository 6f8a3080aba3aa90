"""The registered model: its versions, their aliases, and who may move them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from mlflow.entities.model_registry import ModelVersion as ModelVersion
from mlflow.exceptions import MlflowException

from tiktok_segments.defaults import next_command
from tiktok_segments.errors import InputError
from tiktok_segments.registry.lost import check_lost
from tiktok_segments.tracking import connection, model_loading, run_names
from tiktok_segments.tracking.named_model import NamedModel, load_named_model
from tiktok_segments.tracking.store import model_name, store_lock
from tiktok_segments.tracking.store_errors import is_absent

CHAMPION, CHALLENGER = "champion", "challenger"
DIGEST = "model_sha256"
PSEUDONYMS = "pseudonyms"
"""Tag of a version: the id of the key of its accounts' pseudonyms, if they have any."""
SYNTHETIC = "synthetic"
"""Tag of a version: whether its accounts were made up, ``true`` or ``false``."""

DIGITS = 9
"""Longest number of a version: of longer ones a database says only that they are too large."""

MOST = 10_000
"""Versions that are asked for: MLflow gives 200 where nothing is said."""

AGAIN = "Run this again to be judged against it."


def champion() -> ModelVersion | None:
    """Return the version that the alias ``champion`` stands for, None where there is none."""
    return version_by_alias(CHAMPION)


def version_by_alias(alias: str) -> ModelVersion | None:
    """Return the version that an alias stands for, None where there is none."""
    try:
        return connection.client().get_model_version_by_alias(model_name(), alias)
    except MlflowException as error:
        if not is_absent(error):
            raise
        return None


def versions() -> list[ModelVersion]:
    """Return every version with its aliases, the newest first; none where nothing is promoted."""
    client = connection.client()
    found = client.search_model_versions(f"name = '{model_name()}'", max_results=MOST)
    ordered = sorted((int(version.version) for version in found), reverse=True)
    # A search leaves the aliases out.
    return [client.get_model_version(model_name(), str(number)) for number in ordered]


def registered_models() -> list[str]:
    """Return the names of the registered models that there are, the first 100 by name."""
    return sorted(model.name for model in connection.client().search_registered_models())


def get_version(number: str) -> ModelVersion:
    """Return a version by its number.

    Raises
    ------
    InputError
        If there is none of that number.
    """
    if len(str(number)) <= DIGITS:
        try:
            return connection.client().get_model_version(model_name(), str(number))
        except MlflowException as error:
            if not is_absent(error):
                raise
    known = ", ".join(str(version.version) for version in versions()) or "none yet"
    raise InputError(f"{model_name()} has no version {number}; there is: {known}.")


def load_version(version: ModelVersion) -> NamedModel:
    """Load a version's model, refusing one that is not as it was promoted.

    Raises
    ------
    InputError
        If its files were changed since, or it cannot be loaded.
    """
    address = f"models:/{model_name()}/{version.version}"
    return load_named_model(address, version.tags.get(DIGEST) or "not promoted by this project")


def load_champion() -> tuple[ModelVersion, NamedModel]:
    """Load the champion.

    Raises
    ------
    InputError
        If there is none, it was lost, or it was tampered with.
    """
    version = champion()
    if version is None:
        check_lost(versions())
        raise InputError(
            "There is no champion yet.\nPromote a run first: "
            + next_command("scripts/promote_model.py")
        )
    return version, load_version(version)


def _about_model() -> str:
    """Return what the UI shows as the registered model's description."""
    new = ("data.path=new.csv", "output=assigned.csv")
    assign = next_command("scripts/assign_segments.py", *new, kept=True)
    roll_back = next_command("scripts/promote_model.py", "version=N", kept=True)
    return f"""\
Puts a TikTok profile into one of the named influencer segments.

- The version with the alias **champion** is in use; *challenger* is one that the gate refused.
- A version's description has its segments, what each is fit for, and what the gate found.
- `{assign}` names new accounts, `{roll_back}` goes back to an earlier version.
"""


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
    client = connection.client()
    key = str(model.facts["pseudonyms"])
    if not client.search_registered_models(f"name = '{model_name()}'"):
        client.create_registered_model(model_name(), description=_about_model())
    version = client.create_model_version(
        model_name(),
        source=address,
        model_id=address.removeprefix("models:/"),
        run_id=model.run_id,
        description=text,
        tags={
            "segments": json.dumps(model.names, ensure_ascii=False),
            "segment_ids": json.dumps([segment.segment_id for segment in model.segments]),
            run_names.DATA_SHA256: str(model.facts[run_names.DATA_SHA256]),
            run_names.DATA_SOURCE: str(model.facts[run_names.DATA_SOURCE]),
            SYNTHETIC: str(model.facts["synthetic"]).lower(),
            DIGEST: model_loading.digest_of_model(model_loading.download_model(address)),
            **({PSEUDONYMS: key} if key else {}),
            **tags,
        },
    )
    return get_version(version.version)


def describe(version: ModelVersion, text: str) -> None:
    """Set a version's description, in Markdown."""
    connection.client().update_model_version(model_name(), version.version, text)


def set_alias(alias: str, version: ModelVersion) -> None:
    """Let an alias stand for a version."""
    connection.client().set_registered_model_alias(model_name(), alias, version.version)


@contextmanager
def promotion_lock(expected: ModelVersion | None) -> Iterator[None]:
    """Keep every other promotion out of a store of this machine while a version is made.

    A tracking server cannot be locked: there, :func:`make_champion` alone decides.

    Parameters
    ----------
    expected : ModelVersion or None
        The champion that the challenger was judged against.

    Raises
    ------
    InputError
        If another promotion has moved the alias in the meantime.
    StoreError
        If another process has kept the store to itself for two minutes.
    """
    with store_lock():
        if words := _another_came_first(expected):
            raise InputError(f"{words}; nothing was changed.\n{AGAIN}")
        yield


def make_champion(version: ModelVersion, expected: ModelVersion | None) -> None:
    """Let the alias ``champion`` stand for a version, unless it was moved in the meantime.

    MLflow cannot compare and set: on a server, two who ask within the same few hundredths of a
    second can both find the champion that they expect, and the later one's version stays.

    Parameters
    ----------
    version : ModelVersion
        The new champion.
    expected : ModelVersion or None
        The champion until now, as far as the caller knows.

    Raises
    ------
    InputError
        If another version is the champion by now; the new one then has no alias.
    """
    if words := _another_came_first(expected):
        raise InputError(
            f"{words}; version {version.version} was registered and is not the champion.\n{AGAIN}"
        )
    set_alias(CHAMPION, version)


def _another_came_first(expected: ModelVersion | None) -> str | None:
    """Ask the store for the champion; say so where it is another than expected."""
    now = champion()
    if (now and now.version) == (expected and expected.version):
        return None
    number = now.version if now else "-"
    return f"Another promotion came first: version {number} is the champion now"
