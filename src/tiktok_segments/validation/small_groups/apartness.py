"""How far a few rows and those of a large group are apart, along the line that shows it best."""

from __future__ import annotations

import numpy as np

WIDTH = 0.8
"""Of the kernels: 1.06 is best for the density of one normal group, and fills a valley."""

GRID = np.linspace(0.0, 1.5, 61)
"""From the large group's mean, at 0, past the small one's, at 1."""

ENOUGH = 20
"""Rows for each feature, of which a single one hardly moves the line."""


def apartness(X: np.ndarray, few: np.ndarray, many: np.ndarray, common: np.ndarray) -> float:
    """Contrast of a small group with the valley between it and a large one.

    Rows are projected on the discriminant w = (S_few + S_many)^-1 (m_few - m_many), which puts the
    means at 1 and 0. Each row of a group of few is projected on the line that the others of it
    give: a few rows in many dimensions are apart from any others on a line of their own choice.
    Kernels with the pooled standard deviation s, of width h = 0.8 s n_few^(-1/5), count the rows
    about each place t: c(t) of all, and c_few(t). The contrast is the largest of

        sqrt(c_few(t)) - sqrt(c(v)),

    with v the emptiest place between the highest of the many and t. The square root of a count
    varies by about a half, however large it is.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
    few, many : ndarray of int
        Numbers of the rows of each.
    common : ndarray of shape (n_features, n_features)
        A scatter that counts for as many rows of each as there are features.

    Returns
    -------
    float
        At least 0: there is no valley.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> X = np.concatenate([rng.normal(size=(300, 2)), rng.normal(size=(20, 2)) + [9, 0]])
    >>> tail = np.argsort(X[:300, 0])[-20:]
    >>> round(apartness(X, np.arange(300, 320), np.arange(300), np.eye(2)), 1)
    3.0
    >>> apartness(X, tail, np.setdiff1d(np.arange(300), tail), np.eye(2))
    0.0
    """
    if np.array_equal(X[few].mean(axis=0), X[many].mean(axis=0)):
        return 0.0
    near, far = _projections(X[few], X[many], common)
    width = WIDTH * np.sqrt((near.var() + far.var()) / 2) * len(few) ** -0.2
    width = max(width, GRID[1] - GRID[0])
    count_few = _counts(near, width)
    count_many = _counts(far, width)
    highest = int(count_many[GRID <= 1].argmax())
    emptiest = np.minimum.accumulate((count_few + count_many)[highest:])
    return float((np.sqrt(count_few[highest:]) - np.sqrt(emptiest)).max(initial=0.0))


def _projections(
    few: np.ndarray, many: np.ndarray, common: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Place of each row on the discriminant; of a group of few rows that of each without itself."""
    middles = few.mean(axis=0), many.mean(axis=0)
    within = _scatter(few, common), _scatter(many, common)
    line = np.linalg.solve(within[0] + within[1], middles[0] - middles[1])
    length = (middles[0] - middles[1]) @ line
    near = _without_themselves(few, common, middles[1], within[1])
    if len(many) < ENOUGH * many.shape[1]:
        far = 1 - _without_themselves(many, common, middles[0], within[0])
    else:
        far = (many - middles[1]) @ line / length
    return near, far


def _scatter(rows: np.ndarray, common: np.ndarray) -> np.ndarray:
    n_rows, n_features = rows.shape
    away = rows - rows.mean(axis=0)
    return np.asarray((away.T @ away + n_features * common) / (n_rows + n_features))


def _without_themselves(
    rows: np.ndarray, common: np.ndarray, origin: np.ndarray, within: np.ndarray
) -> np.ndarray:
    """Place of each row between another group's mean, 0, and the mean of its own others, 1."""
    n_rows, n_features = rows.shape
    middle = rows.mean(axis=0)
    away = rows - middle
    products = away.T @ away + n_features * common
    # Without row i the mean moves by -away_i / (n - 1), and n / (n - 1) of its products are gone.
    steps = middle - origin - away / (n_rows - 1)
    own = away[:, :, None] * away[:, None, :] * (n_rows / (n_rows - 1))
    scatters = (products - own) / (n_rows - 1 + n_features) + within
    lines = np.linalg.solve(scatters, steps[:, :, None])[:, :, 0]
    return np.asarray(((rows - origin) * lines).sum(axis=1) / (steps * lines).sum(axis=1))


def _counts(places: np.ndarray, width: float) -> np.ndarray:
    return np.asarray(np.exp(-0.5 * ((GRID[:, None] - places) / width) ** 2).sum(axis=1))
