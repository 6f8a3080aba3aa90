"""Texts and handles, whole columns at a time."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from tiktok_segments.cells.distinct import without_equals
from tiktok_segments.cells.handles import (
    BARE_NULLS,
    are_bare,
    handles_in_addresses,
    plain_handles,
)
from tiktok_segments.spreadsheet import without_guard

_PROGRAMS_NULLS = ["", "null", "NULL", "N/A", "n/a", "-", "None", "NaN", "#N/A", "<NA>", r"\N"]
TEXT_NULLS = pa.array([*_PROGRAMS_NULLS, "nan", "none"])
# Handles are lower case, and "none" may be one; a program's null is spelled otherwise.
ACCOUNT_NULLS = pa.array([*_PROGRAMS_NULLS, "N/a", "#n/a", "<na>", r"\n"])
_BARE_ACCOUNT_NULLS = pa.concat_arrays([ACCOUNT_NULLS, BARE_NULLS])
_ADDRESS = r"(?is)^(?:.*[\s|(<,;:\"'\[–—-])?(?:https?://)?(?:[a-z]+\.)?tiktok\.com/(?:@|%40)([^/?#\s)>|,;\"'\]]+).*$"
# "Display name (@handle)", "NAME = Display @handle", "@handle - Display name"; no address of mail.
_NAMED = (
    r"^[^@]*[^@\w.]@([\w.]{2,24})[^@\w.]{0,3}$"
    r"|^@([\w.]{2,24})(?:\s[^@]*|\s?[|(,;:–—-][^@]*)$"
)
_LOST_DIGITS = r"^\d([.,]\d+)?[eE]\+\d+$"
_EXACT = 2**53


def read_text(cells: pa.ChunkedArray, *, guarded: bool = False) -> pa.ChunkedArray:
    """Text as it stands; a spelled null becomes a null, but ``NA`` is a region.

    Parameters
    ----------
    cells : pyarrow.ChunkedArray
        Of any plain type; whole numbers become their digits.
    guarded : bool
        Whether to take away the apostrophe that keeps a spreadsheet from computing a cell.

    Returns
    -------
    pyarrow.ChunkedArray
        Of strings.

    Examples
    --------
    >>> read_text(pa.chunked_array([["NA", "null", "'=1+1"]]), guarded=True).to_pylist()
    ['NA', None, '=1+1']
    """
    texts = without_equals(as_strings(cells))  # a guarded one has an apostrophe in front
    if guarded:
        texts = without_guard(texts)
    return _without(texts, pc.is_in(pc.utf8_trim_whitespace(texts), value_set=TEXT_NULLS))


def _without(texts: pa.ChunkedArray, null: pa.ChunkedArray) -> pa.ChunkedArray:
    """Texts of which some become nulls; most columns have none, and are not copied."""
    return pc.if_else(null, pa.scalar(None, texts.type), texts) if pc.any(null).as_py() else texts


def read_accounts(cells: pa.ChunkedArray, *, guarded: bool = False) -> tuple[pd.Series, np.ndarray]:
    """Handles without ``@`` and in lower case, or identifiers digit for digit.

    TikTok's handles know no case: ``Ann`` and ``ann`` are one account; nor do they hold what
    nobody sees (see :func:`~tiktok_segments.cells.handles.plain_handles`).

    Parameters
    ----------
    cells : pyarrow.ChunkedArray
        Handles, profile addresses or identifiers.
    guarded : bool
        As in read_text.

    Returns
    -------
    accounts : Series of str
        NaN where missing.
    damaged : ndarray of bool, shape (n_rows,)
        Identifiers that a spreadsheet or a float has robbed of digits (``6.79E+18``).

    Examples
    --------
    >>> cells = pa.chunked_array([["@Ann", "Bob B. (@bob.b)", "https://www.tiktok.com/@Cat_?x"]])
    >>> read_accounts(cells)[0].tolist()
    ['ann', 'bob.b', 'cat_']
    """
    lost = lost_digits(cells)
    texts = as_strings(cells)
    if pc.all(are_bare(texts), min_count=0).as_py():  # as most files have them
        return to_series(_without(texts, pc.is_in(texts, value_set=_BARE_ACCOUNT_NULLS))), lost
    if guarded:
        texts = without_guard(texts)
    texts = plain_handles(texts)
    if pc.any(pc.match_substring(texts, "/")).as_py():
        texts = pc.replace_substring_regex(texts, _ADDRESS, r"\1")
        texts = handles_in_addresses(texts)
    if pc.any(pc.match_substring(texts, "@")).as_py():
        if pc.any(pc.match_substring_regex(texts, _NAMED)).as_py():
            texts = pc.replace_substring_regex(texts, _NAMED, r"\1\2")
        texts = pc.utf8_ltrim(texts, "@ ")
    known = _without(texts, pc.is_in(texts, value_set=ACCOUNT_NULLS))
    lower = pc.utf8_lower(known)
    return to_series(pc.if_else(pa.array(lost), known, lower) if lost.any() else lower), lost


def lost_digits(cells: pa.ChunkedArray) -> np.ndarray:
    """Say which identifiers a spreadsheet or a float has robbed of digits.

    Examples
    --------
    >>> lost_digits(pa.chunked_array([["6.79E+18", "6790000000000000123"]])).tolist()
    [True, False]
    """
    lost = np.zeros(len(cells), dtype=bool)
    if pa.types.is_floating(cells.type):
        lost = pc.greater_equal(pc.abs(cells), float(_EXACT)).fill_null(False).to_numpy()
    texts = as_strings(cells)
    if pc.any(pc.match_substring(texts, "+")).as_py():
        bare = pc.utf8_trim_whitespace(texts)
        lost = lost | pc.match_substring_regex(bare, _LOST_DIGITS).fill_null(False).to_numpy()
    return lost


def to_series(cells: pa.ChunkedArray) -> pd.Series:
    """Arrow to pandas; strings keep the ``str`` dtype."""
    series: pd.Series = cells.to_pandas()
    return series.astype(str) if pa.types.is_string(cells.type) else series


def is_text(kind: pa.DataType) -> bool:
    """Say whether cells of a type are texts, however many bytes there may be of them.

    Examples
    --------
    >>> [is_text(kind) for kind in (pa.string(), pa.large_string(), pa.binary())]
    [True, True, False]
    """
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def as_strings(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """Cells of any plain type as texts, whole numbers as digits; NaN and raw bytes as missing."""
    kind = cells.type
    if pa.types.is_string(kind):
        return cells
    if pa.types.is_floating(kind):
        whole = pc.equal(pc.floor(cells), cells)
        small = pc.less(pc.abs(cells), float(_EXACT))
        digits = pc.if_else(pc.and_(whole, small), cells, None).cast(pa.int64(), safe=False)
        known = pc.if_else(pc.is_nan(cells), None, cells)
        return pc.coalesce(digits.cast(pa.string()), known.cast(pa.string()))
    try:
        return cells.cast(pa.string())
    except pa.ArrowException:
        # Raw bytes and durations are no text of an account.
        return pa.chunked_array([pa.nulls(len(cells), pa.string())])
