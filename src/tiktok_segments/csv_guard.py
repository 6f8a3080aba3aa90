"""Guard of CSV cells against what a spreadsheet computes or rewrites, and its inverse.

A text that a spreadsheet would take for a formula (``=``, ``+``, ``-``, ``@``, tab or carriage
return first), or whose digits it would round, strip or turn into an exponent, gets an apostrophe in
front.

References
----------
OWASP, CSV injection: https://owasp.org/www-community/attacks/CSV_Injection
"""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

_COMPUTED = r"(?:[=+\-@\t\r]|0\d+$|\d{16,}$|\d+(?:\.\d+)?[eE][+-]?\d+$)"
_UNSAFE = rf"^'*{_COMPUTED}"
_GUARDED = rf"^'('*{_COMPUTED})"


def is_unsafe(texts: pd.Series) -> pd.Series:
    """Tell which texts need the guard.

    Parameters
    ----------
    texts : Series of str, shape (n_texts,)
        Missing ones need none.

    Returns
    -------
    Series of bool, shape (n_texts,)
        A text that begins with apostrophes before something unsafe needs one more, so that taking
        one away gives it back.

    Examples
    --------
    >>> is_unsafe(pd.Series(["=1+1", "maya", "'=1+1", "007"])).tolist()
    [True, False, True, True]
    """
    return texts.astype("str").str.contains(_UNSAFE, regex=True).eq(True)


def without_guard(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """Take the guard away.

    Parameters
    ----------
    texts : pyarrow.ChunkedArray
        Of strings.

    Returns
    -------
    pyarrow.ChunkedArray
        Of strings.

    Examples
    --------
    >>> without_guard(pa.chunked_array([["'=1+1", "'tis", "''=1+1"]])).to_pylist()
    ['=1+1', "'tis", "'=1+1"]
    """
    # A plain look at the first character spares most columns the expression.
    if not pc.any(pc.starts_with(texts, "'")).as_py():
        return texts
    return pc.replace_substring_regex(texts, _GUARDED, r"\1")
