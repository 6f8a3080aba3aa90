"""Accounts beyond memory: what is drawn and kept of them, and what is left on disk."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from sklearn.preprocessing import StandardScaler

from tiktok_segments.accounts import dataset, large, opening, row_sample
from tiktok_segments.accounts.dataset import Dataset, load_dataset
from tiktok_segments.accounts.large.temporary_folder import large_folder
from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.clustering.engines import fit, scale_accounts
from tiktok_segments.containers.opening import BatchSize
from tiktok_segments.defaults import default_file
from tiktok_segments.errors import InputError

pytestmark = pytest.mark.usefixtures("small_sample")

PROFILES = make_profiles(1200, seed=3)[0]


def part(name: str) -> dict[str, Any]:
    return dict(yaml.safe_load(default_file(name).read_text()))


def load(
    path: Path,
    engine: Mapping[str, Any] | str = "stream",
    outliers: str = "keep",
    needed: list[str] | None = None,
    texts: bool = False,
) -> Dataset:
    return load_dataset(
        {
            "data": part("data/sample.yaml") | {"path": str(path)},
            "clean": part("clean/all.yaml"),
            "outliers": part(f"outliers/{outliers}.yaml"),
            "engine": {"name": engine} if isinstance(engine, str) else engine,
        },
        needed=needed,
        texts=texts,
    )


def write(frame: pd.DataFrame, path: Path) -> Path:
    if path.suffix == ".csv":
        frame.to_csv(path, index=False)
    else:
        frame.to_parquet(path)
    return path


def numbers(found: Dataset) -> pd.DataFrame:
    columns = list(found.accounts.frame)
    return pd.concat(found.accounts.blocks(columns), ignore_index=True)


def test_a_stream_holds_the_accounts_that_memory_draws_and_all_numbers_on_disk(
    tmp_path: Path,
) -> None:
    path = write(PROFILES, tmp_path / "accounts.parquet")
    streamed, whole = load(path), load(path, "memory")
    assert (streamed.engine, whole.engine) == ("stream", "memory")
    assert streamed.n_accounts == whole.n_accounts == 1200
    assert streamed.sha256 == whole.sha256
    assert len(streamed.frame) == 300
    drawn, expected = streamed.accounts.drawn, whole.accounts.drawn
    assert drawn.keys.tolist() == expected.keys.tolist()
    pd.testing.assert_frame_equal(drawn.frame, expected.frame.reset_index(drop=True))
    pd.testing.assert_frame_equal(numbers(streamed), numbers(whole))
    pd.testing.assert_frame_equal(streamed.cleaning, whole.cleaning)


def test_many_accounts_with_few_followers_are_told_of_a_sample_as_of_all(tmp_path: Path) -> None:
    small = {name: PROFILES[name].mask(PROFILES.index % 2 > 0, PROFILES[name] // 500)
             for name in ("followers", "likes")}  # fmt: skip
    path = write(PROFILES.assign(**small), tmp_path / "accounts.parquet")
    drawn, every = (" ".join(load(path, engine).notes) for engine in ("stream", "memory"))
    assert " of 300 accounts drawn from 1,200 have fewer than 1,000 followers" in drawn
    assert " of 1,200 accounts have fewer than 1,000 followers" in every


def test_parquet_and_csv_in_another_order_give_the_same_accounts(tmp_path: Path) -> None:
    first = load(write(PROFILES, tmp_path / "accounts.parquet"))
    shuffled = PROFILES.sample(frac=1, random_state=1)
    second = load(write(shuffled, tmp_path / "accounts.csv"))
    pd.testing.assert_frame_equal(first.frame, second.frame)
    order = ["followers", "likes", "like_rate"]
    pd.testing.assert_frame_equal(
        numbers(first).sort_values(order, ignore_index=True),
        numbers(second).sort_values(order, ignore_index=True),
    )


def test_a_folder_is_streamed_and_its_split_into_files_changes_nothing(tmp_path: Path) -> None:
    halves, one = tmp_path / "halves", write(PROFILES, tmp_path / "one.parquet")
    halves.mkdir()
    (halves / "README.md").write_text("what this is")
    write(PROFILES.iloc[:700], halves / "a.csv")
    write(PROFILES.iloc[700:], halves / "b.parquet")
    streamed, whole = load(halves), load(one)
    auto = load(halves / "*.*", {"name": "auto", "memory_bytes": 1})
    assert streamed.engine == auto.engine == "stream"
    assert streamed.sha256 == load(halves, "memory").sha256
    pd.testing.assert_frame_equal(streamed.frame, whole.frame)
    pd.testing.assert_frame_equal(numbers(streamed), numbers(whole))
    assert any("README.md" in note for note in streamed.notes)


def test_order_split_and_batches_change_neither_the_sample_nor_the_centres(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = {"followers": "log_count", "engagement_rate": "log_rate"}

    def fitted(path: Path) -> tuple[pd.DataFrame, np.ndarray]:
        dataset._loaded.clear()
        accounts = load(path).accounts
        space = scale_accounts(columns, StandardScaler(), accounts)
        centres = fit(space, accounts, k=4, n_init=2, seed=0).pipeline[-1].cluster_centers_
        return accounts.drawn.frame, centres

    expected = fitted(write(PROFILES, tmp_path / "whole.parquet"))
    draw = np.random.default_rng(5)
    for number in range(4):
        order = draw.permutation(len(PROFILES))
        folder = tmp_path / str(number)
        folder.mkdir()
        for part, rows in enumerate(np.split(order, np.sort(draw.integers(1, 1199, number)))):
            suffix = "csv" if draw.random() < 0.5 else "parquet"
            write(PROFILES.iloc[rows], folder / f"{part}.{suffix}")
        size = BatchSize(int(draw.integers(20, 700)), int(draw.integers(2_000, 90_000)))
        monkeypatch.setattr(opening, "BatchSize", lambda size=size: size)
        monkeypatch.setattr(row_sample, "BLOCK_ROWS", int(draw.integers(20, 700)))
        drawn, centres = fitted(folder)
        pd.testing.assert_frame_equal(drawn, expected[0])
        np.testing.assert_allclose(centres, expected[1], rtol=1e-9)


def test_rejected_rows_and_accounts_that_come_twice_are_those_of_memory(tmp_path: Path) -> None:
    bad = PROFILES.head(20).assign(followers=-1)
    frame = pd.concat([PROFILES, PROFILES.head(30), bad.assign(account_id="new")])
    path = write(frame, tmp_path / "accounts.csv")
    streamed, whole = load(path), load(path, "memory")
    pd.testing.assert_frame_equal(
        streamed.cleaning.sort_values("rule", ignore_index=True),
        whole.cleaning.sort_values("rule", ignore_index=True),
    )
    assert len(streamed.rejected) == len(whole.rejected) == 50


def test_texts_are_kept_with_the_numbers_where_every_account_is_to_be_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "BatchSize", lambda: BatchSize(170, 9_000))
    monkeypatch.setattr(large.rows, "GROUP_ROWS", 250)
    days = pd.date_range("2026-01-01", periods=1200, freq="h", tz="UTC").astype("str")
    frame = PROFILES.assign(collected_at=days)
    frame.loc[:400, ["biography", "collected_at"]] = None
    path = write(frame, tmp_path / "accounts.csv")
    streamed, whole = load(path, texts=True).stored, load(path, "memory").frame
    assert streamed is not None and streamed.has_texts
    blocks = list(streamed.blocks(list(whole), 100))
    assert max(map(len, blocks)) == 100
    pd.testing.assert_frame_equal(pd.concat(blocks, ignore_index=True), whole)


def test_a_small_export_is_in_memory_and_in_order_under_either_engine(tmp_path: Path) -> None:
    path = write(PROFILES.head(200), tmp_path / "accounts.csv")
    streamed, whole = load(path), load(path, "memory")
    assert streamed.stored is None
    pd.testing.assert_frame_equal(streamed.frame, whole.frame)


def test_auto_streams_files_above_a_size(tmp_path: Path) -> None:
    path = write(PROFILES, tmp_path / "accounts.parquet")
    size = path.stat().st_size
    assert load(path, {"name": "auto", "memory_bytes": size}).engine == "memory"
    assert load(path, {"name": "auto", "memory_bytes": size - 1}).engine == "stream"
    with pytest.raises(InputError, match=r"engine\.name is huge; valid are .*, stream and spark"):
        load(path, "huge")


@pytest.mark.parametrize("sampled", [300, 5000])
def test_outliers_are_those_of_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sampled: int
) -> None:
    monkeypatch.setattr(row_sample, "FIT_ROWS", sampled)
    path = write(PROFILES, tmp_path / "accounts.parquet")
    streamed, whole = load(path, outliers="iqr"), load(path, "memory", outliers="iqr")
    assert streamed.n_accounts == whole.n_accounts < 1200
    pd.testing.assert_frame_equal(numbers(streamed), numbers(whole))
    pd.testing.assert_frame_equal(streamed.cleaning, whole.cleaning)
    assert whole.notes[-1] in streamed.notes
    assert set(streamed.frame["account_id"]) <= set(whole.frame["account_id"])
    if streamed.stored:
        assert streamed.stored.keys().tolist() == whole.accounts.keys.tolist()


def test_outliers_that_fill_whole_blocks_do_not_stop_a_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(row_sample, "BLOCK_ROWS", 10)
    sorted_down = PROFILES.sort_values("engagement_rate", ascending=False)
    found = load(write(sorted_down, tmp_path / "accounts.parquet"), outliers="iqr").accounts
    blocks = list(found.blocks(["engagement_rate"]))
    left_out = sorted_down["engagement_rate"] > blocks[0]["engagement_rate"].max()
    assert left_out.sum() > 20  # who come first
    space = scale_accounts({"followers": "log_count"}, StandardScaler(), found)
    assert fit(space, found, k=2, n_init=1, seed=0).clusters.counts.sum() == found.n_accounts


def test_the_numbers_go_with_the_data_set(tmp_path: Path) -> None:
    found = load(write(PROFILES, tmp_path / "accounts.parquet"))
    assert len(list(large_folder().iterdir())) == 2
    dataset._loaded.clear()
    del found
    assert list(large_folder().iterdir()) == []


def test_too_little_room_is_told_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(PROFILES, tmp_path / "accounts.parquet")
    monkeypatch.setattr(large.temporary_folder, "RESERVE", 2**60)
    with pytest.raises(InputError, match=r"take about 0\.00 GB on disk; .* GB free"):
        load(path)
    assert list(large_folder().iterdir()) == []


def test_numbers_that_no_feature_reads_may_be_missing_as_in_memory(tmp_path: Path) -> None:
    frame = PROFILES.astype({"videos": "float64", "is_verified": "object"})
    frame.loc[::3, "videos"] = None
    frame.loc[::5, "is_verified"] = None
    path = write(frame, tmp_path / "accounts.csv")
    streamed, whole = (load(path, engine, needed=["followers"]) for engine in ("stream", "memory"))
    assert streamed.n_accounts == whole.n_accounts == 1200
    assert streamed.is_whole is whole.is_whole is False
    drawn = whole.accounts.drawn.frame.reset_index(drop=True)
    pd.testing.assert_frame_equal(streamed.accounts.frame, drawn, check_dtype=False)
    pd.testing.assert_frame_equal(
        numbers(streamed).astype("float64"), numbers(whole).astype("float64")
    )
