"""New accounts in, the same accounts with segments out."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from mlflow import MlflowClient
from omegaconf import DictConfig, OmegaConf

from commands import PROJECT, Outcome
from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.clustering.membership import measure_membership
from tiktok_segments.errors import InputError
from tiktok_segments.monitoring.account_sums import Assignment
from tiktok_segments.monitoring.assign import assign_accounts
from tiktok_segments.monitoring.assign_export import assign_export
from tiktok_segments.monitoring.assign_files import check_output
from tiktok_segments.registry import versions
from tiktok_segments.tracking import connection
from tiktok_segments.tracking.named_model import NamedModel

DATA = OmegaConf.load(PROJECT / "conf/data/sample.yaml")
CLEAN = OmegaConf.load(PROJECT / "conf/clean/all.yaml")
SCRIPT = "scripts/assign_segments.py"


@pytest.fixture
def model(champion_root: Path) -> NamedModel:
    connection.connect()
    return versions.load_champion()[1]


def test_neither_file_of_an_output_is_written_over_the_export(tmp_path: Path) -> None:
    (tmp_path / "new.csv").touch()
    (tmp_path / "link.csv").symlink_to(tmp_path / "new.csv")
    with pytest.raises(InputError, match="is the export itself"):
        check_output(tmp_path / "link.csv", tmp_path / "new.csv")
    mended = tmp_path / "new.rejected.csv"  # the rows that were rejected before
    with pytest.raises(InputError, match=r"rejected rows of .* over the export"):
        check_output(tmp_path / "new.csv", mended)
    check_output(tmp_path / "other.csv", mended)


def data(path: Path) -> DictConfig:
    return DictConfig({**DATA, "path": str(path)})


def read(path: Path) -> pd.DataFrame:
    """Return assigned accounts, whatever they are kept in."""
    if ".jsonl" in path.name:
        return pd.read_json(path, lines=True, precise_float=True, dtype={"model_version": "str"})
    if path.suffix == ".parquet":
        frame = pd.read_parquet(path)
        named = ["segment", "segment_id", "model_version"]
        return frame.astype(dict.fromkeys(named, "str"))
    return pd.read_csv(path, dtype={"model_version": "str"})


def messy_profiles(n_profiles: int = 300) -> pd.DataFrame:
    """Accounts with rows that are bad, filtered, and there twice; all texts."""
    frame = make_profiles(n_profiles, seed=3)[0].drop(columns="biography")
    frame["collected_at"] = "2026-02-01"
    frame.loc[7, "followers"] = 10**11
    frame = frame.astype(str)
    frame.loc[4, "videos"] = "some"
    frame.loc[9, "nickname"] = "=HYPERLINK(1)"
    frame.loc[11, "followers"] = "3"
    frame.loc[250, "account_id"] = frame.loc[2, "account_id"]
    frame.loc[251, ["account_id", "collected_at"]] = [frame.loc[3, "account_id"], "2020-01-01"]
    return frame


def assign(model: NamedModel, path: Path, output: Path, small: int) -> Assignment:
    clean = DictConfig({**CLEAN, "min_followers": 10})
    return assign_export(model, "1", data(path), clean, output, small=small)


@pytest.mark.parametrize("kind", ["csv", "csv.gz", "jsonl", "parquet"])
def test_a_stream_writes_what_reading_the_file_whole_writes(
    model: NamedModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr("tiktok_segments.accounts.opening.BATCH_ROWS", 70)
    path = tmp_path / f"new.{kind}"
    frame = messy_profiles()
    if kind == "parquet":
        frame.to_parquet(path)
    elif kind == "jsonl":
        frame.to_json(path, orient="records", lines=True)
    else:
        frame.to_csv(path, index=False)
    outputs = [tmp_path / "whole" / f"out.{kind}", tmp_path / "stream" / f"out.{kind}"]
    whole, stream = (
        assign(model, path, output, small)
        for output, small in zip(outputs, (10**9, 0), strict=True)
    )
    pd.testing.assert_frame_equal(read(outputs[0]), read(outputs[1]))
    assert whole.rejected_file.read_bytes() == stream.rejected_file.read_bytes()
    pd.testing.assert_frame_equal(whole.summary, stream.summary)
    pd.testing.assert_frame_equal(whole.segments, stream.segments)
    assert (whole.sha256, whole.notes, whole.source) == (stream.sha256, stream.notes, str(path))
    np.testing.assert_allclose(whole.sums.feature_sums, stream.sums.feature_sums)
    assert {kind: whole.count(kind) for kind in ("input", "kept", "filtered", "rejected")} == {
        "input": 300, "kept": 296, "filtered": 1, "rejected": 3,
    }  # fmt: skip


def test_the_columns_are_those_promised_and_right(model: NamedModel, tmp_path: Path) -> None:
    messy_profiles().to_csv(tmp_path / "new.csv", index=False)
    done = assign(model, tmp_path / "new.csv", tmp_path / "out.parquet", 0)
    frame = read(tmp_path / "out.parquet")
    assert list(frame)[:7] == [
        "account_id", "segment", "segment_id", "confidence", "model_version", "out_of_range",
        "followers",
    ]  # fmt: skip
    assert {"nickname", "collected_at", "engagement_rate"} <= set(frame)
    assert (frame["segment"].to_numpy() == model.pipeline.predict(frame)).all()
    ids = {segment.name: segment.segment_id for segment in model.segments}
    assert (frame["segment_id"] == frame["segment"].map(ids)).all()
    beyond = frame["followers"] > model.baseline["columns"]["followers"]["maximum"]
    assert beyond.any()
    assert frame.loc[beyond, "out_of_range"].all()
    assert frame["out_of_range"].sum() == done.sums.out_of_range < len(frame)
    assert frame["segment"].value_counts().to_dict() == (
        done.segments.set_index("segment")["accounts"].to_dict()
    )


def test_the_confidence_is_the_one_of_the_profile(model: NamedModel) -> None:
    frame = make_profiles(400, seed=5)[0]
    assigned = assign_accounts(model, frame)

    class Centres:
        def transform(self, X: np.ndarray) -> np.ndarray:
            return np.linalg.norm(X[:, None] - model.centres, axis=2)

    membership = measure_membership(Centres(), assigned.X, assigned.positions, model.centres[None])
    expected = membership["confidence"]
    assert (membership["stability"] == 1).all()
    np.testing.assert_allclose(assigned.confidence, expected, atol=1e-12)


def test_between_two_centres_the_model_itself_decides(model: NamedModel) -> None:
    """Accounts on a border to the last digit, where another way of rounding would differ."""

    class Features:
        def transform(self, frame: pd.DataFrame) -> np.ndarray:
            return frame.to_numpy()

    rng = np.random.default_rng(0)
    columns = model.columns
    centres = rng.normal(size=(5, len(columns)))
    centres[1] = centres[0]  # two segments on one spot: every account of theirs is a tie
    step = model.pipeline[-1]
    step.centroids_ = centres
    pairs = rng.integers(0, 5, (3000, 2))
    halfway = (centres[pairs[:, 0]] + centres[pairs[:, 1]]) / 2
    frame = pd.DataFrame(np.vstack([halfway, centres, rng.normal(size=(500, 4))]), columns=columns)

    class Pipeline(list):
        classes_ = step.classes_

        def __getitem__(self, place: int | slice) -> object:
            return Features() if isinstance(place, slice) else step

    exact = replace(model, pipeline=Pipeline())
    exact_columns = property(lambda self: columns)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(NamedModel, "columns", exact_columns)
        assigned = assign_accounts(exact, frame)
    names = step.predict(frame.to_numpy())
    assert (np.array(model.names)[assigned.positions] == names).all()


def test_a_spreadsheet_computes_nothing_of_it(model: NamedModel, tmp_path: Path) -> None:
    messy_profiles().to_csv(tmp_path / "new.csv", index=False)
    assign(model, tmp_path / "new.csv", tmp_path / "out.csv.gz", 0)
    text = gzip.decompress((tmp_path / "out.csv.gz").read_bytes()).decode("utf-8-sig")
    assert ",'=HYPERLINK(1)," in text
    assign(model, tmp_path / "new.csv", tmp_path / "out.jsonl", 0)
    names = [
        json.loads(line)["nickname"] for line in (tmp_path / "out.jsonl").read_text().splitlines()
    ]
    assert "=HYPERLINK(1)" in names


@pytest.mark.parametrize(
    ("columns", "output", "word"),
    [
        (["account_id", "followers"], "out.csv", "which this data lacks"),
        (None, "out.txt", ".xlsx"),
        (None, "new.csv", "itself"),
    ],
)
def test_what_cannot_be_assigned_leaves_no_file(
    model: NamedModel, tmp_path: Path, columns: list[str] | None, output: str, word: str
) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    frame = messy_profiles()
    frame[columns or list(frame)].to_csv(folder / "new.csv", index=False)
    for small in (0, 10**9):
        with pytest.raises(InputError, match=word):
            assign(model, folder / "new.csv", folder / output, small)
        assert [file.name for file in folder.iterdir()] == ["new.csv"]


def test_a_file_of_bad_rows_leaves_no_file(model: NamedModel, tmp_path: Path) -> None:
    messy_profiles().assign(followers="none").to_csv(tmp_path / "new.csv", index=False)
    for small in (0, 10**9):
        with pytest.raises(InputError, match=r"none of 300 rows is left.*missing followers"):
            assign(model, tmp_path / "new.csv", tmp_path / "out.csv", small)
    assert not (tmp_path / "out.csv").exists()


def test_what_turns_out_odd_on_the_way_is_read_whole(model: NamedModel, tmp_path: Path) -> None:
    frame = messy_profiles()
    frame.loc[290, "nickname"] = 'screen of 5" or so'
    text = frame.to_csv(index=False).replace('"screen of 5"" or so"', 'screen of 5" or so')
    (tmp_path / "new.csv").write_text(text)
    done = assign(model, tmp_path / "new.csv", tmp_path / "out.csv", 0)
    assert done.count("kept") == 296
    assert 'screen of 5" or so' in set(read(tmp_path / "out.csv")["nickname"])


def test_the_command_assigns_tells_and_logs(
    command: Callable[..., Outcome], champion_root: Path
) -> None:
    messy_profiles().to_csv(champion_root / "new accounts.csv", index=False)
    output = champion_root / "my out" / "assigned.csv"
    arguments = (f"data.path={champion_root / 'new accounts.csv'}", f"output={output}")
    outcome = command(SCRIPT, *arguments, "clean.min_followers=10")
    assert outcome.status == 0, outcome.err
    printed = outcome.out.replace("\n", " ")
    for words in (
        "296 accounts assigned by model version 1",
        "Filtered: followers below 10, 1 row",
        "Rejected: unreadable videos, 1 row",
        "Drift, verdict",
    ):
        assert words in printed, words
    rejected = pd.read_csv(output.with_name("assigned.rejected.csv"))
    assert set(rejected["rule"]) == {
        "unreadable videos",
        "contradictory duplicate",
        "older duplicate",
    }
    assert rejected["line"].tolist() == [4, 6, 253]
    (run,) = MlflowClient().search_runs(
        [connection.experiment_id()], "tags.`segmentation.kind` = 'assign'"
    )
    assert run.info.status == "FINISHED"
    assert (run.data.params["rows"], run.data.params["model_version"]) == ("300", "1")
    assert len(run.data.params["data_sha256"]) == 64
    shares = [value for name, value in run.data.metrics.items() if name.startswith("share.")]
    assert sum(shares) == pytest.approx(1)
    files = {file.path for file in MlflowClient().list_artifacts(run.info.run_id)}
    assert {"segments.csv", "cleaning.csv", "ingest.txt", "drift.csv"} <= files


def test_any_address_of_a_model_does_and_no_log_is_left_if_asked(
    command: Callable[..., Outcome], champion_root: Path
) -> None:
    messy_profiles().to_csv(champion_root / "new.csv", index=False)
    connection.connect()
    version = versions.champion()
    assert version.source.startswith("models:/m-")
    output = champion_root / "out.parquet"
    for address in (
        "models:/tiktok-influencer-segments/1",
        "models:/tiktok-influencer-segments@champion",
        version.source,
    ):
        outcome = command(
            SCRIPT, f"data.path={champion_root / 'new.csv'}", f"output={output}",
            f"model={address}", "log=false",
        )  # fmt: skip
        assert outcome.status == 0, outcome.err
        assert set(read(output)["model_version"]) == {"1"}
    assert not MlflowClient().search_runs(
        [connection.experiment_id()], "tags.`segmentation.kind` = 'assign'"
    )
    unknown = command(
        SCRIPT, f"data.path={champion_root / 'new.csv'}", f"output={output}",
        "model=models:/tiktok-influencer-segments@nobody",
    )  # fmt: skip
    assert (unknown.status, "nobody" in unknown.err) == (1, True)


def test_no_champion_and_no_file_are_told_in_plain_words(
    command: Callable[..., Outcome], root: Path
) -> None:
    assert "data.path=new.csv" in command(SCRIPT).err
    messy_profiles().to_csv(root / "new.csv", index=False)
    outcome = command(SCRIPT, f"data.path={root / 'new.csv'}", f"output={root / 'out.csv'}")
    assert outcome.status == 1
    assert "no champion" in outcome.err
