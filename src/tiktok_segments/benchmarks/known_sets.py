"""Samples whose number of groups is known: planted, classic and structureless."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy.special import ndtr, ndtri
from sklearn.datasets import load_breast_cancer, load_digits, load_iris, load_wine
from sklearn.preprocessing import StandardScaler

SEPARATION = (2.0, 5.0)
"""Of the nearest two groups, as :func:`planted_set` says."""

# of so many random arrangements the most even is taken, or one pair would be near, the rest far
CONFIGURATIONS = 20
NOISE = -1


@dataclass(frozen=True)
class KnownSet:
    """A sample with the truth about it.

    Attributes
    ----------
    name : str
        What it is.
    X : ndarray of shape (n_samples, n_features)
        Standardised.
    truth : ndarray of shape (n_samples,)
        Group of each row; -1 for planted noise, one group for a structureless sample.
    """

    name: str
    X: np.ndarray
    truth: np.ndarray

    @property
    def true_k(self) -> int:
        """Number of groups, noise not counted; 1 where there is no structure."""
        return len(np.unique(self.truth[self.truth != NOISE]))


def planted_set(seed: int) -> KnownSet:
    """Draw 2 to 6 correlated, t-tailed groups in 3 to 5 dimensions (lognormal ones, logged).

    500 to 1,000 rows; in half of the sets one group of 1 to 2 % of the rows, in a quarter 3 %
    of noise. The nearest two groups are 2 to 5 apart, in units of the sum of their standard
    deviations on the line between them (the small group at least twice as far): two even normal
    groups at 2 share 2 % of their rows.

    Parameters
    ----------
    seed : int
        Seed of the draw.

    Returns
    -------
    KnownSet
    """
    rng = np.random.default_rng(seed)
    small, noisy = rng.random() < 0.5, rng.random() < 0.25
    # a small group comes beside two others: one cloud and a dozen rows are no two groups to k-means
    n_groups, n_features = int(rng.integers(3 if small else 2, 7)), int(rng.integers(3, 6))
    n_samples = int(rng.integers(500, 1001))
    shares = 0.5 / n_groups + 0.5 * rng.dirichlet(np.full(n_groups, 2.0))
    if small:
        shares[0] = rng.uniform(0.01, 0.02)
        shares[1:] *= (1 - shares[0]) / shares[1:].sum()
    truth = np.repeat(np.arange(n_groups), np.maximum(np.rint(shares * n_samples).astype(int), 5))
    roots = [group_root(rng, n_features) for _ in range(n_groups)]
    centres = separated_centres(rng, roots, rng.uniform(*SEPARATION), small)
    X = draw_groups(rng, centres, roots, truth)
    if noisy:
        add_noise(rng, X, truth)
    name = f"planted k={n_groups}" + (" small" if small else "") + (" noise" if noisy else "")
    return KnownSet(name, StandardScaler().fit_transform(X), truth)


def draw_groups(
    rng: np.random.Generator, centres: np.ndarray, roots: list[np.ndarray], truth: np.ndarray
) -> np.ndarray:
    """Draw the rows of t-tailed groups, ndarray of shape (n_samples, n_features)."""
    freedom = rng.choice([5, 8, 15, 40])
    tails = np.sqrt((freedom - 2) / rng.chisquare(freedom, size=len(truth)))
    normal = rng.standard_normal((len(truth), len(roots[0]))) * tails[:, None]
    X: np.ndarray = centres[truth] + np.einsum("nd,nde->ne", normal, np.array(roots)[truth])
    return X


def add_noise(rng: np.random.Generator, X: np.ndarray, truth: np.ndarray) -> None:
    """Put 3 % of the rows anywhere in the box of all, and mark them as noise, in place."""
    rows = rng.choice(len(X), int(0.03 * len(X)), replace=False)
    X[rows] = rng.uniform(X.min(axis=0), X.max(axis=0), size=(len(rows), X.shape[1]))
    truth[rows] = NOISE


def group_root(rng: np.random.Generator, n_features: int) -> np.ndarray:
    """Symmetric root of a group's covariance: own spread, own correlations."""
    factor = rng.standard_normal((n_features, n_features + 2))
    covariance = factor @ factor.T
    spread = rng.uniform(0.7, 1.3, n_features) / np.sqrt(np.diag(covariance))
    values, vectors = np.linalg.eigh(covariance * np.outer(spread, spread))
    root: np.ndarray = (vectors * np.sqrt(values)) @ vectors.T
    return root


def separated_centres(
    rng: np.random.Generator, roots: list[np.ndarray], separation: float, small: bool
) -> np.ndarray:
    """Random centres, spread until the nearest two groups are the given separation apart."""
    shape = CONFIGURATIONS, len(roots), len(roots[0])
    configurations = rng.uniform(-1, 1, size=shape)
    nearest = np.array([_nearest_separation(centres, roots, small) for centres in configurations])
    evenest = int(nearest.argmax())
    centres: np.ndarray = configurations[evenest] * separation / nearest[evenest]
    return centres


def _nearest_separation(centres: np.ndarray, roots: list[np.ndarray], small: bool) -> float:
    nearest = np.inf
    for i, j in combinations(range(len(centres)), 2):
        line = centres[i] - centres[j]
        length = float(np.linalg.norm(line))
        spread = sum(float(np.linalg.norm(roots[g] @ line)) / length for g in (i, j))
        # k-means weighs rows: it cannot see a small group that is not far out
        nearest = min(nearest, length / spread / (2 if small and i == 0 else 1))
    return nearest


def classic_sets() -> Iterator[KnownSet]:
    """Labelled samples that ship with scikit-learn: iris, wine, breast cancer, digits."""
    loaders = {
        "iris": load_iris,
        "wine": load_wine,
        "breast cancer": load_breast_cancer,
        "digits": load_digits,
    }
    for name, load in loaders.items():
        X, truth = load(return_X_y=True)
        yield KnownSet(name, StandardScaler().fit_transform(X), truth)


def _gaussian(rng: np.random.Generator, n: int, d: int) -> np.ndarray:
    return rng.standard_normal((n, d))


def _correlated(rng: np.random.Generator, n: int, d: int) -> np.ndarray:
    return rng.standard_normal((n, d)) @ group_root(rng, d)


def _uniform(rng: np.random.Generator, n: int, d: int) -> np.ndarray:
    return rng.uniform(size=(n, d))


def _t4(rng: np.random.Generator, n: int, d: int) -> np.ndarray:
    return rng.standard_normal((n, d)) / np.sqrt(rng.chisquare(4, size=(n, 1)) / 4)


def _gamma(rng: np.random.Generator, n: int, d: int) -> np.ndarray:
    return rng.gamma(2.0, size=(n, d))


def _lognormal(rng: np.random.Generator, n: int, d: int) -> np.ndarray:
    return np.exp(_correlated(rng, n, d))


def _loglognormal(rng: np.random.Generator, n: int, d: int) -> np.ndarray:
    return np.log(_lognormal(rng, n, d))


def _banana(rng: np.random.Generator, n: int, d: int) -> np.ndarray:
    X = rng.standard_normal((n, d))
    X[:, 1] += X[:, 0] ** 2
    return X


def _funnel(rng: np.random.Generator, n: int, d: int) -> np.ndarray:
    X = rng.standard_normal((n, d))
    X[:, 1:] *= np.exp(X[:, :1] / 2)
    return X


def _clayton(rng: np.random.Generator, n: int, d: int) -> np.ndarray:
    """Clayton copula (theta 2) with normal marginals: dependence in one tail only."""
    theta = 2.0
    frailty = rng.gamma(1 / theta, size=(n, 1))
    shares: np.ndarray = (1 + rng.exponential(size=(n, d)) / frailty) ** (-1 / theta)
    normal: np.ndarray = ndtri(np.clip(shares, ndtr(-5), ndtr(5)))
    return normal


STRUCTURELESS: dict[str, Callable[[np.random.Generator, int, int], np.ndarray]] = {
    "gaussian": _gaussian,
    "correlated": _correlated,
    "uniform": _uniform,
    "t4": _t4,
    "gamma": _gamma,
    "lognormal": _lognormal,
    "lognormal, logged": _loglognormal,
    "banana": _banana,
    "funnel": _funnel,
    "clayton": _clayton,
}


def structureless_set(
    kind: str, seed: int, *, n_samples: int | None = None, n_features: int | None = None
) -> KnownSet:
    """Draw one cloud without groups.

    Parameters
    ----------
    kind : str
        A key of `STRUCTURELESS`.
    seed : int
        Seed of the draw.
    n_samples, n_features : int, optional
        Drawn from 500 to 1,000 and from 3 to 5 if not given.

    Returns
    -------
    KnownSet

    Examples
    --------
    >>> structureless_set("banana", seed=0, n_samples=50).true_k
    1
    """
    rng = np.random.default_rng(seed)
    drawn = int(rng.integers(500, 1001)), int(rng.integers(3, 6))
    X = STRUCTURELESS[kind](rng, n_samples or drawn[0], n_features or drawn[1])
    return KnownSet(kind, StandardScaler().fit_transform(X), np.zeros(len(X), dtype=int))
