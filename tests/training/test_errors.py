"""Whatever a user gets wrong is answered in one to three plain lines and a status above zero."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from mlflow import MlflowClient
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from commands import Outcome
from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.tracking import connection
from tiktok_segments.tracking.store_errors import name_store_error


def assert_plain(outcome: Outcome, *words: str) -> None:
    assert outcome.status not in (0, None)
    lines = outcome.err.strip().splitlines()
    assert 1 <= len(lines) <= 3, outcome.err
    assert "Traceback" not in outcome.err
    for word in words:
        assert word in outcome.err


@pytest.mark.parametrize(
    ("argument", "word"),
    [
        ("k=1", "from 2"),
        ("k=2000", "from 2 to 999"),
        ("k=abc", "abc"),
        ("k=2.5", "2.5"),
        ("seed=-1", "seed"),
        ("n_init=0", "n_init"),
        ("scaler=strandard", "standard"),
        ("features=none", "size_engagement"),
        ("nonsense=3", "nonsense"),
        ("data.n_profiles=2", "at least 13"),
        ("data.n_profiles=many", "many"),
        ("features.columns.followers=cube", "log_count"),
        ("+features.columns.nickname=raw", "nickname holds no numbers"),
        ("data.path=no such file.csv", "no such file.csv"),
        ("naming.rules=[{name: X, when: {p_vidoes: [0.5, null]}}]", "did you mean p_videos?"),
        ("selection.thresholds.jaccard=high", "selection.thresholds.jaccard is high"),
        ("data.path=", "empty"),
        ("data.sheet=Foo", "give data.path"),
        ("data.units.followers=thousands", "give data.path"),
        ("k=", "k"),
        ("k=[", "["),
    ],
)
def test_a_wrong_setting_is_told_in_plain_words(
    command: Callable[..., Outcome], argument: str, word: str
) -> None:
    assert_plain(command("train.py", argument), word)


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("empty.csv", "", "empty"),
        ("header.csv", "account_id,followers\n", "no row"),
        ("other.csv", "handle,views\nx,1\n", "followers"),
        ("bad.csv", "account_id,followers\nx,many\ny,few\n", "followers"),
        ("broken.csv", 'account_id,followers\nx,"1\n', "broken.csv"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_in_plain_words(
    command: Callable[..., Outcome], root: Path, name: str, content: str, word: str
) -> None:
    (root / name).write_text(content)
    assert_plain(command("train.py", f"data.path={root / name}"), word)


def test_an_empty_folder_is_told_by_its_name(command: Callable[..., Outcome], root: Path) -> None:
    (root / "exports").mkdir()
    assert_plain(command("train.py", f"data.path={root / 'exports'}"), "exports")


def test_a_feature_set_whose_column_is_missing_names_the_column(
    command: Callable[..., Outcome], root: Path
) -> None:
    make_profiles(50, seed=0)[0].drop(columns="videos").to_csv(root / "some.csv", index=False)
    assert_plain(command("train.py", "features=core", f"data.path={root / 'some.csv'}"), "videos")


def test_profiling_before_any_sweep_says_what_to_do(command: Callable[..., Outcome]) -> None:
    assert_plain(command("scripts/profile_segments.py"), "train.py -m")
    assert_plain(command("scripts/promote_model.py"), "train.py -m")


@pytest.mark.parametrize("run_id", ["12e456789012345678901234567890ab", "no run", "1e5"])
def test_an_unknown_run_is_told_by_its_id(command: Callable[..., Outcome], run_id: str) -> None:
    assert_plain(command("scripts/profile_segments.py", f"run={run_id}"), run_id)


def test_an_unknown_model_and_an_unknown_sweep_are_told(command: Callable[..., Outcome]) -> None:
    model = "models:/tiktok-influencer-segments@champion"
    assert_plain(command("scripts/profile_segments.py", f"model={model}"), model)
    assert_plain(command("scripts/profile_segments.py", "sweep=abc"), "abc")


def test_only_one_of_run_sweep_and_model_is_taken(command: Callable[..., Outcome]) -> None:
    assert_plain(command("scripts/profile_segments.py", "run=a", "sweep=b"), "run=", "sweep=")


def test_a_tracking_server_that_is_not_there_is_told_within_ten_seconds(
    process: Callable[..., Outcome],
) -> None:
    start = time.monotonic()
    outcome = process("train.py", MLFLOW_TRACKING_URI="http://127.0.0.1:9")
    assert time.monotonic() - start < 10
    assert_plain(outcome, "http://127.0.0.1:9")


def test_a_store_of_plain_files_is_refused_in_plain_words(
    command: Callable[..., Outcome], root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", str(root / "mlruns"))
    assert_plain(command("train.py"), "cannot be used")


def test_a_store_that_another_program_holds_is_told_with_what_to_do(root: Path) -> None:
    at_once = create_engine(f"sqlite:///{root}/mlflow.db", connect_args={"timeout": 0})
    with closing(sqlite3.connect(root / "mlflow.db")) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(OperationalError) as told, at_once.connect() as one:
            one.execute(text("SELECT * FROM runs"))
    at_once.dispose()
    assert "locked.\nAnother program is using it; try" in str(name_store_error(told.value))


def test_a_failed_run_is_marked_and_keeps_what_came_before(
    command: Callable[..., Outcome], root: Path
) -> None:
    rows = "".join(f"account{number},{number % 3 + 5},0.0{number % 3 + 1}\n" for number in range(9))
    (root / "export.csv").write_text(f"username,followers,engagement_rate\n{rows}")
    command("train.py", f"data.path={root / 'export.csv'}", "k=4", "features=size_engagement")
    (run,) = MlflowClient().search_runs([connection.experiment_id()])
    assert run.info.status == "FAILED"
    assert run.data.params["rows"] == "9"
    assert "only 3 different accounts" in run.data.tags["segmentation.error"]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (("k=abc",), "k is abc; it must be a whole number from 2 up."),
        (("k=2.5",), "k is 2.5; it must be a whole number from 2 up."),
        (("k=2000",), "k is 2000; with 1,000 accounts it must be from 2 to 999."),
        (("seed=x",), "seed is x; it must be a whole number from 0 up."),
        (("seed=99999999999",), "seed is 99999999999; it must be a whole number from 0 to"),
        (("n_init=-1",), "n_init is -1; it must be a whole number from 1 up."),
        (("structure.n_draws=few",), "structure.n_draws is few; it must be a whole number"),
        (("profile=maybe",), "profile is maybe; valid are true and false."),
        (("+features.columns.folowers=raw",), "did you mean followers"),
        (("features.columns.followers=log",), "features.columns.followers is 'log'; valid are raw"),
        (("features.columns=null",), "a feature set needs at least one column"),
        (("scaler.estimator=null",), "scaler.estimator is None; give _target_"),
    ],
)
@pytest.mark.parametrize("many", [(), ("-m", "outliers=keep,iqr")])
def test_what_is_known_before_a_run_opens_none(
    command: Callable[..., Outcome], settings: tuple[str, ...], words: str, many: tuple[str, ...]
) -> None:
    if many and settings == ("k=2000",):
        return  # other accounts could be enough for it: its run says so
    assert_plain(command("train.py", *many, *settings), words)
    connection.connect()
    assert MlflowClient().search_runs([connection.experiment_id()]) == []


def test_a_sweep_names_every_faulty_value_and_runs_nothing(command: Callable[..., Outcome]) -> None:
    outcome = command("train.py", "-m", "k=abc,4,1", "seed=1,x")
    assert_plain(outcome, "k is abc, 1; it must be", "seed is x; it must be")
    connection.connect()
    assert MlflowClient().search_runs([connection.experiment_id()]) == []


SCALER = "scaler.estimator._target_=sklearn.preprocessing."


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("PolynomialFeatures", "makes 15 columns of 4 features"),
        ("KBinsDiscretizer", "columns of 4 features"),
        ("Nonsense", "sklearn.preprocessing.Nonsense cannot be made"),
        ("scale", "sklearn.preprocessing.scale cannot be made"),
    ],
)
def test_a_scaler_that_does_not_scale_is_told_with_what_is_valid(
    command: Callable[..., Outcome], target: str, words: str
) -> None:
    assert_plain(command("train.py", "structure=off", f"{SCALER}{target}"), words)


def test_a_choice_of_ones_own_without_a_name_is_told(
    command: Callable[..., Outcome], root: Path
) -> None:
    (root / "choices" / "scaler").mkdir(parents=True)
    choice = root / "choices" / "scaler" / "mine.yaml"
    choice.write_text("estimator: {_target_: sklearn.preprocessing.MinMaxScaler}\n")
    outcome = command("train.py", "--config-dir", str(root / "choices"), "scaler=mine")
    assert_plain(outcome, "scaler.name is missing; write a name: into that file of scaler.")


def test_an_error_in_a_process_of_its_own_leaves_no_traceback(
    process: Callable[..., Outcome],
) -> None:
    outcome = process("train.py", "k=1")
    assert outcome.status == 1
    assert outcome.err == "k is 1; it must be a whole number from 2 up.\n"


def test_a_filter_that_leaves_nobody_names_no_line_of_a_rejected_row(
    command: Callable[..., Outcome], root: Path
) -> None:
    export = root / "export.csv"
    profiles = make_profiles(30, seed=1)[0].assign(region="DE")
    profiles["followers"] = profiles["followers"].astype(object)
    profiles.loc[4, "followers"] = "many"
    profiles.to_csv(export, index=False)
    told = command("train.py", "k=2", f"data.path={export}", "clean.regions=[YY]")
    assert told.status == 1
    assert "export.csv: none of 30 rows is left" in told.err
