"""Groups too rare for the sample that structure is examined on."""

import re

import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import KMeans
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from tiktok_segments.accounts.row_sample import Accounts
from tiktok_segments.training.computing import SpaceCache, compute
from tiktok_segments.training.task import Computed, RunTask, SpaceSettings
from tiktok_segments.validation.candidates import what_was_seen
from tiktok_segments.validation.conditions import Thresholds
from tiktok_segments.validation.examination import StructureSettings, examine_models
from tiktok_segments.validation.results import (
    INIT,
    PROPOSED,
    RANDOM,
    RARE_START,
    diagnostic_metrics,
)
from tiktok_segments.validation.run_verdict import judge_run
from tiktok_segments.validation.separation import examine
from tiktok_segments.validation.small_groups import find_rare_groups

N, DRAWN = 40_000, 1_000


def cloud(kind: str, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(N, 3)) @ (np.eye(3) + 0.3)
    if kind == "heavy":
        X = X / np.sqrt(rng.chisquare(4, (N, 1)) / 4)
    if kind == "skewed":
        X = np.exp(0.7 * X)
    if kind == "groups":
        X = X + 8 * np.eye(3)[rng.integers(0, 3, N)]
    return np.asarray((X - X.mean(axis=0)) / X.std(axis=0))


SETTINGS = StructureSettings(4, 4, 4, n_init=1, max_rows=DRAWN)
COLUMNS = ("followers", "following", "videos")


def runs_on(X: np.ndarray, ks: tuple[int, ...]) -> dict[int, Computed]:
    """Compute a run of each k on accounts whose logarithms are the given points."""
    frame = pd.DataFrame(10 ** (X + 12), columns=COLUMNS)
    frame["account_id"] = [f"u{n}" for n in range(len(X))]
    spaces = SpaceCache(Accounts.of(frame))
    space = SpaceSettings(
        tuple((name, "log_count") for name in COLUMNS),
        {"_target_": "sklearn.preprocessing.StandardScaler"},
    )
    return {k: compute(RunTask(space, k, 4, 0, False, SETTINGS, SETTINGS), spaces) for k in ks}


def search(X: np.ndarray) -> list[tuple[int, float]]:
    """Return how many of each group's rows are others than every thousandth, and its share."""
    groups = find_rare_groups(X, n_draws=4, max_rows=DRAWN, random_state=1)
    return [(int((group.rows % 1000 > 0).sum()), group.share) for group in groups]


@pytest.mark.parametrize("kind", ["round", "heavy", "skewed", "groups"])
def test_a_thousandth_that_lies_apart_is_found_and_nothing_where_nothing_does(kind: str) -> None:
    X = cloud(kind)
    assert search(X) == []
    X[::1000] = [-9, 9, 0] + 0.3 * np.random.default_rng(1).normal(size=(40, 3))
    [(others, share)] = search(X)
    assert others == 0
    assert share == pytest.approx(0.001, rel=0.6)  # of 40 rows half are looked at


def test_a_thousandth_beside_separate_groups_becomes_a_segment_of_its_own() -> None:
    X = cloud("groups")
    assert runs_on(X, (4,))[4].init == RANDOM
    X[::1000] = [-4, 4, 4] + 0.1 * np.random.default_rng(1).normal(size=(40, 3))
    runs = runs_on(X, (3, 4))
    three, four = runs[3].diagnostics, runs[4].diagnostics
    assert three is not None and four is not None
    assert (runs[3].init, runs[4].init) == (RANDOM, RARE_START)
    assert min(runs[4].counts) == 40
    assert (three.larger_sample, four.larger_sample > DRAWN) == (0, True)
    figures = diagnostic_metrics(four, runs[4].rows_used)
    assert figures["structure_rows"] == four.larger_sample
    decision = judge_run(
        4, figures | runs[4].metrics, n_samples=N, unfit="", init=runs[4].init,
        redraws=four.redraws,
    )  # fmt: skip
    assert decision.verdict == "separated"
    told = what_was_seen(figures | {"n_samples": N, INIT: RARE_START}, Thresholds())
    assert told.endswith("1 group lies apart, with 0.1 % of the accounts.")
    found = examine(StandardScaler().fit_transform(X), (3, 4), settings=SETTINGS)
    assert (found.verdict, found.k, found.table[INIT].tolist()) == (
        "separated", 4, [RANDOM, RARE_START],
    )  # fmt: skip
    assert sorted(np.bincount(found.labels)) == sorted(runs[4].counts)
    assert set(np.flatnonzero(found.labels == np.bincount(found.labels).argmin()) % 1000) == {0}


def test_the_notebooks_door_tells_of_a_thousandth_beside_one_cloud() -> None:
    X = cloud("round")
    X[::1000] = [-9, 9, 0] + 0.3 * np.random.default_rng(1).normal(size=(40, 3))
    found = examine(X, (2, 3), settings=SETTINGS)
    assert found.verdict == "none" and found.diagnostics is not None
    assert found.diagnostics.by_k[2].rare_groups == 1


def test_a_thousandth_beside_one_cloud_is_told_and_the_cloud_is_cut_as_without_it() -> None:
    X = cloud("round")
    X[::1000] = [-9, 9, 0] + 0.3 * np.random.default_rng(1).normal(size=(40, 3))
    runs = runs_on(X, (2, 3))
    assert [run.init for run in runs.values()] == [RANDOM, RANDOM]
    found = runs[2].diagnostics
    assert found is not None and found.rare_groups == 1
    told = what_was_seen(diagnostic_metrics(found, 1000) | {"n_samples": N}, Thresholds())
    assert "no segment was made of that: a larger k, or clean without these accounts" in told


def test_where_small_groups_were_started_at_the_share_that_is_told_apart_is_theirs() -> None:
    sampled = {"n_samples": 40_000, "structure_rows": 5000}
    told = [what_was_seen(sampled | {INIT: init}, Thresholds()) for init in (RANDOM, PROPOSED)]
    assert "fewer than 1 %" in told[0] and "fewer than 0.5 %" in told[1]


def test_what_is_found_does_not_depend_on_the_order_and_is_told_with_the_smallest_share() -> None:
    X = cloud("round")
    X[:40] = [-9, 9, 0] + 0.3 * np.random.default_rng(1).normal(size=(40, 3))
    names = ["followers", "following", "videos"]
    frame = pd.DataFrame(X, columns=names).assign(account_id=[f"u{n}" for n in range(N)])
    plain = make_pipeline(FunctionTransformer(), KMeans(2, n_init=1, random_state=0)).fit(
        frame[names].to_numpy()
    )
    settings = StructureSettings(2, 2, 2, n_init=1, max_rows=DRAWN)
    told = []
    for order in (frame, frame.iloc[::-1]):
        accounts = Accounts.of(order.reset_index(drop=True))
        pipeline = make_pipeline(FunctionTransformer(pd.DataFrame.to_numpy), plain[-1])
        found = examine_models({2: pipeline}, accounts, settings, n_jobs=1)
        assert found is not None
        figures = diagnostic_metrics(found.by_k[2], found.rows_used)
        told.append(what_was_seen(figures | {"n_samples": N}, Thresholds()))
        assert figures["rare_groups"] == 1
    assert told[0] == told[1]
    assert re.search(r"1 group lies apart, with 0\.1\d* % .* \(of 0\.05 % or more", told[0])
    few = Accounts.of(frame.head(2000))
    found = examine_models({2: pipeline}, few, settings, n_jobs=1)
    assert found is not None and "rare_groups" not in diagnostic_metrics(found.by_k[2], 1000)
