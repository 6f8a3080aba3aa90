import numpy as np
import pytest
from sklearn.metrics import silhouette_score

from tiktok_segments.clustering.silhouettes import ROWS_PER_BLOCK, mean_silhouettes


def test_it_agrees_with_scikit_learn_over_several_blocks() -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(ROWS_PER_BLOCK + 90, 3))
    labellings = [rng.integers(k, size=len(X)) for k in (2, 3, 7)]
    expected = [silhouette_score(X, labels) for labels in labellings]
    assert mean_silhouettes(X, labellings) == pytest.approx(expected, abs=1e-10)


def test_a_row_alone_in_its_cluster_counts_zero() -> None:
    X = np.array([[0.0], [1.0], [5.0]])
    # rows at 0 and 1: a = 1, b = 5 and 4, so 0.8 and 0.75; the row at 5 is alone
    assert mean_silhouettes(X, [np.array([0, 0, 1])])[0] == pytest.approx((0.8 + 0.75 + 0) / 3)


def test_one_cluster_has_no_silhouette() -> None:
    assert np.isnan(mean_silhouettes(np.array([[0.0], [1.0]]), [np.array([0, 0])])[0])


def test_rows_that_coincide_lie_between_their_clusters() -> None:
    assert mean_silhouettes(np.zeros((4, 1)), [np.array([0, 0, 1, 1])])[0] == 0.0
