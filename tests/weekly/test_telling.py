"""Word of a week, one week at a time, and weeks that were missed."""

import json
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tiktok_segments.errors import InputError
from tiktok_segments.weekly.notice import send_word
from tiktok_segments.weekly.outcome import Week
from tiktok_segments.weekly.past_weeks import PastWeek
from tiktok_segments.weekly.record import announce
from tiktok_segments.weekly.schedule import free_folder, missed_weeks, week_lock

HELD = {"event": "held", "champion": "1"}


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_a_program_is_given_one_object(tmp_path: Path) -> None:
    file = tmp_path / "told.json"
    code = f"import sys; open({str(file)!r}, 'w').write(sys.stdin.read())"
    assert send_word(python(code), HELD, 20) is None
    assert json.loads(file.read_text()) == HELD


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["/nowhere/at/all"], "cannot be started: No such file"),
        (python("import sys; sys.exit('no network')"), "ended with status 1: no network"),
        (python("raise SystemExit(7)"), "ended with status 7"),
        (python("import os; os.close(0)"), None),
    ],
)
def test_a_program_that_fails_is_told_and_raises_nothing(
    command: list[str], words: str | None
) -> None:
    found = send_word(command, HELD, 20)
    assert found is None if words is None else words in (found or "")


def test_a_program_that_hangs_is_stopped_with_what_it_started(tmp_path: Path) -> None:
    late = tmp_path / "late"
    shell = ["/bin/sh", "-c", f"(sleep 3; touch {late}) & sleep 60"]
    started = time.monotonic()
    assert "was stopped" in (send_word(shell, HELD, 0.5) or "")
    assert time.monotonic() - started < 3
    time.sleep(3.2)
    assert not late.exists()


def test_what_a_program_sends_to_the_background_is_not_waited_for() -> None:
    started = time.monotonic()
    shell = ["/bin/sh", "-c", "setsid sleep 4 & sleep 60"]
    assert "was stopped" in (send_word(shell, HELD, 0.3) or "")
    assert time.monotonic() - started < 3


@pytest.mark.usefixtures("root")
def test_a_failing_program_leaves_the_outcome_as_it_was_and_says_so() -> None:
    week = Week(lambda step, sentence: None, "a.csv")
    week.end("held", "half of it")
    announce({"command": "/nowhere/at/all", "timeout": 1}, week)
    assert week.outcome == "held" and "cannot be started" in week.steps[0][1]
    week.end("kept", "as before")
    announce({"command": "/nowhere/at/all", "timeout": 1}, week)
    assert len(week.steps) == 1  # there is nothing to tell


def test_a_second_week_is_told_who_runs(tmp_path: Path) -> None:
    with (
        week_lock(tmp_path, "may.csv"),
        pytest.raises(InputError, match=r"process \d+ on .* on may.csv; nothing"),
        week_lock(tmp_path, "june.csv"),
    ):
        pass
    with week_lock(tmp_path, "june.csv"):
        pass


def test_a_second_week_of_a_day_has_a_folder_of_its_own(tmp_path: Path) -> None:
    monday = datetime(2026, 5, 4, 6, tzinfo=UTC)
    for name in ("2026-05-04", "2026-05-04-2", "2026-05-04-3"):
        folder = free_folder(tmp_path, monday)
        assert folder.name == name
        folder.mkdir()


def test_a_missed_week_is_told_at_the_next() -> None:
    now = datetime(2026, 5, 25, 6, tzinfo=UTC)

    def week(days: int, outcome: str) -> PastWeek:
        return PastWeek(f"run{days}", now - timedelta(days=days), outcome, {}, {}, {})

    assert missed_weeks([], now, 7) is None
    assert missed_weeks([week(7, "kept")], now, 7) is None
    words = missed_weeks([week(7, "held"), week(14, "failed"), week(21, "kept")], now, 7)
    assert words == (
        "The last export was taken in 21 days ago, on 2026-05-04; one is due every 7 days. "
        "Since then: 1 held, 1 failed."
    )
