"""The processes beside the one that was started: one computes runs, another one draws them.

Each imports only what it needs, and Python's threads could not do two of these things at once.
"""

import signal
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from functools import partial
from importlib import import_module
from multiprocessing import active_children, get_context
from multiprocessing.process import BaseProcess
from time import perf_counter
from typing import TYPE_CHECKING, TypeVar

from tiktok_segments.ownership import end_with_parent

if TYPE_CHECKING:
    from tiktok_segments.run_figure import RunFigure
    from tiktok_segments.run_task import Accounts, Computed, RunTask

T = TypeVar("T")

INTERVAL = 2.0
"""Seconds between two looks at whether the processes are still there."""

Drawn = tuple[bytes, float]
"""Content of a PNG file, and the seconds that drawing it took."""

Planned = tuple["Future[Computed]", "Future[Drawn] | None"]
"""What will come of a run: its results, and its figure where one is drawn ahead."""


class HelperProcesses:
    """The processes, which import what they need while this one goes on.

    Whatever they are asked for, the answer is None where one of them was ended by force.

    Parameters
    ----------
    drawn : bool
        Whether there is to be one that draws.

    Raises
    ------
    OSError
        If no process can be had.
    """

    def __init__(self, drawn: bool) -> None:
        self.numbers: dict[Accounts, int] = {}
        before = set(active_children())
        self.computing = _start("tiktok_segments.computing")
        self.drawing = _start("tiktok_segments.run_panels", "kneed") if drawn else None
        self.processes: set[BaseProcess] = set(active_children()) - before

    def plan(self, task: "RunTask", accounts: "Accounts") -> Planned | None:
        """Have a run computed, and drawn where wanted, when its turn comes."""
        with suppress(BrokenProcessPool):
            if accounts not in self.numbers:
                self.numbers[accounts] = len(self.numbers)
                self.computing.submit(_hold, self.numbers[accounts], accounts)
            computed = self.computing.submit(_compute, self.numbers[accounts], task)
            drawn: Future[Drawn] | None = None
            if task.drawn and self.drawing is not None:
                drawn = Future()
                computed.add_done_callback(partial(_draw_next, self.drawing, drawn))
            return computed, drawn
        return None

    def draw(self, draw: Callable[..., T], *arguments: object) -> "Future[T] | None":
        """Have something drawn by a function of a module."""
        if self.drawing is not None:
            with suppress(BrokenProcessPool):
                return self.drawing.submit(draw, *arguments)
        return None

    def wait_for(self, future: "Future[T]") -> T | None:
        """Wait for a result."""
        while True:
            try:
                return future.result(timeout=INTERVAL)
            except BrokenProcessPool:
                return None
            except TimeoutError:
                # Of a process that ends while it is asked for something, not every future is told.
                if not all(process.is_alive() for process in self.processes):
                    return None

    def stop(self) -> None:
        """End the processes at once, whatever they are at."""
        for process in self.processes:
            process.kill()
        for pool in (self.computing, self.drawing):
            if pool is not None:
                pool.shutdown()


def draw_timed(shown: "RunFigure | None") -> Drawn:
    """Draw a run's figure; return it with the seconds that it took."""
    from tiktok_segments.run_panels import draw_run

    assert shown is not None  # noqa: S101 - a drawing was asked for with the task
    start = perf_counter()
    return draw_run(shown), perf_counter() - start


def _start(*modules: str) -> ProcessPoolExecutor:
    """Start a process that imports what it will need first."""
    pool = ProcessPoolExecutor(1, get_context("spawn"), initializer=_prepare)
    # Ctrl-C reaches all processes of a terminal, and this one ends the others: they are to ignore
    # it, from their start on, as they do where they inherit it.
    heeded = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        pool.submit(_import, modules)
    finally:
        signal.signal(signal.SIGINT, heeded)
    return pool


def _prepare() -> None:
    end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _import(modules: Sequence[str]) -> None:
    for module in modules:
        import_module(module)


_held: "dict[int, Accounts]" = {}
"""In the process that computes: accounts by their number."""


def _hold(number: int, accounts: "Accounts") -> None:
    _held[number] = accounts


def _compute(number: int, task: "RunTask") -> "Computed":
    from tiktok_segments.computing import compute

    return compute(task, _held[number])


def _draw_next(
    pool: ProcessPoolExecutor, drawn: "Future[Drawn]", computed: "Future[Computed]"
) -> None:
    """Have a run drawn that has just been computed."""
    if computed.exception() is not None:
        return  # nobody will ask for it
    try:
        drawing = pool.submit(draw_timed, computed.result().shown)
    except Exception as error:  # somebody waits for it
        drawn.set_exception(error)
    else:
        drawing.add_done_callback(partial(_pass_on, drawn))


def _pass_on(drawn: "Future[Drawn]", done: "Future[Drawn]") -> None:
    error = done.exception()
    if error is not None:
        drawn.set_exception(error)
    else:
        drawn.set_result(done.result())
