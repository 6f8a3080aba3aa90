"""Exports in another unit than what a model was fitted on, refused before they are used."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np

from tiktok_segments.containers.hints import valid_units
from tiktok_segments.errors import InputError
from tiktok_segments.monitoring.account_sums import AccountSums
from tiktok_segments.schema import COLUMNS, NUMERIC_KINDS
from tiktok_segments.wording import whole_percent

FEWEST = 20
"""Accounts below which nothing is said."""

_NEARLY_ALL, _USUAL = 0.9, 0.6
"""Shares of accounts beyond the outermost deciles of the model's: in another unit, and at most."""


def check_units(sums: AccountSums, said: Collection[str] = (), *, can_say: bool = True) -> None:
    """Refuse accounts of the model's size whose other numbers nearly all lie beyond the model's.

    Rates and counts change with an account's size, and with the times; that nine in ten lie above
    what only one in ten had, of accounts as large as before, is a change of unit.

    Parameters
    ----------
    sums : AccountSums
        Of the accounts, in the bins of the model's baseline.
    said : collection of str
        Columns whose unit the user says, which are not asked for again.
    can_say : bool, default True
        Whether the command has settings that say a unit.

    Raises
    ------
    InputError
        With the settings that say a unit, and where this command has none the one that does.
    """
    if sums.accounts < FEWEST:
        return
    shares = {name: _outermost(counts) for name, counts in sums.bin_counts.items()}
    if max(shares.get("followers", (1.0, 1.0))) > _USUAL:  # other accounts, or none knows which
        return
    for name, (below, above) in shares.items():
        if name in said or name == "followers" or COLUMNS[name].kind not in NUMERIC_KINDS:
            continue
        if max(below, above) > _NEARLY_ALL:
            raise InputError(_explain(name, below, above, can_say))


def _outermost(counts: np.ndarray) -> tuple[float, float]:
    """Return the shares in the lowest and in the highest of several bins."""
    if len(counts) < 3:
        return 0.0, 0.0
    return float(counts[0] / counts.sum()), float(counts[-1] / counts.sum())


def _explain(name: str, below: float, above: float, can_say: bool) -> str:
    share, side = (above, "above") if above > below else (below, "below")
    settings = " or ".join(f"data.units.{name}={unit}" for unit in list(valid_units(name))[:3])
    advice = f"Say its unit: {settings}."
    if not can_say:
        advice = f"This is read as the model's export was; assign_segments.py takes {settings}."
    return (
        f"{name} seems to be in another unit than the model's: of {whole_percent(share)} of the "
        f"accounts it lies {side} what nine in ten accounts of the model have, although they are "
        f"as large.\n"
        f"{advice}"
    )


def said_units(data: Mapping[str, Any]) -> list[str]:
    """Return the columns whose unit a configuration's ``data`` says."""
    return [str(name) for name, unit in (data.get("units") or {}).items() if unit]
