"""How often an account stays with its cluster: calibrated, and blind to the clusters' order."""

import numpy as np
import pytest
from sklearn.cluster import KMeans

from tiktok_segments.clustering.redrawn_centres import measure_stability, redraw_centres


def ring_and_groups(seed: int) -> np.ndarray:
    """Make accounts between three centres, of which many lie on a border."""
    rng = np.random.default_rng(seed)
    centres = np.array([[0.0, 0.0], [3.0, 0.0], [1.5, 2.5]])
    return centres[rng.integers(0, 3, 1200)] + rng.normal(0, 1.2, (1200, 2))


def test_of_accounts_that_stay_nine_times_in_ten_nine_in_ten_stay_on_fresh_halves() -> None:
    measured, stayed = [], []
    for k in (3, 4, 5, 6):
        X = ring_and_groups(seed=k)
        kmeans = KMeans(k, n_init=10, random_state=0).fit(X)
        for shares, seed in ((measured, 0), (stayed, 1)):
            redrawn = redraw_centres(kmeans, X, kmeans.labels_, random_state=seed)
            shares.append(measure_stability(X, kmeans.labels_, redrawn))
    found, fresh = np.concatenate(measured), np.concatenate(stayed)
    for low, high in ((0.5, 0.7), (0.7, 0.85), (0.85, 0.95), (0.95, 1.01)):
        alike = (found >= low) & (found < high)
        assert alike.sum() >= 200
        assert fresh[alike].mean() == pytest.approx(found[alike].mean(), abs=0.05)


def test_the_clusters_of_a_half_are_named_after_the_models() -> None:
    X = np.concatenate([ring_and_groups(seed=0) * 0.1 + place for place in (0, 5, 10)])
    kmeans = KMeans(3, init=np.array([[10.0, 10.0], [0.0, 0.0], [5.0, 5.0]]), n_init=1).fit(X)
    redrawn = redraw_centres(kmeans, X, kmeans.labels_, n_redraws=5)
    np.testing.assert_allclose(redrawn, np.tile(kmeans.cluster_centers_, (5, 1, 1)), atol=0.1)
    assert (measure_stability(X, kmeans.labels_, redrawn) == 1).all()


def test_a_model_started_at_a_small_group_keeps_it_on_every_half() -> None:
    rng = np.random.default_rng(0)
    X = np.concatenate([rng.normal(0, 1, (900, 2)), rng.normal(5, 0.2, (12, 2))])
    start = np.array([X[:900].mean(axis=0), X[900:].mean(axis=0)])
    kmeans = KMeans(2, init=start, n_init=1).fit(X)
    redrawn = redraw_centres(kmeans, X, kmeans.labels_)
    assert measure_stability(X, kmeans.labels_, redrawn)[900:].min() == 1


def test_few_and_equal_accounts_are_measured_without_a_warning(
    recwarn: pytest.WarningsRecorder,
) -> None:
    X = np.array([[0.0], [0.0], [0.0], [9.0], [9.0]])
    kmeans = KMeans(2, n_init=1, random_state=0).fit(X)
    stability = measure_stability(X, kmeans.labels_, redraw_centres(kmeans, X, kmeans.labels_))
    assert ((stability >= 0) & (stability <= 1)).all()
    assert measure_stability(X[:0], kmeans.labels_[:0], np.zeros((1, 2, 1))).shape == (0,)
    assert not recwarn.list


def test_accounts_that_stay_for_certain_are_those_that_every_redraw_keeps() -> None:
    rng = np.random.default_rng(3)
    X = rng.normal(size=(2_000, 3))
    centres = rng.normal(size=(4, 3))
    redrawn = centres + rng.normal(scale=0.1, size=(20, 4, 3))
    labels = np.linalg.norm(X[:, None] - centres, axis=2).argmin(axis=1)
    nearest = np.linalg.norm(X[:, None, None] - redrawn, axis=3).argmin(axis=2)
    stability = measure_stability(X, labels, redrawn)
    np.testing.assert_array_equal(stability, (nearest == labels[:, None]).mean(axis=1))
    assert 0.1 < (stability < 1).mean() < 0.9
