"""What a store holds, by experiment and kind of run, how large it is, and what of it was lost."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tiktok_segments.tracking.holdings import Database, Server, StoreRecords, read_records
from tiktok_segments.tracking.holdings.remote_files import is_reachable
from tiktok_segments.tracking.model_loading import NAMED_MODEL
from tiktok_segments.tracking.relocation import artifact_folder, tell_unknown
from tiktok_segments.tracking.store import store_file
from tiktok_segments.upkeep.named_files import MAY_HAVE_NONE, size_of
from tiktok_segments.upkeep.places import is_gone, size_at
from tiktok_segments.wording import counted


@dataclass(frozen=True)
class StoreStatus:
    """What a store holds.

    Attributes
    ----------
    database : int or None
        Bytes of the database; None where a server does not tell.
    artifacts : int
        Bytes of all files of runs and models; beside a SQLite store, of everything in ``mlruns``.
    runs : DataFrame of shape (n_kinds, 5)
        ``experiment``, ``kind``, ``status``, ``runs`` and ``bytes``, models' files included; a row
        for each that is there.
    models : int
        Logged models.
    lost : tuple of str
        What is missing, and what can be done; a sentence each.
    unseen : tuple of str
        Addresses of artifacts that only the store's server hands out: neither measured nor missed.
    """

    database: int | None
    artifacts: int
    runs: pd.DataFrame
    models: int
    lost: tuple[str, ...]
    unseen: tuple[str, ...] = ()


def look_at(
    store: Database | Server, progress: Callable[[int, int], None] = lambda done, total: None
) -> StoreStatus:
    """Say what a store holds and lacks.

    Parameters
    ----------
    store : Database or Server
        Which keeps the runs.
    progress : callable
        Called with the number of runs and models that were looked at, and of all.

    Returns
    -------
    StoreStatus
        Nothing is changed.

    Raises
    ------
    InputError
        If the store cannot be read.
    """
    records = read_records(store)
    runs = records.runs[records.runs["lifecycle_stage"] == "active"]
    runs = runs.assign(kind=runs["kind"].fillna("other"))
    total = len(runs) + len(records.models)
    sizes: Counter[str] = Counter()  # a model's files count with its run's
    gone_runs: list[str] = []
    gone_models: list[str] = []
    without_files = set(runs.loc[runs["kind"].isin(MAY_HAVE_NONE), "run"])
    places = zip(runs["run"], runs["status"], runs["address"], strict=True)
    for number, (run, status, address) in enumerate(places, start=1):
        sizes[run] += size_at(address)
        if status == "FINISHED" and run not in without_files and is_gone(address, model=False):
            gone_runs.append(run)
        progress(number, total)
    models = records.models[["model", "run", "address"]].itertuples(index=False, name=None)
    cut = set(records.runs.loc[records.runs["status"] != "FINISHED", "run"])
    for number, (model, run, address) in enumerate(models, start=len(runs) + 1):
        sizes[run or model] += size_at(address)
        if run not in cut and is_gone(address, model=True):
            gone_models.append(model)
        progress(number, total)
    table = (
        runs.assign(bytes=np.array([sizes[run] for run in runs["run"]], dtype="int64"))
        .groupby(["experiment", "kind", "status"], as_index=False)
        .agg(runs=("run", "size"), bytes=("bytes", "sum"))
    )
    file = store_file(store.address)
    return StoreStatus(
        database=store.size() if isinstance(store, Database) else None,
        artifacts=size_of(artifact_folder(file)) if file else sizes.total(),
        runs=table,
        models=len(records.models),
        lost=(
            *_tell_gone("run", gone_runs),
            *_tell_gone("model", gone_models),
            *_tell_deleted(records),
            *_tell_registry(records),
            *(tell_unknown(file) if file else []),
        ),
        unseen=tuple(address for address in store.roots() if not is_reachable(address)),
    )


def _tell_deleted(records: StoreRecords) -> list[str]:
    """Say which runs were deleted in MLflow though a registered version comes from them."""
    deleted = records.runs[records.runs["lifecycle_stage"] == "deleted"]
    return [
        f"Run {version.run}, of {version.name} version {version.version}, was deleted in MLflow: "
        f"mlflow runs restore --run-id {version.run}"
        for version in records.versions[records.versions["run"].isin(deleted["run"])].itertuples(
            index=False
        )
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


def _tell_registry(records: StoreRecords) -> list[str]:
    """Say which models have versions of which none is in use, and that none is registered."""
    # Models with names are made by a promotion only; a server may have versions of others.
    promoted = records.models[records.models["name"] == NAMED_MODEL]
    own = records.versions["source"].isin("models:/" + promoted["model"])
    newest = records.versions[own].groupby("name")["version"].max()
    told = [
        f"{name} has versions up to {version} and no champion: its alias was removed. "
        f"promote_model.py version={version} makes the newest the champion"
        for name, version in newest.items()
        if name not in records.in_use
    ]
    if len(promoted) and newest.empty:
        run = promoted["run"].iloc[-1]
        told.append(
            f"{counted(len(promoted), 'model')} with names, and none is registered: the registered "
            f"model was removed. promote_model.py run={run} registers one again"
        )
    return told
