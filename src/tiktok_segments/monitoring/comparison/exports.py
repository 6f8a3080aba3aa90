"""Two exports compared: drift from the old to the new, and what became of the same accounts."""

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from tiktok_segments.accounts.dataset import Dataset
from tiktok_segments.accounts.privacy.rounding import round_accounts
from tiktok_segments.language import ENGLISH, Language
from tiktok_segments.monitoring.account_sums import sum_accounts
from tiktok_segments.monitoring.comparison.common_accounts import followed_accounts
from tiktok_segments.monitoring.comparison.movement import count_movement, follow_accounts
from tiktok_segments.monitoring.comparison.rising import Rising, list_rising
from tiktok_segments.monitoring.drift import measure_drift
from tiktok_segments.monitoring.thresholds import DriftThresholds
from tiktok_segments.monitoring.unit_change import check_units
from tiktok_segments.monitoring.verdict import Drift
from tiktok_segments.registry.baseline import measure_baseline
from tiktok_segments.registry.stored_baseline import measure_columns
from tiktok_segments.segments.crossing import cross_segments
from tiktok_segments.terminal import progress_bar
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
        As :func:`~tiktok_segments.monitoring.comparison.movement.follow_accounts` returns it.
    crossing : DataFrame of shape (n_segments, n_segments)
        Accounts of each segment then (rows) by their segment now, both by the old model.
    churn : DataFrame of shape (n_old_segments, n_new_segments) or None
        Accounts by the old model (rows) and by the new one, both on the new export; None where it
        is one model.
    rising : DataFrame of shape (n_listed, 11)
        As :func:`~tiktok_segments.monitoring.comparison.rising.list_rising` returns it.
    followed : tuple of (int, int)
        Accounts of each export that were looked for in the other; all where they are in memory.
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
    followed: tuple[int, int]

    @property
    def movement(self) -> pd.DataFrame:
        """Who came, went and moved, of shape (7, 4): see :func:`count_movement`."""
        return count_movement(self.accounts, *self.followed)

    def rounded(self, digits: int | None) -> "ExportComparison":
        """Return the same with accounts' numbers of so many significant digits; None: exact."""
        accounts, rising = (round_accounts(table, digits) for table in (self.accounts, self.rising))
        return replace(self, accounts=accounts, rising=rising)

    def sampled(self, language: Language = ENGLISH) -> str:
        """Say who was followed, where that is not everybody; else nothing."""
        if not (self.old.stored or self.new.stored):
            return ""
        then, now = self.followed
        return language.say(
            "Drift is of all {old} and {new} accounts. Followed were {then} and {now} of them, "
            "drawn by their handles alike from both: counts of who came, went, moved and rises are "
            "of these, about 1 in {part}.",
            old=language.grouped(self.old.n_accounts),
            new=language.grouped(self.new.n_accounts),
            then=language.grouped(then),
            now=language.grouped(now),
            part=language.grouped(self.new.n_accounts / max(now, 1)),
        )


def compare_exports(
    old: Dataset,
    new: Dataset,
    old_model: NamedModel,
    new_model: NamedModel,
    thresholds: DriftThresholds,
    rising: Rising,
    said: Collection[str] = (),
) -> ExportComparison:
    """Compare two exports.

    Parameters
    ----------
    old, new : Dataset
        Both exports.
    old_model, new_model : NamedModel
        Which assigned them; they may be the same.
    thresholds : DriftThresholds
        Of drift.
    rising : Rising
        Who counts as rising.
    said : collection of str
        Columns whose unit the user says.

    Returns
    -------
    ExportComparison
        Everything measured.

    Raises
    ------
    InputError
        If a column that a model reads is not there, or the new accounts' is in another unit.
    """
    drift = drift_between(old_model, old, new, thresholds, said)
    then_frame, now_frame = followed_accounts(old, new)
    accounts = follow_accounts(then_frame, now_frame, old_model, new_model)
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
        followed=(len(then_frame), len(now_frame)),
    )


def drift_between(
    model: NamedModel,
    old: Dataset,
    new: Dataset,
    thresholds: DriftThresholds,
    said: Collection[str] = (),
) -> Drift:
    """Measure drift from one set of accounts to another, both assigned by one model.

    Of accounts that are not in memory those drawn say where bins are cut and how segments scatter;
    shares, means and extremes are of all.

    Parameters
    ----------
    model : NamedModel
        The model; what it was fitted on does not matter here.
    old, new : Dataset
        Clean profiles.
    thresholds : DriftThresholds
        As in ``conf/drift``.
    said : collection of str
        Columns whose unit the user says.

    Returns
    -------
    Drift
        From the old to the new accounts.

    Raises
    ------
    InputError
        If a column that the model reads is not there, or the new accounts' is in another unit.
    """
    frame, places = old.frame, model.assign(old.frame)
    baseline = measure_baseline(
        frame, model.scale(frame), places, model.columns, len(model.segments)
    )
    if old.stored:
        with progress_bar("accounts") as progress:
            measured = measure_columns(old.accounts, baseline["columns"], progress)
        for name, column in measured.items():
            baseline["columns"][name] |= column
        before = sum_accounts(replace(model, baseline=baseline), old.accounts)
        sizes = before.segment_counts[:, None]
        sums = before.feature_sums
        means = np.divide(sums, sizes, out=np.full_like(sums, np.nan), where=sizes > 0)
        baseline |= {
            "accounts": before.accounts,
            "segment_shares": (before.segment_counts / before.accounts).tolist(),
            "segment_means": means.tolist(),
        }
    model = replace(model, baseline=baseline)
    now = sum_accounts(model, new.accounts)
    check_units(now, said)
    return measure_drift(model, now, thresholds)
