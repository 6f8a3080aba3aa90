"""Small groups that stand apart in some direction only, however many dimensions there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from scipy.cluster.hierarchy import linkage

from tiktok_segments.validation.small_groups.apartness import apartness
from tiktok_segments.validation.small_groups.components import (
    Component,
    Components,
    fit_components,
)
from tiktok_segments.validation.small_groups.density_tree import (
    LARGEST_SHARE,
    LEAST_ROWS,
    DenseGroup,
)

LEAST_APART = 1.2
"""Below this two parts of a group are one."""

STARTS = 8
"""Lumps of each component from which a group may grow."""

FEW = 0.2
"""Of the rows, in a component that may be what is left over from the others."""

STEPS = 25
"""Most of them until a group stays as it is; nearly all do after five."""

SAME = 0.2
"""Of a group's rows, in another one that stands out more: the two are one."""


def find_mixed_groups(X: np.ndarray) -> list[DenseGroup]:
    """Find small groups beside the large ones, each of a shape of its own.

    In many dimensions distances to the own group and to others hardly differ. Large groups are
    therefore fitted first (:func:`~.components.fit_components`). Rows that are far out in one of
    them, in whatever direction, are joined by Ward's method on the sphere of directions; from the
    lumps that stay by themselves longest a group grows to all rows that are likelier in it than in
    any large one, until it stays as it is. What it is worth is how far its rows and those of each
    large group are apart (:func:`~.apartness.apartness`), each row looked at without itself.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        A scaled space.

    Returns
    -------
    list of DenseGroup
        Hardly overlapping, of at least five rows and at most a twentieth of all, the one that is
        apart most first.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(600, 12))
    >>> X[:12, 0] += 12
    >>> find_mixed_groups(X)[0].rows.tolist() == list(range(12))
    True
    """
    most = int(LARGEST_SHARE * len(X))
    if most < LEAST_ROWS:
        return []
    spread = X.std(axis=0)
    X = _between_neighbours((X - X.mean(axis=0)) / np.where(spread > 0, spread, 1.0))
    fits = fit_components(X)
    lumps = [lump for fit in fits for lump in _lumps(X, fit, most)]
    best = fits[-1]
    sizes = np.bincount(best.labels, minlength=len(best.each))
    large = np.flatnonzero(sizes > most + X.shape[1]).tolist()
    found = [
        DenseGroup(rows, min(apartness(X, rows, others, best.common) for others in beside))
        for rows in _grown(X, best, lumps, large, most)
        if (beside := _beside(rows, best.labels, large))
    ]
    return _without_overlap(X, sorted(found, key=lambda group: -group.contrast), best.common)


def _between_neighbours(X: np.ndarray) -> np.ndarray:
    """Spread rows that have a value in common up to half way to the values next to it.

    Between two counts, as 0 and 1, there is no valley, although no account lies there.
    """
    places = np.random.default_rng(0).uniform(size=X.shape)
    columns = []
    for column, place in zip(X.T, places.T, strict=True):
        values, which, times = np.unique(column, return_inverse=True, return_counts=True)
        half = np.diff(values) / 2 if len(values) > 1 else np.zeros(1)
        below, above = np.append(half[0], half)[: len(values)], np.append(half, half[-1])
        spread = place * (below + above[: len(values)])[which] - below[which]
        columns.append(column + np.where(times[which] >= LEAST_ROWS, spread, 0.0))
    return np.column_stack(columns)


def _beside(rows: np.ndarray, labels: np.ndarray, large: Sequence[int]) -> list[np.ndarray]:
    """Rows of each large group, and of the component that most of the rows are in."""
    own = int(np.bincount(labels[rows]).argmax())
    others = [np.setdiff1d(np.flatnonzero(labels == c), rows) for c in {*large, own}]
    return [group for group in others if len(group) >= LEAST_ROWS]


def _lumps(X: np.ndarray, fit: Components, most: int) -> Iterator[np.ndarray]:
    """Rows that lie in one direction of a component, and lumps of a component of few rows."""
    n_samples, labels = len(X), fit.labels
    for label, component in enumerate(fit.each):
        rows = np.flatnonzero(labels == label)
        if LEAST_ROWS <= len(rows) <= most:
            yield rows
        if len(rows) <= 2 * LEAST_ROWS:
            continue
        white = component.whiten(X[rows])
        distances = np.sqrt((white**2).sum(axis=1))
        n_far = min(max(most, 2 * LEAST_ROWS), len(rows) // 2)
        far = np.argsort(-distances, kind="stable")[:n_far]
        yield from _joined(rows[far], white[far] / np.maximum(distances[far, None], 1e-9), most)
        if len(rows) < FEW * n_samples:
            yield from _joined(rows, X[rows], most)


def _joined(rows: np.ndarray, places: np.ndarray, most: int) -> list[np.ndarray]:
    """Join rows by Ward's method; take the lumps that are joined to others latest, by ratio."""
    steps = linkage(places, "ward")
    joined_at = np.full(len(rows) + len(steps), np.inf)
    joined_at[steps[:, :2].astype(int)] = steps[:, 2, None]
    members: list[list[int]] = [[row] for row in range(len(rows))]
    lumps: list[tuple[float, list[int]]] = []
    for number, (one, other, height, size) in enumerate(steps.tolist()):
        members.append(members[int(one)] + members[int(other)])
        if LEAST_ROWS <= size <= most:
            later = joined_at[len(rows) + number] / max(height, 1e-9)
            lumps.append((later, members[-1]))
    lumps.sort(key=lambda lump: -lump[0])
    return [rows[lump] for _, lump in lumps[:STARTS]]


def _grown(
    X: np.ndarray, fit: Components, lumps: Sequence[np.ndarray], large: Sequence[int], most: int
) -> Iterator[np.ndarray]:
    """Groups that lumps grow to, each once: against all components, and without their own."""
    seen: set[bytes] = set()
    grown: set[bytes] = set()
    labels, densities = fit.labels, fit.log_densities
    for lump in lumps:
        own = int(np.bincount(labels[lump]).argmax())
        rivals = [densities]
        if own not in large and densities.shape[1] > 1:
            rivals.insert(0, np.delete(densities, own, axis=1))
        for others in rivals:
            rows = _grow(X, fit.common, lump, others.max(axis=1), most, seen)
            if rows is not None and rows.tobytes() not in grown:
                grown.add(rows.tobytes())
                yield rows


def _grow(
    X: np.ndarray,
    common: np.ndarray,
    rows: np.ndarray,
    others: np.ndarray,
    most: int,
    seen: set[bytes],
) -> np.ndarray | None:
    """Take the rows that are likelier in the group than in others, until they stay the same.

    The classification EM algorithm (Celeux & Govaert 1992) for a single component. None where it
    becomes too small or too large, or comes to rows from which it went on before.
    """
    rows = np.sort(rows)
    for _ in range(STEPS):
        group = Component.of(X[rows], common)
        taken = np.flatnonzero(group.log_density(X) + np.log(len(rows) / len(X)) > others)
        if np.array_equal(taken, rows):
            return rows
        if not LEAST_ROWS <= len(taken) <= most or taken.tobytes() in seen:
            return None
        rows = taken
        seen.add(rows.tobytes())
    return None


def _without_overlap(
    X: np.ndarray, groups: Sequence[DenseGroup], common: np.ndarray
) -> list[DenseGroup]:
    """Of groups with the same rows keep the one that is apart most, unless it is two by itself."""
    kept: list[DenseGroup] = []
    for group in groups:
        if any(_shared(group, other) > SAME * len(group.rows) for other in kept):
            continue
        if group.contrast < LEAST_APART or not _is_two(X, group, groups, common):
            kept.append(group)
    return kept


def _is_two(
    X: np.ndarray, group: DenseGroup, groups: Sequence[DenseGroup], common: np.ndarray
) -> bool:
    """Whether another group that is a part of a group is apart from the rest of it, too."""
    for part in groups:
        shared = _shared(part, group)
        if part is group or part.contrast < LEAST_APART or shared < (1 - SAME) * len(part.rows):
            continue
        rest = np.setdiff1d(group.rows, part.rows)
        if len(rest) >= LEAST_ROWS and apartness(X, part.rows, rest, common) >= LEAST_APART:
            return True
    return False


def _shared(one: DenseGroup, other: DenseGroup) -> int:
    return len(np.intersect1d(one.rows, other.rows, assume_unique=True))
