"""An export on its way through the real commands."""

from collections.abc import Callable
from pathlib import Path

import mlflow
import pandas as pd
import pytest
from mlflow import MlflowClient

from commands import Outcome
from published import PROFILES, needs_published
from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.tracking import connection, history

INGEST = {"cleaning.csv", "ingest.txt", "rejected.csv"}
"""Files that say what became of the rows of an export."""


def segments_of(command: Callable[..., Outcome], path: Path, output: Path) -> pd.DataFrame:
    """Train on a file and return its segments."""
    assert (
        command("train.py", "k=4", f"data.path={path}", "structure=off", "figures=off").status == 0
    )
    run = MlflowClient().search_runs([connection.experiment_id()], max_results=1)[0]
    profiled = command("scripts/profile_segments.py", f"run={run.info.run_id}", f"output={output}")
    assert profiled.status == 0, profiled.err
    # Ids are those of a run's own segments, before any is promoted.
    return pd.read_csv(output / "segments.csv").drop(columns="segment_id")


@needs_published
def test_every_container_of_the_published_file_gives_the_same_segments(
    command: Callable[..., Outcome], root: Path
) -> None:
    raw = pd.read_csv(PROFILES, dtype=str, keep_default_na=False)
    raw.to_csv(root / "a.csv.gz", index=False)
    raw.to_json(root / "b.json", orient="records")
    raw.to_json(root / "c.jsonl", orient="records", lines=True)
    raw.map(lambda text: text[:30_000]).to_excel(root / "d.xlsx", index=False)
    raw.to_parquet(root / "e.parquet")
    expected = segments_of(command, PROFILES, root / "out")
    for file in sorted(root.glob("?.*")):
        found = segments_of(command, file, root / "out")
        pd.testing.assert_frame_equal(found, expected, rtol=1e-9)


def test_what_was_matched_is_shown_and_logged_once_in_a_sweep(
    command: Callable[..., Outcome], root: Path
) -> None:
    profiles = make_profiles(60, seed=0)[0].drop(columns=["likes"])
    profiles = profiles.rename(columns={"followers": "Fans total", "videos": "videoCount"})
    profiles.to_csv(root / "mine.csv", index=False)
    outcome = command(
        "train.py", "-m", "k=2,3", f"data.path={root / 'mine.csv'}",
        "data.columns.followers=Fans total", "structure=off", "figures=off",
    )  # fmt: skip
    assert outcome.status == 0, outcome.err
    assert outcome.out.count("followers = Fans total") == 1
    best = history.get_run(history.best_run_id())
    sweep_id = best.data.tags["mlflow.parentRunId"]
    notes = mlflow.artifacts.load_text(f"runs:/{sweep_id}/ingest.txt")
    assert "videos = videoCount" in notes
    assert not {file.path for file in MlflowClient().list_artifacts(best.info.run_id)} & INGEST


def test_where_accounts_are_swept_each_run_keeps_what_became_of_its_own(
    command: Callable[..., Outcome], root: Path
) -> None:
    outcome = command(
        "train.py", "-m", "k=2", "outliers=keep,iqr", "data.n_profiles=200", "structure=off",
        "figures=off",
    )  # fmt: skip
    assert outcome.status == 0, outcome.err
    client = MlflowClient()
    files = {
        run.data.params.get("outliers", "sweep"): {
            file.path for file in client.list_artifacts(run.info.run_id)
        }
        for run in client.search_runs([connection.experiment_id()])
    }
    assert not files["sweep"] & INGEST
    assert files["keep"] == {"config.yaml"} | INGEST
    assert files["iqr"] == {"config.yaml"} | INGEST


def test_the_filter_is_counted_apart_from_what_was_bad(
    command: Callable[..., Outcome], root: Path
) -> None:
    profiles = make_profiles(100, seed=0)[0].astype(str)
    profiles.loc[:9, "followers"] = "12"
    profiles.loc[10, "videos"] = "some"
    profiles.to_csv(root / "mine.csv", index=False)
    command("train.py", "k=3", f"data.path={root / 'mine.csv'}", "clean=creators", "figures=off")
    (run,) = MlflowClient().search_runs([connection.experiment_id()])
    table = pd.read_csv(
        mlflow.artifacts.download_artifacts(f"runs:/{run.info.run_id}/cleaning.csv")
    ).set_index("rule")["rows"]
    assert table["input"] == 100
    assert table["kept"] == 89
    assert table["filtered: followers below 1,000"] == 10
    assert table["rejected: unreadable videos"] == 1


def test_a_feature_set_that_cannot_run_names_those_that_can(
    command: Callable[..., Outcome], root: Path
) -> None:
    profiles = make_profiles(60, seed=0)[0].drop(columns="videos")
    profiles.to_csv(root / "mine.csv", index=False)
    outcome = command("train.py", "k=3", "features=core", f"data.path={root / 'mine.csv'}")
    assert outcome.status == 1
    assert "needs videos" in outcome.err
    assert "These run on this file: size_likes, size_engagement, engagement." in outcome.err


@pytest.mark.parametrize("region", ["NO", "[NO,SE]"])
def test_norway_is_a_region_and_no_switch(
    command: Callable[..., Outcome], root: Path, region: str
) -> None:
    profiles = make_profiles(60, seed=0)[0].assign(region=["NO", "SE", "US"] * 20)
    profiles.to_csv(root / "mine.csv", index=False)
    outcome = command(
        "train.py",
        "k=2",
        f"data.path={root / 'mine.csv'}",
        f"clean.regions={region}",
        "figures=off",
    )
    assert outcome.status == 0, outcome.err
    (run,) = MlflowClient().search_runs([connection.experiment_id()])
    assert int(run.data.params["rows"]) == (20 if region == "NO" else 40)


def test_the_tables_can_be_workbooks(command: Callable[..., Outcome], root: Path) -> None:
    command("train.py", "-m", "k=3", "data.n_profiles=60")
    command("scripts/profile_segments.py", f"output={root / 'out'}", "format=xlsx")
    assert len(pd.read_excel(root / "out" / "accounts.xlsx")) == 60
    refused = command("scripts/profile_segments.py", "format=pdf")
    assert (refused.status, "csv or xlsx" in refused.err) == (1, True)
