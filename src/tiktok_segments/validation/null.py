"""A reference without clusters: a Gaussian copula with the data's own unimodal marginals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import isotonic_regression
from scipy.special import ndtr, ndtri
from scipy.stats import rankdata

MODE_QUANTILES = np.linspace(0.02, 0.98, 33)


@dataclass(frozen=True)
class UnimodalMarginal:
    """The unimodal distribution nearest to a sample, as the corners of its distribution function.

    Attributes
    ----------
    values : ndarray of shape (n_corners,)
        Non-decreasing; the mode stands twice where it carries an atom.
    probabilities : ndarray of shape (n_corners,)
        Distribution function at `values`, from 0 to 1.
    distance : float
        Largest distance to the empirical distribution function.
    """

    values: np.ndarray
    probabilities: np.ndarray
    distance: float

    def quantile(self, probability: np.ndarray) -> np.ndarray:
        """Value below which a share of the distribution lies, for each share."""
        return np.interp(probability, self.probabilities, self.values)


def fit_unimodal(values: np.ndarray) -> UnimodalMarginal:
    """Fit the unimodal distribution nearest to a sample.

    Left of a mode the fit is the greatest convex minorant of the empirical distribution function,
    right of it the least concave majorant, which is the construction inside the dip test [1]_. The
    mode is the one of 33 quantiles (2 to 98 %) that gives the smallest sup-distance.

    Parameters
    ----------
    values : ndarray of shape (n_samples,)
        At least one finite value. A constant sample gives an atom.

    Returns
    -------
    UnimodalMarginal

    References
    ----------
    .. [1] Hartigan & Hartigan (1985), "The dip test of unimodality", Ann. Stat. 13:70-84.

    Examples
    --------
    Two far groups become one: the valley between them is filled.

    >>> marginal = fit_unimodal(np.array([0.0, 1.0, 2.0, 10.0, 11.0, 12.0]))
    >>> inside = marginal.quantile(np.linspace(0, 1, 1001))
    >>> bool(((inside > 3) & (inside < 9)).any())
    True
    """
    unique, counts = np.unique(values, return_counts=True)
    upper = np.cumsum(counts) / counts.sum()
    lower = np.concatenate([[0.0], upper[:-1]])
    modes = np.unique(np.searchsorted(upper, MODE_QUANTILES - 1e-12))
    fits = [_fit_around(unique, lower, upper, mode) for mode in modes]
    return min(fits, key=lambda fit: fit.distance)


def _fit_around(
    unique: np.ndarray, lower: np.ndarray, upper: np.ndarray, mode: int
) -> UnimodalMarginal:
    left = _convex_minorant(unique[: mode + 1], lower[: mode + 1])
    right = -_convex_minorant(unique[mode:], -upper[mode:])
    distance = max(
        np.abs(upper[:mode] - left[:-1]).max(initial=0.0),
        np.abs(lower[: mode + 1] - left).max(),
        np.abs(upper[mode:] - right).max(),
        np.abs(lower[mode + 1 :] - right[1:]).max(initial=0.0),
    )
    return UnimodalMarginal(
        values=np.concatenate([unique[: mode + 1], unique[mode:]]),
        probabilities=np.concatenate([left, right]),
        distance=float(distance),
    )


def _convex_minorant(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Greatest convex function under the points: its slopes are an isotonic regression."""
    if len(x) < 3:
        return y
    widths = np.diff(x)
    slopes = isotonic_regression(np.diff(y) / widths, weights=widths).x
    return y[0] + np.concatenate([[0.0], np.cumsum(slopes * widths)])


def normal_score_correlation(X: np.ndarray) -> np.ndarray:
    """Correlation of the columns' normal scores, which monotone transforms leave alone.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        A constant column counts as uncorrelated with the others.

    Returns
    -------
    ndarray of shape (n_features, n_features)

    Examples
    --------
    >>> column = np.arange(1.0, 9.0)
    >>> normal_score_correlation(np.column_stack([column, np.exp(column)])).round(6).tolist()
    [[1.0, 1.0], [1.0, 1.0]]
    """
    scores = ndtri(rankdata(X, axis=0) / (len(X) + 1))
    scores -= scores.mean(axis=0)
    norms = np.sqrt((scores**2).sum(axis=0))
    scores /= np.where(norms > 0, norms, 1.0)
    correlation = scores.T @ scores
    np.fill_diagonal(correlation, 1.0)
    return correlation


@dataclass(frozen=True)
class UnimodalNull:
    """Structureless data with the marginals and correlations of a sample, to draw from.

    A sample that is one cloud looks like its draws; a sample of several does not, since the valleys
    between its groups are filled in every draw [1]_.

    Attributes
    ----------
    marginals : tuple of UnimodalMarginal
        One for each column.
    root : ndarray of shape (n_features, n_features)
        Symmetric square root of the normal-score correlation.
    n_samples : int
        Rows of a draw.

    References
    ----------
    .. [1] Helgeson, Vock & Bair (2021), "Nonparametric cluster significance testing with reference
       to a unimodal null distribution", Biometrics 77:1215-1226, doi:10.1111/biom.13376.
    """

    marginals: tuple[UnimodalMarginal, ...]
    root: np.ndarray
    n_samples: int

    @classmethod
    def fit(cls, X: np.ndarray) -> UnimodalNull:
        """Take marginals and correlations from a sample.

        Parameters
        ----------
        X : ndarray of shape (n_samples, n_features)

        Returns
        -------
        UnimodalNull
        """
        eigenvalues, vectors = np.linalg.eigh(normal_score_correlation(X))
        root = (vectors * np.sqrt(np.clip(eigenvalues, 0.0, None))) @ vectors.T
        return cls(tuple(fit_unimodal(column) for column in X.T), root, len(X))

    def draw(self, rng: np.random.Generator) -> np.ndarray:
        """Draw one structureless sample.

        Parameters
        ----------
        rng : numpy.random.Generator

        Returns
        -------
        ndarray of shape (n_samples, n_features)
        """
        normal = rng.standard_normal((self.n_samples, len(self.marginals))) @ self.root
        shares = ndtr(normal)
        return np.column_stack(
            [m.quantile(share) for m, share in zip(self.marginals, shares.T, strict=True)]
        )
