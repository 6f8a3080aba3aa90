"""The verdict on one scaled matrix, and how it answers to matrices that are none."""

from dataclasses import asdict
from inspect import signature
from typing import Any

import numpy as np
import pandas as pd
import pytest
from omegaconf import OmegaConf
from sklearn.datasets import load_iris, make_blobs
from sklearn.preprocessing import StandardScaler

from commands import PROJECT
from tiktok_segments.errors import InputError
from tiktok_segments.validation.conditions import Thresholds
from tiktok_segments.validation.diagnostics import diagnose
from tiktok_segments.validation.examination import StructureSettings, is_on
from tiktok_segments.validation.separation import Examination, examine

QUICK = StructureSettings(n_draws=10, n_resamples=8, n_splits=4, n_init=4)


def quickly(X: Any, ks: Any = (2, 3, 4), random_state: Any = 0, **changed: Any) -> Examination:
    return examine(X, ks, random_state, **{"settings": QUICK, **changed})


def blobs(n_groups: int, n_rows: int = 240) -> np.ndarray:
    X, _ = make_blobs(n_rows, centers=n_groups, n_features=3, random_state=n_groups)
    return StandardScaler().fit_transform(X)


def structureless(kind: str) -> np.ndarray:
    rng = np.random.default_rng(1)
    correlated = rng.multivariate_normal([0, 0], [[1, 0.6], [0.6, 1]], size=300)
    return {
        "gaussian": rng.normal(size=(300, 2)),
        "uniform": rng.uniform(size=(300, 2)),
        "t4": rng.standard_t(4, size=(300, 2)),
        "lognormal": np.exp(correlated),
        "flags": rng.integers(0, 2, size=(300, 3)).astype(bool),
        "mostly one row": np.concatenate([np.zeros((180, 2)), rng.normal(size=(20, 2))]),
    }[kind]


@pytest.mark.parametrize("n_groups", [2, 3, 5])
def test_groups_are_separated_and_every_row_has_its_group(n_groups: int) -> None:
    found = quickly(blobs(n_groups), range(2, 7))
    assert (found.verdict, found.k) == ("separated", n_groups)
    assert found.labels.shape == (240,)
    assert np.unique(found.labels).tolist() == list(range(n_groups))


@pytest.mark.parametrize(
    "kind", ["gaussian", "uniform", "t4", "lognormal", "flags", "mostly one row"]
)
def test_data_without_groups_are_one_and_every_label_is_zero(kind: str) -> None:
    X = structureless(kind)
    found = quickly(X)
    assert (found.verdict, found.k) == ("none", 1)
    assert found.labels.tolist() == [0] * len(X)


def test_iris_has_two_separated_groups() -> None:
    found = quickly(StandardScaler().fit_transform(load_iris().data), range(2, 6))
    assert found.k == 2
    assert np.bincount(found.labels).tolist() in ([50, 100], [100, 50])


def test_the_table_has_a_row_per_k_with_the_figure_and_the_outcome_of_every_condition() -> None:
    X = blobs(3)
    table = quickly(X, [4, 2, 3, 3]).table
    assert table["k"].tolist() == [2, 3, 4]
    bounds = Thresholds()
    assert table["structure_gate"].tolist() == [table["gate_z"].max() >= bounds.gate_z] * 3
    outcomes = {
        "structure_valley": table["valley"] <= bounds.valley,
        "structure_stability": table["stability_min_jaccard"] >= bounds.jaccard,
        "structure_size": table["smallest_size"] >= bounds.smallest_size,
        "structure_share": table["smallest_share"] >= bounds.smallest_share,
        "partition_k": table["k"] <= bounds.partition_max_k,
        "partition_stability": table["stability_min_jaccard"] >= bounds.partition_jaccard,
        "partition_ari": table["stability_ari"] >= bounds.partition_ari,
        "partition_split_half": table["split_half_ari"] >= bounds.partition_split_half,
        "partition_share": table["smallest_share"] >= bounds.partition_smallest_share,
    }
    for name, expected in outcomes.items():
        assert table[name].dtype == bool
        assert table[name].tolist() == expected.tolist(), name


def test_a_frame_other_orders_in_memory_and_single_precision_give_the_same_answer() -> None:
    X = blobs(3)
    expected = quickly(X)
    for other in (pd.DataFrame(X, columns=list("abc")), np.asfortranarray(X)):
        found = quickly(other)
        pd.testing.assert_frame_equal(found.table, expected.table)
        assert found.labels.tolist() == expected.labels.tolist()
    assert quickly(X.astype("float32")).labels.tolist() == expected.labels.tolist()


def test_the_same_seed_gives_the_same_answer_and_the_matrix_is_left_as_it_was() -> None:
    X = blobs(3)
    before = X.copy()
    first, second, other = quickly(X), quickly(X), quickly(X, random_state=7)
    pd.testing.assert_frame_equal(first.table, second.table)
    assert not first.table.equals(other.table)
    assert first.labels.tolist() == other.labels.tolist()
    assert np.array_equal(X, before)


def test_above_the_largest_number_of_rows_a_sample_is_looked_at_and_all_rows_are_labelled() -> None:
    X, planted = make_blobs(900, centers=[[0, 0], [9, 0], [18, 9]], random_state=0)
    found = quickly(X, settings=StructureSettings(10, 8, 4, 4, max_rows=200))
    assert found.k == 3
    assert found.diagnostics is not None
    assert found.diagnostics.rows_used == 200
    assert found.labels.tolist() == planted.tolist()
    assert found.table["n_samples"].tolist() == [900] * 3


def test_a_k_with_fewer_than_four_rows_a_cluster_is_not_measured() -> None:
    X, _ = make_blobs(30, centers=[[0, 0], [9, 0], [18, 9]], random_state=0)
    found = quickly(X, [3, 8])
    assert found.k == 3
    assert found.table["valley"].isna().tolist() == [False, True]
    assert found.table["structure_valley"].tolist() == [True, False]
    assert quickly(X[:3], [2, 3]).verdict == "none"


def test_a_constant_column_says_nothing_and_rows_that_come_often_are_groups() -> None:
    X = blobs(3)
    assert quickly(np.column_stack([X, np.full(len(X), 7.0)])).k == 3
    assert quickly(np.repeat([[0.0, 0.0], [1.0, 1.0]], 25, axis=0), [2]).k == 2


def test_rows_that_differ_in_their_last_digit_raise_no_warning() -> None:
    ones = np.ones((20, 2))
    found = quickly(np.concatenate([ones, np.nextafter(ones, 2)]), [2])
    assert found.verdict == "none"


@pytest.mark.parametrize(
    ("X", "said"),
    [
        (np.arange(30.0), r"shape \(30,\).*\n.*reshape"),
        (np.zeros((3, 3, 3)), "shape"),
        (5, "shape"),
        (np.zeros((0, 2)), "at least three rows"),
        (np.zeros((9, 0)), "one column"),
        ([[1.0], [2.0, 3.0]], "matrix of numbers"),
        (np.full((30, 2), "a"), "matrix of numbers"),
        (np.ones((30, 2)) * 1j, "matrix of numbers"),
        (pd.DataFrame({"a": pd.date_range("2026", periods=30)}), "matrix of numbers"),
        (pd.DataFrame({"a": pd.array([1, 2, None] * 10, dtype="Int64")}), "10 values"),
        (np.array([[1.0, np.inf]] * 30), "30 values that are missing or infinite"),
        (np.ones((30, 2)), "30 rows of X are alike"),
        (1e160 * np.eye(30), "too large or too close"),
        (1e-170 * np.eye(30), "too large or too close"),
    ],
)
def test_what_is_not_a_scaled_matrix_is_refused_in_plain_words(X: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        quickly(X)


@pytest.mark.parametrize(
    ("ks", "said"),
    [
        ([], "empty"),
        (3, "whole numbers"),
        ("23", "whole numbers"),
        ([2.0], "whole numbers"),
        ([True, 2], "whole numbers"),
        (None, "whole numbers"),
        ([1, 2], "2 or more"),
        ([2, 6], "only 5 different rows"),
    ],
)
def test_numbers_of_clusters_that_cannot_be_are_refused_in_plain_words(ks: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        quickly(np.repeat(np.eye(5), 9, axis=0), ks)


@pytest.mark.parametrize("seed", [-1, 2**32, None, 0.5, np.random.default_rng(0)])
def test_a_seed_that_is_none_is_refused_in_plain_words(seed: Any) -> None:
    with pytest.raises(InputError, match="random_state"):
        quickly(blobs(2), random_state=seed)


def test_an_error_of_input_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="empty"):
        quickly(blobs(2), ())


def test_the_library_has_the_defaults_of_the_configuration() -> None:
    structure = OmegaConf.load(PROJECT / "conf" / "structure" / "full.yaml")
    selection = OmegaConf.load(PROJECT / "conf" / "selection" / "structure.yaml")
    defaults = asdict(StructureSettings())
    assert is_on(structure["proposals"]) is defaults.pop("proposals")
    assert defaults == {name: structure[name] for name in defaults}
    assert set(structure) - set(defaults) == {"name", "proposals"}
    assert signature(examine).parameters["random_state"].default == structure["resampling_seed"]
    assert asdict(Thresholds()) == selection["thresholds"]
    del defaults["resampling_seed"]
    assert defaults == {name: signature(diagnose).parameters[name].default for name in defaults}
