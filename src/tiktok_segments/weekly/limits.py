"""How unlike the weeks before an export may be, learnt from those weeks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tiktok_segments.errors import InputError

MEASURES = ("accounts", "new", "gone", "rejected", "level")
"""What is held against a limit."""

NORMAL = 1.4826
"""Standard deviation of a normal distribution, in median absolute deviations."""


@dataclass(frozen=True)
class Limit:
    """Limit of one measure.

    Attributes
    ----------
    start : float
        Until there are weeks enough to learn from.
    least, most : float
        Between which it is learnt.
    """

    start: float
    least: float
    most: float


@dataclass(frozen=True)
class Limits:
    """Limits of all measures, as in ``conf/weekly``.

    Attributes
    ----------
    weeks : int
        How many weeks back are looked at.
    learn_from : int
        How many of them tell what is usual.
    factor : float
        Robust standard deviations above the median of what is usual.
    every : float
        Days from one week to the next.
    of : mapping of str to Limit
        By measure: :data:`MEASURES`.
    """

    weeks: int
    learn_from: int
    factor: float
    every: float
    of: Mapping[str, Limit]

    def learn(self, measure: str, seen: Sequence[float]) -> float:
        """Return the limit of a measure, from what it was in earlier weeks.

        The spread of few weeks is told by the median absolute deviation, which one odd week does
        not move (Hampel 1974, J. Am. Stat. Assoc. 69:383).

        Parameters
        ----------
        measure : str
            One of :data:`MEASURES`.
        seen : sequence of float
            What it was.

        Returns
        -------
        float
            Above which an export is doubtful.

        Examples
        --------
        >>> limits = Limits(8, 4, 4, 7, {"new": Limit(start=0.4, least=0.1, most=1)})
        >>> limits.learn("new", [0.02]), limits.learn("new", [0.02, 0.03, 0.02, 0.03])
        (0.4, 0.1)
        >>> round(limits.learn("new", [0.5, 0.6, 0.5, 0.6, 0.55]), 3)
        0.847
        """
        limit = self.of[measure]
        if len(seen) < self.learn_from:
            return limit.start
        middle = float(np.median(seen))
        spread = NORMAL * float(np.median(np.abs(np.asarray(seen) - middle)))
        return float(np.clip(middle + self.factor * spread, limit.least, limit.most))


def read_limits(config: Mapping[str, Any]) -> Limits:
    """Read the limits off the configuration.

    Parameters
    ----------
    config : mapping
        As in ``conf/weekly``.

    Returns
    -------
    Limits
        Checked.

    Raises
    ------
    InputError
        If one is no number, or not in its place between the others.
    """
    for name, smallest in (("weeks", 1), ("learn_from", 2), ("factor", 0), ("every", 0)):
        value = config[name]
        if isinstance(value, bool) or not isinstance(value, int | float) or value < smallest:
            raise InputError(f"weekly.{name} is {value}; give a number from {smallest} up.")
    return Limits(
        int(config["weeks"]),
        int(config["learn_from"]),
        float(config["factor"]),
        float(config["every"]),
        {name: _read(name, config[name]) for name in MEASURES},
    )


def _read(name: str, config: Mapping[str, Any]) -> Limit:
    values = [config[part] for part in ("least", "start", "most")]
    if any(isinstance(v, bool) or not isinstance(v, int | float) or v < 0 for v in values):
        raise InputError(f"weekly.{name} holds {values}; give numbers from 0 up.")
    if sorted(values) != values:
        raise InputError(
            f"weekly.{name} has least {values[0]}, start {values[1]} and most {values[2]}; "
            "each must be at least the one before."
        )
    return Limit(float(config["start"]), float(config["least"]), float(config["most"]))
