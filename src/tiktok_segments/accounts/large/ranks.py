"""Which of many rows are drawn: those of the smallest ranks."""

import numpy as np


def smallest_ranks(ranks: np.ndarray, wanted: int) -> np.ndarray:
    """Return the positions of the smallest ranks, smallest first.

    Examples
    --------
    >>> smallest_ranks(np.array([7, 1, 9, 4], dtype="uint64"), 2).tolist()
    [1, 3]
    """
    nearest = (
        np.argpartition(ranks, wanted)[:wanted] if len(ranks) > wanted else np.arange(len(ranks))
    )
    return nearest[np.argsort(ranks[nearest], kind="stable")]
