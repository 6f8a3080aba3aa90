"""Values with their types beside them, as databases write JSON."""

from __future__ import annotations

from typing import Any

_MISSING = {"NULL", "nullValue"}
_TYPES = _MISSING | {
    *("S", "N", "BOOL", "M", "L", "SS", "NS"),
    *("stringValue", "integerValue", "doubleValue", "booleanValue", "timestampValue"),
}
"""Keys that DynamoDB and Firestore write in front of each value; those of MongoDB begin with $."""


def without_type(cell: Any) -> Any:
    """Return a value without its type.

    Examples
    --------
    >>> [without_type(cell) for cell in ({"$numberLong": "5"}, {"N": "5"}, {"integerValue": "5"})]
    ['5', '5', '5']
    >>> without_type({"NULL": True}), without_type({"fans": {"N": "5"}})
    (None, {'fans': {'N': '5'}})
    """
    while isinstance(cell, dict) and len(cell) == 1:
        ((key, value),) = cell.items()
        if not key.startswith("$") and key not in _TYPES:
            break
        cell = None if key in _MISSING else value
    return cell
