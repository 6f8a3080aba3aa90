"""What can be wrong with a number."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

PROBLEMS = ("", "unreadable", "infinite", "negative", "fractional", "too large", "ambiguous")
UNREADABLE, INFINITE, NEGATIVE, FRACTIONAL, TOO_LARGE, AMBIGUOUS = range(1, 7)
"""Position in PROBLEMS; 0 is fine."""

_INFINITE = r"^[+-]?(inf|infinity|\x{221e})$"
_BEYOND = r"^[+-]?\d[\d.,]*e\+?\d{3,}$"
"""A power of ten of which there is nothing as many."""


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
    >>> unread = np.array([True, True, True])
    >>> codes = why_unread(pa.array(["inf", "1e300", "many"]), ~unread, unread)
    >>> [PROBLEMS[code] for code in codes]
    ['infinite', 'too large', 'unreadable']
    """
    infinite, beyond = (
        pc.match_substring_regex(texts, pattern).to_numpy(zero_copy_only=False)
        for pattern in (_INFINITE, _BEYOND)
    )
    return np.select(
        [ambiguous, infinite, beyond, unread], [AMBIGUOUS, INFINITE, TOO_LARGE, UNREADABLE], 0
    )
