"""Weighted k-means, many at once: resamples and halves are weights of one sample's rows."""

from __future__ import annotations

import numpy as np

MAX_ITER = 100
SCREENING_ITER = 6
KEPT_RESTARTS = 2
TOLERANCE = 1e-4
# distances held at once: about what a processor's cache keeps
BLOCK_ELEMENTS = 250_000


def weighted_kmeans(
    X: np.ndarray,
    weights: np.ndarray,
    n_clusters: int,
    *,
    n_init: int,
    rng: np.random.Generator,
    start: np.ndarray | None = None,
) -> np.ndarray:
    """Fit k-means once for each row of weights and label the whole sample with each fit.

    A bootstrap resample is the sample weighted by how often each row was drawn, a half is a
    weight of 0 or 1. Lloyd's algorithm [1]_ runs for all fits and restarts side by side, which
    spares the set-up that dominates single fits of a thousand rows; seeds are greedy k-means++
    [2]_, and runs stop as scikit-learn's do, when the centres move by less than 1e-4 of the
    variance.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
    weights : ndarray of shape (n_fits, n_samples)
        Not negative; each fit needs a positive weight somewhere. A cluster that loses all its
        weight keeps its centre.
    n_clusters : int
        Number of clusters.
    n_init : int
        Restarts of each fit; the one with the least weighted inertia is kept.
    rng : numpy.random.Generator
        Source of the starting centres.
    start : ndarray of shape (n_clusters, n_features), optional
        Where every fit starts, once, instead of at random.

    Returns
    -------
    ndarray of shape (n_fits, n_samples)
        Nearest centre of every row, also of those with weight 0.

    References
    ----------
    .. [1] Lloyd (1982), "Least squares quantization in PCM", IEEE Trans. Inf. Theory 28:129-137.
    .. [2] Arthur & Vassilvitskii (2007), "k-means++: the advantages of careful seeding", SODA.

    Examples
    --------
    The row at 9 has no say in the second fit, which then parts 0 from 1.

    >>> X, weights = np.array([[0.0], [1.0], [9.0]]), np.array([[1, 1, 1], [1, 1, 0]])
    >>> labels = weighted_kmeans(X, weights, 2, n_init=2, rng=np.random.default_rng(0))
    >>> (labels == labels[:, :1]).tolist()
    [[True, True, False], [True, False, False]]
    """
    mean = X.mean(axis=0)
    X = X - mean
    weights = np.asarray(weights, dtype=float)
    n_starts = n_init if start is None else 1
    fits_per_block = max(1, BLOCK_ELEMENTS // (n_starts * n_clusters * len(X)))
    labels = np.empty(weights.shape, dtype=np.intp)
    for first in range(0, len(weights), fits_per_block):
        block = slice(first, first + fits_per_block)
        if start is None:
            labels[block] = _best_of_restarts(X, weights[block], n_clusters, n_init, rng)
        else:
            labels[block] = _from_start(X, weights[block], start - mean)
    return labels


def _best_of_restarts(
    X: np.ndarray, weights: np.ndarray, n_clusters: int, n_init: int, rng: np.random.Generator
) -> np.ndarray:
    run_weights = np.repeat(weights, n_init, axis=0)
    centres = _plus_plus(X, run_weights, n_clusters, rng)
    # a few iterations tell the promising restarts; only those are run to the end
    centres = _lloyd(X, run_weights, centres, SCREENING_ITER)
    centres = _keep_best(X, run_weights, centres, len(weights), min(n_init, KEPT_RESTARTS))
    run_weights = np.repeat(weights, min(n_init, KEPT_RESTARTS), axis=0)
    centres = _lloyd(X, run_weights, centres, MAX_ITER)
    centres = _keep_best(X, run_weights, centres, len(weights), 1)
    return _distances(X, centres).argmin(axis=0)


def _from_start(X: np.ndarray, weights: np.ndarray, start: np.ndarray) -> np.ndarray:
    centres = np.repeat(start[:, None], len(weights), axis=1)
    return _distances(X, _lloyd(X, weights, centres, MAX_ITER)).argmin(axis=0)


def _keep_best(
    X: np.ndarray, weights: np.ndarray, centres: np.ndarray, n_fits: int, n_kept: int
) -> np.ndarray:
    """Centres of each fit's runs with the least weighted inertia, fit after fit."""
    inertia = (weights * _distances(X, centres).min(axis=0)).sum(axis=1).reshape(n_fits, -1)
    best = np.argsort(inertia, axis=1, kind="stable")[:, :n_kept]
    runs = best + inertia.shape[1] * np.arange(n_fits)[:, None]
    return centres[:, runs.ravel()]


def _plus_plus(
    X: np.ndarray, weights: np.ndarray, n_clusters: int, rng: np.random.Generator
) -> np.ndarray:
    """Starting centres (n_clusters, n_runs, n_features), each the best of a few weighted picks."""
    n_runs = len(weights)
    n_trials = 2 + int(np.log(n_clusters))
    runs = np.arange(n_runs)
    norms = (X**2).sum(axis=1)
    centres = np.empty((n_clusters, n_runs, X.shape[1]))
    picks = _pick(weights, 1, rng)
    nearest = np.full((n_runs, len(X)), np.inf)
    for j in range(n_clusters):
        if j:
            picks = _pick(weights * nearest, n_trials, rng)
        squared = norms - 2 * (X[picks] @ X.T) + norms[picks][..., None]
        reach = np.minimum(np.maximum(squared, 0.0), nearest[:, None])
        chosen = np.einsum("rtn,rn->rt", reach, weights).argmin(axis=1)
        nearest = reach[runs, chosen]
        centres[j] = X[picks[runs, chosen]]
    return centres


def _pick(weights: np.ndarray, size: int, rng: np.random.Generator) -> np.ndarray:
    """Row numbers (n_runs, size), drawn in proportion to each run's weights."""
    cumulative = weights.cumsum(axis=1)
    targets = rng.random((len(weights), size)) * cumulative[:, -1:]
    picks = [
        np.searchsorted(row, t, side="right") for row, t in zip(cumulative, targets, strict=True)
    ]
    return np.minimum(picks, weights.shape[1] - 1)


def _lloyd(X: np.ndarray, weights: np.ndarray, centres: np.ndarray, max_iter: int) -> np.ndarray:
    """Centres after Lloyd's iterations, all runs side by side until each of them rests."""
    threshold = TOLERANCE * X.var(axis=0).mean()
    with_ones = np.column_stack([X, np.ones(len(X))])
    active = np.arange(centres.shape[1])
    for _ in range(max_iter):
        distances = _distances(X, centres[:, active])
        # a row halfway between two centres counts for both: rare, and settled by the last argmin
        members = (distances == distances.min(axis=0)) * weights[active]
        sums = members @ with_ones
        mass = sums[..., -1:]
        old = centres[:, active]
        new = np.where(mass > 0, sums[..., :-1] / np.where(mass > 0, mass, 1.0), old)
        centres[:, active] = new
        active = active[((new - old) ** 2).sum(axis=(0, 2)) > threshold]
        if not len(active):
            break
    return centres


def _distances(X: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """Squared distances, less each row's own squared norm: (n_clusters, n_runs, n_samples)."""
    n_clusters, n_runs, n_features = centres.shape
    flat = centres.reshape(-1, n_features)
    products = flat @ (-2 * X.T)
    products += (flat**2).sum(axis=1)[:, None]
    return products.reshape(n_clusters, n_runs, len(X))
