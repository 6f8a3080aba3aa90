"""A process that answers questions, and what becomes of those that it cannot answer any more."""

import atexit
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from tiktok_segments.helper import Helper, HelperEndedError

SIZE = 30_000_000
"""Bytes; more than a pipe holds."""


@pytest.fixture
def helper() -> Iterator[Helper]:
    made = Helper()
    yield made
    made.process.kill()
    made.dismiss()
    made.join()


def test_questions_are_answered_in_their_order(helper: Helper) -> None:
    futures = [helper.ask(pow, base, 2) for base in range(50)]
    assert [future.result() for future in futures] == [base**2 for base in range(50)]


def test_an_error_is_that_of_the_function(helper: Helper) -> None:
    with pytest.raises(ZeroDivisionError) as raised:
        helper.ask(divmod, 1, 0).result()
    assert "in _serve" in raised.value.__notes__[0]  # where it was raised
    assert helper.ask(divmod, 7, 2).result() == (3, 1)


def test_big_questions_and_answers_pass_while_both_wait(helper: Helper) -> None:
    content = bytes(SIZE)
    futures = [helper.ask(bytes, content) for _ in range(3)]
    assert all(future.result() == content for future in futures)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_what_cannot_be_sent_ends_the_helper_and_nobody_waits_for_ever(helper: Helper) -> None:
    with pytest.raises(HelperEndedError):
        helper.ask(len, lambda: None).result(timeout=20)


class OddError(Exception):
    """One that cannot be read from a pipe, as its arguments are not those that it is made of."""

    def __init__(self, left: int, right: int) -> None:
        super().__init__(f"{left}, {right}")


def _raise_odd() -> None:
    raise OddError(1, 2)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_answer_that_cannot_be_read_ends_the_helper(helper: Helper) -> None:
    with pytest.raises(HelperEndedError):
        helper.ask(_raise_odd).result(timeout=20)


def test_one_that_is_dismissed_as_it_imports_ends_at_once() -> None:
    helper = Helper("time", "sklearn.cluster", "mlflow", "matplotlib.pyplot")
    begun = time.monotonic()
    helper.dismiss()
    helper.join()
    assert time.monotonic() - begun < 1


def test_one_that_is_killed_in_the_middle_of_an_answer_is_noticed() -> None:
    helper = Helper()
    assert helper.ask(os.getpid).result() == helper.process.pid
    assert helper.process.pid is not None
    with helper._lock:  # the answer is not taken out of the pipe, which it does not fit in
        helper._asked.append(first := Future())
        helper._asked.append(second := Future())
        helper._questions.put((bytes, (10,)))
        helper._questions.put((bytes, (SIZE,)))
        deadline, stuck = time.monotonic() + 20, 0
        while stuck < 20 and time.monotonic() < deadline:
            written = helper._pipe.poll() and state(helper.process.pid) == "S"
            stuck = stuck + 1 if written else 0
            time.sleep(0.01)
        assert stuck == 20
        os.kill(helper.process.pid, signal.SIGKILL)
    assert first.result(timeout=20) == bytes(10)
    with pytest.raises(HelperEndedError):
        second.result(timeout=20)
    with pytest.raises(HelperEndedError):
        helper.ask(len, "after").result(timeout=20)
    helper.dismiss()
    helper.join()


def state(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def test_one_that_is_dismissed_tidies_up(tmp_path: Path) -> None:
    file = tmp_path / "left"
    helper = Helper()
    helper.ask(_write_at_exit, file).result()
    helper.dismiss()
    helper.join()
    assert helper.process.exitcode == 0
    assert file.read_text() == "tidy"


def _write_at_exit(file: Path) -> None:
    atexit.register(file.write_text, "tidy")


def test_one_that_is_busy_ends_at_once(helper: Helper) -> None:
    helper.ask(len, "imported").result()
    helper.ask(time.sleep, 100)
    begun = time.monotonic()
    helper.dismiss()
    helper.join()
    assert time.monotonic() - begun < 1


@pytest.mark.parametrize("after", [0.0, 0.1, 0.3, 1.0])
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="processes are read from /proc")
def test_it_ends_with_the_process_that_started_it(after: float) -> None:
    code = (
        "import time\n"
        "from tiktok_segments.helper import Helper\n"
        "if __name__ == '__main__':\n"
        "    helper = Helper('pandas')\n"
        "    print(helper.process.pid, flush=True)\n"
        "    helper.ask(time.sleep, 100)\n"
        "    time.sleep(100)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    time.sleep(after)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 15
    while Path(f"/proc/{child}").exists() and state(child) not in "ZX":
        assert time.monotonic() < deadline, "it goes on"
        time.sleep(0.1)
