import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

CODE = """
import sys, time
from tiktok_segments.process_folder import make_folder
print(make_folder(), flush=True)
time.sleep(float(sys.argv[1]))
"""


def start(folder: Path, seconds: float) -> tuple["subprocess.Popen[str]", Path]:
    process = subprocess.Popen(
        [sys.executable, "-c", CODE, str(seconds)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"TMPDIR": str(folder)},
    )
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def test_what_somebody_else_put_there_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / "tiktok-segments-x").mkdir()
    os.mkfifo(tmp_path / "tiktok-segments-x" / "owner")  # to open it would take for ever
    process, made = start(tmp_path, 0)
    process.communicate(timeout=20)
    assert made.parent.parent == tmp_path
    assert (tmp_path / "tiktok-segments-x").exists()


@pytest.mark.parametrize("killed", [False, True])
def test_a_folder_goes_with_its_process_or_with_the_next(tmp_path: Path, killed: bool) -> None:
    process, made = start(tmp_path, 100 if killed else 0)
    if killed:
        process.send_signal(signal.SIGKILL)
    process.communicate()
    assert made.exists() == killed
    live, its = start(tmp_path, 100)
    deadline = time.monotonic() + 10
    while made.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    after, _ = start(tmp_path, 0)
    after.communicate()
    assert not made.exists()
    assert its.exists()  # of a process that is there
    live.terminate()
    live.communicate()
