"""One week at a time, none written over or forgotten: a lock, a folder of its own, gaps told."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from itertools import chain, count
from pathlib import Path

from filelock import FileLock, Timeout

from tiktok_segments.errors import InputError
from tiktok_segments.files import write_whole
from tiktok_segments.tracking.processes import describe_owner, this_process
from tiktok_segments.weekly.past_weeks import TAKEN_IN, PastWeek


@contextmanager
def week_lock(folder: Path, source: str) -> Iterator[None]:
    """Keep every other week of this project out while one runs.

    Parameters
    ----------
    folder : Path
        Of the project's outputs.
    source : str
        The export, for those who ask who runs.

    Raises
    ------
    InputError
        If another week runs: says which process, since when, on which export.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{folder} cannot be made a folder: {error.strerror}.") from None
    lock, who = FileLock(folder / "weekly.lock", timeout=0), folder / "weekly.running.json"
    try:
        lock.acquire()
    except Timeout:
        raise InputError(
            f"Another week is running{_who_runs(who)}; nothing was done.\n"
            "Try again when it is over."
        ) from None
    try:
        about = {"process": this_process(), "since": _now(), "export": source}
        write_whole(who, json.dumps(about, ensure_ascii=False))
        yield
    finally:
        who.unlink(missing_ok=True)
        lock.release()


def _who_runs(file: Path) -> str:
    with suppress(OSError, ValueError, KeyError):  # it may end, or begin, at this very moment
        about = json.loads(file.read_text("utf-8"))
        who = describe_owner(about["process"])
        return f": {who}, since {about['since']}, on {about['export']}"
    return ""


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")


def free_folder(parent: Path, started: datetime) -> Path:
    """Return a folder of the day that is not there yet, so that no file is written over.

    Parameters
    ----------
    parent : Path
        Of the folders of all weeks.
    started : datetime
        When the week began.

    Returns
    -------
    Path
        ``2026-05-04``; of the second week of that day that wrote files ``2026-05-04-2``.
    """
    first = parent / f"{started:%Y-%m-%d}"
    others = (parent / f"{first.name}-{number}" for number in count(2))
    return next(folder for folder in chain([first], others) if not folder.exists())


def missed_weeks(weeks: Sequence[PastWeek], now: datetime, every: float) -> str | None:
    """Say that weeks were missed, None where the last one is not too long ago.

    Parameters
    ----------
    weeks : sequence of PastWeek
        Those before, the newest first.
    now : datetime
        In UTC.
    every : float
        Days from one week to the next.

    Returns
    -------
    str or None
        How long ago the last week was that took an export in, and what became of those since.
    """
    done = next((week for week in weeks if week.outcome in TAKEN_IN), None)
    if done is None or now - done.started <= timedelta(days=every + 1):
        return None
    days = (now - done.started).days
    since = [week.outcome for week in weeks[: weeks.index(done)]]
    what = ", ".join(f"{since.count(one)} {one}" for one in dict.fromkeys(since)) or "nothing"
    return (
        f"The last export was taken in {days} days ago, on {done.started:%Y-%m-%d}; "
        f"one is due every {every:g} days. Since then: {what}."
    )
