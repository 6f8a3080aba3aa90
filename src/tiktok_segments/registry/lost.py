"""What a registry without a champion, or without its files, once had."""

from collections.abc import Sequence

from mlflow.entities import LoggedModelStatus
from mlflow.entities.model_registry import ModelVersion

from tiktok_segments.defaults import next_command
from tiktok_segments.errors import InputError
from tiktok_segments.tracking import artifacts, connection
from tiktok_segments.tracking.model_loading import NAMED_MODEL
from tiktok_segments.tracking.relocation import gone
from tiktok_segments.tracking.store import model_name
from tiktok_segments.tracking.store_errors import BACK
from tiktok_segments.wording import counted

LOOKED_AT = 20
"""Newest models with names that are looked at for one that was promoted."""


def check_lost(known: Sequence[ModelVersion]) -> None:
    """Refuse to take a champion that was lost for one that never was.

    Parameters
    ----------
    known : sequence of ModelVersion
        Every version of the registered model, with its aliases; the newest first.

    Raises
    ------
    InputError
        If versions are registered and none of them is the champion or a challenger, the
        registered model was removed, or models lie beside the store that it does not know.
    """
    name = model_name()
    if known:
        if not any(version.aliases for version in known):
            raise InputError(
                f"{name} has {counted(len(known), 'version')}, and no champion: the alias was "
                "removed.\nSay which is: "
                + next_command("scripts/promote_model.py", f"version={known[0].version}")
            )
        return
    if run := _promoted_run():
        again = next_command("scripts/promote_model.py", f"run={run}")
        raise InputError(
            f"No version of {name} is registered, though run {run} was promoted as one: the "
            f"registered model was removed.\n{again} registers it again; names and ids are in a "
            "backup: store.py restore backup=FOLDER"
        )
    if words := connection.words_of_loss():
        raise InputError(f"There is no champion.{words}")


def _promoted_run() -> str | None:
    """Return the newest run that became a version which is registered nowhere any more."""
    client = connection.client()
    models = client.search_logged_models(
        [connection.experiment_id()],
        f"name = '{NAMED_MODEL}'",
        max_results=LOOKED_AT,
        order_by=[{"field_name": "creation_time", "ascending": False}],
    )
    for model in models:
        run = str(model.source_run_id)
        if model.status != LoggedModelStatus.READY or not artifacts.has_file(
            run, artifacts.PROMOTION
        ):
            continue  # its promotion was killed
        if not client.search_model_versions(f"run_id = '{run}'"):
            return run
    return None


def tell_gone(known: Sequence[ModelVersion]) -> list[str]:
    """Say which versions have no files any more, a sentence each.

    Parameters
    ----------
    known : sequence of ModelVersion
        Versions of the registered model.
    """
    told = []
    for version in known:
        address = connection.client().get_model_version_download_uri(
            version.name, str(version.version)
        )
        if place := gone(address):
            told.append(
                f"The files of version {version.version} are gone: {place} is not there. {BACK}"
            )
    return told
