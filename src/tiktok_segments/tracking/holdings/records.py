"""Runs, models and versions of a store as tables, whatever keeps it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
import sqlalchemy as sa

from tiktok_segments.tracking.connection import client
from tiktok_segments.tracking.holdings.server import (
    Server,
    all_models,
    all_registered,
    all_runs,
    all_versions,
    experiments,
)
from tiktok_segments.tracking.run_names import BEST_RUN_ID, KIND, PARENT

if TYPE_CHECKING:
    from tiktok_segments.tracking.holdings.database import Database

RUNS = """
SELECT r.run_uuid AS run, e.name AS experiment, k.value AS kind, r.status, r.lifecycle_stage,
    r.start_time AS started, COALESCE(r.end_time, r.start_time) AS ended,
    r.artifact_uri AS address, p.value AS sweep, b.value AS best
FROM runs r
JOIN experiments e ON e.experiment_id = r.experiment_id
LEFT JOIN tags k ON k.run_uuid = r.run_uuid AND k.key = :kind
LEFT JOIN tags p ON p.run_uuid = r.run_uuid AND p.key = :parent
LEFT JOIN tags b ON b.run_uuid = r.run_uuid AND b.key = :best
ORDER BY r.start_time
"""
MODELS = """
SELECT model_id AS model, name, source_run_id AS run, artifact_location AS address
FROM logged_models
ORDER BY creation_timestamp_ms
"""
VERSIONS = """
SELECT name, version, run_id AS run, source FROM model_versions
WHERE current_stage != 'Deleted_Internal'
"""
IN_USE = "SELECT DISTINCT name FROM registered_model_aliases"


@dataclass(frozen=True)
class StoreRecords:
    """What a store knows.

    Attributes
    ----------
    runs : DataFrame of shape (n_runs, 10)
        ``run``, ``experiment``, ``kind``, ``status``, ``lifecycle_stage``, ``started`` and
        ``ended`` (milliseconds since 1970), ``address`` of its artifacts, ``sweep`` that it is of
        and, of a sweep, ``best`` run; in the order of their starts. Deleted runs are among them,
        and those of others, which have no kind.
    models : DataFrame of shape (n_models, 4)
        ``model``, ``name``, ``run`` and ``address``, in the order in which they were made.
    versions : DataFrame of shape (n_versions, 4)
        ``name``, ``version``, ``run`` and ``source``.
    in_use : frozenset of str
        Registered models of which a version has an alias.
    """

    runs: pd.DataFrame
    models: pd.DataFrame
    versions: pd.DataFrame
    in_use: frozenset[str]


def read_records(store: Database | Server) -> StoreRecords:
    """Return what a store knows.

    Raises
    ------
    InputError
        If the store cannot be read.
    """
    if isinstance(store, Server):
        return _of_server()
    with store.reading() as connection:
        tags = {"kind": KIND, "parent": PARENT, "best": BEST_RUN_ID}
        runs = pd.read_sql_query(sa.text(RUNS), connection, params=tags)
        models = pd.read_sql_query(sa.text(MODELS), connection)
        versions = pd.read_sql_query(sa.text(VERSIONS), connection)
        in_use = frozenset(name for (name,) in connection.execute(sa.text(IN_USE)))
    return StoreRecords(runs, models, versions, in_use)


def _of_server() -> StoreRecords:
    asked = client()
    names = {each.experiment_id: each.name for each in experiments(asked)}
    runs = [
        (
            run.info.run_id, names[run.info.experiment_id], run.data.tags.get(KIND),
            run.info.status, run.info.lifecycle_stage, run.info.start_time,
            run.info.end_time or run.info.start_time, run.info.artifact_uri,
            run.data.tags.get(PARENT), run.data.tags.get(BEST_RUN_ID),
        )
        for run in all_runs(asked, list(names))
    ]  # fmt: skip
    models = [
        (each.model_id, each.name, each.source_run_id, each.artifact_location)
        for each in sorted(
            all_models(asked, list(names)), key=lambda model: model.creation_timestamp
        )
    ]
    versions = [
        (each.name, int(each.version), each.run_id, each.source) for each in all_versions(asked)
    ]
    columns = [
        "run", "experiment", "kind", "status", "lifecycle_stage", "started", "ended", "address",
        "sweep", "best",
    ]  # fmt: skip
    return StoreRecords(
        runs=_table(runs, columns).sort_values("started", kind="stable", ignore_index=True),
        models=_table(models, ["model", "name", "run", "address"]),
        versions=_table(versions, ["name", "version", "run", "source"]),
        in_use=frozenset(each.name for each in all_registered(asked) if each.aliases),
    )


def _table(rows: Iterable[tuple[Any, ...]], columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=columns)
