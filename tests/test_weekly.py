"""A team's weeks with a model, in processes of their own."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
from mlflow import MlflowClient

from commands import Outcome
from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.registry import versions
from tiktok_segments.tracking import connection

FEW = "k=[4,5]"


def steps_of_newest_week() -> pd.Series:
    (run,) = MlflowClient().search_runs(
        [connection.experiment_id()], "tags.`segmentation.kind` = 'weekly'", max_results=1
    )
    path = MlflowClient().download_artifacts(run.info.run_id, "steps.csv")
    return pd.read_csv(path).groupby("step")["what"].agg(" ".join)


def week(process: Callable[..., Outcome], export: Path, *settings: str) -> Outcome:
    return process("scripts/weekly.py", f"data.path={export}", FEW, *settings)


def test_a_first_a_quiet_a_drifted_and_a_refused_week(
    process: Callable[..., Outcome], root: Path
) -> None:
    profiles, _ = make_profiles(300, seed=0)
    first, other = root / "first week.csv", root / "other.csv"
    profiles.to_csv(first, index=False)
    started = week(process, first)
    assert started.status == 3, started.out + started.err
    assert "there is no champion yet" in started.out and "Outcome: replaced" in started.out
    connection.connect()
    version, champion = versions.load_champion()

    make_profiles(300, seed=1)[0].to_csv(other, index=False)
    quiet = week(process, other, f"output={root / 'quiet'}")
    assert quiet.status == 0, quiet.out + quiet.err
    assert "Outcome: kept" in quiet.out and "Not retrained" in quiet.out
    assigned = pd.read_csv(root / "quiet" / "assigned.csv")
    assert set(assigned["segment"]) == set(champion.names) and len(assigned) == 300
    page = (root / "quiet" / "report.html").read_text()
    assert "fitted on 300 accounts of an earlier export" in page
    assert steps_of_newest_week()["drift"].startswith("keep")

    later, _ = make_profiles(600, seed=2)
    later["followers"] *= 3
    later.to_csv(other, index=False)
    refused = week(process, other, "promotion.jaccard=1.1")
    assert refused.status == 4, refused.out + refused.err
    assert "Outcome: refused" in refused.out
    now = versions.champion()
    assert now is not None and now.version == version.version
    drifted = week(process, other)
    assert drifted.status == 3, drifted.out + drifted.err
    told = steps_of_newest_week()
    assert told["drift"].startswith("retrain") and "followers" in told["drift"]
    assert "inherited" in told["gate"]
    assert "in the segments of version 2; assigned.csv is in those of version 1" in told["report"]
    _, heir = versions.load_champion()
    old = {segment.segment_id for segment in champion.segments}
    assert len(old & {segment.segment_id for segment in heir.segments}) >= 3


def test_a_first_week_that_is_refused_leaves_no_champion_and_says_so(
    process: Callable[..., Outcome], root: Path
) -> None:
    export = root / "one kind.csv"
    make_profiles(300, seed=0)[0].to_csv(export, index=False)
    never = week(process, export, "retrain=never")
    assert never.status == 0, never.out + never.err
    assert "Not retrained: retrain=never was asked for." in never.out
    refused = week(process, export, "promotion.jaccard=1.1")
    assert refused.status == 4, refused.out + refused.err
    assert "There is still no champion." in refused.out and "Outcome: refused" in refused.out
    assert "No report: there is no champion" in refused.out


def test_a_week_that_fails_says_why(command: Callable[..., Outcome], root: Path) -> None:
    (root / "no.csv").write_text("a,b\n1,2\n")
    for settings, word in (
        (["data.path=nowhere.csv"], "nowhere.csv"),
        (["data.path=a.csv", "retrain=sometimes"], "sometimes"),
        (["data.path=a.csv", "k=5"], "brackets"),
        ([], "data.path"),
    ):
        outcome = command("scripts/weekly.py", *settings)
        assert outcome.status == 1 and word in outcome.err, (settings, outcome)
