"""Numbers whose suffix cannot mean what it usually does: 408,7B followers are no billions."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tiktok_segments.cells.numbers import Numbers, Prepared
from tiktok_segments.export.unit_evidence import MOST_FOLLOWERS
from tiktok_segments.wording import short_number

_MOST_OF = {"likes": 2e10, "video_views": 2e10}
"""More than any account has, of what there is more than followers."""


def ask_for_suffixes(
    numbers: Mapping[str, Numbers],
    ready: Mapping[str, object],
    columns: Mapping[str, str],
    file: str,
) -> str:
    """Ask what B means where it would make more of a number than any account has.

    Parameters
    ----------
    numbers : mapping of str to Numbers
        The first rows' numbers by canonical column.
    ready : mapping of str to Prepared
        The cells that they were read from, with what those tell; others tell nothing.
    columns : mapping of str to str
        Canonical column to its name in the file.
    file : str
        Its name.

    Returns
    -------
    str
        Empty where there is nothing to ask.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from tiktok_segments.cells.numbers import prepare_numbers, read_numbers
    >>> from tiktok_segments.schema import COLUMNS
    >>> cells = prepare_numbers(pa.chunked_array([["408,7B", "950"]]), COLUMNS["followers"])
    >>> numbers = {"followers": read_numbers(cells, COLUMNS["followers"])}
    >>> print(ask_for_suffixes(numbers, {"followers": cells}, {"followers": "Fans"}, "a.csv"))
    a.csv: what is B in followers (column 'Fans')? A billion would make 409B of one; \
no account has as many.
    In Turkish it is bin, a thousand. Write it as bin or K there, and a billion as bn.
    """
    lines = []
    for name, one in numbers.items():
        cells = ready[name]
        if not isinstance(cells, Prepared) or "suffix b" not in cells.told:
            continue
        most = float(np.nanmax(one.values, initial=0))
        if most >= _MOST_OF.get(name, MOST_FOLLOWERS):
            lines.append(
                f"{file}: what is B in {name} (column {columns[name]!r})? A billion would make "
                f"{short_number(most)} of one; no account has as many."
            )
    if not lines:
        return ""
    advice = "In Turkish it is bin, a thousand. Write it as bin or K there, and a billion as bn."
    return "\n".join([*lines, advice])
