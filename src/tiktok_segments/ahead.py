"""Computing and drawing the runs of a sweep on other processor cores, ahead of logging them.

To MLflow, runs are logged one after another by the process that was started, and importing MLflow
takes as long as fitting fifty runs. Meanwhile a second process fits and a third one draws; each
imports only what it needs, and Python's threads could not do two of these things at once.
"""

from collections.abc import Callable
from concurrent.futures import Future, wait
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, TypeVar

from tiktok_segments.helper import Helper, HelperEndedError

if TYPE_CHECKING:
    from tiktok_segments.phases import Phases
    from tiktok_segments.run_figure import RunFigure
    from tiktok_segments.run_task import Accounts, Computed, RunTask

T = TypeVar("T")

LIMIT = 100
"""At most so many runs are computed ahead, since their results, some 0.5 MB each, are in memory."""

SOON = 1.0
"""Seconds that the results of a planned run are waited for before it shows as running."""

Drawn = tuple[bytes, float]
"""Content of a PNG file, and the seconds that drawing it took."""

Planned = tuple["Future[Computed]", "Future[Drawn] | None"]
"""What will come of a run: its results, and its figure where one is drawn ahead."""


@dataclass
class Ahead:
    """The processes beside this one, and what they are to do.

    Attributes
    ----------
    computing : Helper
        Fits and scores.
    drawing : Helper or None
        Draws figures, where they are wanted.
    planned : dict
        What will come of each run that was asked for, by its accounts and its task.
    waiting : dict
        Runs to be asked for when there is room, in their order.
    numbers : dict
        Accounts that the process that computes has, by the number that it knows them by.
    """

    computing: Helper
    drawing: Helper | None
    planned: "dict[tuple[Accounts, RunTask], Planned]" = field(default_factory=dict)
    waiting: "dict[tuple[Accounts, RunTask], None]" = field(default_factory=dict)
    numbers: "dict[Accounts, int]" = field(default_factory=dict)

    def ask_for_more(self) -> None:
        """Have runs computed, and drawn where wanted, as far as there is room for the results."""
        while self.waiting and len(self.planned) < LIMIT:
            accounts, task = next(iter(self.waiting))
            del self.waiting[accounts, task]
            if accounts not in self.numbers:
                self.numbers[accounts] = len(self.numbers)
                self.computing.ask(_hold, self.numbers[accounts], accounts)
            computed = self.computing.ask(_compute, self.numbers[accounts], task)
            drawn: Future[Drawn] | None = None
            if task.drawn and self.drawing is not None:
                drawn = Future()
                computed.add_done_callback(partial(_draw_next, self.drawing, drawn))
            self.planned[accounts, task] = computed, drawn

    def helpers(self) -> list[Helper]:
        """Return the processes that there are."""
        return [self.computing, *([self.drawing] if self.drawing else [])]


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
        computing = Helper("tiktok_segments.computing")
        _ahead = Ahead(computing, None)
        if drawn:
            _ahead.drawing = Helper("tiktok_segments.run_panels", "kneed")


def stop_ahead() -> None:
    """End the processes, if there are any, whatever they are at."""
    global _ahead
    if _ahead is not None:
        for helper in _ahead.helpers():
            helper.dismiss()
        for helper in _ahead.helpers():
            helper.join()
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
    if _ahead is not None and (accounts, task) not in _ahead.planned:
        _ahead.waiting[accounts, task] = None
        _ahead.ask_for_more()


def comes_soon(task: "RunTask", accounts: "Accounts", phases: "Phases") -> bool:
    """Wait a moment for the results of a run that was planned; say whether they are there.

    Parameters
    ----------
    task, accounts
        As for :func:`plan`.
    phases : Phases
        Is told how long it was waited (``wait``).
    """
    planned = _ahead.planned.get((accounts, task)) if _ahead else None
    if planned is None:
        return False
    with phases("wait"):
        return bool(wait([planned[0]], timeout=SOON).done)


def obtain(
    task: "RunTask", accounts: "Accounts", phases: "Phases"
) -> "tuple[Computed, Callable[[], bytes]]":
    """Return what a run computes: what was computed ahead, else it is computed here.

    A process that was ended by force is done without.

    Parameters
    ----------
    task, accounts
        As for :func:`plan`.
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
    planned = None
    if _ahead is not None:
        planned = _ahead.planned.pop((accounts, task), None)
        _ahead.waiting.pop((accounts, task), None)
        _ahead.ask_for_more()
    if planned is not None:
        with phases("wait"):
            computed = _answer(planned[0])
        if computed is not None:
            phases.add(computed.seconds)
            return computed, partial(_picture, computed.shown, planned[1], phases)
    from tiktok_segments.computing import compute

    computed = compute(task, accounts)
    phases.add(computed.seconds)
    drawing = _ahead.drawing if _ahead and computed.shown else None
    drawn = drawing.ask(_draw, computed.shown) if drawing else None
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
    drawn = None
    if _ahead is not None and _ahead.drawing is not None:
        drawn = _answer(_ahead.drawing.ask(draw, *arguments))
    return draw(*arguments) if drawn is None else drawn


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


def _draw_next(drawing: Helper, drawn: "Future[Drawn]", computed: "Future[Computed]") -> None:
    """Have a run drawn that has just been computed."""
    if computed.exception() is None:  # else nobody will ask for it
        drawing.ask(_draw, computed.result().shown).add_done_callback(partial(_pass_on, drawn))


def _pass_on(drawn: "Future[Drawn]", done: "Future[Drawn]") -> None:
    error = done.exception()
    if error is None:
        drawn.set_result(done.result())
    else:
        drawn.set_exception(error)


def _picture(shown: "RunFigure | None", drawn: "Future[Drawn] | None", phases: "Phases") -> bytes:
    """Return a figure that is drawn ahead, or draw it here."""
    found = None
    if drawn is not None:
        with phases("wait"):
            found = _answer(drawn)
    picture, seconds = found or _draw(shown)
    phases.add({"draw": seconds})
    return picture


def _answer(future: "Future[T]") -> T | None:
    """Wait for an answer; None where the process was ended by force."""
    try:
        return future.result()
    except HelperEndedError:
        return None
