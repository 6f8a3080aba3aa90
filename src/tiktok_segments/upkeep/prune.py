"""Pruning: old, failed and deleted runs leave a store, with their models and files.

``mlflow gc`` does not serve here: given some runs, it removes every deleted experiment and model
besides, also one that a registered version needs, and leaves models, records of data and free pages
behind. So the rows go in one transaction, and then the folders.
"""

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pandas as pd

from tiktok_segments.errors import StoreError
from tiktok_segments.files import write_whole
from tiktok_segments.tracking.relocation import PATIENCE, artifact_folder, local_path
from tiktok_segments.tracking.run_names import KIND, PARENT
from tiktok_segments.tracking.store import store_lock
from tiktok_segments.upkeep.doomed_runs import Pruning, choose_runs
from tiktok_segments.upkeep.named_files import reading, size_of
from tiktok_segments.upkeep.needed import needed_runs

RUNS = """
SELECT r.run_uuid AS run, e.name AS experiment, k.value AS kind, r.status, r.lifecycle_stage,
    COALESCE(r.end_time, r.start_time) AS ended, r.artifact_uri AS address, p.value AS sweep
FROM runs r
JOIN experiments e ON e.experiment_id = r.experiment_id
JOIN tags k ON k.run_uuid = r.run_uuid AND k.key = ?
LEFT JOIN tags p ON p.run_uuid = r.run_uuid AND p.key = ?
"""
"""Every run of this project, whatever its experiment; those of others in the store stay."""

MODELS = """
SELECT model_id AS model, source_run_id AS run, artifact_location AS address FROM logged_models
"""

INPUTS = (
    "DELETE FROM inputs WHERE source_id IN (SELECT id FROM doomed)"
    " OR destination_id IN (SELECT id FROM doomed)",
    "DELETE FROM input_tags WHERE input_uuid NOT IN (SELECT input_uuid FROM inputs)",
    "DELETE FROM datasets WHERE dataset_uuid NOT IN"
    " (SELECT source_id FROM inputs WHERE source_type = 'DATASET')",
)
"""What MLflow ties to runs and models without saying so in its schema."""


@dataclass(frozen=True)
class Pruned:
    """What was, or would be, removed.

    Attributes
    ----------
    runs : DataFrame of shape (n_kinds, 5)
        ``experiment``, ``kind``, ``status``, ``runs`` and ``bytes``, models' files included.
    models : int
        Models of these runs.
    kept : dict of str to int
        How many of those meant stay all the same, by the reason.
    freed : int
        Bytes by which the database became smaller; 0 where nothing was removed.
    """

    runs: pd.DataFrame
    models: int
    kept: dict[str, int]
    freed: int


def prune_store(
    file: Path,
    pruning: Pruning,
    pages: Path,
    now: datetime,
    *,
    dry_run: bool = True,
    progress: Callable[[int, int], None] | None = None,
) -> Pruned:
    """Remove runs with their models and files, but never what is needed.

    Killed on the way, the store has the runs or has them no more; the folders that are left then go
    with the next call.

    Parameters
    ----------
    file : Path
        The SQLite file of a store.
    pruning : Pruning
        What is meant.
    pages : Path
        Folder of reports and shortlists, whose runs stay.
    now : datetime
        From which ages count.
    dry_run : bool, default True
        Whether to say only what would be removed.
    progress : callable, optional
        Called with the number of folders removed, and of all.

    Returns
    -------
    Pruned
        What was removed, and what stays.

    Raises
    ------
    InputError
        If the store cannot be read.
    StoreError
        If it cannot be written, or another process keeps it to itself.
    """
    with store_lock():
        journal = file.with_name(f"{file.name}.pruning")
        if not dry_run:
            _remove_folders(file, journal, None)
        with reading(file) as store:
            runs = pd.read_sql_query(RUNS, store, params=(KIND, PARENT))
            models = pd.read_sql_query(MODELS, store)
            needed = needed_runs(store, pages)
        doomed, kept = choose_runs(runs, pruning, needed, now)
        theirs = models[models["run"].isin(doomed["run"])]
        beside = artifact_folder(file)
        places = {
            owner: _folder(address, beside)
            for table, column in ((doomed, "run"), (theirs, "model"))
            for owner, address in zip(table[column], table["address"], strict=True)
        }
        table = _sizes(doomed, theirs, places)
        if dry_run or doomed.empty:
            return Pruned(table, len(theirs), kept, 0)
        folders = {owner: str(place) for owner, place in places.items() if place is not None}
        write_whole(journal, json.dumps(folders))
        before = file.stat().st_size
        _forget(file, doomed["run"], theirs["model"])
        _remove_folders(file, journal, progress)
        _shrink(file)
    return Pruned(table, len(theirs), kept, before - file.stat().st_size)


def _folder(address: str | None, beside: Path) -> Path | None:
    """Return the folder of a run or model, None where it is not beside the store."""
    place = local_path(address) if address else None
    if place is None or beside not in place.parents:
        return None
    return place.parent if place.name == "artifacts" and place.parent != beside else place


def _sizes(
    doomed: pd.DataFrame, models: pd.DataFrame, places: dict[str, Path | None]
) -> pd.DataFrame:
    """Return how many runs of which kind take how many bytes, with their models."""
    sizes = {owner: size_of(place) for owner, place in places.items() if place is not None}
    of_models = models["model"].map(sizes).fillna(0).groupby(models["run"]).sum()
    own = doomed["run"].map(sizes).fillna(0)
    sized = doomed.assign(bytes=(own + doomed["run"].map(of_models).fillna(0)).astype(int))
    return sized.groupby(["experiment", "kind", "status"], as_index=False).agg(
        runs=("run", "size"), bytes=("bytes", "sum")
    )


def _forget(file: Path, runs: Iterable[str], models: Iterable[str]) -> None:
    """Remove the rows of runs and models, and all that hangs on them, in one transaction."""
    with _writing(file) as store, store:
        store.execute("CREATE TEMP TABLE doomed (id TEXT PRIMARY KEY)")
        ids = [(owner,) for owner in [*runs, *models]]
        store.executemany("INSERT INTO doomed VALUES (?)", ids)
        for statement in [*_statements(store), *INPUTS]:
            store.execute(statement)


def _statements(store: sqlite3.Connection) -> Iterator[str]:
    """Yield what removes the rows of runs and models, those that refer to them first.

    MLflow's schema says which do, whatever its version.
    """
    tables = [
        name for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type='table'")
    ]
    where = "IN (SELECT id FROM doomed)"
    for table in tables:
        for key in store.execute(f"PRAGMA foreign_key_list({table})").fetchall():
            _, _, target, column, _, _, on_delete, _ = key
            if target not in ("runs", "logged_models"):
                continue
            if on_delete == "SET NULL":
                yield f"UPDATE {table} SET {column} = NULL WHERE {column} {where}"  # noqa: S608
            else:
                yield f"DELETE FROM {table} WHERE {column} {where}"  # noqa: S608
    yield f"DELETE FROM logged_models WHERE model_id {where}"  # noqa: S608
    yield f"DELETE FROM runs WHERE run_uuid {where}"  # noqa: S608


def _remove_folders(file: Path, journal: Path, progress: Callable[[int, int], None] | None) -> None:
    """Remove the folders that a journal lists, but of those that the store still has."""
    if not journal.exists():
        return
    folders: dict[str, str] = json.loads(journal.read_text("utf-8"))
    with reading(file) as store:
        here = {
            owner
            for query in ("SELECT run_uuid FROM runs", "SELECT model_id FROM logged_models")
            for (owner,) in store.execute(query)
        }
    for number, (owner, folder) in enumerate(folders.items(), start=1):
        if owner not in here and Path(folder).exists():
            shutil.rmtree(folder)
        if progress is not None:
            progress(number, len(folders))
    journal.unlink()


def _shrink(file: Path) -> None:
    """Give the database's free pages back, after which nothing of the rows is left in them."""
    with _writing(file) as store:
        store.execute("VACUUM")


@contextmanager
def _writing(file: Path) -> Iterator[sqlite3.Connection]:
    try:
        with closing(sqlite3.connect(file, timeout=PATIENCE)) as store:
            yield store
    except sqlite3.Error as error:
        raise StoreError(f"The store {file} cannot be written: {error}.") from error
