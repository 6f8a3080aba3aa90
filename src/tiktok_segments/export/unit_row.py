"""Units in a row of their own, right below the columns' names."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from tiktok_segments.cells.texts import as_strings
from tiktok_segments.containers.hints import valid_units
from tiktok_segments.containers.records import Records
from tiktok_segments.export.matching import NAMING, Matching
from tiktok_segments.export.names.unit_names import unit_of_name
from tiktok_segments.schema import NUMERIC_KINDS, READABLE

_VALUE = re.compile(r"\d(?!00\b)")


def take_units_below_names(
    head: Records, matching: Matching, said: Collection[str]
) -> tuple[Matching, list[str]]:
    """Take the units that the first row says, where it is no account's and holds no value.

    Parameters
    ----------
    head : Records
        The first rows.
    matching : Matching
        Which column is which.
    said : collection of str
        Canonical columns whose unit the user says.

    Returns
    -------
    matching : Matching
        With the units.
    notes : list of str
        What was taken.

    Examples
    --------
    >>> import numpy as np, pyarrow as pa
    >>> columns = {0: pa.chunked_array([["", "ana"]]), 1: pa.chunked_array([["(k)", "12.4"]])}
    >>> matching = Matching({"account_id": (0,), "followers": (1,)}, False, {})
    >>> head = Records(["a", "b"], columns, np.array([2, 3]))
    >>> take_units_below_names(head, matching, ())[0].factors
    {1: 1000.0}
    """
    naming = next((name for name in NAMING if name in matching.positions), None)
    if naming is None or not len(head.lines):
        return matching, []
    first = {
        name: str(as_strings(head.columns[claim[0]].slice(0, 1))[0].as_py() or "").strip()
        for name, claim in matching.positions.items()
    }
    if first[naming] or any(_VALUE.search(text) for text in first.values()):
        return matching, []
    factors, units, notes = dict(matching.factors), dict(matching.units), []
    for name, text in first.items():
        position = matching.positions[name][0]
        if READABLE[name].kind not in NUMERIC_KINDS or name in said or position in factors:
            continue
        valid, unit = valid_units(name), unit_of_name(f"x ({text.strip('()[] ')})")[1]
        if unit is not None and unit in valid:
            factors[position] = valid[unit]
            units[name] = f"{unit}, by the row below its name"
            notes.append(f"{name} is in {unit}: the row below the columns' names says so")
    return replace(matching, factors=factors, units=units), notes
