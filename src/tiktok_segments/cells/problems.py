"""What can be wrong with a number."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

PROBLEMS = ("", "unreadable", "infinite", "negative", "fractional", "too large", "ambiguous",
            "only a bound of")  # fmt: skip
UNREADABLE, INFINITE, NEGATIVE, FRACTIONAL, TOO_LARGE, AMBIGUOUS, BOUND = range(1, 8)
"""Position in PROBLEMS; 0 is fine."""

_INFINITE = r"^[+-]?(inf|infinity|\x{221e})$"
_BEYOND = r"^[+-]?\d[\d.,]*e\+?\d{3,}$"
"""A power of ten of which there is nothing as many."""

_BOUND = r"^[<>≤≥]=? ?\d[^<>]{0,40}$|^\d[\d.,' ]*[^\d+]{0,12}\+$"
"""10k+ and >10k are any number from there on."""


def why_unread(texts: pa.StringArray, ambiguous: np.ndarray, unread: np.ndarray) -> np.ndarray:
    """Say why texts could not be read.

    Parameters
    ----------
    texts : pyarrow.StringArray
        Folded.
    ambiguous, unread : ndarray of bool, shape (n_texts,)
        Those that mean two things, and all that were not read.

    Returns
    -------
    ndarray of int, shape (n_texts,)
        Codes into PROBLEMS; 0 where a text was read.

    Examples
    --------
    >>> unread = np.array([True, True, True, True])
    >>> codes = why_unread(pa.array(["inf", "1e300", "many", "10k+"]), ~unread, unread)
    >>> [PROBLEMS[code] for code in codes]
    ['infinite', 'too large', 'unreadable', 'only a bound of']
    """
    infinite, beyond, bound = (
        pc.match_substring_regex(texts, pattern).to_numpy(zero_copy_only=False)
        for pattern in (_INFINITE, _BEYOND, _BOUND)
    )
    return np.select(
        [ambiguous, infinite, beyond, unread & bound, unread],
        [AMBIGUOUS, INFINITE, TOO_LARGE, BOUND, UNREADABLE],
        0,
    )
