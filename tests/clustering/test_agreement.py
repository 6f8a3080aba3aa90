import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from tiktok_segments.clustering.agreement import adjusted_rand, best_match_jaccard, contingency


def test_the_adjusted_rand_index_is_scikit_learns() -> None:
    rng = np.random.default_rng(0)
    for k in (2, 5):
        labels, others = rng.integers(k, size=60), rng.integers(3, size=60)
        expected = adjusted_rand_score(labels, others)
        assert adjusted_rand(contingency(labels, others)) == pytest.approx(expected)


def test_two_trivial_labellings_agree() -> None:
    one = np.zeros(5, dtype=int)
    assert adjusted_rand(contingency(one, one)) == 1.0


def test_a_cluster_without_rows_has_no_match() -> None:
    jaccard = best_match_jaccard(contingency(np.array([0, 0, 2]), np.array([0, 0, 1])))
    assert jaccard[0] == jaccard[2] == 1.0 and np.isnan(jaccard[1])
