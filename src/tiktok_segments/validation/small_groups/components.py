"""Large groups as components of a mixture: each with a centre and a shape of its own."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import solve_triangular
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

MOST_COMPONENTS = 6
ROWS_PER_VALUE = 4
"""Least rows for each value of a component's centre and of one row of its covariance."""

FREEDOM = 8.0
"""Degrees of freedom of a component's tails, so that single far rows do not shape it."""

REWEIGHTED = 5
"""Steps of a component's robust fit, after which it hardly moves."""


@dataclass(frozen=True, eq=False)
class Component:
    """An elliptical group with tails.

    Attributes
    ----------
    centre : ndarray of shape (n_features,)
    root : ndarray of shape (n_features, n_features)
        Lower Cholesky factor of its scatter.
    """

    centre: np.ndarray
    root: np.ndarray

    @classmethod
    def of(
        cls,
        X: np.ndarray,
        common: np.ndarray,
        weights: np.ndarray | None = None,
        n_rows: float | None = None,
    ) -> Component:
        """Take centre and scatter from rows.

        Parameters
        ----------
        X : ndarray of shape (n_samples, n_features)
        common : ndarray of shape (n_features, n_features)
            A scatter that counts for as many rows as there are features: a few rows have none of
            their own in some direction.
        weights : ndarray of shape (n_samples,), optional
            Of the rows; 1 each if not given.
        n_rows : float, optional
            So many rows they are; the sum of the weights if not given.

        Returns
        -------
        Component
        """
        if weights is None:
            weights = np.ones(len(X))
        centre = weights @ X / weights.sum()
        away, n_features = X - centre, X.shape[1]
        scatter = (weights[:, None] * away).T @ away + n_features * common
        total = (weights.sum() if n_rows is None else n_rows) + n_features
        return cls(centre, np.linalg.cholesky(scatter / total))

    def whiten(self, X: np.ndarray) -> np.ndarray:
        """Put the centre at 0 and the scatter at 1, for ndarray of shape (n, n_features)."""
        return np.asarray(solve_triangular(self.root, (X - self.centre).T, lower=True).T)

    def log_density(self, X: np.ndarray) -> np.ndarray:
        """Log density of a multivariate t at each row, up to a constant that all share."""
        squares = (self.whiten(X) ** 2).sum(axis=1)
        volume = np.log(np.diag(self.root)).sum()
        return np.asarray(-volume - 0.5 * (FREEDOM + X.shape[1]) * np.log1p(squares / FREEDOM))


@dataclass(frozen=True, eq=False)
class Components:
    """Components that rows are in.

    Attributes
    ----------
    common : ndarray of shape (n_features, n_features)
        Mean covariance within them.
    each : list of Component
    shares : ndarray of shape (n_components,)
        Of the rows, in each.
    log_densities : ndarray of shape (n_samples, n_components)
        At the rows they were fitted on, with the component's share.
    """

    common: np.ndarray
    each: list[Component]
    shares: np.ndarray
    log_densities: np.ndarray

    @property
    def labels(self) -> np.ndarray:
        """The likeliest component of each row."""
        return np.asarray(self.log_densities.argmax(axis=1))


def weigh_densities(X: np.ndarray, each: Sequence[Component], shares: np.ndarray) -> np.ndarray:
    """Log density of each component at each row, times its share of the rows.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
    each : sequence of Component
    shares : ndarray of shape (n_components,)

    Returns
    -------
    ndarray of shape (n_samples, n_components)
    """
    return np.column_stack([component.log_density(X) for component in each]) + np.log(shares)


def fit_components(X: np.ndarray) -> list[Components]:
    """Fit mixtures with more and more components, up to the number of the lowest BIC.

    Each is scikit-learn's Gaussian mixture with full covariances [1]_, of which every component is
    fitted anew as a multivariate t with eight degrees of freedom to the rows in it [2]_.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        Columns with a standard deviation of 1.

    Returns
    -------
    list of Components
        The best one last.

    References
    ----------
    .. [1] Schwarz (1978), "Estimating the dimension of a model", Ann. Stat. 6:461-464.
    .. [2] Peel & McLachlan (2000), "Robust mixture modelling using the t distribution", Statistics
       and Computing 10:339-348.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> fits = fit_components(np.concatenate([rng.normal(size=(200, 2)) + at for at in (0, 9)]))
    >>> len(fits), np.bincount(fits[-1].labels).tolist()
    (2, [200, 200])
    """
    fits, scores = [], []
    for mixture in _gaussian_mixtures(X):
        fits.append(mixture)
        scores.append(mixture.bic(X))
        if len(scores) > 2 and min(scores[-2:]) > min(scores[:-2]):
            break
    return [_as_components(X, mixture) for mixture in fits[: int(np.argmin(scores)) + 1]]


def _gaussian_mixtures(X: np.ndarray) -> Iterator[GaussianMixture]:
    for k in range(1, MOST_COMPONENTS + 1):
        if k > 1 and len(X) < ROWS_PER_VALUE * k * (X.shape[1] + 1):
            return
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            yield GaussianMixture(k, reg_covar=1e-4, tol=3e-3, max_iter=60, random_state=0).fit(X)


def _as_components(X: np.ndarray, mixture: GaussianMixture) -> Components:
    shares = mixture.predict_proba(X)
    shares = shares[:, shares.sum(axis=0) >= 1]
    common = np.tensordot(mixture.weights_, mixture.covariances_, 1)
    each = [_robust(X, common, share) for share in shares.T]
    of_rows = shares.mean(axis=0)
    return Components(common, each, of_rows, weigh_densities(X, each, of_rows))


def _robust(X: np.ndarray, common: np.ndarray, share: np.ndarray) -> Component:
    """Fit a multivariate t to the rows of a component by reweighting them."""
    component = Component.of(X, common, share)
    for _ in range(REWEIGHTED - 1):
        squares = (component.whiten(X) ** 2).sum(axis=1)
        weights = share * (FREEDOM + X.shape[1]) / (FREEDOM + squares)
        component = Component.of(X, common, weights, float(share.sum()))
    return component
