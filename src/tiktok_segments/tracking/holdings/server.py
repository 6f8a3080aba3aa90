"""A store that MLflow's server keeps: its texts, and the requests that change some of them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import mlflow.entities
from mlflow import MlflowClient
from mlflow.entities import ViewType
from mlflow.exceptions import MlflowException

from tiktok_segments.errors import InputError, StoreError
from tiktok_segments.tracking.connection import client
from tiktok_segments.tracking.holdings.cells import Cell, changed_cells
from tiktok_segments.tracking.store_errors import name_store_error

Key = dict[str, Any]

WAYS: dict[tuple[str, str], Callable[[MlflowClient, Key, str], object]] = {
    ("experiments", "name"): lambda c, k, text: c.rename_experiment(k["experiment_id"], text),
    ("experiment_tags", "value"): lambda c, k, text: c.set_experiment_tag(
        k["experiment_id"], k["key"], text
    ),
    ("runs", "name"): lambda c, k, text: c.update_run(k["run_uuid"], name=text),
    ("tags", "value"): lambda c, k, text: c.set_tag(k["run_uuid"], k["key"], text),
    ("logged_model_tags", "tag_value"): lambda c, k, text: c.set_logged_model_tags(
        k["model_id"], {k["tag_key"]: text}
    ),
    ("registered_models", "description"): lambda c, k, text: c.update_registered_model(
        k["name"], text
    ),
    ("registered_model_tags", "value"): lambda c, k, text: c.set_registered_model_tag(
        k["name"], k["key"], text
    ),
    ("model_versions", "description"): lambda c, k, text: c.update_model_version(
        k["name"], k["version"], text
    ),
    ("model_version_tags", "value"): lambda c, k, text: c.set_model_version_tag(
        k["name"], k["version"], k["key"], text
    ),
}
"""Tables and columns that a request can change, and how."""

Row = tuple[str, Key, dict[str, object], bool]
"""Table, key, texts by column, and whether no request changes it."""


@dataclass(frozen=True)
class Server:
    """A tracking server of MLflow's.

    Parameters
    ----------
    address : str
        Of its API.
    """

    address: str

    @property
    def label(self) -> str:
        """The address."""
        return self.address

    @property
    def remains(self) -> str:
        """What still holds the old texts after :meth:`rewrite`."""
        return (
            "The database behind the server has what no request reaches, and old rows in its free "
            "pages, until its administrator calls the same there, with the database's address:\n"
            "MLFLOW_TRACKING_URI=postgresql+psycopg:///mlflow python scripts/privacy.py forget "
            "account=..."
        )

    def roots(self) -> list[str]:
        """Return the addresses below which experiments keep their artifacts."""
        return sorted({each.artifact_location for each in experiments(client())})

    def texts(self, words: Sequence[str], erase: Callable[[str], str]) -> Iterator[Cell]:
        """Yield every cell that names something, as of any :class:`~.store.Store`.

        Of a cell that no request changes it is said that it is fixed.
        """
        for table, key, texts, fixed in _rows(client()):
            held = {
                column: text
                for column, text in texts.items()
                if isinstance(text, str) and any(word in text.lower() for word in words)
            }
            for cell in changed_cells(table, key, held, erase):
                way = (table, cell.column)
                yield Cell(table, cell.column, key, cell.text, fixed or way not in WAYS)

    def rewrite(self, cells: Iterable[Cell]) -> None:
        """Write cells anew, a request for each.

        Raises
        ------
        InputError
            If the server does not answer, or refuses one.
        """
        for cell in cells:
            try:
                WAYS[cell.table, cell.column](client(), cell.key, cell.text)
            except MlflowException as error:
                reason = name_store_error(error) or str(error).strip().splitlines()[0][:300]
                raise StoreError(
                    f"{cell.table}.{cell.column} cannot be written: {reason}"
                ) from error


def experiments(client: MlflowClient) -> list[mlflow.entities.Experiment]:
    """Return all experiments, deleted ones too.

    Raises
    ------
    InputError
        If the server refuses.
    """
    return list(_paged(client.search_experiments, view_type=ViewType.ALL))


def _paged(search: Callable[..., Any], **settings: Any) -> Iterator[Any]:
    token = None
    while True:
        try:
            page = search(page_token=token, **settings)
        except MlflowException as error:
            if reason := name_store_error(error):
                raise StoreError(reason) from error
            raise InputError(str(error).strip().splitlines()[0][:300]) from error
        yield from page
        token = page.token
        if not token:
            return


def all_runs(client: MlflowClient, ids: list[str]) -> Iterator[mlflow.entities.Run]:
    """Yield the runs of experiments, deleted ones too."""
    if ids:
        yield from _paged(client.search_runs, experiment_ids=ids, run_view_type=ViewType.ALL)


def all_models(client: MlflowClient, ids: list[str]) -> Iterator[mlflow.entities.LoggedModel]:
    """Yield the logged models of experiments; deleted ones a server does not tell."""
    if ids:
        yield from _paged(client.search_logged_models, experiment_ids=ids)


def all_registered(client: MlflowClient) -> Iterator[Any]:
    """Yield the registered models."""
    return _paged(client.search_registered_models)


def all_versions(client: MlflowClient) -> Iterator[Any]:
    """Yield the versions of all registered models."""
    return _paged(client.search_model_versions)


def _rows(client: MlflowClient) -> Iterator[Row]:
    """Yield what requests give, by the names of MLflow's schema."""
    known = experiments(client)
    ids = [each.experiment_id for each in known]
    return chain(
        chain.from_iterable(_of_experiment(each) for each in known),
        chain.from_iterable(_of_run(each) for each in all_runs(client, ids)),
        chain.from_iterable(_of_model(each) for each in all_models(client, ids)),
        chain.from_iterable(_of_registered(each) for each in all_registered(client)),
        chain.from_iterable(_of_version(each) for each in all_versions(client)),
    )


def _of_experiment(each: mlflow.entities.Experiment) -> Iterator[Row]:
    own = {"experiment_id": each.experiment_id}
    gone = each.lifecycle_stage == "deleted"
    yield "experiments", own, {"name": each.name}, gone
    for key, value in each.tags.items():
        yield "experiment_tags", {**own, "key": key}, {"value": value, "key": key}, gone


def _of_run(each: mlflow.entities.Run) -> Iterator[Row]:
    own = {"run_uuid": each.info.run_id}
    gone = each.info.lifecycle_stage == "deleted"
    yield "runs", own, {"name": each.info.run_name}, gone
    for key, value in each.data.tags.items():
        yield "tags", {**own, "key": key}, {"value": value, "key": key}, gone
    for key, value in each.data.params.items():
        yield "params", {**own, "key": key}, {"value": value, "key": key}, True
    for given in each.inputs.dataset_inputs if each.inputs else ():
        data = given.dataset
        texts: dict[str, object] = {
            "name": data.name, "dataset_source": data.source,
            "dataset_schema": data.schema, "dataset_profile": data.profile,
        }  # fmt: skip
        yield "datasets", own, texts, True


def _of_model(each: mlflow.entities.LoggedModel) -> Iterator[Row]:
    own = {"model_id": each.model_id}
    yield "logged_models", own, {"name": each.name}, True
    for key, value in each.tags.items():
        yield "logged_model_tags", {**own, "tag_key": key}, {"tag_value": value}, False
    for key, value in each.params.items():
        yield "logged_model_params", {**own, "param_key": key}, {"param_value": value}, True


def _of_registered(each: Any) -> Iterator[Row]:
    own = {"name": each.name}
    yield "registered_models", own, {"description": each.description, "name": each.name}, False
    for key, value in each.tags.items():
        yield "registered_model_tags", {**own, "key": key}, {"value": value}, False


def _of_version(each: Any) -> Iterator[Row]:
    own = {"name": each.name, "version": str(each.version)}
    texts = {"description": each.description, "source": each.source, "run_link": each.run_link}
    yield "model_versions", own, texts, False
    for key, value in each.tags.items():
        yield "model_version_tags", {**own, "key": key}, {"value": value}, False
