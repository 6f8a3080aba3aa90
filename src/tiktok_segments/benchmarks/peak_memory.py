"""Peak memory of code in a fresh process, and what it prints."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

# A child's ru_maxrss starts at its parent's on Linux; the kernel's own high-water mark does not.
_PEAK = """
import pathlib, re, resource
status = pathlib.Path("/proc/self/status")
mark = re.search(r"VmHWM:\\s+(\\d+)", status.read_text()) if status.exists() else None
print(int(mark[1]) if mark else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def run_measured(code: str) -> tuple[list[str], float]:
    """Run code of this project in a process of its own.

    Parameters
    ----------
    code : str
        Python; this package can be imported.

    Returns
    -------
    printed : list of str
        The lines that it printed.
    peak : float
        Its largest resident memory in MiB, imports included.

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
    done = subprocess.run(run, check=True, capture_output=True, text=True)  # noqa: S603 - own code
    *printed, peak = done.stdout.splitlines()
    # Linux counts KiB, macOS bytes.
    return printed, int(peak) / (2**20 if sys.platform == "darwin" else 2**10)
