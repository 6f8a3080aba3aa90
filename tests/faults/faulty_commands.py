"""Commands that are killed, or whose disk fails, at some of their writes; and what comes next.

A program, started with ``write_faults.c`` preloaded: it imports everything once, and forks a
process for each command.
"""

import ctypes
import errno
import json
import os
import runpy
import shutil
import sys
import traceback
from collections.abc import Callable, Mapping
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest

from commands import PROJECT
from forked_commands import compose_once
from tiktok_segments.accounts import row_sample
from tiktok_segments.command_line import prepare_environment
from tiktok_segments.training import ahead

STREAM = "engine=stream"
FAULTS = {"killed": 0, "full disk": errno.ENOSPC, "broken disk": errno.EIO}


def main(base: Path, n_points: int, commands: Mapping[str, list[str]]) -> None:
    """Let each command meet each fault at that many of its writes; print what became of it.

    Every command works on a copy of the project ``base``, whose place stands for ``{root}``.
    """
    os.environ["TIKTOK_SEGMENTS_ROOT"] = str(base)
    prepare_environment(PROJECT)
    import preloaded  # noqa: F401 - in the environment of a command

    # The worker of a sweep is a child of the sweep, without importing everything anew.
    ahead.get_context = lambda _: get_context("fork")
    compose_once(pytest.MonkeyPatch())
    draw = np.random.default_rng(7)
    assert in_child(base, lambda: write(base / "durations", json.dumps(durations_of_runs()))) == 0
    for name, arguments in commands.items():
        writes = count_writes(copy(base, name), arguments)
        for fault, kind in FAULTS.items():
            # The writes in as many parts of the way, one of each part; a sweep, whose worker
            # writes, too, may make a few less another time.
            parts = np.linspace(1, 0.98 * writes, n_points + 1)
            for number in np.unique(draw.uniform(parts[:-1], parts[1:]).astype(int)).tolist():
                root = copy(base, name)
                # What is called in the child is called before the loop goes on.
                status = in_child(root, lambda: run(arguments), at=number, kind=kind)  # noqa: B023
                said = said_by(root)
                looked = in_child(root, lambda: look(name, arguments))  # noqa: B023
                found = {"command": name, "fault": fault, "write": number, "of": writes}
                found |= {"status": status, "said": said, "faults": said_by(root) if looked else ""}
                sys.stdout.write(f"{json.dumps(found)}\n")
                sys.stdout.flush()


def copy(base: Path, name: str) -> Path:
    """Return a copy of a project that is in the same state, in the place of the last one."""
    root = base.parent / f"faulty {name}"
    shutil.rmtree(root, ignore_errors=True)
    return Path(shutil.copytree(base, root))


def count_writes(root: Path, arguments: list[str]) -> int:
    """Return how many writes a command makes that meets no fault."""

    def counted() -> None:
        run(arguments)
        write(root.parent / "writes", str(shim().points()))
        if STREAM in arguments:
            write(root.parent / "newest", newest_clusters())

    # The first of a kind also fills what the machine remembers of files.
    assert in_child(root, counted, at=0) == 0, said_by(root)
    return int((root.parent / "writes").read_text())


def shim() -> ctypes.CDLL:
    """Return the preloaded library."""
    library = ctypes.CDLL(None)
    library.arm.argtypes = [ctypes.c_char_p, ctypes.c_long, ctypes.c_int]
    library.points.restype = ctypes.c_long
    return library


def said_by(root: Path) -> str:
    """Return what the last process on a project printed."""
    return (root.parent / "said").read_text()


def in_child(root: Path, work: Callable[[], object], at: int = -1, kind: int = 0) -> int:
    """Do work on a project in a process of its own; return its exit status.

    The process meets a fault at its write of number ``at``: none where that is 0.
    """
    if child := os.fork():
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os.environ["TIKTOK_SEGMENTS_ROOT"] = str(root)
    os.chdir(root)
    said = os.open(root.parent / "said", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(said, 1)
    os.dup2(said, 2)
    status = 1
    try:
        shim().arm(f"{root}/".encode(), at, kind)
        work()
        status = 0
    except SystemExit as stop:
        status = stop.code if isinstance(stop.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def run(arguments: list[str]) -> None:
    """Run a script as Python does."""
    root = os.environ["TIKTOK_SEGMENTS_ROOT"]
    sys.argv = [str(PROJECT / arguments[0]), *(a.format(root=root) for a in arguments[1:])]
    if STREAM in arguments:
        row_sample.FIT_ROWS = 40  # of 60 accounts: there are passes over what lies on disk
    try:
        runpy.run_path(sys.argv[0], run_name="__main__")
    except SystemExit as stop:
        if stop.code:
            raise


def durations_of_runs() -> dict[str, int]:
    """Return the milliseconds that each finished training took, by its id; hold that none runs."""
    from tiktok_segments.tracking import connection
    from tiktok_segments.tracking.run_names import KIND

    connection.connect()
    runs = connection.client().search_runs([connection.experiment_id()])
    assert {found.info.status for found in runs} <= {"FINISHED", "FAILED", "KILLED"}
    return {
        found.info.run_id: found.info.end_time - found.info.start_time
        for found in runs
        if found.data.tags[KIND] == "train" and found.info.status == "FINISHED"
    }


def newest_clusters() -> str:
    """Return what tells the clusters of the newest training from others."""
    from tiktok_segments.tracking import connection
    from tiktok_segments.tracking.run_names import KIND, LABELS

    runs = connection.client().search_runs([connection.experiment_id()])
    return next(str(run.data.tags[LABELS]) for run in runs if run.data.tags[KIND] == "train")


def look(name: str, arguments: list[str]) -> None:
    """Hold that all is as before the command or as after it, and that it works when repeated."""
    from tiktok_segments.registry import load_champion, restore

    root = Path(os.environ["TIKTOK_SEGMENTS_ROOT"])
    run(["scripts/models.py"])
    durations = durations_of_runs()
    expected = json.loads((root / "durations").read_text())
    assert name == "prune" or expected.items() <= durations.items()
    version, model = load_champion()
    restored = restore(str(version.run_id), None, None)
    assert [segment.name for segment in restored.names] == model.names
    assigned = root / "assigned.csv"
    assert name != "assign" or not assigned.exists() or len(assigned.read_text().split("\n")) == 62
    run(arguments)
    if STREAM in arguments:
        assert newest_clusters() == (root.parent / "newest").read_text()
        # What is there is this process's own.
        assert len(list((root / "outputs" / "large").glob("*.lock"))) <= 1
    run(["scripts/models.py"])
    load_champion()
    assert ("synthetic_07" in (root / "outputs" / "new.csv").read_text()) == (name != "forget")
    # Of an output that was being written a killed command leaves its hidden draft.
    assert {file.name[:10] for file in root.glob(".*")} <= {".assigned."}


def write(file: Path, text: str) -> None:
    """Write a small file."""
    file.write_text(text)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), json.loads(sys.argv[3]))
