import numpy as np
import pytest
from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score, silhouette_score

from tiktok_segments.clustering.fitted import sum_clusters
from tiktok_segments.clustering.metrics import score_clusters
from tiktok_segments.clustering.silhouettes import silhouette_samples

# Two pairs on a line. Centres 1 and 11, mean of all 6.
X = np.array([[0.0], [2.0], [10.0], [12.0]])
LABELS = np.array([0, 0, 1, 1])

# Outer points: a = 2, b = (10 + 12) / 2 = 11; inner points: a = 2, b = (8 + 10) / 2 = 9.
SILHOUETTES = np.array([9 / 11, 7 / 9, 7 / 9, 9 / 11])


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        ("inertia", 4.0),  # four points, one away from their centre each
        ("inertia_ratio", 4 / 104),  # 36 + 16 + 16 + 36 around 6
        ("silhouette", (9 / 11 + 7 / 9) / 2),
        ("calinski_harabasz", (100 / 1) / (4 / 2)),
        ("davies_bouldin", (1 + 1) / 10),
        ("smallest_share", 0.5),
    ],
)
def test_two_pairs_on_a_line_score_as_worked_by_hand(metric: str, expected: float) -> None:
    assert score_clusters(sum_clusters(X, LABELS), SILHOUETTES)[metric] == pytest.approx(
        expected, rel=1e-12
    )


def test_every_metric_is_a_plain_number() -> None:
    scores = score_clusters(sum_clusters(X, LABELS), SILHOUETTES)
    assert all(type(value) is float for value in scores.values())


def test_a_better_clustering_is_better_in_every_direction() -> None:
    crossed = np.array([0, 1, 0, 1])
    good = score_clusters(sum_clusters(X, LABELS), SILHOUETTES)
    bad = score_clusters(sum_clusters(X, crossed), silhouette_samples(X, crossed))
    for name in ("silhouette", "calinski_harabasz"):
        assert good[name] > bad[name], name
    for name in ("inertia", "inertia_ratio", "davies_bouldin"):
        assert good[name] < bad[name], name


def test_the_smallest_share_is_that_of_the_smallest_cluster() -> None:
    labels = np.array([0, 1, 1, 1])
    assert score_clusters(sum_clusters(X, labels), SILHOUETTES)["smallest_share"] == 0.25


def test_the_scores_are_those_of_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    points, labels = rng.normal(size=(200, 3)), rng.integers(4, size=200)
    scores = score_clusters(sum_clusters(points, labels), silhouette_samples(points, labels))
    expected = {
        "calinski_harabasz": calinski_harabasz_score(points, labels),
        "davies_bouldin": davies_bouldin_score(points, labels),
        "silhouette": silhouette_score(points, labels),
    }
    assert {name: scores[name] for name in expected} == pytest.approx(expected, rel=1e-9)


def test_clusters_without_spread_score_as_in_scikit_learn() -> None:
    points, labels = np.array([[0.0], [0.0], [5.0]]), np.array([0, 0, 1])
    scores = score_clusters(sum_clusters(points, labels), SILHOUETTES)
    assert scores["calinski_harabasz"] == calinski_harabasz_score(points, labels) == 1.0
    assert scores["davies_bouldin"] == davies_bouldin_score(points, labels) == 0.0


def test_sums_of_clusters_add_up_as_worked_by_hand() -> None:
    clusters = sum_clusters(np.array([[0.0, 0.0], [6.0, 8.0], [1.0, 1.0]]), np.array([0, 0, 1]))
    assert clusters.counts.tolist() == [2, 1]
    assert clusters.sums.tolist() == [[6.0, 8.0], [1.0, 1.0]]
    assert clusters.scatter.tolist() == [[18.0, 32.0], [0.0, 0.0]]
    assert clusters.distances.tolist() == [10.0, 0.0]


def test_nothing_given_is_changed() -> None:
    before, labels_before, silhouettes_before = X.copy(), LABELS.copy(), SILHOUETTES.copy()
    score_clusters(sum_clusters(X, LABELS), SILHOUETTES)
    assert (before == X).all()
    assert (labels_before == LABELS).all()
    assert (silhouettes_before == SILHOUETTES).all()
