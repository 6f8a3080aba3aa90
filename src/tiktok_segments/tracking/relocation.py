"""The place of a SQLite store's artifacts: beside its file, also after both were moved or copied.

MLflow keeps absolute addresses, which lead to where a store once was. Before a store is used, they
are compared with where it lies, and written anew where its artifacts moved with it.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from tiktok_segments.errors import StoreError

ADDRESSES = (
    ("experiments", "artifact_location"),
    ("runs", "artifact_uri"),
    ("logged_models", "artifact_location"),
    ("model_versions", "source"),
    ("model_versions", "storage_location"),
)
"""Tables and columns of MLflow's schema in which artifacts' addresses stand.

MLflow has no command that changes them. Paths elsewhere, such as that of the data, are history.
"""

BUSY_TIMEOUT = 20.0
"""Seconds to wait for another program that writes to the store, as MLflow does."""


def artifact_folder(file: Path) -> Path:
    """Return the folder that belongs to a SQLite store: ``mlruns`` beside its file.

    Examples
    --------
    >>> artifact_folder(Path("/data/mlflow.db")).as_posix()
    '/data/mlruns'
    """
    return file.absolute().parent / "mlruns"


def follow_move(file: Path, root: Path, may_write: bool = True) -> None:
    """Point a store to its artifacts where it was moved or copied together with them.

    Parameters
    ----------
    file : Path
        The SQLite file of the store. The caller holds the store's lock.
    root : Path
        Folder of the project, where versions before kept the artifacts of every store.
    may_write : bool
        False where the user wants the store to be read only.

    Raises
    ------
    StoreError
        If artifacts of the store lie elsewhere, or the addresses cannot be written.
    """
    own, of_mlflow = _recorded_folders(file)
    old = own or of_mlflow
    beside, common = artifact_folder(file), root / "mlruns"
    if old is None or _is_same(old, beside):
        return
    in_project = _is_same(old, common)
    if in_project and not _belongs_to_another(old, file):
        return
    folders = _addressed_folders(file, old)
    places = [beside]
    if not in_project and (root in file.absolute().parents or not old.exists()):
        places.append(common)
    for place in places:
        if _holds(place, folders, old):
            if not may_write:
                raise StoreError(_unmended(file, old, "it is opened with options"))
            readdress(file, old, place)
            return
    if own is None:
        return  # MLflow was told to keep them elsewhere
    lie = f"lie in {old}" if old.exists() else f"are not in {old} any more"
    raise StoreError(
        f"The artifacts of the MLflow store {file} {lie}, and not all are in {beside}.\n"
        f"Bring the whole folder to {beside.parent}, or the store back to it; nothing was changed."
    )


def _unmended(file: Path, old: Path, reason: str) -> str:
    return (
        f"The MLflow store {file} was moved, and what it says of its artifacts still leads to "
        f"{old}.\nThat cannot be changed now: {reason}."
    )


@contextmanager
def open_store(file: Path) -> Iterator[sqlite3.Connection]:
    """Open a store to read it; what a killed process left unfinished in it is undone by that."""
    address = f"{file.absolute().as_uri()}?mode=rw"
    with closing(sqlite3.connect(address, uri=True, timeout=BUSY_TIMEOUT)) as store:
        yield store


def _recorded_folders(file: Path) -> tuple[Path | None, Path | None]:
    """Return where the artifacts are said to be: where this project puts them, and where MLflow.

    MLflow gives each experiment a folder by its number, where it made the experiment before this
    project had a say, as for ``mlflow run`` in an empty folder. None for none on this machine.
    """
    query = "SELECT experiment_id, artifact_location FROM experiments ORDER BY experiment_id"
    try:
        with open_store(file) as store:
            found = [
                (str(number), local_path(address or "")) for number, address in store.execute(query)
            ]
    except sqlite3.Error:
        return None, None  # no store of MLflow's, or not to be read: MLflow says which
    # Neither has ever called it otherwise: another name is the user's own choice.
    own = (folder for _, folder in found if folder and folder.name == "mlruns")
    numbered = (folder.parent for number, folder in found if folder and folder.name == number)
    return next(own, None), next((one for one in numbered if one.name == "mlruns"), None)


def local_path(address: str) -> Path | None:
    """Return the path that an address of artifacts stands for, None for one on another host.

    Examples
    --------
    >>> local_path("file:///data/my%20runs/mlruns").as_posix()
    '/data/my runs/mlruns'
    >>> local_path("/data/mlruns/0").as_posix()
    '/data/mlruns/0'
    >>> local_path("s3://bucket/mlruns") is None
    True
    """
    parts = urlsplit(address)
    if parts.scheme == "file":
        return Path(url2pathname(parts.path))
    return Path(address) if address.startswith("/") else None


def tell_unknown(file: Path) -> list[str]:
    """Say how many models lie beside a store that does not know them, as after it was deleted.

    Parameters
    ----------
    file : Path
        The SQLite file of the store; it need not be there.

    Returns
    -------
    list of str
        A sentence; none where every model is known.
    """
    beside, known = artifact_folder(file), set()
    for recorded in _recorded_folders(file) if file.exists() else ():
        known |= set(_addressed_folders(file, recorded)) if recorded else set()
    unknown = [
        place
        for place in (path.parent.relative_to(beside) for path in beside.glob("**/MLmodel"))
        if not known & {place, *place.parents}
    ]
    if not unknown:
        return []
    several = f"{len(unknown)} models lie" if len(unknown) > 1 else "1 model lies"
    return [
        f"{several} in {beside} that the store does not know, as {unknown[0]}: their store was "
        "deleted or exchanged. A backup brings it back: python scripts/store.py restore "
        "backup=FOLDER"
    ]


def gone(address: str) -> Path | None:
    """Return where files were by their address; None where they are, or are on another host."""
    place = local_path(address)
    return None if place is None or place.exists() else place


def _is_same(one: Path, other: Path) -> bool:
    """Say whether two paths are one, by name or by way of links."""
    return one == other or one.resolve() == other.resolve()


def _belongs_to_another(folder: Path, file: Path) -> bool:
    """Say whether a store beside a folder of artifacts, other than this one, has the same runs."""
    for other in {folder.parent / file.name, folder.parent / "mlflow.db"}:
        if other.exists() and not other.samefile(file):
            return not _runs(file).isdisjoint(_runs(other))
    return False


def _runs(file: Path) -> set[str]:
    try:
        with open_store(file) as store:
            return {run for (run,) in store.execute("SELECT run_uuid FROM runs")}
    except sqlite3.Error:
        return set()  # not a store of MLflow's


def _addressed_folders(file: Path, old: Path) -> list[Path]:
    """Return the folders of the store's runs and models under a folder, relative to it."""
    with open_store(file) as store:
        addresses = [
            address
            for table, column in ADDRESSES[1:]
            for (address,) in store.execute(f"SELECT {column} FROM {table}")  # noqa: S608 - own names
        ]
    paths = {local_path(address) for address in addresses if address}
    return [path.relative_to(old) for path in paths if path and path.is_relative_to(old)]


def _holds(place: Path, folders: list[Path], old: Path) -> bool:
    """Say whether a place holds a store's artifacts: nothing lacks that is in the old one.

    Runs that failed early have none anywhere. Models always have: without any, they are lost.
    """
    held = [folder for folder in folders if (place / folder).exists()]
    if any((old / folder).exists() for folder in set(folders) - set(held)):
        return False
    return bool(held) or not any("models" in folder.parts for folder in folders)


def readdress(file: Path, old: Path, new: Path) -> None:
    """Have every address under a folder lead to another, all in one transaction.

    Parameters
    ----------
    file : Path
        The SQLite file of a store.
    old, new : Path
        Absolute folders.

    Raises
    ------
    StoreError
        If the store cannot be written.
    """
    spellings = {old.as_uri(): new.as_uri(), str(old): str(new)}
    try:
        with closing(sqlite3.connect(file, timeout=BUSY_TIMEOUT)) as store, store:
            for table, column in ADDRESSES:
                for before, after in spellings.items():
                    store.execute(
                        f"UPDATE {table} SET {column} = ? || substr({column}, ?) "  # noqa: S608 - likewise
                        f"WHERE {column} = ? OR substr({column}, 1, ?) = ?",
                        (after, len(before) + 1, before, len(before) + 1, f"{before}/"),
                    )
    except sqlite3.Error as error:
        raise StoreError(_unmended(file, old, str(error))) from error
