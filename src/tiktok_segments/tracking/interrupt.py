"""When Ctrl-C is heeded: not between a worker's jobs, nor in the middle of what must be whole."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread
from types import FrameType


def heed_interrupts(heeded: bool) -> None:
    """Heed Ctrl-C from now on, or ignore it; without effect outside of the main thread.

    Parameters
    ----------
    heeded : bool
        Whether it raises ``KeyboardInterrupt``.
    """
    if current_thread() is main_thread():
        signal.signal(signal.SIGINT, signal.default_int_handler if heeded else signal.SIG_IGN)


_BROKEN_OFF = (AttributeError, LookupError, TypeError)
"""What a library meets that is interrupted half way, and then finds its own objects unfinished."""


def is_interrupt(error: BaseException | None) -> bool:
    """Say whether an error is what became of Ctrl-C, as where it comes while a class is made.

    Errors that tell of something else, such as a full disk, are none, also where Ctrl-C came
    before them.

    Examples
    --------
    >>> is_interrupt(KeyboardInterrupt()), is_interrupt(None)
    (True, False)
    >>> def unfinished(error):
    ...     try:
    ...         raise KeyboardInterrupt
    ...     finally:
    ...         raise error
    >>> for error in (AttributeError("None has no parent"), OSError("disk full")):
    ...     try:
    ...         unfinished(error)
    ...     except (AttributeError, OSError) as met:
    ...         is_interrupt(met)
    True
    False
    """
    while error is not None and not isinstance(error, KeyboardInterrupt):
        broken_off = error.__context__ if isinstance(error, _BROKEN_OFF) else None
        error = error.__cause__ or broken_off
    return error is not None


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Put off a first Ctrl-C until the end of the ``with`` block; a second one is heeded at once.

    Only where Python itself heeds Ctrl-C, by raising ``KeyboardInterrupt`` in the main thread.

    Examples
    --------
    >>> done = []
    >>> try:
    ...     with uninterrupted():
    ...         signal.raise_signal(signal.SIGINT)
    ...         done.append("the rest of the block")
    ... except KeyboardInterrupt:
    ...     done.append("then it stops")
    >>> done
    ['the rest of the block', 'then it stops']
    """
    heeded = signal.getsignal(signal.SIGINT)
    if current_thread() is not main_thread() or heeded is not signal.default_int_handler:
        yield
        return
    came: list[int] = []

    def put_off(number: int, _frame: FrameType | None) -> None:
        if came:
            raise KeyboardInterrupt
        came.append(number)

    signal.signal(signal.SIGINT, put_off)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, heeded)
        if came:
            raise KeyboardInterrupt
