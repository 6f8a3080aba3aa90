"""A place on disk that a process needs for a while, and what killed processes left of theirs."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import weakref
from pathlib import Path

from tiktok_segments.defaults import default_root
from tiktok_segments.errors import InputError

RESERVE = 2**26
"""Bytes that are left free for everything else, the store above all."""


def large_folder() -> Path:
    """Return the folder of all such places: ``outputs/large`` of the project."""
    return Path(os.environ.get("TIKTOK_SEGMENTS_ROOT", default_root())) / "outputs" / "large"


class TemporaryFolder:
    """A folder of its own, removed when nobody holds on to this object, and at the end.

    A lock beside the folder tells other processes that it is in use; the system drops it with the
    process, however that ends.

    Parameters
    ----------
    parent : Path
        Where it is made; places of processes that were killed are removed from there.

    Attributes
    ----------
    folder : Path
        Exists and is empty at first.

    Raises
    ------
    InputError
        If no folder can be made there.
    """

    def __init__(self, parent: Path) -> None:
        try:
            parent.mkdir(parents=True, exist_ok=True)
            remove_leftovers(parent)
            handle, lock = _new_lock(parent)
            self.folder = Path(lock).with_suffix("")
            self.folder.mkdir()
        except OSError as error:
            raise InputError(
                f"{parent} cannot be written: {error.strerror or error}.\nAccounts beyond memory "
                "are kept there while they are needed; engine=memory does without."
            ) from None
        weakref.finalize(self, _remove, self.folder, Path(lock), handle, os.getpid())

    def require(self, size: int) -> None:
        """Refuse to begin what does not fit on the disk.

        Parameters
        ----------
        size : int
            Bytes that will be written, about.

        Raises
        ------
        InputError
            Naming what is needed and what is free.
        """
        free = shutil.disk_usage(self.folder).free
        if size + RESERVE > free:
            raise InputError(
                f"The numbers of all accounts take about {in_gb(size)} on disk; "
                f"{self.folder.parent} has {in_gb(free)} free.\n"
                "Make room there, or set engine=memory if there is memory enough."
            )


def in_gb(size: int) -> str:
    """Return a size as people read it.

    Examples
    --------
    >>> in_gb(4_480_000_000), in_gb(31_000_000)
    ('4.5 GB', '0.03 GB')
    """
    return f"{size / 1e9:.1f} GB" if size >= 1e8 else f"{size / 1e9:.2f} GB"


def remove_leftovers(parent: Path) -> None:
    """Remove the places of processes that are no more."""
    for lock in parent.glob("*.lock"):
        try:
            handle = os.open(lock, os.O_RDWR)
        except (FileNotFoundError, PermissionError):
            continue  # its process has just removed it, or is another user's
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            continue
        _remove(lock.with_suffix(""), lock, handle, os.getpid())


def _new_lock(parent: Path) -> tuple[int, str]:
    """Make a lock file that is locked by this process."""
    while True:
        handle, lock = tempfile.mkstemp(dir=parent, suffix=".lock")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.fstat(handle).st_nlink:
                return handle, lock
        except BlockingIOError:
            pass  # another process has just taken it for a leftover
        os.close(handle)


def _remove(folder: Path, lock: Path, handle: int, owner: int) -> None:
    if os.getpid() != owner:
        return  # a copy of the process has a copy of the object
    shutil.rmtree(folder, ignore_errors=True)
    lock.unlink(missing_ok=True)
    os.close(handle)
