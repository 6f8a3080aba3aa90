"""The runs of a sweep, computed and drawn on another processor core ahead of being logged.

To MLflow, runs are logged one after another by the process that was started, and importing MLflow
takes as long as fitting fifty runs. Meanwhile one other process fits and draws.
"""

import gc
import os
import signal
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import count
from multiprocessing import active_children, get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from tiktok_segments.training.worker import Draw, begin, compute_there, draw_there, hold, take_files

if TYPE_CHECKING:
    from tiktok_segments.accounts.row_sample import Accounts
    from tiktok_segments.training.task import Computed, RunTask
    from tiktok_segments.training.timings import Phases

LIMIT = 100
"""At most so many runs are computed ahead, since their models and figures take room on the disk."""

SOON = 1.0
"""Seconds that the results of a planned run are waited for before it shows as running."""


class Worker:
    """The process beside this one, and what it was asked for.

    Parameters
    ----------
    drawn : bool
        Whether figures are wanted.

    Attributes
    ----------
    process : Process or None
        The process itself; None where it has ended already.
    folder : str
        Where it leaves files.
    planned : dict
        What will come of each run that was asked for, by its accounts and its task.
    waiting : dict
        Runs to be asked for when there is room, in their order.

    Raises
    ------
    OSError
        If no process can be had.
    """

    def __init__(self, drawn: bool) -> None:
        modules = ["tiktok_segments.training.computing"]
        if drawn:
            modules += ["tiktok_segments.training.run_panels", "kneed"]
        self.planned: dict[tuple[Accounts, RunTask], tuple[Future[Computed], Path]] = {}
        self.waiting: dict[tuple[Accounts, RunTask], None] = {}
        self._numbers: dict[Accounts, int] = {}
        self._files = TemporaryDirectory(prefix="tiktok-segments-", ignore_cleanup_errors=True)
        self.folder = self._files.name
        self._places = (Path(self.folder, str(number)) for number in count())
        told = (os.getpid(), gc.get_threshold(), modules)
        self._pool = ProcessPoolExecutor(
            1, mp_context=get_context("spawn"), initializer=begin, initargs=told
        )
        others = active_children()
        # Ctrl-C reaches all processes of a terminal, and this one ends the other: that one is to
        # ignore it from its start on, as it does where it inherits that.
        heeded = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            self._last = self._ask(os.getpid)
        except OSError:
            self._files.cleanup()
            raise
        finally:
            signal.signal(signal.SIGINT, heeded)
        started = (child for child in active_children() if child not in others)
        self.process = next(started, None)

    def ask_for_more(self) -> None:
        """Have runs computed as far as there is room for the results."""
        with suppress(BrokenProcessPool):  # what is not planned is computed in this process
            while self.waiting and len(self.planned) < LIMIT:
                accounts, task = next(iter(self.waiting))
                if accounts not in self._numbers:
                    self._ask(hold, len(self._numbers), accounts)
                    self._numbers[accounts] = len(self._numbers)
                place = next(self._places)
                answer = self._ask(compute_there, self._numbers[accounts], task, place)
                self.planned[accounts, task] = answer, place
                del self.waiting[accounts, task]

    def draw(self, draw: Draw, *arguments: object) -> dict[str, bytes] | None:
        """Have pictures drawn; return None where the process could not."""
        place = next(self._places)
        with suppress(BrokenProcessPool, OSError):  # ended by force, or without room for files
            self._ask(draw_there, draw, arguments, place).result()
            return take_files(place)
        return None

    def end(self) -> None:
        """End the process, whatever it is at; what is planned is not begun any more."""
        if self.process is not None and not self._last.done():
            self.process.kill()
        self._pool.shutdown(wait=True)
        self._files.cleanup()

    def _ask(self, function: Callable[..., Any], *arguments: object) -> Future[Any]:
        self._last = self._pool.submit(function, *arguments)
        return self._last


_worker: Worker | None = None


@contextmanager
def working_ahead(drawn: bool) -> Iterator[None]:
    """Have a process beside this one work ahead until the end of the ``with`` block.

    Where no process can be had, everything is done in this one.

    Parameters
    ----------
    drawn : bool
        Whether figures are wanted.
    """
    global _worker
    with suppress(OSError):  # no memory or file handles for one, say
        _worker = Worker(drawn)
    try:
        yield
    finally:
        stop_ahead()


def stop_ahead() -> None:
    """End the process, if there is one, whatever it is at."""
    global _worker
    if _worker is not None:
        _worker.end()
        _worker = None


def plan(task: "RunTask", accounts: "Accounts") -> None:
    """Have a run computed ahead, where there is a process for it.

    Parameters
    ----------
    task : RunTask
        What it is to compute.
    accounts : Accounts
        On what.
    """
    if _worker is not None and (accounts, task) not in _worker.planned:
        _worker.waiting[accounts, task] = None
        _worker.ask_for_more()


def comes_soon(task: "RunTask", accounts: "Accounts", phases: "Phases") -> bool:
    """Wait a moment for the results of a run that was planned; say whether they are there.

    Parameters
    ----------
    task, accounts
        As for :func:`plan`.
    phases : Phases
        Is told how long it was waited (``wait``).
    """
    planned = _worker.planned.get((accounts, task)) if _worker else None
    if planned is None:
        return False
    with phases("wait"):
        return bool(wait([planned[0]], timeout=SOON).done)


def obtain(task: "RunTask", accounts: "Accounts", phases: "Phases") -> "Computed":
    """Return what a run computes: what was computed ahead, else it is computed here.

    Parameters
    ----------
    task, accounts
        As for :func:`plan`.
    phases : Phases
        Is told how long each part took, and how long it was waited for (``wait``).

    Returns
    -------
    Computed
        The same to the last digit, whichever process computed it.

    Raises
    ------
    InputError
        If the accounts do not suit the settings.
    """
    computed = None
    if _worker is not None:
        planned = _worker.planned.pop((accounts, task), None)
        _worker.waiting.pop((accounts, task), None)
        _worker.ask_for_more()
        if planned is not None:
            answer, place = planned
            # Where the process was ended by force, or had no room for its files, this one computes.
            with phases("wait"), suppress(BrokenProcessPool, OSError):
                numbers, files = answer.result(), take_files(place)
                computed = replace(numbers, model=files["model"], picture=files["picture"])
    if computed is None:
        computed = _compute(task, accounts)
    phases.add(computed.seconds)
    return computed


def _compute(task: "RunTask", accounts: "Accounts") -> "Computed":
    """Compute a run in this process, and show how far it is where there are many accounts."""
    from tiktok_segments import terminal
    from tiktok_segments.training.computing import SpaceCache, compute

    if accounts.drawn is accounts:
        return compute(task, SpaceCache(accounts))
    with terminal.progress_bar("accounts") as progress:
        return compute(task, SpaceCache(accounts, progress))


def draw_beside(draw: Draw, *arguments: object) -> Mapping[str, bytes]:
    """Draw pictures in the process beside this one, or here where there is none.

    Parameters
    ----------
    draw : callable
        A function of a module.
    *arguments : object
        What it takes.

    Returns
    -------
    mapping of str to bytes
        What it returns: PNG files by name.
    """
    drawn = _worker.draw(draw, *arguments) if _worker is not None else None
    return draw(*arguments) if drawn is None else drawn
