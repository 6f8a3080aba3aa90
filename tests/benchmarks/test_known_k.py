import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_iris

from tiktok_segments.benchmarks.known_k import (
    CLAIM_KINDS,
    OWN_RULE,
    count_claims,
    score_rules,
    summarise_rules,
)
from tiktok_segments.benchmarks.known_sets import (
    NOISE,
    STRUCTURELESS,
    KnownSet,
    classic_sets,
    planted_set,
    structureless_set,
)
from tiktok_segments.benchmarks.usual_rules import gap_k, prediction_strength
from tiktok_segments.validation.conditions import Thresholds
from tiktok_segments.validation.textbook_rules import elbow_k


def test_planted_sets_are_what_they_say() -> None:
    for seed in range(20):
        known = planted_set(seed)
        assert 2 <= known.true_k <= 6 and 3 <= known.X.shape[1] <= 5
        assert 490 <= len(known.X) <= 1020
        assert ("noise" in known.name) == (NOISE in known.truth)
        shares = np.unique(known.truth[known.truth != NOISE], return_counts=True)[1] / len(known.X)
        assert ("small" in known.name) == (shares.min() < 0.025)


def test_the_same_seed_plants_the_same_set() -> None:
    assert (planted_set(5).X == planted_set(5).X).all()


@pytest.mark.parametrize("kind", STRUCTURELESS)
def test_structureless_sets_are_finite_and_of_one_group(kind: str) -> None:
    known = structureless_set(kind, 0, n_samples=80, n_features=3)
    assert known.X.shape == (80, 3) and np.isfinite(known.X).all() and known.true_k == 1


def test_classic_sets_know_their_groups() -> None:
    assert {known.name: known.true_k for known in classic_sets()} == {
        "iris": 3,
        "wine": 3,
        "breast cancer": 2,
        "digits": 10,
    }


def test_every_rule_finds_three_far_groups_and_the_structure_rule_leaves_a_cloud() -> None:
    rng = np.random.default_rng(0)
    truth = np.repeat([0, 1, 2], 40)
    X = rng.normal(size=(120, 2)) + 12 * np.array([[0, 0], [0, 1], [1, 0.2]])[truth]
    grouped = {row["rule"]: row for row in score_rules(KnownSet("far", X, truth), 0)}
    assert {rule for rule, row in grouped.items() if row["k"] != 3} == set()
    assert grouped[OWN_RULE]["ari"] == 1.0
    cloud = KnownSet("cloud", rng.normal(size=(120, 2)), np.zeros(120, dtype=int))
    found = {row["rule"]: str(row["k"]) for row in score_rules(cloud, 0)}
    assert found[OWN_RULE] == "1" != found["highest silhouette"]


def test_the_table_counts_groups_and_clouds_apart() -> None:
    per_set = pd.DataFrame(
        {"rule": "r", "true_k": [3, 4, 1, 1], "k": [3, 2, 1, 5], "ari": [1.0, 0.5, 0.0, 0.0]}
    )
    row = summarise_rules(per_set).loc["r"]
    assert row.to_dict() == {
        "true_k_found": 0.5,
        "mean_abs_error_k": 1.0,
        "ari_to_truth": 0.75,
        "structure_claimed": 0.5,
        "right_overall": 0.5,
    }


def test_the_gap_statistic_finds_two_far_groups() -> None:
    X = np.concatenate([np.random.default_rng(0).normal(size=(50, 2)) + c for c in (0, 15)])
    inertias = [float(((X - np.repeat([X[:50].mean(0), X[50:].mean(0)], 50, 0)) ** 2).sum())]
    assert gap_k(X, [2, 3], [*inertias, 0.8 * inertias[0]], n_draws=5, random_state=0) == 2


def test_prediction_strength_of_a_cloud_falls_with_k() -> None:
    X = load_iris(return_X_y=True)[0]
    two, six = (prediction_strength(X, k, n_splits=5, random_state=0) for k in (2, 6))
    assert two > 0.9 > 0.8 > six


def test_a_straight_inertia_curve_has_no_elbow() -> None:
    assert elbow_k([2, 3, 4, 5], [40.0, 30.0, 20.0, 10.0]) is None


def test_claims_are_counted_by_kind_and_size_and_a_rule_without_bounds_claims_all() -> None:
    lax = Thresholds(gate_z=-99.0, valley=99.0, jaccard=-1.0, smallest_size=0, smallest_share=0)
    table = count_claims([3], sizes=(60,), thresholds=lax)
    assert table["kind"].to_list() == list(CLAIM_KINDS)
    assert (table["sets"] == 1).all() and (table["claims"] == 1).all()
