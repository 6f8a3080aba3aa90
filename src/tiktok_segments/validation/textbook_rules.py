"""The textbook choices of a run: highest silhouette, elbow of the inertia."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

from tiktok_segments.validation.conditions import figure_of
from tiktok_segments.validation.spaces import Choice, Spaces, in_order


def choose_by_silhouette(spaces: Spaces, wanted: tuple[str, str]) -> Choice:
    """Take the highest silhouette of one space.

    Parameters
    ----------
    spaces : mapping of Space to sequence of candidate
        Of one population: candidates with `silhouette`; where it was not measured a run is not
        chosen.
    wanted : tuple of (features, scaler)
        The space to look at, if it was swept and is admissible.

    Returns
    -------
    Choice
    """
    space = in_order(spaces, wanted)[0]
    runs = spaces[space]
    best = max(runs, key=lambda run: figure_of(run, "silhouette", missing=float("-inf")))
    why = (
        f"the highest silhouette of {space}, "
        f"{figure_of(best, 'silhouette'):.2f}, is at k = {best['k']}"
    )
    return Choice("untested", best, f"{_sentence(why)} {_caution(spaces)}")


def choose_by_elbow(spaces: Spaces, wanted: tuple[str, str]) -> Choice:
    """Take the elbow of one space's inertia, or its fewest segments where there is none.

    Parameters
    ----------
    spaces : mapping of Space to sequence of candidate
        Of one population: candidates with `inertia`.
    wanted : tuple of (features, scaler)
        The space to look at, if it was swept and is admissible.

    Returns
    -------
    Choice
    """
    space = in_order(spaces, wanted)[0]
    runs = spaces[space]
    elbow = elbow_k([int(run["k"]) for run in runs], [float(run["inertia"]) for run in runs])
    best = next((run for run in runs if run["k"] == elbow), runs[0])
    if elbow is None:
        why = f"the inertia of {space} has no elbow, and k = {best['k']} is its smallest k"
    else:
        why = f"the inertia of {space} has its elbow at k = {elbow}"
    return Choice("untested", best, f"{_sentence(why)} {_caution(spaces)}")


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


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _caution(spaces: Spaces) -> str:
    if len(spaces) == 1:
        return "This score cannot tell whether there are separated groups at all."
    return (
        "The other spaces were not looked at, because this score cannot be compared between "
        "spaces, nor tell whether there are separated groups at all."
    )
