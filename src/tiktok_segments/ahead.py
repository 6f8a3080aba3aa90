"""Computing and drawing the runs of a sweep on other processor cores, ahead of logging them.

To MLflow, runs are logged one after another by the process that was started, and importing MLflow
takes as long as fitting fifty runs. Meanwhile a second process fits and a third one draws.
"""

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from tiktok_segments.helper_processes import Drawn, HelperProcesses, Planned, draw_timed

if TYPE_CHECKING:
    from tiktok_segments.phases import Phases
    from tiktok_segments.run_figure import RunFigure
    from tiktok_segments.run_task import Accounts, Computed, RunTask

T = TypeVar("T")

LIMIT = 100
"""At most so many runs are computed ahead, since their results, some 0.5 MB each, are in memory."""

_helpers: HelperProcesses | None = None
_planned: "dict[tuple[Accounts, RunTask], Planned]" = {}
_waiting: "dict[tuple[Accounts, RunTask], None]" = {}
"""To be planned, in their order, when there is room."""


def start_ahead(drawn: bool) -> None:
    """Start the processes; they import what they need while this one goes on.

    Parameters
    ----------
    drawn : bool
        Whether figures are wanted.
    """
    global _helpers
    stop_ahead()
    with suppress(OSError):  # where no process can be had, everything is done in this one
        _helpers = HelperProcesses(drawn)


def stop_ahead() -> None:
    """End the processes, if there are any, and forget what was planned."""
    global _helpers
    _planned.clear()
    _waiting.clear()
    if _helpers is not None:
        _helpers.stop()
        _helpers = None


def plan(task: "RunTask", accounts: "Accounts") -> None:
    """Have a run computed ahead, where there are processes for it.

    Parameters
    ----------
    task : RunTask
        What it is to compute.
    accounts : Accounts
        On what.
    """
    if _helpers is not None and not is_planned(task, accounts):
        _waiting[accounts, task] = None
        _ask_for_more(_helpers)


def _ask_for_more(helpers: HelperProcesses) -> None:
    """Have runs computed in their order, as far as there is room for the results."""
    while _waiting and len(_planned) < LIMIT:
        accounts, task = next(iter(_waiting))
        del _waiting[accounts, task]
        if planned := helpers.plan(task, accounts):
            _planned[accounts, task] = planned


def is_planned(task: "RunTask", accounts: "Accounts") -> bool:
    """Say whether a run is computed ahead."""
    return (accounts, task) in _planned


def obtain(
    task: "RunTask", accounts: "Accounts", phases: "Phases"
) -> "tuple[Computed, Callable[[], bytes]]":
    """Return what a run computes: what was computed ahead, else it is computed here.

    A process that was ended by force is done without.

    Parameters
    ----------
    task, accounts
        As they were planned, if they were.
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
    planned = _planned.pop((accounts, task), None)
    _waiting.pop((accounts, task), None)
    if _helpers is not None:
        _ask_for_more(_helpers)
    if planned is not None:
        computed = _wait_for(planned[0], phases)
        if computed is not None:
            phases.add(computed.seconds)
            return computed, partial(_picture, computed.shown, planned[1], phases)
    from tiktok_segments.computing import compute

    computed = compute(task, accounts)
    phases.add(computed.seconds)
    drawn = _helpers.draw(draw_timed, computed.shown) if _helpers and computed.shown else None
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
    future = _helpers.draw(draw, *arguments) if _helpers else None
    drawn = _helpers.wait_for(future) if _helpers and future else None
    return draw(*arguments) if drawn is None else drawn


def _picture(shown: "RunFigure | None", drawn: "Future[Drawn] | None", phases: "Phases") -> bytes:
    """Return a figure that is drawn ahead, or draw it here."""
    found = None if drawn is None else _wait_for(drawn, phases)
    picture, seconds = found or draw_timed(shown)
    phases.add({"draw": seconds})
    return picture


def _wait_for(future: "Future[T]", phases: "Phases") -> T | None:
    """Wait for a result; None where it will not come, as of processes that were ended."""
    with phases("wait"):
        return _helpers.wait_for(future) if _helpers else None
