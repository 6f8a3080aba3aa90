"""Small dense groups: where a few accounts lie close together, with room around them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.spatial import KDTree

LEAST_ROWS = 5
"""Rows of the smallest group, and those within the distance that says how dense a place is."""

LARGEST_SHARE = 0.05
"""Of the rows, in the largest group that counts as small; k-means finds larger ones by itself."""


@dataclass(frozen=True, eq=False)
class DenseGroup:
    """Rows that lie close together, in all directions or in some.

    Attributes
    ----------
    rows : ndarray of shape (n_rows,)
        Their numbers, rising.
    contrast : float
        How much denser it is inside than around, at least 0. Of this search: mean over the rows of
        log(distance at which the group joins other rows / distance at which the row joins the
        group).
    """

    rows: np.ndarray
    contrast: float


@dataclass
class _Branch:
    """A part of the tree while it grows: rows joined by distances up to now."""

    size: int
    joined: float = 0.0
    rows: list[int] | None = None
    groups: list[DenseGroup] = field(default_factory=list)


def find_dense_groups(X: np.ndarray) -> list[DenseGroup]:
    """Find small dense groups at all sizes and densities at once.

    The tree of HDBSCAN [1]_: rows join by the mutual reachability distance, the largest of their
    own distance and of both distances to the fifth nearest row; of groups inside each other those
    with the larger sum of log contrasts are taken. No distance counts as shorter than the one to
    the fifth row is for the median row, so that a few accounts with the same values are no group.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        A scaled space.

    Returns
    -------
    list of DenseGroup
        Without common rows, of at least five rows and at most a twentieth of all, the one of the
        largest contrast first.

    References
    ----------
    .. [1] Campello, Moulavi, Zimek & Sander (2015), "Hierarchical density estimates for data
       clustering, visualization, and outlier detection", ACM TKDD 10:5.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> X = np.concatenate([rng.normal(size=(300, 2)), rng.normal(size=(9, 2)) * 0.5 + 9])
    >>> find_dense_groups(X)[0].rows.tolist()
    [300, 301, 302, 303, 304, 305, 306, 307, 308]
    """
    most = int(LARGEST_SHARE * len(X))
    if most < LEAST_ROWS:
        return []
    nearest, _ = KDTree(X).query(X, k=LEAST_ROWS)
    core = nearest[:, -1]
    first, second, distances = _spanning_tree(X, core)
    floor = float(np.median(core)) or float(distances[distances > 0].min(initial=np.inf))
    heights = np.log(np.maximum(distances, floor))
    groups = _cut(first, second, heights, most)
    return sorted(groups, key=lambda group: -group.contrast)


def _spanning_tree(X: np.ndarray, core: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Edges of the shortest tree over all rows, by Prim's algorithm, the shortest edge first.

    It needs no matrix of distances, which 5,000 rows would fill 200 MB with.
    """
    n_samples, columns, squared_core = len(X), np.ascontiguousarray(X.T), core**2
    away = np.full(n_samples, np.inf)  # squared distance to the tree, nan for rows in it
    nearest = np.zeros(n_samples, dtype=np.intp)
    edges = np.empty((2, n_samples - 1), dtype=np.intp)
    lengths = np.empty(n_samples - 1)
    row = 0
    for step in range(n_samples - 1):
        away[row] = np.nan
        squares = ((columns - columns[:, row, None]) ** 2).sum(axis=0)
        np.maximum(squares, np.maximum(squared_core, squared_core[row]), out=squares)
        closer = squares < away
        away[closer] = squares[closer]
        nearest[closer] = row
        row = int(np.nanargmin(away))
        edges[:, step] = nearest[row], row
        lengths[step] = away[row]
    order = np.argsort(lengths, kind="stable")
    return edges[0, order], edges[1, order], np.sqrt(lengths[order])


def _cut(first: np.ndarray, second: np.ndarray, heights: np.ndarray, most: int) -> list[DenseGroup]:
    """Join rows edge by edge, and take the groups that were densest before they were joined."""
    n_samples = len(heights) + 1
    parents = list(range(n_samples))
    branches = {row: _Branch(1, rows=[row]) for row in range(n_samples)}

    def top(row: int) -> int:
        while parents[row] != row:
            parents[row] = row = parents[parents[row]]
        return row

    for one, other, height in zip(first.tolist(), second.tolist(), heights.tolist(), strict=True):
        large, small = top(one), top(other)
        if branches[large].size < branches[small].size:
            large, small = small, large
        parents[small] = large
        branches[large] = _join(branches[large], branches.pop(small), height, most)
    return branches[top(0)].groups


def _join(large: _Branch, small: _Branch, height: float, most: int) -> _Branch:
    size = large.size + small.size
    rows = None
    if large.rows is not None and small.rows is not None and size <= most:
        rows = large.rows + small.rows
    if large.size < LEAST_ROWS:  # a few rows become dense enough together, if at all
        return _Branch(size, size * height, rows)
    if small.size < LEAST_ROWS:  # single rows come to a group
        return _Branch(size, large.joined + small.size * height, rows, large.groups)
    groups = [*_densest(large, height), *_densest(small, height)]
    return _Branch(size, size * height, rows, groups)


def _densest(branch: _Branch, height: float) -> list[DenseGroup]:
    """The branch itself, or the groups inside of it, whichever stand out more."""
    inside = sum(group.contrast * len(group.rows) for group in branch.groups)
    contrast = height - branch.joined / branch.size
    if branch.rows is None or contrast * branch.size < inside:
        return branch.groups
    return [DenseGroup(np.sort(branch.rows), contrast)]
