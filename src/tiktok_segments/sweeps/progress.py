"""The progress of a sweep on the terminal, wherever its jobs run."""

import threading
from time import monotonic

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tiktok_segments import terminal
from tiktok_segments.tracking import history, run_names
from tiktok_segments.tracking.store_errors import explain_store_error

INTERVAL = 1.0
"""Seconds between two looks at the store."""

SILENCE = 10.0
"""At least so many seconds are between two lines where there is no terminal to draw a bar on."""


class Board:
    """A sweep's progress bar: what is done, failed and skipped, and the best so far.

    Parameters
    ----------
    total : int
        Jobs of the sweep.
    skipped : int
        How many of them exist already.
    best : float
        The highest silhouette of those.
    comparable : bool
        Whether the runs are on the same accounts; a silhouette on others says nothing of these.
    """

    def __init__(
        self, total: int, skipped: int, best: float = float("-inf"), comparable: bool = True
    ) -> None:
        self.done, self.failed, self.skipped = 0, 0, skipped
        self.best, self.comparable = best, comparable
        self.bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[best]}"),
            console=terminal.console(stderr=True),
        )
        self.task = self.bar.add_task("Training", total=total, completed=skipped, best="")
        self.total, self.told = total, monotonic()

    def start(self) -> None:
        """Show the bar."""
        self.bar.start()

    def stop(self) -> None:
        """Leave the bar as it is."""
        self.bar.stop()

    def finish(self, silhouette: float) -> None:
        """Count a finished run."""
        self.done += 1
        self.best = max(self.best, silhouette)
        self._show()

    def fail(self, job: str, reason: str) -> None:
        """Count a failed run and say at once why it failed."""
        self.failed += 1
        first = (reason.splitlines() or ["no reason given"])[0]
        self.bar.console.print(f"failed: {job}: {first}", markup=False, style="red")
        self._show()

    def _show(self) -> None:
        words = [f"{self.failed} failed"] * bool(self.failed)
        words += [f"{self.skipped} skipped"] * bool(self.skipped)
        if self.comparable and self.best > float("-inf"):
            words.append(f"highest silhouette {self.best:.3f}")
        count = self.done + self.failed + self.skipped
        self.bar.update(self.task, completed=count, best=", ".join(words))
        if not self.bar.console.is_terminal and monotonic() - self.told >= SILENCE:
            self.told = monotonic()
            line = ", ".join([f"{count} of {self.total} runs", *words])
            self.bar.console.print(line, markup=False)


class Watch(threading.Thread):
    """Follows a sweep whose jobs run in other processes, by asking the store about its runs.

    Hydra reports a job to the process that ran it only; the store is what all launchers share.

    Parameters
    ----------
    sweep_id : str
        The sweep.
    board : Board
        Where to show what has happened.
    """

    def __init__(self, sweep_id: str, board: Board) -> None:
        super().__init__(daemon=True)
        self.sweep_id, self.board = sweep_id, board
        self.seen = {run.info.run_id for run in history.child_runs(sweep_id)}
        self.ended = threading.Event()

    def run(self) -> None:
        """Look at the store every second until the sweep ends."""
        while not self.ended.wait(INTERVAL):
            try:
                self.look()
            except Exception as error:
                if explain_store_error(error) is None:
                    raise
                return  # the jobs meet the same failure, and theirs ends the sweep

    def look(self) -> None:
        """Show the runs that ended since the last look."""
        for run in history.child_runs(self.sweep_id):
            if run.info.run_id in self.seen or run.info.status == "RUNNING":
                continue
            self.seen.add(run.info.run_id)
            if run.info.status == "KILLED":
                continue  # by the user, who knows
            if run.info.status == "FINISHED":
                self.board.finish(run.data.metrics.get("silhouette", float("-inf")))
            else:
                self.board.fail(run.info.run_name, run.data.tags.get(run_names.ERROR, ""))

    def finish(self) -> None:
        """Look a last time and end."""
        self.ended.set()
        self.join()
        try:
            self.look()
        except Exception as error:
            if explain_store_error(error) is None:
                raise
