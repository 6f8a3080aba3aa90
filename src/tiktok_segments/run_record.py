"""What a training run leaves behind, collected while it runs and logged to MLflow in few calls.

Every call costs MLflow several transactions: one batch for the numbers and one folder for the
files take a fifth of the time that a call for each takes.
"""

import getpass
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from time import time_ns

from mlflow.entities import LoggedModelOutput, RunInfo

from tiktok_segments import artifacts, tracking
from tiktok_segments.accounts.dataset import Dataset
from tiktok_segments.errors import StoreError
from tiktok_segments.interrupt import uninterrupted
from tiktok_segments.ownership import OWNER, this_process
from tiktok_segments.store_errors import explain_store_error


@dataclass
class RunRecord:
    """Everything about one run but its model's files.

    Attributes
    ----------
    name : str
        Shown in the UI.
    params, metrics, tags : dict
        To be logged; values of ``params`` of any type.
    files : dict of str to (str or bytes)
        Content of each artifact by its path; text is encoded as UTF-8.
    dataset : Dataset or None
        The run's input.
    model_id : str or None
        The run's model.
    info : RunInfo or None
        The run in MLflow, once it is opened.
    logged : bool
        Whether it was tried to log them.
    started : int
        When, in milliseconds since 1970.
    """

    name: str
    params: dict[str, object] = field(default_factory=dict)
    metrics: dict[str, float] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    files: dict[str, str | bytes] = field(default_factory=dict)
    dataset: Dataset | None = None
    model_id: str | None = None
    info: RunInfo | None = None
    logged: bool = False
    started: int = field(default_factory=lambda: time_ns() // 1_000_000)

    @property
    def opened(self) -> RunInfo:
        """The run in MLflow, which is opened when it is first asked for.

        Tags that are there by then are logged with it, which takes no time; those that come later
        take as long as opening it.
        """
        if self.info is None:
            with uninterrupted():  # else a run would be open that nobody knows of
                experiment = tracking.experiment_id()
                run = tracking.client().create_run(
                    experiment, start_time=self.started, run_name=self.name, tags=self.tags
                )
                self.info, self.tags = run.info, {}
        return self.info

    @property
    def run_id(self) -> str:
        """Id of the run in MLflow."""
        return str(self.opened.run_id)

    def log(self) -> None:
        """Log everything that was collected, once."""
        self.logged = True
        contents = {
            name: content.encode() if isinstance(content, str) else content
            for name, content in self.files.items()
        }
        artifacts.log_contents(self.opened.artifact_uri, contents)
        if self.dataset is not None:
            tracking.log_dataset(self.run_id, self.dataset)
        if self.model_id is not None:
            output = LoggedModelOutput(self.model_id, step=0)
            tracking.client().log_outputs(self.run_id, [output])
        tracking.log_numbers(self.run_id, self.params, self.metrics, self.tags, self.model_id)


@contextmanager
def record_run(name: str, parent_id: str | None, tags: Mapping[str, str]) -> Iterator[RunRecord]:
    """Record a training run; an error marks it FAILED and is logged with what was known until then.

    Parameters
    ----------
    name : str
        Shown in the UI.
    parent_id : str or None
        The sweep run that it belongs to.
    tags : mapping of str to str
        Logged beside those that say what it is and whose.

    Yields
    ------
    RunRecord
            To be filled, and logged when it is whole.
    """
    signed = {tracking.KIND: "train", OWNER: this_process(), **_origin(), **tags}
    if parent_id is not None:
        signed["mlflow.parentRunId"] = parent_id
    record = RunRecord(name, tags=signed)
    try:
        yield record
    except StoreError:
        raise  # there is nobody to tell
    except (Exception, KeyboardInterrupt) as error:
        if record.info is None and explain_store_error(error) is not None:
            raise  # nor will it be opened now
        stopped = isinstance(error, KeyboardInterrupt)
        reason = "Stopped by the user." if stopped else " ".join(str(error).split())[:4000]
        tracking.log_numbers(record.run_id, tags={tracking.ERROR: reason})
        tracking.client().set_terminated(record.run_id, "KILLED" if stopped else "FAILED")
        if not record.logged:
            with suppress(Exception):  # it may be why the run failed, and the first error is told
                record.log()
        raise
    tracking.client().set_terminated(record.run_id)


@cache
def _origin() -> dict[str, str]:
    """Return the tags from which the UI shows who started a run, and with what."""
    return {
        "mlflow.user": getpass.getuser(),
        "mlflow.source.name": sys.argv[0],
        "mlflow.source.type": "LOCAL",
    }
