"""The folder on disk that many accounts lie in: whose it is, what is left of it, and when full."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from commands import PROJECT
from tiktok_segments.accounts.large import RowWriter, TemporaryFolder

HOLD = """
import sys, time
from pathlib import Path
from tiktok_segments.accounts.large.temporary_folder import TemporaryFolder
place = TemporaryFolder(Path(sys.argv[1]))
(place.folder / "accounts.parquet").write_bytes(b"some")
print("there", flush=True)
time.sleep(60)
"""


def test_what_a_killed_process_left_is_removed_by_the_next_and_what_one_uses_is_not(
    tmp_path: Path,
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, cwd=PROJECT
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"there\n"
        mine = TemporaryFolder(tmp_path)
        assert len([path for path in tmp_path.iterdir() if path.is_dir()]) == 2
        os.kill(other.pid, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while len([path for path in tmp_path.iterdir() if path.is_dir()]) > 2:
        assert time.monotonic() < deadline
    again = TemporaryFolder(tmp_path)
    left = {path for path in tmp_path.iterdir() if path.is_dir()}
    assert left == {mine.folder, again.folder}


def test_what_another_user_left_is_no_hindrance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "theirs.lock").touch()
    ours = os.open

    def refuse(path: Path, *rest: int) -> int:
        if Path(path).name == "theirs.lock":
            raise PermissionError(13, "Permission denied", str(path))
        return ours(path, *rest)

    monkeypatch.setattr(os, "open", refuse)
    assert TemporaryFolder(tmp_path).folder.is_dir()
    assert (tmp_path / "theirs.lock").exists()


FULL = """
import resource, sys
import pandas as pd
import pyarrow as pa
from pathlib import Path
from tiktok_segments.accounts.large import TemporaryFolder, RowWriter
from tiktok_segments.errors import InputError
import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    with RowWriter(TemporaryFolder(Path(sys.argv[1]))) as writer:
        for _ in range(50):
            frame = pd.DataFrame({"followers": range(5000)}).sample(frac=1, random_state=0)
            writer.add(frame, frame["followers"].to_numpy(dtype="uint64"))
        writer.end()
except InputError as error:
    print(error)
"""


def test_a_full_disk_is_told_in_plain_words_and_nothing_is_left(tmp_path: Path) -> None:
    outcome = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path)], capture_output=True, text=True, cwd=PROJECT
    )
    assert outcome.stdout.startswith(f"The disk of {tmp_path} is full: the numbers of all accounts")
    assert outcome.stderr == ""
    assert list(tmp_path.iterdir()) == []


def test_a_pass_keeps_no_more_in_memory_than_it_shows(tmp_path: Path) -> None:
    draw = np.random.default_rng(0)
    with RowWriter(TemporaryFolder(tmp_path)) as writer:
        for _ in range(60):
            frame = pd.DataFrame({name: draw.random(40_000) for name in ("followers", "videos")})
            writer.add(frame, np.arange(40_000, dtype=np.uint64))
        stored = writer.end()
    before, most = pa.total_allocated_bytes(), 0
    for block in stored.blocks(["followers", "videos"], 40_000):
        most = max(most, pa.total_allocated_bytes() - before)
        assert len(block) <= 40_000
    assert most < stored.rows * 16 / 4
