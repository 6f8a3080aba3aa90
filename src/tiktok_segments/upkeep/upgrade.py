"""Upgrade: the tables of a store brought to those of the MLflow that is installed, whole or not."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tiktok_segments.errors import InputError
from tiktok_segments.tracking.store import sqlite_address, store_lock
from tiktok_segments.upkeep.backup import Backup, check_database
from tiktok_segments.upkeep.drafts import draft_of
from tiktok_segments.upkeep.named_files import reading, require_quiet
from tiktok_segments.upkeep.restore import exchange


@dataclass(frozen=True)
class Upgraded:
    """What became of a store's tables.

    Attributes
    ----------
    before, after : str
        MLflow's names of their versions; the same where there was nothing to do.
    backup : Backup or None
        The store as it was; None where nothing was changed.
    """

    before: str
    after: str
    backup: Backup | None


def upgrade_store(file: Path, save: Callable[[], Backup]) -> Upgraded:
    """Bring the tables of a store up to date, after a backup.

    MLflow changes a copy, in steps between which it could be killed; the copy then takes the
    store's place in one transaction.

    Parameters
    ----------
    file : Path
        The SQLite file of a store.
    save : callable
        Makes the backup; called where there is something to change, before it is.

    Returns
    -------
    Upgraded
        What there is now.

    Raises
    ------
    InputError
        If runs are going on in the store, it is written meanwhile, or a newer MLflow made it.
    StoreError
        If the store cannot be written.
    """
    require_quiet(file)
    with store_lock(), reading(file) as store:
        before, written = _version(store), _changes(store)
        with draft_of(store, file) as draft:
            _upgrade(draft, file)
            check_database(draft)
            with reading(draft) as changed:
                after = _version(changed)
            if after == before:
                return Upgraded(before, after, None)
            backup = save()
            if _changes(store) != written:
                raise InputError(
                    f"{file} was written while it was brought up to date, and stays as it is; "
                    "stop what uses it, and give the command again."
                )
            exchange(draft, file)
    return Upgraded(before, after, backup)


def _version(store: sqlite3.Connection) -> str:
    try:
        (version,) = store.execute("SELECT version_num FROM alembic_version").fetchone()
    except (sqlite3.OperationalError, TypeError):
        raise InputError("The store has no tables of MLflow's.") from None
    return str(version)


def _changes(store: sqlite3.Connection) -> int:
    """Return a number that changes with every transaction of another connection."""
    (number,) = store.execute("PRAGMA data_version").fetchone()
    return int(number)


def _upgrade(draft: Path, file: Path) -> None:
    """Have MLflow change the tables of a copy of a store."""
    done = subprocess.run(  # noqa: S603 - this environment's own MLflow, no shell
        [sys.executable, "-m", "mlflow", "db", "upgrade", sqlite_address(draft)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        words = (done.stderr.strip().splitlines() or ["no word why"])[-1][:300]
        raise InputError(
            f"MLflow cannot bring {file} up to date, which stays as it is: {words}\n"
            "A store that a newer MLflow made needs that one: pip install --upgrade mlflow"
        )
