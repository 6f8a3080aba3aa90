"""Commands in processes forked from one that has imported everything, by ``multiprocessing``.

They are processes as any other, each the head of a group that Ctrl-C reaches as in a terminal.
Only the import of the libraries is left out, which takes longer than most commands.
"""

import atexit
import os
import runpy
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from multiprocessing import get_context
from multiprocessing.context import ForkServerContext
from pathlib import Path
from threading import Lock

import pytest
from hydra._internal.hydra import Hydra
from sqlalchemy import event
from sqlalchemy.engine import Engine

from commands import PROJECT
from tiktok_segments.command_line import prepare_environment
from tiktok_segments.training import ahead, worker

_one_at_a_time = Lock()  # threads that ask at once would take each other's answers


class ForkedCommand:
    """A command under way, to be asked as ``subprocess.Popen`` is.

    Parameters
    ----------
    arguments : sequence of str
        The script, from the project's folder, and its arguments.
    cwd : Path
        The folder that it is started in.
    environment : mapping of str to str
        All its variables.
    out, err : Path
        Files that it writes to.
    """

    def __init__(
        self, arguments: list[str], cwd: Path, environment: Mapping[str, str], out: Path, err: Path
    ) -> None:
        with _one_at_a_time:
            self._process = fork_server().Process(
                target=_run, args=(arguments, cwd, dict(environment), out, err)
            )
            self._process.start()
        assert self._process.pid is not None
        self.pid: int = self._process.pid

    def poll(self) -> int | None:
        """Return the exit status, negative after a signal; None while it is under way."""
        with _one_at_a_time:
            return self._process.exitcode

    def wait(self, timeout: float = 300) -> int:
        """Wait until it has ended; return its exit status."""
        deadline = time.monotonic() + timeout
        while (status := self.poll()) is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(self._process.name, timeout)
            time.sleep(0.02)
        return status

    def kill(self) -> None:
        """End it by force."""
        os.kill(self.pid, signal.SIGKILL)


HANDED_OVER = """#!/bin/sh
folder=${0%/*}
env -0 > "$folder/variables"
printf '%s\\0' "$PWD" "$@" > "$folder/words"
mv "$folder/words" "$folder/asked"
until [ -e "$folder/status" ]; do sleep 0.02; done
status=$(cat "$folder/status")
rm "$folder/status"
exit "$status"
"""


class ForkedPython:
    """A program ``python`` for a search path, which has commands forked.

    What starts it gives it words, variables and a folder, and waits for its end, as of a Python.

    Parameters
    ----------
    folder : Path
        The folder to be put on the search path, which is made.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        program = folder / "python"
        program.write_text(HANDED_OVER)
        program.chmod(0o755)

    def serve(self, is_done: Callable[[], bool]) -> int:
        """Run what is asked for, until something is done; return how many commands it was."""
        asked, served = self.folder / "asked", 0
        while not is_done():
            if asked.exists():
                served += 1
                cwd, *words = asked.read_text().split("\0")[:-1]
                variables = (self.folder / "variables").read_text().split("\0")[:-1]
                environment = dict(text.split("=", 1) for text in variables)
                asked.unlink()
                out, err = self.folder / "out", self.folder / "err"
                status = ForkedCommand(words, Path(cwd), environment, out, err).wait()
                answer = self.folder / "answer"
                answer.write_text(str(status if status >= 0 else 128 - status))
                answer.rename(self.folder / "status")
            time.sleep(0.02)
        return served


def spare_the_disk() -> None:
    """Have this process wait for no disk when it commits to a SQLite store.

    What SQLite waits for guards against the fall of a machine; no test has one fall. A process
    that is killed leaves its store as whole as before.
    """
    event.listen(Engine, "connect", _wait_for_no_disk)


def _wait_for_no_disk(connection: object, _record: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        with suppress(sqlite3.Error):  # what is no store is said to be none by the next question
            connection.execute("PRAGMA synchronous = OFF").close()


def compose_once(patch: pytest.MonkeyPatch) -> None:
    """Have Hydra compose the configuration of a command once, and not twice.

    The first time it looks for ``hydra.mode``, which nothing sets, as the flag ``-m`` tells it.
    """
    patch.setattr(Hydra, "get_mode", lambda *_, **__: None)


@cache
def fork_server() -> ForkServerContext:
    """Return how to start processes of what imports everything; the first call starts that."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["preloaded"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
        patch.setenv("TIKTOK_SEGMENTS_ROOT", str(PROJECT))
        prepare_environment(PROJECT)
        first = context.Process(target=os.getpid)
        first.start()
        first.join()
    return context


def fork_workers(patch: pytest.MonkeyPatch) -> None:
    """Have the sweeps of this process fork the worker beside them instead of starting Python."""
    patch.setattr(ahead, "get_context", lambda _: fork_server())
    patch.setattr(ahead, "begin", _begin)


def _begin(_parent: int, collect_after: tuple[int, int, int], modules: list[str]) -> None:
    """Begin as a worker does, as the child of the fork server that it is."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    worker.begin(os.getppid(), collect_after, modules)


def _run(
    arguments: list[str], cwd: Path, environment: dict[str, str], out: Path, err: Path
) -> None:
    """Run a script as Python does."""
    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(cwd)
    for descriptor, file in ((1, out), (2, err)):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), descriptor)
    spare_the_disk()
    tempfile.tempdir = None  # as another one may have been asked for in the environment
    # The worker of a sweep is a child of this process, and in its group.
    patch = pytest.MonkeyPatch()
    patch.setattr(ahead, "get_context", lambda _: get_context("fork"))
    compose_once(patch)
    sys.argv = [str(PROJECT / arguments[0]), *arguments[1:]]
    try:
        runpy.run_path(sys.argv[0], run_name="__main__")
    finally:
        atexit._run_exitfuncs()  # which multiprocessing leaves out: temporary folders go then
