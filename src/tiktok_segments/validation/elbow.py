"""The elbow of an inertia curve."""

from __future__ import annotations

import warnings
from collections.abc import Sequence


def elbow_k(ks: Sequence[int], inertias: Sequence[float]) -> int | None:
    """Find the k at which more clusters stop paying, by the kneedle algorithm [1]_.

    Parameters
    ----------
    ks : sequence of int
        Rising.
    inertias : sequence of float
        Inertia at each k.

    Returns
    -------
    int or None
        None where the curve has no elbow, as with fewer than three points.

    References
    ----------
    .. [1] Satopää et al. (2011), "Finding a 'kneedle' in a haystack", ICDCS Workshops 166-171.

    Examples
    --------
    >>> elbow_k([2, 3, 4, 5, 6], [100.0, 40.0, 12.0, 10.0, 9.0])
    4
    >>> elbow_k([2, 3], [10.0, 5.0]) is None
    True
    """
    if len(ks) < 3:
        return None
    from kneed import KneeLocator  # takes a second to import, which only sweeps should pay

    with warnings.catch_warnings():
        # kneed warns where it finds no elbow; the caller is told by None
        warnings.simplefilter("ignore", UserWarning)
        found = KneeLocator(list(ks), list(inertias), curve="convex", direction="decreasing").elbow
    return None if found is None else int(found)
