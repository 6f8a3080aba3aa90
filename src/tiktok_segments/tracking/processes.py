"""Processes that runs belong to: which one signed a run, whether it is there, and what it left.

A process is told by its host, its id and its time of start: ids are given out again. Of a process
on another host, or in another container of this one, nothing can be seen: it counts as there.
"""

import os
import socket
import threading
import time
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from tiktok_segments.tracking.run_names import ERROR, OWNER
from tiktok_segments.tracking.store import store_lock

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import Run

CLOCK_STEP = 5.0
"""Seconds by which a start may seem to have moved: the clock it is told by is set now and then."""


def this_host() -> str:
    """Return a name of this machine; of each container on it, since they count ids apart.

    Returns
    -------
    str
        The host's name and, on Linux, the number of the namespace of its process ids.
    """
    namespace = Path("/proc/self/ns/pid")
    number = namespace.readlink().name.strip("pid:[]") if namespace.is_symlink() else ""
    return f"{socket.gethostname()}/{number}"


def this_process() -> str:
    """Return the words by which this process signs its runs: host, id, time of start."""
    return _sign(os.getpid())


@cache
def _sign(pid: int) -> str:
    return f"{this_host()} {pid} {start_time(pid)}"


def start_time(pid: int) -> float:
    """Return when a process of this host started, in seconds since 1970.

    Raises
    ------
    psutil.NoSuchProcess
        If there is none of that id.
    """
    return psutil.Process(pid).create_time()


def is_gone(owner: str) -> bool:
    """Say whether the process that signed a run has certainly ended.

    Parameters
    ----------
    owner : str
        As :func:`this_process` gave it.

    Returns
    -------
    bool
        False for a live process, and for every process of another host, which cannot be seen.

    Examples
    --------
    >>> is_gone(this_process())
    False
    >>> is_gone(f"{this_host()} {os.getpid()} 0.0")
    True
    >>> is_gone("elsewhere/1 1 0.0")
    False
    """
    host, pid, started = owner.rsplit(" ", 2)
    if host != this_host():
        return False
    try:
        process = psutil.Process(int(pid))
        if process.status() == psutil.STATUS_ZOMBIE:  # only not yet reaped by its parent
            return True
        return not _is_start(started, process.create_time())
    except psutil.AccessDenied:  # another user's, and so it is there
        return False
    except psutil.NoSuchProcess:
        return not _is_hidden(int(pid))


def _is_start(signed: str, seen: float) -> bool:
    """Say whether a process that started then may be the one that signed."""
    try:
        return abs(float(signed) - seen) < CLOCK_STEP
    except ValueError:  # signed by an earlier version of this project
        return True


def _is_hidden(pid: int) -> bool:
    """Say whether it is another user's, of which this one sees nothing (proc(5), ``hidepid``)."""
    with suppress(ProcessLookupError):
        try:
            os.kill(pid, 0)  # which only asks
        except PermissionError:
            return True
    return False


def describe_owner(owner: str) -> str:
    """Return an owner in words: ``process 12 on maya-laptop``."""
    host, pid, _ = owner.rsplit(" ", 2)
    return f"process {pid} on {host.split('/')[0]}"


@cache  # once in a process, however many jobs it is given
def end_with_parent(parent: int) -> None:
    """Have this process end as soon as the one that started it has ended.

    A worker whose sweep was killed would otherwise go on with its run, of which nobody knows.

    Parameters
    ----------
    parent : int
        Id of the process that started this one; it may have ended already.
    """
    threading.Thread(target=_wait_for_parent, args=(parent,), daemon=True).start()


def _wait_for_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def mark_cut_runs() -> list[str]:
    """Mark the runs and sweeps KILLED whose process has ended without closing them.

    Only those of this host whose process, by id and time of start, is gone: a run of a live
    process or of another host is never touched.

    Returns
    -------
    list of str
        Ids of the runs marked.
    """
    from tiktok_segments.tracking import connection  # MLflow, which a worker need not wait for

    client = connection.client()
    running = client.search_runs(
        [connection.experiment_id()],
        filter_string="attributes.status = 'RUNNING'",
        max_results=50_000,
    )
    if not any(map(_is_cut, running)):
        return []
    with store_lock():  # another process may be marking them, or going on with one that it marked
        cut = [run for run in running if _is_cut(run) and _is_cut(client.get_run(run.info.run_id))]
        _mark(client, cut)
    return [run.info.run_id for run in cut]


def _is_cut(run: "Run") -> bool:
    owner = run.data.tags.get(OWNER)
    return run.info.status == "RUNNING" and owner is not None and is_gone(owner)


def _mark(client: "MlflowClient", cut: "list[Run]") -> None:
    from tiktok_segments import terminal

    for run in cut:
        who = describe_owner(run.data.tags[OWNER])
        reason = f"Cut off: {who} ended without closing the run (killed, or the machine stopped)."
        client.set_tag(run.info.run_id, ERROR, reason)
        client.set_terminated(run.info.run_id, "KILLED")
    if cut:
        terminal.console(stderr=True).print(
            f"Runs that were cut off when their process ended are now marked KILLED: {len(cut)}. "
            "A sweep among them goes on with its own command and resume=true.",
            markup=False,
        )
