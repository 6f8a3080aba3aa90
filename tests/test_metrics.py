import numpy as np
import pytest

from tiktok_segments.metrics import sample_rows, sample_silhouettes, score_clusters

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
    assert score_clusters(X, LABELS, SILHOUETTES)[metric] == pytest.approx(expected, rel=1e-12)


def test_every_metric_is_a_plain_number() -> None:
    scores = score_clusters(X, LABELS, SILHOUETTES)
    assert all(type(value) is float for value in scores.values())


def test_a_better_clustering_is_better_in_every_direction() -> None:
    crossed = np.array([0, 1, 0, 1])
    good = score_clusters(X, LABELS, SILHOUETTES)
    bad = score_clusters(X, crossed, sample_silhouettes(X, crossed, seed=0)[1])
    for name in ("silhouette", "calinski_harabasz"):
        assert good[name] > bad[name], name
    for name in ("inertia", "inertia_ratio", "davies_bouldin"):
        assert good[name] < bad[name], name


def test_the_smallest_share_is_that_of_the_smallest_cluster() -> None:
    labels = np.array([0, 1, 1, 1])
    assert score_clusters(X, labels, SILHOUETTES)["smallest_share"] == 0.25


def test_silhouettes_are_those_worked_by_hand() -> None:
    rows, silhouettes = sample_silhouettes(X, LABELS, seed=0)
    assert rows.tolist() == [0, 1, 2, 3]
    assert silhouettes == pytest.approx(SILHOUETTES, rel=1e-12)


def test_an_account_alone_in_its_cluster_has_silhouette_zero() -> None:
    _, silhouettes = sample_silhouettes(X[:3], np.array([0, 0, 1]), seed=0)
    assert silhouettes[2] == 0


def test_up_to_the_limit_every_row_is_taken() -> None:
    assert sample_rows(np.repeat([0, 1], [7, 3]), seed=0, max_rows=10).tolist() == list(range(10))


def test_above_the_limit_each_cluster_gives_its_share_and_two_at_least() -> None:
    labels = np.repeat([0, 1, 2, 3], [600, 390, 9, 1])
    rows = sample_rows(labels, seed=0, max_rows=100)
    # 60, 39, round(0.9) raised to two, and the only one there is.
    assert np.bincount(labels[rows]).tolist() == [60, 39, 2, 1]
    assert (np.diff(rows) > 0).all()


def test_the_sample_depends_on_its_seed_alone() -> None:
    labels = np.repeat([0, 1], 500)
    first = sample_rows(labels, seed=1, max_rows=50).tolist()
    assert sample_rows(labels, seed=1, max_rows=50).tolist() == first
    assert sample_rows(labels, seed=2, max_rows=50).tolist() != first


def test_sampled_silhouettes_are_those_of_the_sampled_rows() -> None:
    wide = np.concatenate([np.linspace(0, 1, 300), np.linspace(9, 10, 300)])[:, np.newaxis]
    labels = np.repeat([0, 1], 300)
    rows, silhouettes = sample_silhouettes(wide, labels, seed=0, max_rows=40)
    assert len(rows) == len(silhouettes) == 40
    assert sample_silhouettes(wide[rows], labels[rows], seed=9)[1].tolist() == silhouettes.tolist()
    assert silhouettes.mean() == pytest.approx(
        sample_silhouettes(wide, labels, seed=0)[1].mean(), abs=0.01
    )


def test_nothing_given_is_changed() -> None:
    before, labels_before, silhouettes_before = X.copy(), LABELS.copy(), SILHOUETTES.copy()
    sample_silhouettes(X, LABELS, seed=0, max_rows=3)
    score_clusters(X, LABELS, SILHOUETTES)
    assert (before == X).all()
    assert (labels_before == LABELS).all()
    assert (silhouettes_before == SILHOUETTES).all()
