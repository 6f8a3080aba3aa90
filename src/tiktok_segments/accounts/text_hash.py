"""Texts to numbers of 64 bits, whole columns at a time, without making Python's texts of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

_WORD = 8
_MULTIPLIER = np.uint64(0xFF51AFD7ED558CCD)
"""Of MurmurHash3's finaliser (Appleby, public domain)."""
_SHIFT = np.uint64(33)


def hash_texts(texts: pd.Series) -> np.ndarray:
    """Hash texts, eight bytes at a time.

    Not for what an adversary must not guess: two texts of one hash are to be harmless.

    Parameters
    ----------
    texts : Series of str, shape (n_texts,)
        None missing.

    Returns
    -------
    ndarray of uint64, shape (n_texts,)
        The same for the same text.

    Examples
    --------
    >>> a, b, again = hash_texts(pd.Series(["maya", "maya.b", "maya"], dtype="str"))
    >>> bool(a == again), bool(a == b)
    (True, False)
    """
    data, starts, lengths = _bytes_of(texts)
    # Every place's next eight bytes as one number.
    words = np.lib.stride_tricks.as_strided(
        data[:_WORD].view(np.uint64), shape=(len(data) - _WORD + 1,), strides=(1,)
    )
    hashes = _mixed(lengths.astype(np.uint64))
    rows: slice | np.ndarray = slice(None)
    for place in range(0, int(lengths.max(initial=0)), _WORD):
        if place:
            rows = np.flatnonzero(lengths > place)
        found = words[starts[rows] + place]
        beyond = (_WORD - (lengths[rows] - place).clip(0, _WORD)).astype(np.uint64) * np.uint64(8)
        # A shift by all 64 bits is undefined: two halves.
        found = found << (beyond // np.uint64(2)) << (beyond - beyond // np.uint64(2))
        hashes[rows] = _mixed(hashes[rows] ^ found)
    return hashes


def _bytes_of(texts: pd.Series) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """All bytes, eight more behind them, and where each text starts and how long it is."""
    array = pa.array(texts, pa.large_string())
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    _, offsets, values = array.buffers()
    if not len(array):
        return np.zeros(_WORD, np.uint8), np.empty(0, np.int64), np.empty(0, np.int64)
    bounds = np.frombuffer(offsets, np.int64)[array.offset : array.offset + len(array) + 1]
    first, last = int(bounds[0]), int(bounds[-1])
    data = np.zeros(last - first + _WORD, dtype=np.uint8)
    if last > first:
        data[: last - first] = np.frombuffer(values, np.uint8)[first:last]
    starts = bounds[:-1] - first
    return data, starts, np.diff(bounds)


def _mixed(numbers: np.ndarray) -> np.ndarray:
    numbers = (numbers ^ (numbers >> _SHIFT)) * _MULTIPLIER
    return np.asarray(numbers ^ (numbers >> _SHIFT))
