"""Artifacts that a server or a bucket hands out: listed, fetched, and put back."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from mlflow.exceptions import MlflowException
from mlflow.store.artifact.artifact_repo import ArtifactRepository
from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository
from requests import RequestException

from tiktok_segments.errors import InputError, StoreError
from tiktok_segments.tracking.store import is_server, store_address
from tiktok_segments.tracking.store_errors import name_store_error


@dataclass(frozen=True)
class RemoteFile:
    """A file below a root of artifacts.

    Attributes
    ----------
    root : str
        Address of a folder.
    path : str
        Of the file, from there on.
    """

    root: str
    path: str

    def __str__(self) -> str:
        return f"{self.root.rstrip('/')}/{self.path}"

    @property
    def name(self) -> str:
        """The last part of the path."""
        return PurePosixPath(self.path).name


def is_reachable(address: str) -> bool:
    """Say whether an address of artifacts leads anywhere from here.

    Those that MLflow's server hands out are reached by way of the server only.
    """
    return not address.startswith("mlflow-artifacts:") or is_server(store_address())


@contextmanager
def answered(address: str) -> Iterator[None]:
    """Tell in plain words that artifacts are not handed out, or not taken.

    Raises
    ------
    StoreError
        If whoever keeps them does not answer.
    InputError
        If they cannot be used for another reason.
    """
    try:
        yield
    except (MlflowException, RequestException) as error:
        if reason := name_store_error(error):
            raise StoreError(reason) from error
        first = str(error).strip().splitlines()[0]
        raise InputError(f"The artifacts in {address} cannot be used: {first[:300]}") from error


def _repository(root: str) -> ArtifactRepository:
    return get_artifact_repository(root, tracking_uri=store_address())


def folders_below(root: str) -> list[str]:
    """Return the names of what lies right below a root: mostly a folder for each run.

    Raises
    ------
    InputError
        As :func:`answered`.
    """
    with answered(root):
        return [entry.path for entry in _repository(root).list_artifacts()]


def fetch(root: str, path: str, into: Path) -> Iterator[tuple[RemoteFile, Path]]:
    """Yield each file of a folder, with a copy of it, which goes when the next folder is fetched.

    Parameters
    ----------
    root, path : str
        The folder, or a single file, as :func:`folders_below` has it.
    into : Path
        Folder for the copies.

    Raises
    ------
    InputError
        As :func:`answered`.
    """
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=into) as folder:
        with answered(root):
            _repository(root).download_artifacts(path, folder)
        for file in sorted(Path(folder).rglob("*")):
            if file.is_file():
                yield RemoteFile(root, file.relative_to(folder).as_posix()), file


def is_there(file: RemoteFile) -> bool:
    """Say whether a file is still where it was.

    Raises
    ------
    InputError
        As :func:`answered`.
    """
    folder = PurePosixPath(file.path).parent.as_posix()
    with answered(file.root):
        entries = _repository(file.root).list_artifacts("" if folder == "." else folder)
    return any(entry.path == file.path for entry in entries)


def sizes_below(address: str) -> dict[str, int]:
    """Return the bytes of each file below a folder; none where there is none.

    Raises
    ------
    InputError
        As :func:`answered`.
    """
    with answered(address):
        repository, found = _repository(address), {}
        folders: list[str | None] = [None]
        while folders:
            for entry in repository.list_artifacts(folders.pop()):
                if entry.is_dir:
                    folders.append(entry.path)
                else:
                    found[str(entry.path)] = int(entry.file_size or 0)
    return found


def remove_folder(address: str) -> None:
    """Remove a folder with all that is in it; one that is not there any more stays so.

    Raises
    ------
    InputError
        As :func:`answered`.
    """
    parent, _, name = address.rstrip("/").rpartition("/")
    if sizes_below(address):
        with answered(address):
            _repository(parent).delete_artifacts(name)


def replace_file(file: RemoteFile, content: Path) -> None:
    """Put a file of the same name in a file's place, unless that was removed in the meantime.

    Raises
    ------
    InputError
        As :func:`answered`.
    """
    folder = PurePosixPath(file.path).parent.as_posix()
    if is_there(file):
        with answered(file.root):
            place = None if folder == "." else folder
            _repository(file.root).log_artifact(str(content), place)
