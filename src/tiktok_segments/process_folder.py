"""Temporary files that last as long as the process, and are not left behind where it is killed."""

import atexit
import os
import shutil
import stat
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir, mkdtemp

from tiktok_segments.ownership import is_gone, this_process

PREFIX, OWNER = "tiktok-segments-", "owner"


def make_folder() -> Path:
    """Make a folder that is removed when the process ends; if it is killed, by the next that asks.

    Examples
    --------
    >>> make_folder().is_dir(), make_folder() == make_folder()
    (True, False)
    """
    return Path(mkdtemp(dir=_root()))


@cache
def _root() -> Path:
    _remove_left_ones()
    folder = TemporaryDirectory(prefix=PREFIX)
    atexit.register(folder.cleanup)
    Path(folder.name, OWNER).write_text(this_process())
    return Path(folder.name)


def _remove_left_ones() -> None:
    """Remove the folders of processes that have ended and did not do so themselves."""
    for owner in Path(gettempdir()).glob(f"{PREFIX}*/{OWNER}"):
        with suppress(OSError, ValueError):
            if _is_mine(owner) and is_gone(owner.read_text()):
                shutil.rmtree(owner.parent, ignore_errors=True)


def _is_mine(owner: Path) -> bool:
    """Say whether it is a file of this user's: others may have put anything there."""
    about = owner.lstat()
    return stat.S_ISREG(about.st_mode) and about.st_uid == os.getuid()
