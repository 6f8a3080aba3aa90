"""Which process a run belongs to, and whether that process is still there.

A process is told by its host, its id and its time of start: ids are given out again.
"""

import os
import socket
import subprocess
import threading
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

OWNER = "segmentation.owner"
"""Tag: the process that writes a run, as :func:`this_process` names it."""

PROC = Path("/proc")


def this_host() -> str:
    """Return a name of this machine; of each container on it, since they count ids apart.

    Returns
    -------
    str
        The host's name and, on Linux, the number of the namespace of its process ids.
    """
    namespace = PROC / "self" / "ns" / "pid"
    number = namespace.readlink().name.strip("pid:[]") if namespace.is_symlink() else ""
    return f"{socket.gethostname()}/{number}"


def this_process() -> str:
    """Return the words by which this process signs its runs: host, id, time of start."""
    return _sign(os.getpid())


@cache
def _sign(pid: int) -> str:
    return f"{this_host()} {pid} {start_time(pid)}"


def start_time(pid: int) -> str:
    """Return when a process started; empty where there is none of that id.

    Parameters
    ----------
    pid : int
        A process id of this host.

    Returns
    -------
    str
        On Linux the machine's boot and the clock ticks since then, which is field 22 of
        ``/proc/<pid>/stat`` (proc_pid_stat(5)); elsewhere the date that ``ps`` prints.

    Examples
    --------
    >>> start_time(os.getpid()) == start_time(os.getpid()) != ""
    True
    """
    if not (PROC / "self" / "stat").exists():
        answer = subprocess.run(  # noqa: S603 - fixed words, no shell
            ["ps", "-o", "lstart=", "-p", str(pid)],  # noqa: S607 - the system's own
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "LC_ALL": "C", "TZ": "UTC"},  # the same words for everybody
        )
        return "-".join(answer.stdout.split())
    try:
        # The second field, the program's name in brackets, may itself hold spaces and brackets.
        fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    if fields[0] in "ZX":  # ended, and only not yet reaped by its parent
        return ""
    return f"{_boot()}-{fields[19]}"


def _boot() -> str:
    """Return what tells this boot of the machine from others; ticks count from its beginning."""
    try:
        return (PROC / "sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return "boot"


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
    >>> is_gone(f"{this_host()} {os.getpid()} another-start")
    True
    >>> is_gone("elsewhere/1 1 another-start")
    False
    """
    host, pid, started = owner.rsplit(" ", 2)
    if host != this_host():
        return False
    seen = start_time(int(pid))
    return seen != started if seen else not _is_hidden(int(pid))


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
