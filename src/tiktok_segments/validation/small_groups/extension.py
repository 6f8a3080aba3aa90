"""Small groups that a sample showed, with the other rows that belong to them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tiktok_segments.validation.small_groups.components import (
    Component,
    fit_components,
    weigh_densities,
)


def extend_groups(
    X: np.ndarray, rows: np.ndarray, groups: Sequence[np.ndarray]
) -> list[np.ndarray]:
    """Give the small groups of a sample the other rows that are likelier in them than elsewhere.

    As in the search, the large groups are components of a mixture, and a small group is one of its
    own (:func:`~.mixed_groups.find_mixed_groups`); those of the mixture that are mostly made of
    small groups give way to these. The rows of the sample stay where the search found them.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        A scaled space.
    rows : ndarray of shape (n_drawn,)
        Numbers of the rows of the sample.
    groups : sequence of ndarray
        Of each small group the places in ``rows``, without common ones.

    Returns
    -------
    list of ndarray
        Numbers of the rows of each group, rising.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> X = np.concatenate([rng.normal(size=(900, 2)), rng.normal(size=(30, 2)) * 0.5 + 9])
    >>> [group] = extend_groups(X, np.arange(0, 930, 3), [np.arange(300, 310)])
    >>> group.tolist() == list(range(900, 930))
    True
    """
    if not groups or len(rows) == len(X):
        return [np.sort(rows[group]) for group in groups]
    spread = X[rows].std(axis=0)
    X = (X - X[rows].mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    sample = X[rows]
    fit = fit_components(sample)[-1]
    outside = np.ones(len(rows), dtype=bool)
    outside[np.concatenate(groups)] = False
    sizes = np.bincount(fit.labels, minlength=len(fit.each))
    left = np.bincount(fit.labels[outside], minlength=len(fit.each))
    large = np.flatnonzero(2 * left > sizes)
    each = [fit.each[place] for place in large]
    each += [Component.of(sample[group], fit.common) for group in groups]
    shares = [*fit.shares[large], *(len(group) / len(rows) for group in groups)]
    likeliest = weigh_densities(X, each, np.array(shares)).argmax(axis=1)
    likeliest[rows] = -1
    return [
        np.union1d(rows[group], np.flatnonzero(likeliest == number))
        for number, group in enumerate(groups, start=len(large))
    ]
