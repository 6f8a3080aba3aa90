"""Texts, handles, yes-or-no flags and times, whole columns at a time."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from tiktok_segments.spreadsheet import without_guard

TEXT_NULLS = pa.array(["", "null", "NULL", "N/A", "n/a", "-", "None", "NaN", "nan", "none"])
# Handles are lower case, and "none" or "nan" may be one; a program's null is spelled otherwise.
ACCOUNT_NULLS = pa.array(["", "null", "NULL", "N/A", "n/a", "-", "None", "NaN", "#N/A"])
_TRUE = pa.array(["true", "t", "1", "1.0", "yes", "y", "verified", "x", "✓", "✔"])
_FALSE = pa.array(["false", "f", "0", "0.0", "no", "n", "not verified", "unverified"])
_FLAG_NULLS = pa.array(["", "null", "n/a", "na", "-", "none", "nan"])
_ADDRESS = r"^(?:https?://)?(?:[a-z]+\.)?tiktok\.com/@(?P<handle>[^/?#\s]+).*$"
_LOST_DIGITS = r"^\d(\.\d+)?[eE]\+\d+$"
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
    texts = _as_strings(cells)
    if guarded:
        texts = without_guard(texts)
    return _without(texts, pc.is_in(pc.utf8_trim_whitespace(texts), value_set=TEXT_NULLS))


def _without(texts: pa.ChunkedArray, null: pa.ChunkedArray) -> pa.ChunkedArray:
    """Texts of which some become nulls; most columns have none, and are not copied."""
    return pc.if_else(null, pa.scalar(None, texts.type), texts) if pc.any(null).as_py() else texts


def read_accounts(cells: pa.ChunkedArray, *, guarded: bool = False) -> tuple[pd.Series, np.ndarray]:
    """Handles without ``@``, or identifiers digit for digit.

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
    """
    lost = np.zeros(len(cells), dtype=bool)
    if pa.types.is_floating(cells.type):
        lost = pc.greater_equal(pc.abs(cells), float(_EXACT)).fill_null(False).to_numpy()
    texts = _as_strings(cells)
    if guarded:
        texts = without_guard(texts)
    texts = pc.utf8_trim_whitespace(texts)
    if pc.any(pc.match_substring(texts, "+")).as_py():
        lost = lost | pc.match_substring_regex(texts, _LOST_DIGITS).fill_null(False).to_numpy()
    if pc.any(pc.match_substring(texts, "/")).as_py():
        texts = pc.replace_substring_regex(texts, _ADDRESS, r"\1")
    texts = pc.utf8_ltrim(texts, "@ ")
    return to_series(_without(texts, pc.is_in(texts, value_set=ACCOUNT_NULLS))), lost


def read_flags(
    cells: pa.ChunkedArray, *, silent: float | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Yes or no: true/false, 1/0, yes/no, and 1/empty where nothing says no.

    Parameters
    ----------
    cells : pyarrow.ChunkedArray
        Texts, numbers or booleans.
    silent : float, optional
        What a cell says that says nothing, as :func:`settle_flags` has it of the whole column,
        where these cells are a part of it.

    Returns
    -------
    values : ndarray of float64, shape (n_rows,)
        1, 0, or NaN where missing.
    unreadable : ndarray of bool, shape (n_rows,)
        Cells that say neither.

    Examples
    --------
    >>> read_flags(pa.chunked_array([["yes", "FALSE", "", "maybe"]]))[0].tolist()
    [1.0, 0.0, nan, nan]
    >>> read_flags(pa.chunked_array([["1", "", ""]]))[0].tolist()
    [1.0, 0.0, 0.0]
    """
    if pa.types.is_boolean(cells.type) and not cells.null_count:
        return cells.cast(pa.float64()).to_numpy().copy(), np.zeros(len(cells), dtype=bool)
    encoded = encode_distinct(_as_strings(cells))
    yes, no, null = _flags_of(encoded.dictionary)
    codes = encoded.indices.fill_null(len(yes)).to_numpy(zero_copy_only=False)
    if silent is None:
        silent = settle_flags(flags_in(cells))
    values = np.append(np.where(yes, 1.0, np.where(no, 0.0, silent)), silent)
    return values[codes], np.append(~(yes | no | null), False)[codes]


def _flags_of(distinct: pa.StringArray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Which of the texts say yes, which no, and which nothing."""
    texts = pc.utf8_lower(pc.utf8_trim_whitespace(distinct))
    yes, no, null = (
        pc.is_in(texts, value_set=known).to_numpy(zero_copy_only=False)
        for known in (_TRUE, _FALSE, _FLAG_NULLS)
    )
    return yes, no, null


def flags_in(cells: pa.ChunkedArray) -> frozenset[str]:
    """Return what the cells of a column of flags say, for :func:`settle_flags`.

    Parameters
    ----------
    cells : pyarrow.ChunkedArray
        The column, or a part of it.

    Returns
    -------
    frozenset of str
        ``yes``, ``other`` (a no, or something unreadable), both or neither; what parts say is the
        union of it.
    """
    if pa.types.is_boolean(cells.type):
        distinct = _as_strings(pa.chunked_array([cells.unique().drop_null()])).combine_chunks()
    else:
        distinct = encode_distinct(_as_strings(cells)).dictionary
    yes, _, null = _flags_of(distinct)
    said = {"yes": yes.any(), "other": not (yes | null).all()}
    return frozenset(name for name, is_said in said.items() if is_said)


def settle_flags(said: frozenset[str]) -> float:
    """Say what an empty cell means: without any "no" in the column, it says no.

    Examples
    --------
    >>> settle_flags(frozenset({"yes"})), settle_flags(frozenset({"yes", "other"}))
    (0.0, nan)
    """
    return 0.0 if said == {"yes"} else np.nan


def encode_distinct(texts: pa.ChunkedArray) -> pa.DictionaryArray:
    """Each distinct text once, and which one every row has."""
    encoded = texts.combine_chunks().dictionary_encode()
    return encoded.combine_chunks() if isinstance(encoded, pa.ChunkedArray) else encoded


def read_times(cells: pa.ChunkedArray) -> tuple[pd.Series, int]:
    """Points in time from ISO 8601 or from seconds or milliseconds since 1970, as UTC.

    Parameters
    ----------
    cells : pyarrow.ChunkedArray
        Texts, numbers, dates or timestamps.

    Returns
    -------
    times : Series of datetime64[us]
        NaT where missing or unreadable.
    n_unreadable : int
        How many cells held something else.
    """
    if pa.types.is_temporal(cells.type) and not pa.types.is_time(cells.type):
        aware = cells.cast(pa.timestamp("us", tz=getattr(cells.type, "tz", None)), safe=False)
        return to_series(aware.cast(pa.timestamp("us"), safe=False)).astype("datetime64[us]"), 0
    encoded = encode_distinct(read_text(cells))
    texts = encoded.dictionary.to_pandas().astype(str)
    # Digits below a microsecond would narrow the years that the column's other cells may have.
    texts = texts.str.replace(r"(\.\d{6})\d+", r"\1", regex=True)
    times = pd.to_datetime(texts, format="ISO8601", errors="coerce", utc=True)
    epoch = texts.str.fullmatch(r"\d{10}(\.\d+)?|\d{13}")
    if epoch.any():
        seconds = texts[epoch].astype(float)
        seconds = seconds.where(seconds < 1e11, seconds / 1000)
        dates = pd.to_datetime(seconds, unit="s", utc=True, errors="coerce")
        times[epoch] = dates.astype(times.dtype)
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    known = pd.Series(times).dt.tz_localize(None).astype("datetime64[us]").reset_index(drop=True)
    column = known.reindex(codes).reset_index(drop=True)
    return column, int((column.isna().to_numpy() & (codes >= 0)).sum())


def to_series(cells: pa.ChunkedArray) -> pd.Series:
    """Arrow to pandas; strings keep the ``str`` dtype."""
    series: pd.Series = cells.to_pandas()
    return series.astype(str) if pa.types.is_string(cells.type) else series


def _as_strings(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = cells.type
    if pa.types.is_string(kind):
        return cells
    if pa.types.is_floating(kind):
        whole = pc.equal(pc.floor(cells), cells)
        small = pc.less(pc.abs(cells), float(_EXACT))
        digits = pc.if_else(pc.and_(whole, small), cells, None).cast(pa.int64(), safe=False)
        return pc.coalesce(digits.cast(pa.string()), cells.cast(pa.string()))
    try:
        return cells.cast(pa.string())
    except pa.ArrowException:
        # Raw bytes and durations are no text of an account.
        return pa.chunked_array([pa.nulls(len(cells), pa.string())])
