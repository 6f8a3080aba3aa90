"""Commands killed at random moments of theirs, and what the next command finds.

A program: it imports everything once, and forks a process for each command.
"""

import json
import os
import runpy
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from commands import PROJECT
from tiktok_segments.command_line import prepare_environment


def main(base: Path, kills: int, commands: Mapping[str, list[str]]) -> None:
    """Kill each command that many times on copies of a project; print what is not as it must be."""
    os.environ["TIKTOK_SEGMENTS_ROOT"] = str(base)
    prepare_environment(PROJECT)
    import_all()
    draw = np.random.default_rng(7)
    durations = in_child(base, lambda: write(base / "durations", json.dumps(durations_of_runs())))
    assert durations == 0, (base / "err").read_text()
    for name, arguments in commands.items():
        # The first of a kind also fills what the machine remembers of files.
        seconds = min(uncut(copy(base, f"{name}-uncut"), arguments) for _ in range(2))
        for number, moment in enumerate(draw.uniform(0, seconds, kills)):
            root = copy(base, f"{name}-{number}")
            killed = kill(root, arguments, moment)
            looked = in_child(root, look)
            words = "" if looked == 0 else (root / "err").read_text()
            found = {"command": name, "moment": moment / seconds, "killed": killed, "error": words}
            found["pending"] = read(root / "pending")
            sys.stdout.write(f"{json.dumps(found)}\n")
            sys.stdout.flush()
            shutil.rmtree(root)


def import_all() -> None:
    """Import what the commands import, before any process is forked."""
    for script in ("assign_segments", "promote_model", "models"):
        text = (PROJECT / "scripts" / f"{script}.py").read_text()
        body = [line.strip() for line in text.splitlines() if line.startswith("        from ")]
        exec("\n".join(line for line in body if not line.endswith("(")), {})  # noqa: S102 - ours
    import mlflow.pyfunc  # noqa: F401 - at first use
    import skops.io  # noqa: F401 - likewise


def copy(base: Path, name: str) -> Path:
    """Return a copy of a project that is in the same state."""
    return Path(shutil.copytree(base, base.parent / f"killed-{name}"))


def uncut(root: Path, arguments: list[str]) -> float:
    """Return the seconds that a command takes that nobody kills."""
    begun = time.monotonic()
    status = in_child(root, lambda: run(arguments))
    assert status == 0, (root / "err").read_text()
    seconds = time.monotonic() - begun
    shutil.rmtree(root)
    return seconds


def kill(root: Path, arguments: list[str], moment: float) -> bool:
    """Kill a command that many seconds after its start; say whether it was still running."""
    child = fork(root, lambda: run(arguments))
    time.sleep(moment)
    os.kill(child, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def in_child(root: Path, work: Callable[[], object]) -> int:
    """Do work in a process of its own; return its exit status."""
    return os.waitstatus_to_exitcode(os.waitpid(fork(root, work), 0)[1])


def fork(root: Path, work: Callable[[], object]) -> int:
    """Start a process that does work on a project, and return its id."""
    if child := os.fork():
        return child
    os.environ["TIKTOK_SEGMENTS_ROOT"] = str(root)
    err = os.open(root / "err", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(err, 1)
    os.dup2(err, 2)
    status = 1
    try:
        work()
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def run(arguments: list[str]) -> None:
    """Run a script as Python does."""
    sys.argv = [str(PROJECT / arguments[0]), *arguments[1:]]
    try:
        runpy.run_path(sys.argv[0], run_name="__main__")
    except SystemExit as stop:
        if stop.code:
            raise


def durations_of_runs() -> dict[str, int]:
    """Return the milliseconds that each training run took, by its id; hold that none runs."""
    from tiktok_segments.tracking import connection
    from tiktok_segments.tracking.run_names import KIND

    connection.connect()
    runs = connection.client().search_runs([connection.experiment_id()])
    assert {found.info.status for found in runs} <= {"FINISHED", "KILLED"}
    trained = [found for found in runs if found.data.tags[KIND] == "train"]
    assert all(found.info.status == "FINISHED" for found in trained)
    return {found.info.run_id: found.info.end_time - found.info.start_time for found in trained}


def look() -> None:
    """Run the next command, and hold that all is as it must be."""
    from tiktok_segments.registry import load_champion, restore
    from tiktok_segments.tracking import connection

    root = Path(os.environ["TIKTOK_SEGMENTS_ROOT"])
    run(["scripts/models.py"])
    assert durations_of_runs() == json.loads((root / "durations").read_text())
    version, model = load_champion()
    restored = restore(str(version.run_id), None, None)
    assert [name.name for name in restored.names] == model.names
    models = connection.client().search_logged_models([connection.experiment_id()])
    write(root / "pending", str(sum(str(found.status) != "READY" for found in models)))


def write(file: Path, text: str) -> None:
    """Write a small file."""
    file.write_text(text)


def read(file: Path) -> str:
    """Read a small file, empty where it is missing."""
    return file.read_text() if file.exists() else ""


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), json.loads(sys.argv[3]))
