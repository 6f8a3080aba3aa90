"""The elbow method: where the curve of inertia over k bends most."""

import warnings

import pandas as pd
from kneed import KneeLocator


def find_elbow(inertia: pd.Series) -> int | None:
    """Find the knee of a curve of inertia over k.

    The kneedle algorithm (Satopaa, Albrecht, Irwin & Raghavan 2011, *Finding a "kneedle" in a
    haystack*), for a convex decreasing curve, with the sensitivity of 1 that the paper suggests.

    Parameters
    ----------
    inertia : Series of shape (n_k,)
        Inertia indexed by ascending k.

    Returns
    -------
    int or None
        k of the knee; None where there is no clear elbow, and always below three values of k.

    Examples
    --------
    >>> find_elbow(pd.Series([100.0, 30.0, 20.0, 15.0, 11.0], index=[2, 3, 4, 5, 6]))
    3
    >>> find_elbow(pd.Series([100.0, 80.0, 60.0, 40.0], index=[2, 3, 4, 5])) is None
    True
    """
    if len(inertia) < 3:
        return None
    with warnings.catch_warnings():
        # kneed warns where it finds no knee; here that is an answer.
        warnings.filterwarnings("ignore", message="No knee/elbow found")
        knee = KneeLocator(
            inertia.index.to_numpy(), inertia.to_numpy(), curve="convex", direction="decreasing"
        ).knee
    return None if knee is None else int(knee)
