"""Runs in MLflow, each opened in one way: signed by its process, and closed whatever happens.

What a run leaves behind is collected in its record and logged in few calls, since each call costs
MLflow several transactions.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from time import time_ns

from tiktok_segments.accounts.dataset import Dataset
from tiktok_segments.errors import StoreError
from tiktok_segments.tracking import artifacts, run_log
from tiktok_segments.tracking.interrupt import uninterrupted
from tiktok_segments.tracking.store_errors import explain_store_error

NOT_KEPT = (
    "Under pseudonyms the words of an error are not kept, as they may name the export or an "
    "account; they were shown where the command ran."
)
"""What a record says instead."""


@dataclass
class RunRecord:
    """Everything about one run but its model's files.

    Attributes
    ----------
    name : str
        Shown in the UI.
    kind : str
        Kept as the tag ``segmentation.kind``, such as ``train``, ``assign`` or ``drift``.
    parent_id : str or None
        The sweep run that it belongs to.
    params, metrics, tags : dict
        To be logged; values of ``params`` of any type.
    files : dict of str to (str or bytes)
        Content of each artifact by its path; text is encoded as UTF-8.
    dataset : Dataset or None
        The run's input.
    model_id : str or None
        The run's model, which is given the metrics, too.
    discreet : bool
        Whether an error's words are not kept, as they may name the export or an account.
    logged : bool
        Whether it was tried to log them.
    started : int
        When, in milliseconds since 1970.
    """

    name: str
    kind: str
    parent_id: str | None = None
    params: dict[str, object] = field(default_factory=dict)
    metrics: dict[str, float] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    files: dict[str, str | bytes] = field(default_factory=dict)
    dataset: Dataset | None = None
    model_id: str | None = None
    discreet: bool = False
    logged: bool = False
    started: int = field(default_factory=lambda: time_ns() // 1_000_000)
    _run_id: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether the run is in MLflow."""
        return self._run_id is not None

    @uninterrupted()  # else a run would be open that nobody knows of
    def open(self) -> str:
        """Open the run in MLflow, once; return its id.

        Tags that are there by then are logged with it, which takes no time; those that come later
        take as long as opening it.
        """
        if self._run_id is None:
            self._run_id = run_log.create_run(
                self.name, self.kind, self.parent_id, self.tags, self.started
            )
            self.tags = {}
        return self._run_id

    @uninterrupted()  # else a transaction could stay open, and the store locked
    def log(self) -> None:
        """Log everything that was collected, once; open the run before that, if it is not."""
        self.logged = True
        run_id = self.open()
        artifacts.log_contents(run_id, self.files)
        if self.dataset is not None:
            run_log.log_dataset(run_id, self.dataset)
        run_log.log_numbers(run_id, self.params, self.metrics, self.tags, self.model_id)


@contextmanager
def record_run(
    name: str,
    kind: str,
    parent_id: str | None = None,
    tags: Mapping[str, str] | None = None,
    *,
    discreet: bool = False,
) -> Iterator[RunRecord]:
    """Record a run, which is in MLflow from when it is opened, and finished at the end.

    An error marks it FAILED, Ctrl-C KILLED, and its words are a tag; what was known until then is
    logged. That of a killed process is found by
    :func:`~tiktok_segments.tracking.processes.mark_cut_runs`.

    Parameters
    ----------
    name, kind, parent_id, tags, discreet
        As in :class:`RunRecord`.

    Yields
    ------
    RunRecord
        To be filled. What was not logged by the end of the block is logged there.

    Examples
    --------
    ::

        with record_run("compare 1 and 2", kind="compare") as run:
            run.params["first"] = 1
            run.files["comparison.json"] = document
    """
    record = RunRecord(name, kind, parent_id, tags=dict(tags or {}), discreet=discreet)
    try:
        yield record
        if not record.logged:
            record.log()
    except StoreError:
        raise  # there is nobody to tell
    except (Exception, KeyboardInterrupt) as error:
        if not record.is_open and explain_store_error(error) is not None:
            raise  # nor will it be opened now
        _close_failed(record, error)
        raise
    with uninterrupted():
        run_log.close_run(record.open(), "FINISHED")


@uninterrupted()
def _close_failed(record: RunRecord, error: BaseException) -> None:
    """End a run with the reason why it failed, and log what it has."""
    stopped = isinstance(error, KeyboardInterrupt)
    words = NOT_KEPT if record.discreet else " ".join(str(error).split())[:4000]
    reason = "Stopped by the user." if stopped else words
    run_log.close_run(record.open(), "KILLED" if stopped else "FAILED", reason)
    if not record.logged:
        with suppress(Exception):  # it may be why the run failed, and the first error is told
            record.log()
