"""What a model would make of an export, before anything is assigned."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd

from tiktok_segments import terminal
from tiktok_segments.errors import InputError
from tiktok_segments.monitoring.account_sums import AccountSums
from tiktok_segments.monitoring.assign import assign_accounts
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


class ModelTally:
    """What a model would make of the accounts of an export, batch by batch.

    Parameters
    ----------
    model : NamedModel
        Whose segments.
    said : collection of str
        Columns whose unit the user says.
    """

    def __init__(self, model: NamedModel, said: Collection[str] = ()) -> None:
        self.model, self._said = model, said
        self._columns: tuple[str, ...] = ()
        # A model that does not tell what it was fitted on is asked for its columns only.
        self._sums = AccountSums.empty(model) if model.baseline else None

    def add(self, frame: pd.DataFrame) -> None:
        """Add a batch of clean accounts; those that lack what the model reads do not count."""
        self._columns = self._columns or tuple(map(str, frame))
        if self._sums is None or self._lacks():
            return
        frame = frame.dropna(subset=self.model.columns)
        found = assign_accounts(self.model, frame)
        self._sums.add(frame, found.X, found.positions, found.out_of_range)

    def _lacks(self) -> list[str]:
        return [name for name in self.model.columns if name not in self._columns]

    def fit(self) -> ModelFit:
        """Say whether the model can assign the export, and into which segments."""
        model, sums = self.model, self._sums
        reads = tuple(model.columns)
        if lacks := self._lacks():
            return ModelFit(model.label, reads, f"It lacks {', '.join(lacks)}.", {})
        if sums is None or not sums.accounts:
            return ModelFit(model.label, reads, "", {})
        try:
            check_units(sums, self._said)
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
