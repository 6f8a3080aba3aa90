import numpy as np
from sklearn.cluster import KMeans

from tiktok_segments.clustering.agreement import adjusted_rand, contingency
from tiktok_segments.clustering.metrics import within_inertia
from tiktok_segments.validation.weighted_kmeans import weighted_kmeans


def test_it_is_as_good_as_scikit_learn() -> None:
    X = np.random.default_rng(0).normal(size=(400, 3))
    for k in (2, 5, 9):
        ours = weighted_kmeans(X, np.ones((1, 400)), k, n_init=8, rng=np.random.default_rng(k))[0]
        theirs = KMeans(k, n_init=8, random_state=k).fit(X).inertia_
        assert within_inertia(X, ours) < 1.02 * theirs


def test_a_weight_of_two_is_a_row_given_twice() -> None:
    X = np.array([[0.0], [4.0], [5.0], [9.0]])
    weights = np.array([[1.0, 2.0, 2.0, 1.0], [100.0, 1.0, 1.0, 1.0]])
    labels = weighted_kmeans(X, weights, 3, n_init=8, rng=np.random.default_rng(0))
    assert labels[0, 1] == labels[0, 2] and len(set(labels[0])) == 3
    assert adjusted_rand(contingency(labels[0], labels[1])) == 1.0


def test_rows_of_no_weight_are_labelled_but_do_not_count() -> None:
    X = np.array([[0.0], [0.1], [5.0], [5.1], [100.0]])
    weights = np.array([[1.0, 1.0, 1.0, 1.0, 0.0]])
    labels = weighted_kmeans(X, weights, 2, n_init=2, rng=np.random.default_rng(0))[0]
    assert labels[0] == labels[1] != labels[2] == labels[3] == labels[4]


def test_fewer_distinct_rows_than_clusters_leave_clusters_empty() -> None:
    X = np.array([[0.0], [0.0], [1.0], [1.0]])
    labels = weighted_kmeans(X, np.ones((1, 4)), 3, n_init=2, rng=np.random.default_rng(0))[0]
    assert labels[0] == labels[1] != labels[2] == labels[3]
