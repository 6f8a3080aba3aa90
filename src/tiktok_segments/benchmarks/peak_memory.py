"""Peak memory of code in a fresh process and those that it starts, and what it prints."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import psutil

# A child's ru_maxrss starts at its parent's on Linux; the kernel's own high-water mark does not.
_PEAK = """
import pathlib, re, resource
status = pathlib.Path("/proc/self/status")
mark = re.search(r"VmHWM:\\s+(\\d+)", status.read_text()) if status.exists() else None
print(int(mark[1]) if mark else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


EVERY = 0.25
"""Seconds between two looks at the processes that one has started."""


def run_measured(
    code: str, environment: Mapping[str, str] | None = None
) -> tuple[list[str], float]:
    """Run code of this project in a process of its own.

    Parameters
    ----------
    code : str
        Python; this package can be imported.
    environment : mapping of str to str, optional
        Variables of the process instead of this one's.

    Returns
    -------
    printed : list of str
        The lines that it printed.
    peak : float
        Its largest resident memory in MiB, imports included. Where it starts others, that of all
        together, as seen every :data:`EVERY` seconds; what they share counts once.

    Raises
    ------
    subprocess.CalledProcessError
        If it fails.

    Examples
    --------
    >>> printed, peak = run_measured("print(6 * 7)")
    >>> printed, 1 < peak < 1000
    (['42'], True)
    """
    source = str(Path(__file__).parents[2])
    run = [sys.executable, "-c", f"import sys; sys.path.insert(0, {source!r})\n{code}{_PEAK}"]
    pipe, seen = subprocess.PIPE, 0
    with subprocess.Popen(  # noqa: S603 - own code
        run, stdout=pipe, stderr=pipe, text=True, env=environment
    ) as process:
        while True:
            try:
                out, err = process.communicate(timeout=EVERY)
                break
            except subprocess.TimeoutExpired:
                seen = max(seen, _with_children(process.pid))
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, run, out, err)
    *printed, peak = out.splitlines()
    # Linux counts KiB, macOS bytes.
    own = int(peak) * (1 if sys.platform == "darwin" else 2**10)
    return printed, max(own, seen) / 2**20


def _with_children(pid: int) -> int:
    """Return the bytes that a process and those below it hold; 0 where there is none below it."""
    held = []
    try:
        parent = psutil.Process(pid)
        below = parent.children(recursive=True)
    except psutil.NoSuchProcess:
        return 0
    for process in [parent, *below] if below else []:
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):  # it has just ended
            found = process.memory_full_info()
            held.append(getattr(found, "pss", found.rss))
    return sum(held)
