"""What upkeep found and did, on the terminal."""

import shlex
from pathlib import Path

from tiktok_segments import terminal
from tiktok_segments.tracking.holdings import Database, Server
from tiktok_segments.upkeep.backup import Backup
from tiktok_segments.upkeep.prune import Pruned
from tiktok_segments.upkeep.restore import Restored
from tiktok_segments.upkeep.status import StoreStatus
from tiktok_segments.upkeep.upgrade import Upgraded
from tiktok_segments.wording import counted

ROWS_STAY = (
    "A server lets no row go: what is pruned is marked as deleted there, and its files go.\n"
    "For good the rows go on the server's machine:\n"
    "MLFLOW_TRACKING_URI=postgresql+psycopg:///mlflow python scripts/store.py prune deleted=true "
    "dry_run=false\n"
    "(mlflow gc does it, too, but takes every deleted experiment besides, and leaves models' rows.)"
)


def print_status(status: StoreStatus, store: Database | Server) -> None:
    """Print what a store holds, and what of it was lost."""
    out = terminal.console()
    table = status.runs.assign(size=status.runs["bytes"].map(_megabytes)).drop(columns="bytes")
    database = "" if status.database is None else f"database {_megabytes(status.database)}, "
    terminal.print_table(table, f"Store {store.label}")
    out.print(
        f"{database}artifacts {_megabytes(status.artifacts)}, {counted(status.models, 'model')}",
        markup=False,
        soft_wrap=True,
    )
    for sentence in status.lost:
        out.print(f"lost: {sentence}", markup=False, soft_wrap=True)
    if status.unseen:
        out.print(
            f"Files in {', '.join(status.unseen)} only the server hands out; they were not looked "
            "at. Its address shows them: MLFLOW_TRACKING_URI=http://HOST:PORT",
            markup=False,
            soft_wrap=True,
        )
    elif not status.lost:
        out.print("Nothing that the store names is missing.", markup=False, soft_wrap=True)


def print_backup(backup: Backup) -> None:
    """Print what a backup holds, and how it is used."""
    out = terminal.console()
    out.print(
        f"Backup: {backup.folder} ({counted(backup.runs, 'run')}, "
        f"{counted(backup.models, 'model')}, {_megabytes(backup.size)})",
        markup=False,
        soft_wrap=True,
    )
    if backup.running:
        out.print(
            f"It holds what was there of {counted(backup.running, 'run')} still under way.",
            markup=False,
            soft_wrap=True,
        )
    if backup.missing:
        out.print(
            f"Without artifacts, since they were not there: {len(backup.missing):,} of the runs "
            f"and models, as {backup.missing[0]}; python scripts/store.py status tells more.",
            markup=False,
            soft_wrap=True,
        )
    out.print(
        f"Back to it: python scripts/store.py restore backup={shlex.quote(str(backup.folder))}",
        markup=False,
        soft_wrap=True,
    )


def print_restored(restored: Restored, file: Path) -> None:
    """Print what a store holds now."""
    out = terminal.console()
    out.print(
        f"Restored {file}: {counted(restored.runs, 'run')}, {counted(restored.models, 'model')}.",
        markup=False,
        soft_wrap=True,
    )
    if restored.unknown:
        out.print(
            f"Made after the backup and not known any more: {restored.unknown:,} of the runs and "
            "models; their files lie where they lay.",
            markup=False,
            soft_wrap=True,
        )
    if restored.before is not None:
        out.print(f"What was there before: {restored.before.folder}", markup=False, soft_wrap=True)


def print_upgraded(upgraded: Upgraded, file: Path) -> None:
    """Print whether a store's tables were changed."""
    out = terminal.console()
    if upgraded.backup is None:
        words = f"Nothing to do: the tables of {file} are those of the MLflow that is installed."
    else:
        words = (
            f"Brought up to date: {file}, from the tables of {upgraded.before} to those of "
            f"{upgraded.after}.\nWhat was there before: {upgraded.backup.folder}"
        )
    out.print(words, markup=False, soft_wrap=True)


def print_pruned(pruned: Pruned, store: Database | Server, *, dry_run: bool) -> None:
    """Print what was removed, or would be, and what stays all the same."""
    out = terminal.console()
    removed = int(pruned.runs["runs"].sum())
    if removed:
        table = pruned.runs.assign(size=pruned.runs["bytes"].map(_megabytes)).drop(columns="bytes")
        terminal.print_table(table, "Would be removed" if dry_run else "Removed")
        out.print(
            f"{counted(removed, 'run')} and {counted(pruned.models, 'model')}, "
            f"{_megabytes(int(pruned.runs['bytes'].sum()))} of files",
            markup=False,
            soft_wrap=True,
        )
    else:
        words = "Each such run is needed:" if pruned.kept else "There is no such run:"
        out.print(f"{words} nothing to remove.", markup=False)
    for reason, count in pruned.kept.items():
        out.print(f"stays: {counted(count, 'run')} ({reason})", markup=False)
    if removed and dry_run:
        out.print(
            "Nothing was removed. dry_run=false removes them for good; python scripts/store.py "
            "backup keeps a copy.",
            markup=False,
            soft_wrap=True,
        )
    elif removed and isinstance(store, Database):
        out.print(f"The database became {_megabytes(pruned.freed)} smaller.", markup=False)
    if isinstance(store, Server):
        out.print(ROWS_STAY, markup=False, soft_wrap=True)
    if pruned.unreached:
        out.print(
            f"Files of {pruned.unreached:,} of the runs and models, where there still are any, "
            "only the server hands out: prune by its address, too.",
            markup=False,
            soft_wrap=True,
        )


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"
