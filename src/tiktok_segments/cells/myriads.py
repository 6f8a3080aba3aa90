"""Numbers in several units, as people write them in Chinese, Japanese and Korean: 1億2345万6789."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_UNITS = (
    ("hundred_millions", 1e8, r"\d{1,5}", "[亿億억]"),
    ("myriads", 1e4, r"\d{1,4}", "[万萬만]"),
    ("thousands", 1e3, r"\d", "[千천]"),
    ("hundreds", 1e2, r"\d", "[百백]"),
)
_COUNTED = "(?:人|名|件|個|个|回|次|本|명|개|회|粉丝|粉絲|赞|讚)?"
_SEVERAL = (
    r"^[+]?"
    + "".join(f"(?:(?P<{name}>{digits}) ?{sign} ?)?" for name, _, digits, sign in _UNITS)
    + rf"(?P<ones>\d{{1,4}}(?:\.\d)?)? ?{_COUNTED}$"
)
_A_UNIT_AND_MORE = r"[亿億억万萬만千천].*\d"
"""What tells them from 4.5万, whose one unit is a suffix like others."""


def read_myriads(texts: pa.StringArray) -> np.ndarray:
    """Read numbers of several units, each in front of its sign.

    Parameters
    ----------
    texts : pyarrow.StringArray
        Folded.

    Returns
    -------
    ndarray of float64, shape (n_texts,)
        NaN where a text is no such number.

    Examples
    --------
    >>> read_myriads(pa.array(["1億2345万", "1234万5678", "3만 5천명", "2.3万", "万5"])).tolist()
    [123450000.0, 12345678.0, 35000.0, nan, nan]
    """
    values = np.full(len(texts), np.nan)
    several = pc.match_substring_regex(texts, _A_UNIT_AND_MORE).fill_null(False)
    places = np.flatnonzero(several.to_numpy(zero_copy_only=False))
    if not len(places):
        return values
    parts = pc.extract_regex(texts.filter(several), _SEVERAL)
    read = np.zeros(len(places))
    for name, factor in [*((name, factor) for name, factor, *_ in _UNITS), ("ones", 1.0)]:
        digits = pc.struct_field(parts, name)
        given = pc.if_else(pc.equal(digits, ""), "0", digits)
        read += factor * np.array(pc.cast(given, pa.float64()))
    values[places] = read
    return values
