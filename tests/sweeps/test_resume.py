from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from mlflow import MlflowClient

from commands import Outcome
from logged_runs import runs_of_kind
from sweep_processes import read_runs
from tiktok_segments.tracking import artifacts, history, run_names
from tiktok_segments.tracking.processes import this_process
from tiktok_segments.tracking.run_names import OWNER

SWEEP = ("train.py", "-m", "data.n_profiles=100", "structure=off", "figures=off", "n_init=2")


def cut(sweep_id: str, k: str) -> None:
    """Leave a sweep as a kill during its first run of that k, found later, would."""
    client = MlflowClient()
    lost = [run.info.run_id for run in history.child_runs(sweep_id) if run.data.params["k"] == k]
    client.set_terminated(lost[0], "KILLED")
    client.set_terminated(sweep_id, "KILLED")


def results(sweep_id: str) -> pd.DataFrame:
    runs = history.sweep_runs(sweep_id)
    return runs[["k", "features", "silhouette", "inertia", "davies_bouldin"]]


def test_a_cut_sweep_goes_on_under_the_same_run_with_what_is_left(
    command: Callable[..., Outcome],
) -> None:
    command(*SWEEP, "k=2,3,4", "features=core,activity")
    (sweep,) = runs_of_kind("sweep")
    whole = results(sweep.info.run_id)
    cut(sweep.info.run_id, k="3")

    outcome = command(*SWEEP, "features=activity,core", "k=range(2,5)", "resume=true")
    assert outcome.status == 0, outcome.err
    assert f"Going on with sweep {sweep.info.run_id}: 5 of 6 finished." in outcome.err
    assert "1 done, 0 failed, 5 skipped" in outcome.out
    (sweep,) = runs_of_kind("sweep")
    assert sweep.info.status == "FINISHED"
    assert len(runs_of_kind("train")) == 7
    assert len(history.sweep_runs(sweep.info.run_id)) == 6
    order = ["k", "features"]
    pd.testing.assert_frame_equal(
        results(sweep.info.run_id).sort_values(order, ignore_index=True),
        whole.sort_values(order, ignore_index=True),
    )
    best = [run for run in runs_of_kind("train") if run_names.BEST in run.data.tags]
    assert [run.info.run_id for run in best] == [sweep.data.tags[run_names.BEST_RUN_ID]]


def test_without_a_cut_sweep_a_new_one_counts_what_is_finished_elsewhere(
    command: Callable[..., Outcome],
) -> None:
    command(*SWEEP, "k=2,3")
    outcome = command(*SWEEP, "k=2,3,4", "resume=true")
    assert outcome.status == 0, outcome.err
    assert "No sweep of these settings, data and code was cut; this is a new one" in outcome.err
    assert "1 done, 0 failed, 2 skipped (finished before, 2 of them in other sweeps)" in outcome.out
    first, second = runs_of_kind("sweep")
    assert len(runs_of_kind("train")) == 3
    reused = second.data.tags["segmentation.reused_run_ids"].split(",")
    assert reused == [run.info.run_id for run in history.child_runs(first.info.run_id)]
    runs = history.sweep_runs(second.info.run_id)
    assert runs["k"].to_list() == ["2", "3", "4"]
    assert runs["run_id"].to_list()[:2] == reused
    board = artifacts.load_table(second.info.run_id, "leaderboard")
    assert board is not None
    assert sorted(board["k"]) == [2, 3, 4]
    assert second.data.tags[run_names.BEST_RUN_ID] in set(board["run_id"])


def test_a_failed_configuration_is_tried_again_and_counted_once(
    command: Callable[..., Outcome],
) -> None:
    assert command(*SWEEP, "k=2,500").status == 1
    outcome = command(*SWEEP, "k=2,500", "resume=true")
    assert outcome.status == 1
    assert "k=500: k is 500" in outcome.err
    assert "0 done, 1 failed, 1 skipped" in outcome.out
    (sweep,) = runs_of_kind("sweep")
    assert sweep.info.status == "FAILED"
    runs = history.sweep_runs(sweep.info.run_id)
    assert runs["status"].to_list() == ["FINISHED", "FAILED"]


@pytest.mark.parametrize("change", ["seed=7", "data.sample_seed=3", "clean.min_followers=1"])
def test_a_sweep_of_other_content_is_not_gone_on_with(
    command: Callable[..., Outcome], change: str
) -> None:
    command(*SWEEP, "k=2,3")
    cut(runs_of_kind("sweep")[0].info.run_id, k="3")
    outcome = command(*SWEEP, "k=2,3", change, "resume=true")
    assert "this is a new one" in outcome.err
    assert "2 done, 0 failed, 0 skipped" in outcome.out
    assert len(runs_of_kind("sweep")) == 2


def test_a_sweep_of_a_live_process_is_left_alone(
    command: Callable[..., Outcome], root: Path
) -> None:
    command(*SWEEP, "k=2,3")
    (sweep,) = runs_of_kind("sweep")
    MlflowClient().update_run(sweep.info.run_id, status="RUNNING")
    assert sweep.data.tags[OWNER] == this_process()
    outcome = command(*SWEEP, "k=2,3", "resume=true")
    assert outcome.status == 1
    assert "is under way: process" in outcome.err
    assert len(outcome.err.strip().splitlines()) <= 3
    assert len(runs_of_kind("sweep")) == 1


def test_a_sweep_of_a_lost_host_goes_on_when_it_is_named(command: Callable[..., Outcome]) -> None:
    command(*SWEEP, "k=2,3")
    (sweep,) = runs_of_kind("sweep")
    MlflowClient().set_tag(sweep.info.run_id, OWNER, "elsewhere/1 12 boot-1")
    MlflowClient().update_run(sweep.info.run_id, status="RUNNING")
    refused = command(*SWEEP, "k=2,3", "resume=true")
    assert f"resume={sweep.info.run_id}" in refused.err
    outcome = command(*SWEEP, "k=2,3", f"resume={sweep.info.run_id}")
    assert outcome.status == 0, outcome.err
    assert "0 done, 0 failed, 2 skipped" in outcome.out
    other = command(*SWEEP, "k=2,3,4", f"resume={sweep.info.run_id}")
    assert other.status == 1
    assert "not a sweep of these settings" in other.err


def test_a_single_run_has_nothing_to_resume(command: Callable[..., Outcome]) -> None:
    outcome = command("train.py", "k=3", "data.n_profiles=100", "structure=off", "resume=true")
    assert outcome.status == 1
    assert "-m" in outcome.err


def test_runs_examined_before_are_reused_with_their_diagnostics(
    command: Callable[..., Outcome],
) -> None:
    sweep = (
        "train.py",
        "-m",
        "data.n_profiles=100",
        "n_init=2",
        "structure.n_draws=4",
        "figures=off",
    )
    assert command(*sweep, "k=2,3").status == 0
    more = command(*sweep, "k=2,3,4", "resume=true")
    assert more.status == 0, more.err
    assert "Verdict:" in more.out


def test_a_choice_that_is_not_there_is_told_as_without_resume(
    command: Callable[..., Outcome], root: Path
) -> None:
    outcome = command("train.py", "-m", "scaler=standard,bogus", "k=2,3", "resume=true")
    assert outcome.status != 0
    assert "There is no 'bogus'" in outcome.err
    assert "Callback" not in outcome.err and "Warning" not in outcome.err
    assert read_runs(root / "mlflow.db").empty


def test_a_cut_sweep_is_left_as_it_is_where_one_of_its_choices_is_gone(
    command: Callable[..., Outcome], root: Path
) -> None:
    (root / "choices" / "scaler").mkdir(parents=True)
    choice = root / "choices" / "scaler" / "mine.yaml"
    choice.write_text("name: mine\nestimator: {_target_: sklearn.preprocessing.Nonsense}\n")
    folder = ("train.py", "--config-dir", str(root / "choices"))
    words = (*folder, *SWEEP[1:], "scaler=standard,mine", "k=2,3")
    assert command(*words).status == 1
    (sweep,) = runs_of_kind("sweep")
    choice.unlink()
    assert command(*words, "resume=true").status != 0
    (left,) = runs_of_kind("sweep")
    assert (left.info.run_id, left.data.tags) == (sweep.info.run_id, sweep.data.tags)
    assert not any(run_names.SUPERSEDED in run.data.tags for run in runs_of_kind("train"))
