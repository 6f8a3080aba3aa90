import numpy as np

from tiktok_segments.validation.redraws.halves import measure_halves
from tiktok_segments.validation.stability import bootstrap_stability, split_halves


def _three_groups() -> tuple[np.ndarray, np.ndarray]:
    labels = np.repeat([0, 1, 2], 40)
    noise = np.random.default_rng(0).normal(scale=0.2, size=(120, 2))
    return noise + np.array([[0, 0], [0, 5], [5, 0]])[labels], labels


def test_far_groups_come_back_from_every_resample_and_half() -> None:
    X, labels = _three_groups()
    jaccard, ari = bootstrap_stability(X, labels, 3, n_resamples=5, n_init=3, random_state=0)
    assert jaccard.tolist() == [1.0, 1.0, 1.0] and ari == 1.0
    halves = split_halves(X, 3, n_splits=4, n_init=3, random_state=0)
    assert measure_halves(X, labels, 3, halves)["split_half_ari"].tolist() == [1.0] * 4


def test_a_group_cut_in_two_does_not_come_back_and_the_others_do() -> None:
    X, labels = _three_groups()
    cut = np.where((labels == 0) & (X[:, 0] > 0), 3, labels)
    jaccard, ari = bootstrap_stability(X, cut, 4, n_resamples=20, n_init=3, random_state=0)
    assert jaccard[[1, 2]].min() > jaccard[[0, 3]].max()
    assert ari < 1.0


def test_a_cluster_without_rows_has_no_stability() -> None:
    X, labels = _three_groups()
    jaccard, _ = bootstrap_stability(X, labels, 4, n_resamples=3, n_init=2, random_state=0)
    assert np.isnan(jaccard[3]) and (jaccard[:3] > 0).all()
