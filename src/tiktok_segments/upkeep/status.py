"""What a store holds, how large it is, and what of it was lost."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from tiktok_segments.tracking.model_loading import NAMED_MODEL
from tiktok_segments.tracking.relocation import artifact_folder, tell_unknown
from tiktok_segments.tracking.run_names import KIND
from tiktok_segments.upkeep.named_files import holds_model, named_folders, reading, size_of
from tiktok_segments.wording import counted

RUNS = """
SELECT e.name AS experiment, COALESCE(t.value, 'other') AS kind, r.status, r.run_uuid AS run
FROM runs r
JOIN experiments e ON e.experiment_id = r.experiment_id
LEFT JOIN tags t ON t.run_uuid = r.run_uuid AND t.key = ?
WHERE r.lifecycle_stage = 'active'
"""

SOURCES = "SELECT model_id, source_run_id FROM logged_models WHERE source_run_id IS NOT NULL"

NEWEST = """
SELECT name, MAX(version) FROM model_versions
WHERE current_stage != 'Deleted_Internal' GROUP BY name
"""

DELETED = """
SELECT r.run_uuid, v.name, v.version FROM model_versions v
JOIN runs r ON r.run_uuid = v.run_id AND r.lifecycle_stage = 'deleted'
WHERE v.current_stage != 'Deleted_Internal'
"""

PROMOTED = "SELECT COUNT(*), MAX(source_run_id) FROM logged_models WHERE name = ?"
"""Models with names are made by a promotion only."""


@dataclass(frozen=True)
class StoreStatus:
    """What a store holds.

    Attributes
    ----------
    database, artifacts : int
        Bytes of the SQLite file, and of everything in ``mlruns``.
    runs : DataFrame of shape (n_kinds, 5)
        ``experiment``, ``kind``, ``status``, ``runs`` and ``bytes``, models' files included; a row
        for each that is there.
    models : int
        Logged models.
    lost : tuple of str
        What is missing, and what can be done; a sentence each.
    """

    database: int
    artifacts: int
    runs: pd.DataFrame
    models: int
    lost: tuple[str, ...]


def look_at(file: Path) -> StoreStatus:
    """Say what a store holds and lacks.

    Parameters
    ----------
    file : Path
        The SQLite file of a store.

    Returns
    -------
    StoreStatus
        Nothing is changed.

    Raises
    ------
    InputError
        If the store cannot be read.
    """
    with reading(file) as store:
        runs = pd.read_sql_query(RUNS, store, params=(KIND,))
        sources = dict(store.execute(SOURCES).fetchall())
    folders = named_folders(file)
    sizes: Counter[str] = Counter()
    for each in folders:
        if each.path is not None:
            sizes[sources.get(each.owner, each.owner)] += size_of(each.path)
    runs["bytes"] = [sizes[run] for run in runs["run"]]
    table = runs.groupby(["experiment", "kind", "status"], as_index=False).agg(
        runs=("run", "size"), bytes=("bytes", "sum")
    )
    gone = [
        each
        for each in folders
        if each.path is not None
        and (
            not holds_model(each.path)
            if each.kind == "model"
            else each.status == "FINISHED" and not each.path.exists()
        )
    ]
    return StoreStatus(
        database=file.stat().st_size,
        artifacts=size_of(artifact_folder(file)),
        runs=table,
        models=sum(each.kind == "model" for each in folders),
        lost=(
            *_tell_gone("run", [each.owner for each in gone if each.kind == "run"]),
            *_tell_gone("model", [each.owner for each in gone if each.kind == "model"]),
            *_tell_deleted(file),
            *tell_registry(file),
        ),
    )


def _tell_deleted(file: Path) -> list[str]:
    """Say which runs were deleted in MLflow though a registered version comes from them."""
    with reading(file) as store:
        return [
            f"Run {run}, of {name} version {version}, was deleted in MLflow: "
            f"mlflow runs restore --run-id {run}"
            for run, name, version in store.execute(DELETED)
        ]


def _tell_gone(kind: str, owners: list[str]) -> list[str]:
    if not owners:
        return []
    several = f"{len(owners):,} {kind}s" if len(owners) > 1 else f"a {kind}"
    damaged = " or damaged" if kind == "model" else ""
    return [
        f"The artifacts of {several} are gone{damaged}, as of {owners[0]}; a backup that holds "
        "them brings them back: store.py restore backup=FOLDER"
    ]


def tell_registry(file: Path) -> list[str]:
    """Say what a registry without a champion once had.

    Parameters
    ----------
    file : Path
        The SQLite file of a store.

    Returns
    -------
    list of str
        Sentences: versions without a champion, models with names that are not registered, and
        models beside the store that it does not know. None where nothing was ever promoted.
    """
    with reading(file) as store:
        newest = dict(store.execute(NEWEST).fetchall())
        aliases = store.execute(
            "SELECT name FROM registered_model_aliases WHERE alias = 'champion'"
        ).fetchall()
        promoted, run = store.execute(PROMOTED, (NAMED_MODEL,)).fetchone()
    without = set(newest) - {name for (name,) in aliases}
    told = [
        f"{name} has versions up to {newest[name]} and no champion: its alias was removed. "
        f"promote_model.py version={newest[name]} makes the newest the champion"
        for name in sorted(without)
    ]
    if promoted and not newest:
        told.append(
            f"{counted(promoted, 'model')} with names, and none is registered: the registered "
            f"model was removed. promote_model.py run={run} registers one again"
        )
    return [*told, *tell_unknown(file)]
