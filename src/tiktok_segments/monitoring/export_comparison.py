"""Two exports compared: drift from the old to the new, and what became of the same accounts."""

from dataclasses import dataclass, replace

import pandas as pd

from tiktok_segments.accounts.dataset import Dataset
from tiktok_segments.monitoring.account_sums import sum_accounts
from tiktok_segments.monitoring.drift import measure_drift
from tiktok_segments.monitoring.movement import (
    Rising,
    count_movement,
    follow_accounts,
    list_rising,
)
from tiktok_segments.monitoring.thresholds import Thresholds
from tiktok_segments.monitoring.unit_change import check_units
from tiktok_segments.monitoring.verdict import Drift
from tiktok_segments.registry.baseline import measure_baseline
from tiktok_segments.segments.crossing import cross_segments
from tiktok_segments.tracking.named_model import NamedModel


@dataclass(frozen=True)
class ExportComparison:
    """What happened between two exports.

    Attributes
    ----------
    old, new : Dataset
        Both exports.
    old_model, new_model : NamedModel
        Which assigned them; the same object where only the data differs.
    drift : Drift
        From the old export to the new, both by the old model.
    accounts : DataFrame of shape (n_both, 9)
        As :func:`~tiktok_segments.monitoring.movement.follow_accounts` returns it.
    crossing : DataFrame of shape (n_segments, n_segments)
        Accounts of each segment then (rows) by their segment now, both by the old model.
    churn : DataFrame of shape (n_old_segments, n_new_segments) or None
        Accounts by the old model (rows) and by the new one, both on the new export; None where it
        is one model.
    rising : DataFrame of shape (n_listed, 7)
        As :func:`~tiktok_segments.monitoring.movement.list_rising` returns it.
    """

    old: Dataset
    new: Dataset
    old_model: NamedModel
    new_model: NamedModel
    drift: Drift
    accounts: pd.DataFrame
    crossing: pd.DataFrame
    churn: pd.DataFrame | None
    rising: pd.DataFrame

    @property
    def movement(self) -> pd.DataFrame:
        """Who came, went and moved, of shape (7, 4): see :func:`count_movement`."""
        return count_movement(self.accounts, len(self.old.frame), len(self.new.frame))


def compare_exports(
    old: Dataset,
    new: Dataset,
    old_model: NamedModel,
    new_model: NamedModel,
    thresholds: Thresholds,
    rising: Rising,
) -> ExportComparison:
    """Compare two exports.

    Parameters
    ----------
    old, new : Dataset
        Both exports.
    old_model, new_model : NamedModel
        Which assigned them; they may be the same.
    thresholds : Thresholds
        Of drift.
    rising : Rising
        Who counts as rising.

    Returns
    -------
    ExportComparison
        Everything measured.

    Raises
    ------
    InputError
        If a column that a model reads is not there.
    """
    drift = drift_between(old_model, old.frame, new.frame, thresholds)
    accounts = follow_accounts(old.frame, new.frame, old_model, new_model)
    names, new_names = old_model.names, new_model.names
    then, now, by_new_model = (
        pd.Categorical(accounts[column], categories=known).codes.astype(int)
        for column, known in (
            ("segment_then", names),
            ("segment_now", names),
            ("segment_now_new_model", new_names),
        )
    )
    return ExportComparison(
        old=old,
        new=new,
        old_model=old_model,
        new_model=new_model,
        drift=drift,
        accounts=accounts,
        crossing=cross_segments(then, now, names, names),
        churn=None
        if new_model is old_model
        else cross_segments(now, by_new_model, names, new_names),
        rising=list_rising(accounts, rising),
    )


def drift_between(
    model: NamedModel, old: pd.DataFrame, new: pd.DataFrame, thresholds: Thresholds
) -> Drift:
    """Measure drift from one set of accounts to another, both assigned by one model.

    Parameters
    ----------
    model : NamedModel
        The model; what it was fitted on does not matter here.
    old, new : DataFrame of shape (n_accounts, n_columns)
        Clean profiles.
    thresholds : Thresholds
        As in ``conf/drift``.

    Returns
    -------
    Drift
        From the old to the new accounts.

    Raises
    ------
    InputError
        If a column that the model reads is not there, or the new accounts' is in another unit.
    """
    places = model.assign(old)
    baseline = measure_baseline(old, model.scale(old), places, model.columns, len(model.segments))
    model = replace(model, baseline=baseline)
    sums = sum_accounts(model, new, model.assign(new))
    check_units(sums)
    return measure_drift(model, sums, thresholds)
