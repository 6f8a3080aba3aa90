"""A process beside this one that does one thing after another, and may be ended at any moment.

An executor of ``concurrent.futures`` waits for ever for an answer that its process was killed in
the middle of, since it holds the end of the pipe that the process writes to itself. Here nobody
else does, so that the end of the process is the end of the pipe.
"""

import gc
import os
import signal
import traceback
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from importlib import import_module
from multiprocessing import get_context
from multiprocessing.connection import Connection
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any, TypeVar

from tiktok_segments.ownership import end_with_parent

T = TypeVar("T")

GRACE = 2.0
"""Seconds that a process without work is given to end by itself, and tidy up."""

Question = tuple[Callable[..., Any], tuple[Any, ...]]
"""A function of a module, and what it takes."""


class HelperEndedError(Exception):
    """The process was ended before it could answer."""


class Helper:
    """A process, started at once; it imports what it will need while this one goes on.

    Parameters
    ----------
    *modules : str
        What it is to import first.

    Raises
    ------
    OSError
        If no process can be had, or no thread.

    Examples
    --------
    >>> helper = Helper()
    >>> helper.ask(sum, [1, 2]).result()
    3
    >>> helper.dismiss()
    >>> helper.join()
    """

    def __init__(self, *modules: str) -> None:
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, os.getpid()), daemon=True)
        # Ctrl-C reaches all processes of a terminal, and this one ends the others: they are to
        # ignore it, from their start on, as they do where they inherit it.
        heeded = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            self.process.start()
        finally:
            signal.signal(signal.SIGINT, heeded)
            theirs.close()
        self._lock = Lock()
        self._ended = False
        self._asked: deque[Future[Any]] = deque()
        self._questions: SimpleQueue[Question | None] = SimpleQueue()
        try:
            for work in (self._send, self._receive):
                Thread(target=work, daemon=True).start()
        except RuntimeError as error:
            self.process.kill()
            raise OSError(str(error)) from error
        self.ask(_import, modules)

    def ask(self, function: Callable[..., T], *arguments: Any) -> "Future[T]":
        """Have a function called when what was asked before is done.

        Parameters
        ----------
        function : callable
            A function of a module.
        *arguments : object
            What it takes.

        Returns
        -------
        Future
            Of what it returns or raises; ``HelperEndedError`` where the process was ended.
        """
        future: Future[T] = Future()
        with self._lock:
            if self._ended:
                future.set_exception(HelperEndedError())
            else:
                self._asked.append(future)
                self._questions.put((function, arguments))
        return future

    def dismiss(self) -> None:
        """Have the process end: at once, where it is not done with what it was asked for."""
        with self._lock:
            if self._asked:
                self.process.kill()
            self._questions.put(None)

    def join(self) -> None:
        """Wait until a process that was dismissed has ended."""
        self.process.join(GRACE)
        self.process.kill()
        self.process.join()

    def _send(self) -> None:
        try:
            for question in iter(self._questions.get, None):
                self._pipe.send(question)
            self._pipe.send(None)
        except OSError:
            self.process.kill()  # it has ended most likely, as _receive tells everybody
        except BaseException:
            self.process.kill()  # so that nobody waits for an answer to what cannot be sent
            raise

    def _receive(self) -> None:
        try:
            while True:
                answer, error = self._pipe.recv()
                with self._lock:
                    future = self._asked.popleft()
                if error is None:
                    future.set_result(answer)
                else:
                    future.set_exception(error)
        except (EOFError, OSError):
            return  # it has ended
        except BaseException:
            self.process.kill()  # what it answered cannot be read
            raise
        finally:
            with self._lock:
                self._ended = True
                left = list(self._asked)
                self._asked.clear()
            for future in left:
                future.set_exception(HelperEndedError())


def _import(modules: Sequence[str]) -> None:
    for module in modules:
        import_module(module)


def _serve(pipe: "Connection[Any, Any]", parent: int) -> None:
    """Answer questions until there is none, or nobody to ask any."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent(parent)
    with suppress(EOFError, OSError):  # nobody to ask, or to answer
        while question := pipe.recv():
            function, arguments = question
            answer, raised = None, None
            try:
                answer = function(*arguments)
            except Exception as error:
                error.add_note(traceback.format_exc())  # which a pipe does not take
                raised = error
            pipe.send((answer, raised))
    gc.freeze()  # so that its end takes no time
