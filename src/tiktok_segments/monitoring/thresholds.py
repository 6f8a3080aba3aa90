"""Thresholds of drift: from when on to watch a change, and from when on to retrain the model."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tiktok_segments.errors import InputError

LEVELS = ("keep", "watch", "retrain")
"""What to do with a model, the mildest first."""


@dataclass(frozen=True)
class Band:
    """Where ``watch`` and where ``retrain`` begins, both included."""

    watch: float
    retrain: float


@dataclass(frozen=True)
class DriftThresholds:
    """Thresholds of each measure of :class:`~tiktok_segments.monitoring.verdict.Change`.

    The defaults are those of ``conf/drift/standard.yaml``.

    Parameters
    ----------
    share, centre, psi, out_of_range : Band
        One for each measure.
    false_alarm : float
        Chance of another verdict than ``keep`` for accounts drawn from the same population.
    """

    share: Band = Band(0.05, 0.10)
    centre: Band = Band(0.15, 0.30)
    psi: Band = Band(0.10, 0.25)
    out_of_range: Band = Band(0.05, 0.10)
    false_alarm: float = 0.01


def read_thresholds(drift: Mapping[str, Any]) -> DriftThresholds:
    """Read the thresholds off a configuration.

    Parameters
    ----------
    drift : mapping
        As in ``conf/drift``.

    Returns
    -------
    DriftThresholds
        The same, checked.

    Raises
    ------
    InputError
        If a threshold is not a number above 0, a band is upside down, or ``false_alarm`` is not a
        fraction.

    Examples
    --------
    >>> measures = ("share", "centre", "psi", "out_of_range")
    >>> bands = dict.fromkeys(measures, {"watch": 1, "retrain": 2})
    >>> read_thresholds({**bands, "false_alarm": 0.01}).share
    Band(watch=1, retrain=2)
    """
    bands = {}
    for name in ("share", "centre", "psi", "out_of_range"):
        watch, retrain = drift[name]["watch"], drift[name]["retrain"]
        if not (_is_number(watch) and _is_number(retrain) and 0 < watch <= retrain):
            raise InputError(
                f"drift.{name} is watch={watch}, retrain={retrain}; give two numbers above 0, "
                "retrain not below watch."
            )
        bands[name] = Band(watch, retrain)
    false_alarm = drift["false_alarm"]
    if not (_is_number(false_alarm) and 0 < false_alarm < 1):
        raise InputError(f"drift.false_alarm is {false_alarm}; give a fraction such as 0.01.")
    return DriftThresholds(**bands, false_alarm=false_alarm)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
