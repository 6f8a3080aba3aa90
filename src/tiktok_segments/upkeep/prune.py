"""Pruning: old, failed and deleted runs leave a store, with their models and files.

``mlflow gc`` does not serve here: given some runs, it removes every deleted experiment and model
besides, also one that a registered version needs, and leaves models, records of data and free pages
behind. So the rows go in one transaction, and then the folders; on a server, which lets no row go,
the runs are marked as deleted, and their files go.
"""

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd

from tiktok_segments.files import write_whole
from tiktok_segments.tracking.holdings import Database, Server, read_records
from tiktok_segments.tracking.holdings.remote_files import is_reachable, remove_folder
from tiktok_segments.tracking.holdings.removal import (
    changed_tables,
    known_owners,
    mark_deleted,
    remove_rows,
)
from tiktok_segments.tracking.relocation import artifact_folder, local_path
from tiktok_segments.tracking.store import store_file, store_lock
from tiktok_segments.upkeep.doomed_runs import Pruning, choose_runs
from tiktok_segments.upkeep.needed import needed_runs
from tiktok_segments.upkeep.places import size_at, whole_folder_of

OUT_OF_REACH = "files that only the server hands out; prune by its address first"
"""Why a run stays whose rows could go, but whose files could not be found any more then."""

Places = dict[str, str]
"""Address of all that a run or model keeps, by its id."""


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
    unreached : int
        Of the runs and models, those whose files, if there are any, only a server hands out.
    """

    runs: pd.DataFrame
    models: int
    kept: dict[str, int]
    freed: int
    unreached: int = 0


def prune_store(
    store: Database | Server,
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
    store : Database or Server
        Which keeps the runs.
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
    file = store_file(store.address)
    with store_lock():
        journal = _journal(store, pages)
        if not dry_run and isinstance(store, Database):
            _remove_folders(store, journal, None)
        records = read_records(store)
        ours = records.runs[records.runs["kind"].notna()]
        doomed, kept = choose_runs(ours, pruning, needed_runs(records, pages), now)
        places = _places(doomed, records.models, artifact_folder(file) if file else None)
        if isinstance(store, Database):
            doomed, kept = _without_unreached(doomed, kept)
        sizes = {owner: size_at(place) for owner, place in places.items()}
        theirs = records.models[records.models["run"].isin(doomed["run"])]
        if isinstance(store, Server):  # whose rows of what was pruned before are still there
            held = np.array([sizes.get(run, 0) > 0 for run in doomed["run"]], dtype=bool)
            held |= doomed["run"].isin(theirs["run"]).to_numpy()
            doomed = doomed[held | (doomed["lifecycle_stage"] == "active")]
        owners = [*doomed["run"], *theirs["model"]]
        places = {owner: place for owner, place in places.items() if owner in owners}
        unreached = sum(not is_reachable(place) for place in places.values())
        table = _sized(doomed, theirs, sizes)
        if dry_run or doomed.empty:
            return Pruned(table, len(theirs), kept, 0, unreached)
        if isinstance(store, Server):
            active = doomed.loc[doomed["lifecycle_stage"] == "active", "run"]
            mark_deleted(active.tolist(), [])
            _remove(places, progress)
            mark_deleted([], theirs["model"].tolist())
            return Pruned(table, len(theirs), kept, 0)
        write_whole(journal, json.dumps(places))
        before = store.size()
        remove_rows(store, owners)
        _remove_folders(store, journal, progress)
        store.compact(changed_tables(store))
    return Pruned(table, len(theirs), kept, before - store.size(), unreached)


def _journal(store: Database | Server, pages: Path) -> Path:
    """Return where it stands which folders go: beside a SQLite store, else in the outputs."""
    file = store_file(store.address)
    if file is not None:
        return file.with_name(f"{file.name}.pruning")
    return pages / f".pruning-{hashlib.sha256(store.label.encode()).hexdigest()[:12]}.json"


def _places(doomed: pd.DataFrame, models: pd.DataFrame, beside: Path | None) -> Places:
    theirs = models[models["run"].isin(doomed["run"])]
    found = {
        owner: whole_folder_of(address, beside)
        for table, column in ((doomed, "run"), (theirs, "model"))
        for owner, address in zip(table[column], table["address"], strict=True)
    }
    return {owner: place for owner, place in found.items() if place is not None}


def _without_unreached(
    doomed: pd.DataFrame, kept: dict[str, int]
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Leave out runs that are not deleted, and whose files only a server hands out."""
    reached = np.array([is_reachable(address) for address in doomed["address"]], dtype=bool)
    stays = (doomed["lifecycle_stage"] == "active") & ~reached
    return doomed[~stays], kept | ({OUT_OF_REACH: int(stays.sum())} if stays.any() else {})


def _sized(doomed: pd.DataFrame, models: pd.DataFrame, sizes: dict[str, int]) -> pd.DataFrame:
    """Return how many runs of which kind take how many bytes, with their models."""
    of_models = models["model"].map(sizes).fillna(0).groupby(models["run"]).sum()
    own = doomed["run"].map(sizes).fillna(0)
    sized = doomed.assign(bytes=(own + doomed["run"].map(of_models).fillna(0)).astype(int))
    return sized.groupby(["experiment", "kind", "status"], as_index=False).agg(
        runs=("run", "size"), bytes=("bytes", "sum")
    )


def _remove_folders(
    store: Database, journal: Path, progress: Callable[[int, int], None] | None
) -> None:
    """Remove the folders that a journal lists, but of those that the store still has."""
    if not journal.exists():
        return
    places: Places = json.loads(journal.read_text("utf-8"))
    here = known_owners(store)
    _remove({owner: place for owner, place in places.items() if owner not in here}, progress)
    journal.unlink()


def _remove(places: Places, progress: Callable[[int, int], None] | None) -> None:
    for number, place in enumerate(places.values(), start=1):
        folder = local_path(place)
        if folder is not None:
            if folder.exists():
                shutil.rmtree(folder)
        elif is_reachable(place):
            remove_folder(place)
        if progress is not None:
            progress(number, len(places))
