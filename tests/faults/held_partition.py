"""A command on Spark of which one partition waits: ``held_partition.py STEP SCRIPT ARGUMENTS``.

The partition writes its process's id to ``$HELD/held`` and goes on when there is ``$HELD/go``; a
second try of it does not wait. STEP is ``fit``, in the second pass of k-means, or ``assign``, when
it has assigned.
"""

import os
import runpy
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tiktok_segments.accounts import row_sample
from tiktok_segments.accounts.lake import rows
from tiktok_segments.monitoring import assign_lake

FOLDER = os.environ.get("HELD", "")
SAMPLE = 300
PATIENCE = 300
"""Seconds until a partition gives up, whose test was killed."""


def hold(folder: str) -> None:
    try:
        Path(folder, "first").mkdir()
    except FileExistsError:
        return
    Path(folder, "begun").write_text(str(os.getpid()))
    Path(folder, "begun").rename(Path(folder, "held"))
    end = time.monotonic() + PATIENCE
    while not Path(folder, "go").exists() and time.monotonic() < end:
        time.sleep(0.02)


class HeldPass(rows.Going):
    def __call__(self, batches: Iterator[Any]) -> Iterator[Any]:
        hold(FOLDER)
        yield from super().__call__(batches)


class HeldAssigning(assign_lake.AssigningPartition):
    def __call__(self, batches: Iterator[Any]) -> Iterator[Any]:
        for batch in super().__call__(batches):
            yield batch
            hold(FOLDER)


def _going(through: Any, *more: Any, going: type[rows.Going] = rows.Going) -> rows.Going:
    """Hold the second pass over scaled accounts."""
    seen.append(type(through).__name__)
    return (HeldPass if seen.count("_Scaled") == 2 else going)(through, *more)


seen: list[str] = []

if __name__ == "__main__":
    row_sample.FIT_ROWS = SAMPLE
    step, script, *arguments = sys.argv[1:]
    if step == "fit":
        rows.Going = _going  # type: ignore[misc, assignment]
    else:
        assign_lake.AssigningPartition = HeldAssigning  # type: ignore[misc]
    sys.argv = [script, *arguments]
    runpy.run_path(script, run_name="__main__")
