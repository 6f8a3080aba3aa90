import json
from collections.abc import Callable
from pathlib import Path

import mlflow
import numpy as np
import pandas as pd
import pytest
from mlflow import MlflowClient

from commands import Outcome
from examples import HOSTILE
from tiktok_segments.accounts import row_sample
from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.tracking import connection

MODEL = "models:/tiktok-influencer-segments@champion"
SCRIPT = "scripts/compare_snapshots.py"


def write(frame: pd.DataFrame, path: Path) -> Path:
    frame.to_csv(path, index=False)
    return path


@pytest.fixture
def sample(champion_root: Path) -> pd.DataFrame:
    frame = make_profiles(1000, seed=0)[0]
    write(frame, champion_root / "old.csv")
    return frame


@pytest.fixture
def compare(
    command: Callable[..., Outcome], champion_root: Path
) -> Callable[..., tuple[Outcome, Path]]:
    """Compare old.csv with a frame, by the real command; return what it printed and its folder."""

    def run(new: pd.DataFrame, *arguments: str) -> tuple[Outcome, Path]:
        file = write(new, champion_root / "new.csv")
        outcome = command(SCRIPT, f"old={champion_root / 'old.csv'}", f"new={file}", *arguments)
        assert outcome.status == 0, outcome.err
        return outcome, champion_root / "outputs" / "drift"

    return run


Compare = Callable[..., tuple[Outcome, Path]]


def newest_drift() -> str:
    (run,) = MlflowClient().search_runs(
        [connection.experiment_id()],
        filter_string="tags.`segmentation.kind` = 'drift'",
        max_results=1,
    )
    assert run.info.status == "FINISHED"
    return str(run.info.run_id)


def test_the_sample_against_itself_keeps_the_model(sample: pd.DataFrame, compare: Compare) -> None:
    outcome, folder = compare(sample)
    assert "verdict keep" in outcome.out and "the same, byte for byte" in outcome.out
    assert (pd.read_csv(folder / "drift.csv")["size"].abs() < 1e-9).all()
    assert pd.read_csv(folder / "rising.csv").empty
    migration = pd.read_csv(folder / "migration.csv").set_index("segment")
    np.testing.assert_array_equal(migration, np.diag(np.diag(migration)))
    run = MlflowClient().get_run(newest_drift())
    assert run.data.tags["segmentation.drift"] == "keep"
    assert run.data.metrics["moved_share"] == 0
    figures = {f.path for f in MlflowClient().list_artifacts(run.info.run_id, "figures")}
    assert figures == {
        f"figures/{name}.png" for name in ("drift_shares", "drift_features", "migration")
    }
    assert {"rising.csv", "drift.json", "accounts.csv", "report"} <= {
        file.path for file in MlflowClient().list_artifacts(run.info.run_id)
    }


def test_shares_shifted_by_20_points_want_retraining_and_name_the_segment(
    sample: pd.DataFrame, compare: Compare
) -> None:
    connection.connect()
    answers = pd.Series(mlflow.pyfunc.load_model(MODEL).predict(sample))
    largest, smallest = answers.value_counts().index[[0, -1]]
    gone = sample[answers == largest].head(200).index
    more = sample[answers == smallest]
    copies = pd.concat([more] * 4).head(200)
    copies["account_id"] = [f"copy_{number}" for number in range(200)]
    outcome, folder = compare(pd.concat([sample.drop(index=gone), copies]))
    assert "verdict retrain" in outcome.out
    segments = pd.read_csv(folder / "segments.csv").set_index("segment")
    assert segments.loc[[largest, smallest], "points"].to_list() == pytest.approx([-20, 20])
    words = " ".join(outcome.out.split())
    assert f"Segment “{largest}” has" in words
    assert "20 points fewer than the" in words


def test_a_feature_scaled_by_3_wants_retraining_and_is_named(
    sample: pd.DataFrame, compare: Compare
) -> None:
    outcome, folder = compare(sample.assign(engagement_rate=3 * sample["engagement_rate"]))
    assert "verdict retrain" in outcome.out
    assert "The measure “engagement” is mostly higher than before" in outcome.out
    drift = pd.read_csv(folder / "drift.csv")
    indices = drift[drift["measure"] == "psi"].set_index("subject")["level"]
    assert indices[indices != "keep"].to_dict() == {"engagement_rate": "retrain"}
    document = json.loads(mlflow.artifacts.load_text(f"runs:/{newest_drift()}/drift.json"))
    assert document["verdict"] == "retrain"
    assert any("“engagement”" in reason for reason in document["reasons"])


def test_who_moved_and_who_rises_is_told_of_the_accounts_in_both(
    sample: pd.DataFrame, compare: Compare
) -> None:
    later = sample.drop(index=range(100)).copy()
    small = later["followers"].idxmin()
    later.loc[small, "followers"] = 20_000_000
    outcome, folder = compare(later)
    rising = pd.read_csv(folder / "rising.csv")
    assert rising["account_id"].to_list() == [sample.loc[small, "account_id"]]
    assert rising["why"].to_list() == ["moved up"]
    migration = pd.read_csv(folder / "migration.csv").set_index("segment").to_numpy()
    assert migration.sum() == 900
    assert migration.sum() - np.trace(migration) == 1
    assert sample.loc[small, "account_id"] in outcome.out


def test_two_models_moves_are_told_apart_from_the_accounts(
    sample: pd.DataFrame, compare: Compare, command: Callable[..., Outcome]
) -> None:
    command("train.py", "k=3", "data.n_profiles=300", "structure=off")
    (run,) = MlflowClient().search_runs([connection.experiment_id()], max_results=1)
    outcome, folder = compare(sample, "old_model=1", f"new_model={run.info.run_id}")
    causes = pd.read_csv(folder / "causes.csv").set_index("cause")["accounts"]
    assert causes["moved: the account changed"] == 0
    assert causes["moved: the account and the model changed"] == 0
    assert 0 < causes["moved: the model changed"] < 1000
    assert f"{causes['moved: the model changed']}" in outcome.out
    churn = pd.read_csv(folder / "model_churn.csv").set_index("segment")
    assert churn.shape == (5, 3)
    assert "What the model alone moved" in (folder / "drift.html").read_text()


def test_the_page_escapes_what_accounts_are_called_and_asks_for_nothing(
    sample: pd.DataFrame, compare: Compare
) -> None:
    handle = HOSTILE[0]
    old = sample.assign(account_id=[handle, *sample["account_id"][1:]])
    write(old, Path(compare(sample)[1]).parents[1] / "old.csv")
    _, folder = compare(old.assign(followers=2 * old["followers"]), "rising.n=1000")
    page = (folder / "drift.html").read_text()
    assert handle in pd.read_csv(folder / "rising.csv")["account_id"].to_list()
    assert handle not in page
    assert "&lt;script&gt;window.hacked = 1&lt;/script&gt;" in page
    assert 'src="http' not in page
    assert "<script" not in page


def test_the_report_of_the_models_run_tells_the_newest_drift(
    sample: pd.DataFrame, compare: Compare, command: Callable[..., Outcome], champion_root: Path
) -> None:
    page = champion_root / "outputs/segments/report.html"
    assert command("scripts/profile_segments.py").status == 0
    assert 'id="drift"' not in page.read_text()
    compare(sample.assign(videos=3 * sample["videos"]))
    assert command("scripts/profile_segments.py").status == 0
    text = page.read_text()
    assert 'id="drift"' in text
    assert "The measure “videos” is mostly higher than before" in text
    assert "1,000 accounts of new.csv, beside 1,000 of old.csv" in text


def test_no_account_in_both_is_said(sample: pd.DataFrame, compare: Compare) -> None:
    outcome, folder = compare(sample.assign(account_id="x_" + sample["account_id"]))
    assert "No account is in both files" in outcome.out
    assert "No account is in both files" in (folder / "drift.html").read_text()
    assert pd.read_csv(folder / "migration.csv").set_index("segment").to_numpy().sum() == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["new=old.csv"], "Which two exports?"),
        (["old=none.csv", "new=none.csv"], "none.csv does not exist"),
        (["old=old.csv", "new=none.csv"], "none.csv does not exist"),
        (["old=old.csv", "new=old.csv", "model=9"], "has no version 9"),
        (["old=old.csv", "new=old.csv", "drift.psi.watch=1"], "drift.psi is watch=1"),
        (["old=old.csv", "new=old.csv", "rising.n=0"], "rising.n is 0"),
        (
            ["old=old.csv", "new=old.csv", "clean.min_followers=1000000000"],
            "none of 1,000 rows is left",
        ),
    ],
)
def test_what_cannot_be_compared_is_said_in_plain_words(
    sample: pd.DataFrame,
    command: Callable[..., Outcome],
    champion_root: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    said: str,
) -> None:
    monkeypatch.chdir(champion_root)
    outcome = command(SCRIPT, *arguments)
    assert outcome.status == 1
    assert said in outcome.err
    assert len(outcome.err.strip().splitlines()) <= 3


def test_accounts_that_are_not_in_memory_are_followed_by_a_sample_alike_in_both(
    sample: pd.DataFrame, compare: Compare, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = pd.concat([sample.iloc[100:], make_profiles(40, seed=9)[0].assign(
        account_id=[f"newcomer{n}" for n in range(40)]
    )])  # fmt: skip
    new = new.assign(followers=np.where(np.arange(len(new)) < 300, 3_000_000, new["followers"]))
    _, folder = compare(new, "engine=memory")
    whole = {name: pd.read_csv(folder / f"{name}.csv") for name in ("accounts", "segments")}
    monkeypatch.setattr(row_sample, "FIT_ROWS", 400)
    outcome, folder = compare(new, "engine=stream")
    assert "Drift is of all 1,000 and 940 accounts. Followed were" in " ".join(outcome.out.split())
    segments = pd.read_csv(folder / "segments.csv")
    measured = ["segment", "accounts", "share_then", "share_now", "centre_shift"]
    pd.testing.assert_frame_equal(segments[measured], whole["segments"][measured])
    followed = pd.read_csv(folder / "accounts.csv")
    both = followed.merge(whole["accounts"], on="account_id")
    assert 300 < len(both) == len(followed) <= 400
    assert both["cause_x"].tolist() == both["cause_y"].tolist()
    counts = pd.read_csv(folder / "movement.csv").set_index("movement")["accounts"]
    # A tenth is gone, of those followed a tenth within 5 standard errors.
    assert 0.1 * 400 - 30 < counts["gone"] < 0.1 * 400 + 30
    assert "Followed were" in (folder / "drift.html").read_text()
