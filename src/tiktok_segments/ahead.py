"""Computing and drawing the runs of a sweep on other processor cores, ahead of logging them.

To MLflow, runs are logged one after another by the process that was started, and importing MLflow
takes as long as fitting fifty runs. Meanwhile a second process fits and a third one draws; each
imports only what it needs, and Python's threads could not do two of these things at once.
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
    from tiktok_segments.phases import Phases
    from tiktok_segments.run_figure import RunFigure
    from tiktok_segments.run_task import Accounts, Computed, RunTask

T = TypeVar("T")

INTERVAL = 2.0
"""Seconds between two looks at whether the processes are still there."""

Drawn = tuple[bytes, float]
"""Content of a PNG file, and the seconds that drawing it took."""

Planned = tuple["Future[Computed]", "Future[Drawn] | None"]
"""What will come of a run: its results, and its figure where one is drawn ahead."""


class Ahead:
    """The processes beside this one, and what they were asked for.

    Parameters
    ----------
    drawn : bool
        Whether figures are wanted.
    """

    def __init__(self, drawn: bool) -> None:
        self.planned: dict[tuple[Accounts, RunTask], Planned] = {}
        self.numbers: dict[Accounts, int] = {}
        before = set(active_children())
        self.computing = _start("tiktok_segments.computing")
        self.drawing = _start("tiktok_segments.run_panels", "kneed") if drawn else None
        self.processes: set[BaseProcess] = set(active_children()) - before

    def plan(self, task: "RunTask", accounts: "Accounts") -> None:
        """Have a run computed, and drawn where wanted, when its turn comes."""
        if (accounts, task) in self.planned:
            return
        if accounts not in self.numbers:
            self.numbers[accounts] = len(self.numbers)
            self.computing.submit(_hold, self.numbers[accounts], accounts)
        computed = self.computing.submit(_compute, self.numbers[accounts], task)
        drawn: Future[Drawn] | None = None
        if task.drawn and self.drawing is not None:
            drawn = Future()
            computed.add_done_callback(partial(_draw_next, self.drawing, drawn))
        self.planned[accounts, task] = computed, drawn

    def draw(self, shown: "RunFigure") -> "Future[Drawn] | None":
        """Have a run drawn that was computed here, where there is a process for it."""
        if self.drawing is None:
            return None
        with suppress(BrokenProcessPool):
            return self.drawing.submit(_draw, shown)
        return None

    def stop(self) -> None:
        """End the processes at once, whatever they are at."""
        for process in self.processes:
            process.kill()
        for pool in (self.computing, self.drawing):
            if pool is not None:
                pool.shutdown()


_ahead: Ahead | None = None


def start_ahead(drawn: bool) -> None:
    """Start the processes; they import what they need while this one goes on.

    Parameters
    ----------
    drawn : bool
        Whether figures are wanted.
    """
    global _ahead
    stop_ahead()
    with suppress(OSError):  # where no process can be had, everything is done in this one
        _ahead = Ahead(drawn)


def stop_ahead() -> None:
    """End the processes, if there are any."""
    global _ahead
    if _ahead is not None:
        _ahead.stop()
        _ahead = None


def plan(task: "RunTask", accounts: "Accounts") -> None:
    """Have a run computed ahead, where there are processes for it.

    Parameters
    ----------
    task : RunTask
        What it is to compute.
    accounts : Accounts
        On what.
    """
    if _ahead is None:
        return
    try:
        _ahead.plan(task, accounts)
    except BrokenProcessPool:
        return  # ended by force


def is_planned(task: "RunTask", accounts: "Accounts") -> bool:
    """Say whether a run is being computed ahead."""
    return _ahead is not None and (accounts, task) in _ahead.planned


def obtain(
    task: "RunTask", accounts: "Accounts", phases: "Phases"
) -> "tuple[Computed, Callable[[], bytes]]":
    """Return what a run computes: what was computed ahead, else it is computed here.

    A process that was ended by force is done without.

    Parameters
    ----------
    task : RunTask
        What it is to compute.
    accounts : Accounts
        On what.
    phases : Phases
        Is told how long each part took, and how long it was waited for (``wait``).

    Returns
    -------
    computed : Computed
        The result.
    draw : callable
        Returns its figure as the content of a PNG file.

    Raises
    ------
    InputError
        If the accounts do not suit the settings.
    """
    planned = _ahead.planned.pop((accounts, task), None) if _ahead else None
    if planned is not None:
        with phases("wait"):
            computed = _result(planned[0])
        if computed is not None:
            phases.add(computed.seconds)
            return computed, partial(_picture, computed.shown, planned[1], phases)
    from tiktok_segments.computing import compute

    computed = compute(task, accounts)
    phases.add(computed.seconds)
    drawn = _ahead.draw(computed.shown) if _ahead and computed.shown else None
    return computed, partial(_picture, computed.shown, drawn, phases)


def draw_beside(draw: Callable[..., T], *arguments: object) -> T:
    """Draw something in the process for it, or here where there is none.

    Parameters
    ----------
    draw : callable
        A function of a module.
    *arguments : object
        What it takes.

    Returns
    -------
    object
        What it returns.
    """
    if _ahead is not None and _ahead.drawing is not None:
        with suppress(BrokenProcessPool):  # ended by force
            drawn = _result(_ahead.drawing.submit(draw, *arguments))
            if drawn is not None:
                return drawn
    return draw(*arguments)


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


def _draw(shown: "RunFigure | None") -> Drawn:
    from tiktok_segments.run_panels import draw_run

    assert shown is not None  # noqa: S101 - a drawing was asked for with the task
    start = perf_counter()
    return draw_run(shown), perf_counter() - start


def _draw_next(
    pool: ProcessPoolExecutor, drawn: "Future[Drawn]", computed: "Future[Computed]"
) -> None:
    """Have a run drawn that has just been computed."""
    if computed.exception() is not None:
        return  # nobody will ask for it
    try:
        drawing = pool.submit(_draw, computed.result().shown)
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


def _picture(shown: "RunFigure | None", drawn: "Future[Drawn] | None", phases: "Phases") -> bytes:
    """Return a figure that is drawn ahead, or draw it here."""
    found = None
    if drawn is not None:
        with phases("wait"):
            found = _result(drawn)
    picture, seconds = found or _draw(shown)
    phases.add({"draw": seconds})
    return picture


def _result(future: "Future[T]") -> T | None:
    """Wait for a result; None where a process was ended by force."""
    while True:
        try:
            return future.result(timeout=INTERVAL)
        except BrokenProcessPool:
            return None
        except TimeoutError:
            # Of a process that ends while it is asked for something, not every future is told.
            if _ahead is None or not all(process.is_alive() for process in _ahead.processes):
                return None
