from collections.abc import Callable
from pathlib import Path

import pytest
from mlflow import MlflowClient

from commands import Outcome
from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.tracking import connection, run_names


def only_run(kind: str = "train") -> str:
    (run,) = MlflowClient().search_runs(
        [connection.experiment_id()], filter_string=f"tags.`{run_names.KIND}` = '{kind}'"
    )
    return str(run.info.run_id)


def test_a_run_with_diagnostics_comes_out_identical_and_is_not_logged_again(
    command: Callable[..., Outcome],
) -> None:
    assert command("train.py", "k=3", "data.n_profiles=120").status == 0
    outcome = command("scripts/replay.py", f"run={only_run()}")
    assert outcome.status == 0, outcome.out + outcome.err
    assert "Identical: data, labels and every metric, code and libraries." in outcome.out
    assert "stability_min_jaccard" in outcome.out
    only_run()


def test_the_best_run_of_a_sweep_comes_out_identical(command: Callable[..., Outcome]) -> None:
    assert command("train.py", "-m", "k=3,4", "data.n_profiles=150").status == 0
    outcome = command("scripts/replay.py")
    assert outcome.status == 0, outcome.out + outcome.err
    assert "gate_z" in outcome.out


@pytest.mark.parametrize(
    ("tag", "word"),
    [("segmentation.labels_sha256", "labels"), ("segmentation.code_sha256", "code")],
)
def test_what_differs_is_named_and_other_labels_fail(
    command: Callable[..., Outcome], tag: str, word: str
) -> None:
    command("train.py", "k=3", "data.n_profiles=100", "structure=off")
    MlflowClient().set_tag(only_run(), tag, "0" * 64)
    outcome = command("scripts/replay.py", f"run={only_run()}")
    assert outcome.status == (1 if word == "labels" else 0)
    assert f"differ{'s:' if word == 'labels' else ':'} {word} " in outcome.out


def test_changed_data_is_named(command: Callable[..., Outcome], root: Path) -> None:
    make_profiles(100, seed=0)[0].to_csv(root / "export.csv", index=False)
    command("train.py", "k=3", f"data.path={root / 'export.csv'}", "structure=off")
    make_profiles(100, seed=1)[0].to_csv(root / "export.csv", index=False)
    outcome = command("scripts/replay.py", f"run={only_run()}")
    assert outcome.status == 1
    assert "NOT identical" in outcome.out
    assert "data sha256" in outcome.out


def test_accounts_forgotten_since_are_said_to_be_the_reason(
    command: Callable[..., Outcome], root: Path
) -> None:
    export = root / "export.csv"
    profiles = make_profiles(80, seed=1)[0]
    profiles.assign(account_id=[f"maya_{n}" for n in range(80)]).to_csv(export, index=False)
    assert command("train.py", "k=3", f"data.path={export}", "structure=off").status == 0
    assert command("scripts/privacy.py", "forget", "account=@maya_7").status == 0
    outcome = command("scripts/replay.py", f"run={only_run()}")
    assert outcome.status != 0
    assert "The file is the same, but accounts of it were forgotten since." in outcome.out


def test_it_is_logged_where_that_is_asked(command: Callable[..., Outcome]) -> None:
    command("train.py", "k=3", "data.n_profiles=100", "structure=off")
    assert command("scripts/replay.py", f"run={only_run()}", "log=true").status == 0
    runs = MlflowClient().search_runs([connection.experiment_id()])
    assert len(runs) == 2
    assert len({run.data.tags["segmentation.content_key"] for run in runs}) == 1


def test_a_sweep_is_no_run_to_replay(command: Callable[..., Outcome]) -> None:
    command("train.py", "-m", "k=3", "data.n_profiles=100", "structure=off")
    outcome = command("scripts/replay.py", f"run={only_run('sweep')}")
    assert outcome.status == 1
    assert "is a sweep" in outcome.err
