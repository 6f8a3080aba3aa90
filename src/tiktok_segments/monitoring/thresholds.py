"""From when on a change is to be watched, and from when on the model is to be retrained."""

from dataclasses import dataclass
from typing import Any

from omegaconf import DictConfig, OmegaConf

from tiktok_segments.errors import InputError

LEVELS = ("keep", "watch", "retrain")
"""What to do with a model, the mildest first."""


@dataclass(frozen=True)
class Band:
    """Where ``watch`` and where ``retrain`` begins, both included."""

    watch: float
    retrain: float


@dataclass(frozen=True)
class Thresholds:
    """Thresholds of every measure; :class:`~tiktok_segments.monitoring.drift.Change` explains them.

    Attributes
    ----------
    share, centre, psi, out_of_range : Band
        One for each measure.
    false_alarm : float
        Chance of another verdict than ``keep`` for accounts drawn from the same population.
    """

    share: Band
    centre: Band
    psi: Band
    out_of_range: Band
    false_alarm: float


def read_thresholds(drift: DictConfig) -> Thresholds:
    """Read the thresholds off the configuration.

    Parameters
    ----------
    drift : DictConfig
        As in ``conf/drift``.

    Returns
    -------
    Thresholds
        The same, checked.

    Raises
    ------
    InputError
        If a threshold is no positive number, a band is upside down, or ``false_alarm`` is no
        fraction.

    Examples
    --------
    >>> from tiktok_segments.accounts.settings import CONF
    >>> read_thresholds(DictConfig(OmegaConf.load(CONF / "drift" / "standard.yaml"))).share
    Band(watch=0.05, retrain=0.1)
    """
    plain: Any = OmegaConf.to_container(drift)
    bands = {}
    for name in ("share", "centre", "psi", "out_of_range"):
        watch, retrain = plain[name]["watch"], plain[name]["retrain"]
        if not (_is_number(watch) and _is_number(retrain) and 0 < watch <= retrain):
            raise InputError(
                f"drift.{name} is watch={watch}, retrain={retrain}; give two numbers above 0, "
                "retrain not below watch."
            )
        bands[name] = Band(watch, retrain)
    false_alarm = plain["false_alarm"]
    if not (_is_number(false_alarm) and 0 < false_alarm < 1):
        raise InputError(f"drift.false_alarm is {false_alarm}; give a fraction such as 0.01.")
    return Thresholds(**bands, false_alarm=false_alarm)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
