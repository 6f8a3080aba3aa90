"""Which of many rows are drawn: those of the smallest ranks."""

import numpy as np
import pandas as pd


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


def draw_ranks(keys: np.ndarray, seed: int) -> np.ndarray:
    """Give each key a number by which rows are drawn, smallest first.

    Parameters
    ----------
    keys : ndarray of shape (n_samples,)
        As :func:`~tiktok_segments.accounts.row_sample.account_keys` returns them.
    seed : int
        Seed of the draw.

    Returns
    -------
    ndarray of shape (n_samples,)
        Unsigned 64-bit integers, evenly spread.
    """
    salt = np.random.SeedSequence(seed).generate_state(1, np.uint64)
    return np.asarray(pd.util.hash_array(keys ^ salt))
