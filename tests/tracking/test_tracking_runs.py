"""Runs are opened in one way, and closed whatever happens; finished ones are never opened again."""

from collections.abc import Callable

import pytest
from mlflow import MlflowClient

from commands import Outcome
from tiktok_segments.tracking import connection, processes, run_names
from tiktok_segments.tracking.runs import record_run


def runs() -> dict[str, list[object]]:
    """Status, end and owner of each run, by its id."""
    return {
        run.info.run_id: [run.info.status, run.info.start_time, run.info.end_time]
        for run in MlflowClient().search_runs([connection.experiment_id()])
    }


@pytest.mark.usefixtures("root")
@pytest.mark.parametrize("kind", ["train", "assign", "drift", "compare", "weekly"])
@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (ValueError("two\nlines"), "FAILED", "two lines"),
        (KeyboardInterrupt(), "KILLED", "Stopped by the user."),
    ],
)
def test_every_kind_of_run_is_signed_and_closed_with_the_reason(
    kind: str, error: BaseException, status: str, words: str
) -> None:
    connection.connect()
    with pytest.raises(type(error)), record_run("a run", kind) as run:
        run.metrics["accounts"] = 3.0
        raise error
    logged = connection.client().get_run(run.open())
    assert logged.info.status == status
    assert logged.data.tags[run_names.KIND] == kind
    assert logged.data.tags[run_names.ERROR] == words
    assert logged.data.tags[run_names.OWNER] == processes.this_process()
    assert logged.data.metrics == {"accounts": 3.0}


@pytest.mark.usefixtures("root")
def test_a_run_is_in_the_store_from_when_it_is_opened_and_once() -> None:
    connection.connect()
    with record_run("a run", "train") as run:
        assert runs() == {}
        assert run.open() == run.open()
        assert [status for status, *_ in runs().values()] == ["RUNNING"]
    assert [status for status, *_ in runs().values()] == ["FINISHED"]


def test_promotion_and_renaming_leave_the_run_as_its_training_left_it(
    command: Callable[..., Outcome],
) -> None:
    assert command("train.py", "k=5", "data.n_profiles=300").status == 0
    before = runs()
    (run_id,) = before
    assert command("scripts/promote_model.py", f"run={run_id}").status == 0
    name = command("scripts/models.py").out
    assert runs() == before, name
