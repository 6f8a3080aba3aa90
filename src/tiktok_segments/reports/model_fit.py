"""What a model would make of an export, before anything is assigned."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd

from tiktok_segments import terminal
from tiktok_segments.errors import InputError
from tiktok_segments.monitoring.account_sums import AccountSums
from tiktok_segments.monitoring.unit_change import check_units
from tiktok_segments.tracking.named_model import NamedModel
from tiktok_segments.wording import percent


@dataclass(frozen=True)
class ModelFit:
    """What a model would make of an export.

    Attributes
    ----------
    label : str
        What people call the model.
    reads : tuple of str
        Columns that it reads.
    problem : str
        Why it cannot assign the accounts; empty where it can.
    shares : dict of str to float
        Share of the accounts by segment, in the model's order; empty where it cannot, or does not
        tell what it was fitted on.
    """

    label: str
    reads: tuple[str, ...]
    problem: str
    shares: dict[str, float]


def fit_of(model: NamedModel, columns: Collection[str], sums: AccountSums | None) -> ModelFit:
    """Say whether a model can assign an export, and into which segments.

    Parameters
    ----------
    model : NamedModel
        Whose segments.
    columns : collection of str
        Canonical columns of the export.
    sums : AccountSums or None
        Of its accounts; None for a model that does not tell what it was fitted on.

    Returns
    -------
    ModelFit
        With the problem in words.
    """
    reads = tuple(model.columns)
    if lacks := [name for name in reads if name not in columns]:
        return ModelFit(model.label, reads, f"It lacks {', '.join(lacks)}.", {})
    if sums is None or not sums.accounts:
        return ModelFit(model.label, reads, "", {})
    try:
        check_units(sums)
    except InputError as error:
        return ModelFit(model.label, reads, str(error), {})
    shares = (sums.segment_counts / sums.accounts).tolist()
    return ModelFit(model.label, reads, "", dict(zip(model.names, shares, strict=True)))


def print_fit(fit: ModelFit) -> None:
    """Print what a model would make of an export."""
    out = terminal.console()
    out.print(f"\nModel, {fit.label}", markup=False, style="bold")
    out.print(f"It reads {', '.join(fit.reads)}.", markup=False)
    if fit.problem:
        out.print(f"It cannot assign these accounts. {fit.problem}", markup=False)
    if fit.shares:
        shares = {"segment": list(fit.shares), "share": [percent(s) for s in fit.shares.values()]}
        terminal.print_table(pd.DataFrame(shares), "It would assign them to")
