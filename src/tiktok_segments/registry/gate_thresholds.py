"""Thresholds of the gate, found to be sound before anything is judged by them."""

from collections.abc import Mapping
from typing import Any

from tiktok_segments.errors import InputError

VERDICTS = ("separated", "continuum", "none")

BOUNDS = {
    "jaccard": (0, 1),
    "smallest_share": (0, 1),
    "accounts": (0, 1),
    "agreement": (-1, 1),
    "tolerance": (0, 1),
}
"""Thresholds that are numbers, with what they can be."""


def check_promotion(promotion: Mapping[str, Any]) -> None:
    """Refuse thresholds of the gate that cannot be meant.

    Parameters
    ----------
    promotion : mapping
        As in ``conf/promotion``.

    Raises
    ------
    InputError
        Naming the first one, and what is valid.

    Examples
    --------
    >>> check_promotion({"verdicts": ["separated"], "jaccard": 75})
    Traceback (most recent call last):
    ...
    tiktok_segments.errors.InputError: promotion.jaccard is 75; give a number from 0 to 1.
    """
    verdicts = promotion["verdicts"]
    if not isinstance(verdicts, list) or not verdicts or not {*VERDICTS}.issuperset(verdicts):
        raise InputError(
            f"promotion.verdicts is {verdicts}; give a list of {', '.join(VERDICTS)}, as in "
            "promotion.verdicts=[separated]."
        )
    for name, (least, most) in BOUNDS.items():
        bound: Any = promotion.get(name)
        is_number = isinstance(bound, int | float) and not isinstance(bound, bool)
        if not is_number or not least <= bound <= most:
            raise InputError(f"promotion.{name} is {bound}; give a number from {least} to {most}.")
