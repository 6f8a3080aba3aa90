"""A process that computes and draws for the one that logs; what is called in it.

It leaves models and figures as files and answers with little: where a process is killed in the
middle of a long answer, an executor of ``concurrent.futures`` waits for the rest for ever.
"""

import atexit
import gc
from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tiktok_segments.accounts.row_sample import Accounts
    from tiktok_segments.training.computing import SpaceCache
    from tiktok_segments.training.task import Computed, RunTask

Draw = Callable[..., Mapping[str, bytes]]
"""A function of a module that returns pictures by name."""

_held: "dict[int, SpaceCache]" = {}
"""Accounts, with their spaces, by their number."""


def begin(parent: int, collect_after: tuple[int, int, int], modules: list[str]) -> None:
    """Import what will be needed, and see to it that this process ends with another one.

    Parameters
    ----------
    parent : int
        Id of the process that started this one.
    collect_after : tuple of three int
        Thresholds of the garbage collector, as there.
    modules : list of str
        To be imported.
    """
    gc.set_threshold(*collect_after)
    atexit.register(gc.freeze)  # as in the command: the sweep waits for this process to end
    from tiktok_segments.tracking.processes import end_with_parent  # psutil: not for --help

    end_with_parent(parent)
    for module in modules:
        import_module(module)


def hold(number: int, accounts: "Accounts") -> None:
    """Keep accounts for runs that are to be computed on them."""
    from tiktok_segments.training.computing import SpaceCache

    _held[number] = SpaceCache(accounts)


def compute_there(number: int, task: "RunTask", folder: Path) -> "Computed":
    """Compute a run on accounts that are held here.

    Parameters
    ----------
    number : int
        Of the accounts.
    task : RunTask
        What to compute.
    folder : Path
        Is made for its ``model`` and its ``picture``.

    Returns
    -------
    Computed
        Without those two.

    Raises
    ------
    InputError
        If the accounts do not suit the settings.
    """
    from tiktok_segments.training.computing import compute

    computed = compute(task, _held[number])
    leave_files(folder, {"model": computed.model, "picture": computed.picture})
    return replace(computed, model=b"", picture=b"")


def draw_there(draw: Draw, arguments: tuple[object, ...], folder: Path) -> None:
    """Draw pictures, and leave them in a folder that is made for them."""
    leave_files(folder, draw(*arguments))


def leave_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a folder that is made for them."""
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)


def take_files(folder: Path) -> dict[str, bytes]:
    """Return the files that were left in a folder, and remove it."""
    files = {file.name: file.read_bytes() for file in folder.iterdir()}
    rmtree(folder)
    return files
