"""The benchmark of small groups: its sets are what they say, and its shares are counted rightly."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from commands import Outcome
from tiktok_segments.benchmarks.known_sets import NOISE, KnownSet
from tiktok_segments.benchmarks.recovery import WITHOUT, plan_sets, summarise_recovery
from tiktok_segments.benchmarks.small_group_sets import small_group_set, small_groups


def test_sets_are_what_they_say() -> None:
    for seed in range(20):
        known = small_group_set(seed, largest=1200)
        assert 490 <= len(known.X) <= 1210 and 2 <= known.X.shape[1] <= 16
        assert ("noise" in known.name) == (NOISE in known.truth)
        groups = small_groups(known)
        assert f"{len(groups)} small" in known.name
        assert all(0.003 < group.rows.mean() < 0.025 for group in groups)
    assert (small_group_set(5).X == small_group_set(5).X).all()


def test_the_distance_is_in_pooled_standard_deviations() -> None:
    large = np.tile([-1.0, 1.0], 200)[:, None]
    small = np.array([19.0, 21.0])[:, None]
    truth = np.repeat([0, 1], [400, 2])
    (group,) = small_groups(KnownSet("two", np.concatenate([large, small]), truth))
    assert group.rows.sum() == 2
    # variances 400/399 and 2
    assert group.distance == pytest.approx(20 / np.sqrt((400 / 399 + 2) / 2))


def test_small_groups_are_counted_over_all_sets_of_a_rule() -> None:
    rows = {"rule": "a", "true_k": [3, 2, 1], "k": [3, 3, 1], "ari": 1.0}
    counts = {"small_20": [1, 1, 0], "small_20_found": [1, 0, 0], "small_10": 0,
              "small_10_found": 0, "small_5": [0, 2, 0], "small_5_found": [0, 2, 0]}  # fmt: skip
    table = summarise_recovery(pd.DataFrame(rows | counts))
    assert table.loc["a", ["true_k_found", "small_20", "small_5"]].tolist() == [0.5, 0.5, 1.0]
    assert np.isnan(table.loc["a", "small_10"])


def test_sets_of_different_seeds_are_different() -> None:
    plans = plan_sets([1, 2], 160, 67, 600)
    assert len({plan.seed for plan in plans}) == len(plans) == 2 * (160 + 67)


def test_the_command_scores_every_rule_on_every_set(
    command: Callable[..., Outcome], root: Path
) -> None:
    outcome = command(
        "scripts/benchmark.py", "recovery", "recovery.seeds={tuned:[],untouched:[3]}",
        "recovery.sets=1", "recovery.structureless=1", "recovery.largest=501",
        "recovery.n_jobs=1", f"output={root / 'out'}",
    )  # fmt: skip
    assert outcome.status == 0, outcome.err
    table = pd.read_csv(root / "out" / "recovery_untouched_sets.csv")
    assert table.groupby("rule").size().tolist() == [2] * 7
    assert WITHOUT in outcome.out and "small 10" in outcome.out
    assert not (root / "out" / "recovery_tuned.csv").exists()
