from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import KMeans
from sklearn.preprocessing import StandardScaler

from tiktok_segments.errors import InputError
from tiktok_segments.validation.conditions import Thresholds, separated_k
from tiktok_segments.validation.diagnostics import diagnose
from tiktok_segments.validation.results import SpaceDiagnostics

FAST: dict[str, Any] = {"n_draws": 8, "n_resamples": 6, "n_splits": 3, "n_init": 3}
KS = [2, 3, 4]


def _groups(n_groups: int, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    centres = np.array([[0, 0], [9, 2], [3, 9]])[:n_groups]
    return np.concatenate([centre + rng.normal(size=(50, 2)) for centre in centres])


def _diagnosed(X: np.ndarray, **changed: Any) -> SpaceDiagnostics:
    return diagnose(X, KS, **({"random_state": 0} | FAST | changed))


def _verdict(X: np.ndarray, **changed: Any) -> int:
    return separated_k(_diagnosed(X, **changed).rows(), Thresholds())


def test_three_groups_are_found_and_one_cloud_is_left_whole() -> None:
    assert _verdict(StandardScaler().fit_transform(_groups(3))) == 3
    assert _verdict(StandardScaler().fit_transform(_groups(1))) == 1


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 1000), st.sampled_from([1, 3]))
def test_order_of_rows_and_columns_does_not_matter(seed: int, n_groups: int) -> None:
    X = StandardScaler().fit_transform(_groups(n_groups))
    shuffled = X[np.random.default_rng(seed).permutation(len(X))][:, ::-1]
    for k, expected in _diagnosed(X).by_k.items():
        found = _diagnosed(shuffled).by_k[k]
        assert found.gate_z == pytest.approx(expected.gate_z, abs=1e-6)
        assert found.stability_ari == pytest.approx(expected.stability_ari, abs=1e-6)
        assert found.split_half_ari == pytest.approx(expected.split_half_ari, abs=1e-6)


@settings(max_examples=5, deadline=None)
@given(
    st.tuples(st.floats(1e-3, 1e4), st.floats(1e-3, 1e4)),
    st.tuples(st.floats(-100, 100), st.floats(-100, 100)),
    st.sampled_from([1, 3]),
)
def test_units_of_columns_before_the_scaler_do_not_matter(
    units: tuple[float, float], origins: tuple[float, float], n_groups: int
) -> None:
    X = _groups(n_groups)
    rescaled = StandardScaler().fit_transform(X * units + np.array(origins))
    assert _verdict(rescaled) == _verdict(StandardScaler().fit_transform(X))


@settings(max_examples=5, deadline=None)
@given(st.permutations([0, 1, 2, 3]))
def test_numbers_of_clusters_do_not_matter(order: list[int]) -> None:
    X = StandardScaler().fit_transform(_groups(3))
    labels = {k: KMeans(k, n_init=3, random_state=0).fit_predict(X) for k in KS}
    renamed = {k: np.argsort(np.argsort(order[:k]))[found] for k, found in labels.items()}
    plain, changed = _diagnosed(X, labels_by_k=labels), _diagnosed(X, labels_by_k=renamed)
    for k in KS:
        assert changed.by_k[k].gate_z == pytest.approx(plain.by_k[k].gate_z)
        assert changed.by_k[k].valley == pytest.approx(plain.by_k[k].valley)
        assert changed.by_k[k].jaccard[np.argsort(np.argsort(order[:k]))] == pytest.approx(
            plain.by_k[k].jaccard
        )


def test_figures_of_a_k_do_not_depend_on_the_other_ks() -> None:
    X = _groups(3)
    alone = diagnose(X, [3], random_state=1, **FAST).by_k[3]
    among = diagnose(X, KS, random_state=1, **FAST).by_k[3]
    assert alone.gate_z == among.gate_z and alone.gap == among.gap
    assert alone.jaccard.tolist() == among.jaccard.tolist()


def test_the_seed_decides_every_figure() -> None:
    X = _groups(1)
    assert _diagnosed(X).rows()[0]["gate_z"] == _diagnosed(X).rows()[0]["gate_z"]
    assert _diagnosed(X).rows()[0]["gate_z"] != _diagnosed(X, random_state=1).rows()[0]["gate_z"]


def test_above_max_rows_a_subsample_speaks_and_sizes_count_everyone() -> None:
    X = _groups(3)
    labels = np.repeat([0, 1, 2], 50)
    found = _diagnosed(X, max_rows=60, labels_by_k={3: labels})
    assert (found.n_samples, found.rows_used) == (150, 60)
    assert found.by_k[3].smallest_size == 50 and found.by_k[3].stability_min_jaccard == 1.0


def test_progress_is_told_to_the_end() -> None:
    seen: list[tuple[int, int]] = []
    _diagnosed(_groups(1), progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (8 + 2 * 3, 8 + 2 * 3) and len(seen) == 14


@pytest.mark.parametrize(
    ("X", "ks", "labels"),
    [
        (np.array([[np.nan], [1.0]]), [2], {}),
        (np.arange(12.0)[:, None], [4], {}),
        (np.arange(12.0)[:, None], [], {}),
        (np.arange(12.0)[:, None], [2], {2: np.full(12, 2)}),
        (np.arange(12.0)[:, None], [2], {2: np.zeros(11, dtype=int)}),
    ],
)
def test_input_that_cannot_be_diagnosed_is_refused(
    X: np.ndarray, ks: list[int], labels: dict[int, np.ndarray]
) -> None:
    with pytest.raises(InputError):
        diagnose(X, ks, random_state=0, labels_by_k=labels)
