"""How far Spark is with what takes it long."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Event, Thread
from time import monotonic
from typing import Any
from uuid import uuid4

from tiktok_segments.accounts.lake.shipping import is_connected

AFTER = 2.0
"""Seconds after which it is told."""

EVERY = 0.5
"""Seconds between two looks."""

TellTasks = Callable[[int, int], None]
"""Called with the tasks that are done, and those of all the stages that have begun."""

_GROUP = "spark.jobGroup.id"


@contextmanager
def watched(frame: Any, tell: TellTasks) -> Iterator[None]:
    """Tell how far Spark is with what this thread has it do meanwhile.

    Parameters
    ----------
    frame : pyspark.sql.DataFrame
        Of the session that does it.
    tell : callable
        See :data:`TellTasks`; called from another thread.
    """
    session = frame.sparkSession
    with _handled(session, tell) if is_connected(session) else _polled(session, tell):
        yield


@contextmanager
def _handled(session: Any, tell: TellTasks) -> Iterator[None]:
    """Be told by Spark Connect."""
    begun = monotonic()

    def handle(stages: Sequence[Any], **_: Any) -> None:
        begun_stages = [one for one in stages or () if one.num_completed_tasks]
        if begun_stages and monotonic() - begun >= AFTER:
            done = sum(one.num_completed_tasks for one in begun_stages)
            tell(done, sum(one.num_tasks for one in begun_stages))

    session.registerProgressHandler(handle)
    try:
        yield
    finally:
        session.removeProgressHandler(handle)


@contextmanager
def _polled(session: Any, tell: TellTasks) -> Iterator[None]:
    """Ask the context, which knows jobs by their group: others may share it."""
    context, group, ended = session.sparkContext, uuid4().hex, Event()
    before = context.getLocalProperty(_GROUP)
    context.setLocalProperty(_GROUP, group)
    watcher = Thread(target=_poll, args=(context.statusTracker(), group, ended, tell), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()
        context.setLocalProperty(_GROUP, before)


def _poll(tracker: Any, group: str, ended: Event, tell: TellTasks) -> None:
    """Look at the jobs of a group until the thread that waits for them goes on."""
    from py4j.protocol import Py4JError

    wait = AFTER
    while not ended.wait(wait):
        wait = EVERY
        try:
            jobs = [tracker.getJobInfo(job) for job in tracker.getJobIdsForGroup(group)]
            under_way = [job for job in jobs if job is not None and job.status == "RUNNING"]
            stages = [tracker.getStageInfo(stage) for job in under_way for stage in job.stageIds]
        except Py4JError:  # Spark's JVM has ended, which the one that waits will tell
            return
        # A stage whose outcome Spark has kept is one of the job's, too, and never begins.
        begun = [one for one in stages if one and one.numActiveTasks + one.numCompletedTasks]
        if begun:
            tell(sum(one.numCompletedTasks for one in begun), sum(one.numTasks for one in begun))
