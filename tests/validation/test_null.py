import numpy as np
import pytest

from tiktok_segments.validation.null import UnimodalNull, fit_unimodal, normal_score_correlation


def test_the_fit_of_a_unimodal_sample_stays_near_it() -> None:
    values = np.random.default_rng(0).normal(size=2000)
    assert fit_unimodal(values).distance < 0.02


def test_the_fit_of_two_far_groups_is_far_from_them() -> None:
    rng = np.random.default_rng(0)
    values = np.concatenate([rng.normal(0, 1, 500), rng.normal(20, 1, 500)])
    assert fit_unimodal(values).distance > 0.2


def test_the_distribution_is_convex_left_of_the_mode_and_concave_right_of_it() -> None:
    values = np.random.default_rng(1).gamma(3.0, size=300)
    marginal = fit_unimodal(values)
    steps = np.diff(marginal.values) > 0
    slopes = np.diff(marginal.probabilities)[steps] / np.diff(marginal.values)[steps]
    peak = int(slopes.argmax())
    assert (np.diff(slopes[: peak + 1]) >= -1e-9).all()
    assert (np.diff(slopes[peak:]) <= 1e-9).all()


def test_an_atom_at_the_mode_is_kept() -> None:
    values = np.concatenate([np.zeros(60), np.arange(1.0, 41.0)])
    drawn = fit_unimodal(values).quantile(np.linspace(0.001, 0.999, 999))
    assert np.mean(drawn == 0) == pytest.approx(0.6, abs=0.02)


def test_a_constant_column_draws_itself() -> None:
    X = np.column_stack([np.full(40, 7.0), np.arange(40.0)])
    draw = UnimodalNull.fit(X).draw(np.random.default_rng(0))
    assert (draw[:, 0] == 7.0).all()
    assert normal_score_correlation(X)[0, 1] == 0.0


def test_draws_keep_range_and_correlation() -> None:
    rng = np.random.default_rng(2)
    first = rng.normal(size=3000)
    X = np.column_stack([first, first + 0.5 * rng.normal(size=3000)])
    draw = UnimodalNull.fit(X).draw(rng)
    assert (draw.min(axis=0) >= X.min(axis=0)).all() and (draw.max(axis=0) <= X.max(axis=0)).all()
    drawn, given = (np.corrcoef(Z, rowvar=False).ravel()[1] for Z in (draw, X))
    assert drawn == pytest.approx(given, abs=0.03)


def test_the_sample_is_left_as_it_was() -> None:
    X = np.random.default_rng(3).normal(size=(30, 2))
    before = X.copy()
    UnimodalNull.fit(X)
    assert (before == X).all()
