"""Runs and sweeps whose accounts are not all in memory, beside the same with all of them."""

import re
from collections.abc import Callable
from pathlib import Path

import mlflow
import numpy as np
import pandas as pd
import pytest
from mlflow import MlflowClient

from commands import Outcome
from tiktok_segments.accounts import row_sample
from tiktok_segments.accounts.filters import drop_outliers
from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.registry import versions
from tiktok_segments.registry.baseline import bin_shares
from tiktok_segments.tracking import connection
from tiktok_segments.wording import percent


@pytest.fixture(autouse=True)
def small_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_sample, "FIT_ROWS", 400)


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "accounts.parquet"
    make_profiles(1500, seed=8)[0].to_parquet(path)
    return path


def all_runs() -> list[mlflow.entities.Run]:
    return list(
        MlflowClient().search_runs([connection.experiment_id()], order_by=["attribute.start_time"])
    )


def test_a_streamed_run_logs_what_the_same_run_in_memory_logs(
    command: Callable[..., Outcome], export: Path
) -> None:
    for engine in ("memory", "stream"):
        outcome = command(
            "train.py", "k=5", f"data.path={export}", f"engine={engine}", "structure.n_draws=4",
            "structure.n_resamples=4", "structure.n_splits=2", "figures=off",
        )  # fmt: skip
        assert outcome.status == 0, outcome.err
    whole, streamed = all_runs()
    assert [run.data.params["engine"] for run in (whole, streamed)] == ["memory", "stream"]
    assert whole.data.params["rows"] == streamed.data.params["rows"] == "1500"
    assert streamed.data.metrics == pytest.approx(whole.data.metrics, rel=1e-9)
    assert streamed.data.metrics["sample_rows"] == 400
    for tag in ("segmentation.labels_sha256", "segmentation.verdict"):
        assert streamed.data.tags[tag] == whole.data.tags[tag]
    (dataset,) = (entry.dataset for entry in streamed.inputs.dataset_inputs)
    assert '"num_rows": 1500' in dataset.profile
    history = MlflowClient().get_metric_history(streamed.info.run_id, "inertia_by_pass")
    assert [point.step for point in history] == list(range(1, len(history) + 1))
    assert len(history) == streamed.data.metrics["passes"] >= 2
    assert "engine: stream" in outcome.out


def test_a_sweep_reads_the_export_once_and_two_of_its_runs_are_compared_on_all_accounts(
    command: Callable[..., Outcome], export: Path, root: Path
) -> None:
    outcome = command(
        "train.py", "-m", "k=3,5", "scaler=standard,robust", f"data.path={export}",
        "engine=stream", "structure=off", "figures=off",
    )  # fmt: skip
    assert outcome.status == 0, outcome.err
    assert outcome.out.count("engine: stream") == 1
    assert len(all_runs()) == 5
    assert [run.data.metrics["passes"] >= 2 for run in all_runs()[1:]] == [True] * 4
    ids = [run.info.run_id for run in all_runs()[1:4:2]]
    outcome = command("scripts/compare_runs.py", f"first={ids[0]}", f"second={ids[1]}")
    assert outcome.status == 0, outcome.err
    profiles = pd.read_parquet(export)
    labels = [mlflow.sklearn.load_model(f"runs:/{one}/model").predict(profiles) for one in ids]
    table = pd.read_csv(root / "outputs/compare/crossing.csv").set_index("segment")
    assert table.to_numpy().tolist() == pd.crosstab(*labels).to_numpy().tolist()
    assert all_runs()[-1].data.params["rows"] == "1500" and "1,500 accounts" in outcome.out


def test_a_streamed_run_can_be_replayed_and_profiled(
    command: Callable[..., Outcome], export: Path, tmp_path: Path
) -> None:
    command(
        "train.py", "figures=off", "k=4", f"data.path={export}", "engine=stream", "structure=off"
    )
    (run,) = all_runs()
    again = command("scripts/replay.py", f"run={run.info.run_id}")
    assert "Identical" in again.out, again.out + again.err
    before = pd.read_parquet(export).iloc[100:].assign(videos=lambda frame: frame["videos"] + 1)
    before.to_parquet(tmp_path / "before.parquet")
    model = mlflow.sklearn.load_model(f"runs:/{run.info.run_id}/model")
    shares = [pd.Series(model.predict(frame)).value_counts(normalize=True)
              for frame in (before, pd.read_parquet(export))]  # fmt: skip
    profiled = command(
        "scripts/profile_segments.py", f"run={run.info.run_id}", f"output={tmp_path}",
        f"since={tmp_path / 'before.parquet'}",
    )  # fmt: skip
    assert profiled.status == 0, profiled.err
    page = (tmp_path / "report.html").read_text()
    assert "1,400 accounts are in both exports; 100 are new, 0 are gone. Of 3" in page
    table = page.partition('<h2 id="since">')[2].partition("</table>")[0]
    told = re.findall(r'Share (?:then|now)">([^<]*)<', table)
    order = sorted(shares[0].index)
    expected = [percent(one[cluster]) for cluster in order for one in shares]
    assert [share.replace("\u00a0", " ") for share in told] == expected


def test_segments_of_a_streamed_run_are_those_of_all_accounts(
    command: Callable[..., Outcome], export: Path, tmp_path: Path
) -> None:
    profiles = pd.read_parquet(export).sort_values("videos", ascending=False, kind="stable")
    kept = drop_outliers(profiles, ["videos"], 1.5)
    ranks = row_sample.draw_ranks(row_sample.account_keys(profiles), 0)
    drawn = profiles.iloc[ranks.argsort()[:400]]["account_id"].isin(kept["account_id"])
    n_outliers = len(profiles) - len(kept)
    assert n_outliers and profiles["account_id"].iloc[n_outliers] == kept["account_id"].iloc[0]
    (folder := tmp_path / "exports").mkdir()
    profiles.iloc[:n_outliers].to_parquet(folder / "1.parquet")  # outliers and nobody else
    profiles.iloc[n_outliers:900].to_parquet(folder / "2.parquet")
    profiles.iloc[900:].drop(columns="likes").to_parquet(folder / "3.parquet")
    rule = ("structure=off", "outliers=iqr", "outliers.columns=[videos]")
    tables, accounts = [], []
    for engine in ("memory", "stream"):
        command(
            "train.py", "k=5", f"data.path={folder}", f"engine={engine}", "structure=off", *rule
        )
        run_id = all_runs()[-1].info.run_id
        output = tmp_path / engine
        outcome = command("scripts/profile_segments.py", f"run={run_id}", f"output={output}")
        assert outcome.status == 0, outcome.err
        tables.append(pd.read_csv(output / "segments.csv").drop(columns="segment_id"))
        file = output / ("accounts.csv" if engine == "memory" else "accounts.parquet")
        accounts.append(pd.read_csv(file) if engine == "memory" else pd.read_parquet(file))
    pd.testing.assert_frame_equal(tables[1], tables[0], rtol=1e-12)
    assert accounts[1]["account_id"].tolist() == accounts[0]["account_id"].tolist()
    assert accounts[1]["cluster"].tolist() == accounts[0]["cluster"].tolist()
    page = (tmp_path / "stream" / "report.html").read_text()
    assert f"quartiles, tiers, marks, examples and the map are of {drawn.sum()} of them" in page
    for section in ("purposes", "tiers", "benchmark"):
        said = page.partition(f'<h2 id="{section}">')[2].partition("</section>")[0]
        assert f"of {drawn.sum()} of the {len(kept):,} accounts, drawn at random" in said, section
    assert len(accounts[1]) == len(kept)
    assert re.findall(r"Border cases: about [\d,]+ \(", page)


def test_accounts_are_explained_and_listed_among_all_and_not_only_those_drawn(
    command: Callable[..., Outcome], export: Path, tmp_path: Path
) -> None:
    profiles = pd.read_parquet(export)
    ranks = row_sample.draw_ranks(row_sample.account_keys(profiles), 0)
    last = profiles["account_id"].iloc[int(ranks.argmax())]  # of 1,500 the last to be drawn
    explained, tables = [], []
    for engine in ("memory", "stream"):
        command(
            "train.py",
            "figures=off",
            "k=5",
            f"data.path={export}",
            f"engine={engine}",
            "structure=off",
        )
        run = f"run={all_runs()[-1].info.run_id}"
        explained.append(command("scripts/explain_account.py", f"account={last}", run))
        for wanted in ("goal=reach", f"like={last}"):
            outcome = command("scripts/shortlist.py", run, wanted, "n=6", f"output={tmp_path}")
            assert outcome.status == 0, outcome.err
            listed = pd.read_csv(tmp_path / "shortlist.csv")
            tables.append(listed[["account_id", "segment", "followers"]])
    assert explained[1].status == 0, explained[1].err
    # What is usual for a size is of those drawn, and stands behind the measures.
    said = [next(line for line in one.out.splitlines() if line[0] == "@") for one in explained]
    assert said[0] == said[1]
    for whole, streamed in zip(tables[:2], tables[2:], strict=True):
        pd.testing.assert_frame_equal(streamed, whole)
    assert "a score's shares" not in outcome.out
    refused = command("scripts/explain_account.py", "account=nobody_at_all", run)
    assert "among the 1,500 of run" in refused.err
    refused = command("scripts/shortlist.py", run, "segment=Nonesuch", f"output={tmp_path}")
    assert "No account has segment=Nonesuch" in refused.err


def test_a_streamed_run_is_promoted_by_the_gate_with_a_baseline_of_all_accounts(
    command: Callable[..., Outcome], export: Path
) -> None:
    train = ("train.py", "k=5", f"data.path={export}", "engine=stream", "figures=off")
    command(*train, "outliers=iqr", "outliers.columns=[videos]")
    outcome = command("scripts/promote_model.py", f"run={all_runs()[-1].info.run_id}")
    assert outcome.status == 0, outcome.out + outcome.err
    version = versions.champion()
    assert version is not None
    baseline = versions.load_version(version).baseline
    n_used = int(all_runs()[-1].data.params["rows"])
    assert f"**Segments** of the {n_used:,} accounts" in version.description
    profiles = pd.read_parquet(export)
    followers = profiles["followers"]
    assert baseline["accounts"] == 1500
    kept = int(all_runs()[-1].data.params["rows"])
    assert kept < 1500 and 0 < baseline["out_of_range_share"] <= 1 - kept / 1500
    seen = baseline["columns"]["followers"]
    used = drop_outliers(profiles, ["videos"], 1.5)["followers"]
    assert len(used) == kept
    assert (seen["minimum"], seen["maximum"]) == (used.min(), used.max())
    expected = bin_shares(followers.to_numpy(dtype=float), np.array(seen["edges"]))
    np.testing.assert_allclose(seen["shares"], expected)
