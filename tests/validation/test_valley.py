import numpy as np
import pytest

from tiktok_segments.validation.valley import valley_ratios


def test_the_valley_of_two_far_groups_is_deep() -> None:
    spread = np.linspace(-1, 1, 50)
    X = np.concatenate([spread, spread + 20])[:, None]
    assert valley_ratios(X, np.repeat([0, 1], 50))[0, 1] < 1e-6


def test_a_cloud_cut_in_two_has_no_valley() -> None:
    X = np.sort(np.random.default_rng(0).normal(size=400))[:, None]
    assert valley_ratios(X, np.repeat([0, 1], 200))[0, 1] == 1.0


def test_two_normal_groups_have_the_valley_of_their_density() -> None:
    # centres 4 standard deviations apart: the middle's density is 2 φ(2) / (φ(0) + φ(4)) = 0.27
    quantiles = np.random.default_rng(0).normal(size=(2, 20_000))
    X = np.concatenate([quantiles[0], quantiles[1] + 4])[:, None]
    ratio = valley_ratios(X, np.repeat([0, 1], 20_000))[0, 1]
    assert ratio == pytest.approx(0.27, abs=0.04)


def test_the_table_is_symmetric_and_blank_for_a_cluster_without_rows() -> None:
    X = np.array([[0.0], [0.1], [5.0], [5.1]])
    ratios = valley_ratios(X, np.array([0, 0, 2, 2]))
    assert ratios[0, 2] == ratios[2, 0] < 1
    assert np.isnan(ratios[1]).all() and np.isnan(np.diag(ratios)).all()


def test_clusters_with_one_centre_have_no_valley() -> None:
    X = np.array([[-1.0], [1.0], [-2.0], [2.0]])
    assert valley_ratios(X, np.array([0, 0, 1, 1]))[0, 1] == 1.0


def test_two_single_rows_are_apart() -> None:
    assert valley_ratios(np.array([[0.0], [3.0]]), np.array([0, 1]))[0, 1] < 1e-6
