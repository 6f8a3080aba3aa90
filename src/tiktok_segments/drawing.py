"""Drawing on another processor core, while a run is logged.

Drawing a run takes about as long as logging it, and Python's threads cannot do two things at once.
"""

import signal
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from functools import partial
from importlib import import_module
from multiprocessing import get_context
from typing import TYPE_CHECKING

from tiktok_segments.ownership import end_with_parent

if TYPE_CHECKING:
    from tiktok_segments.run_panels import RunFigure

_pool: ProcessPoolExecutor | None = None


def start_drawing() -> None:
    """Start the process that draws; it imports what it needs while this one goes on."""
    global _pool
    if _pool is None:
        _pool = ProcessPoolExecutor(1, get_context("spawn"), initializer=_prepare)
        _pool.submit(_import)


def stop_drawing() -> None:
    """End the process that draws, if there is one."""
    global _pool
    if _pool is not None:
        _pool.shutdown()
        _pool = None


def draw_beside(shown: "RunFigure") -> Callable[[], bytes]:
    """Draw a run in the process for it, or here where there is none.

    Returns
    -------
    callable
        Waits for the drawing, and returns the content of a PNG file.
    """
    if _pool is None:
        return partial(_draw, shown)
    drawn: Future[bytes] = _pool.submit(_draw, shown)
    return drawn.result


def _prepare() -> None:
    end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the sweep ends it


def _import() -> None:
    import_module("tiktok_segments.run_panels")


def _draw(shown: "RunFigure") -> bytes:
    from tiktok_segments.run_panels import draw_run

    return draw_run(shown)
