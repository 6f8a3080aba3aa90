"""Which runs are meant to be pruned, and which of those stay all the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from tiktok_segments.errors import InputError

FAILED = ("FAILED", "KILLED")
"""MLflow's status of runs that did not finish."""

DAY = 86_400
"""Seconds."""

SWEEP_OF_ANOTHER = "the sweep of a run that stays"


@dataclass(frozen=True)
class Pruning:
    """What to prune.

    Attributes
    ----------
    failed, deleted : bool
        Runs that failed or were killed; those that were deleted in MLflow. Neither means all.
    older_than : float or None
        Only those that ended at least so many days ago.

    Raises
    ------
    InputError
        If nothing of it is said.

    Examples
    --------
    >>> Pruning(failed=False, deleted=False, older_than=None)
    Traceback (most recent call last):
    ...
    tiktok_segments.errors.InputError: Which runs? Say failed=true, deleted=true, ...
    """

    failed: bool
    deleted: bool
    older_than: float | None

    def __post_init__(self) -> None:
        days = self.older_than
        if days is not None and (isinstance(days, bool) or not isinstance(days, int | float)):
            raise InputError(f"older_than is {days}; give days, as in older_than=90.")
        if days is not None and not days >= 0:
            raise InputError(f"older_than is {days}; give days, from 0 up.")
        for name, value in (("failed", self.failed), ("deleted", self.deleted)):
            if not isinstance(value, bool):
                raise InputError(f"{name} is {value}; it is true or false.")
        if not self.failed and not self.deleted and days is None:
            raise InputError(
                "Which runs? Say failed=true, deleted=true, older_than=90 (days), or several: "
                "failed=true older_than=90 are the failed ones of them."
            )

    def meets(self, runs: pd.DataFrame, now: datetime) -> "pd.Series[bool]":
        """Say of each run whether it is meant.

        Parameters
        ----------
        runs : DataFrame of shape (n_runs, n_columns)
            With ``status``, ``lifecycle_stage`` and ``ended`` (milliseconds since 1970).
        now : datetime
            From which ages count.

        Returns
        -------
        Series of shape (n_runs,)
            A flag each.
        """
        is_meant = pd.Series(not (self.failed or self.deleted), index=runs.index)
        if self.failed:
            is_meant |= runs["status"].isin(FAILED)
        if self.deleted:
            is_meant |= runs["lifecycle_stage"] == "deleted"
        if self.older_than is not None:
            latest = (now.timestamp() - self.older_than * DAY) * 1000
            is_meant &= runs["ended"] <= latest
        return is_meant


def choose_runs(
    runs: pd.DataFrame, pruning: Pruning, needed: Mapping[str, str], now: datetime
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return the runs to remove, and how many of those meant stay.

    Parameters
    ----------
    runs : DataFrame of shape (n_runs, n_columns)
        All runs, with ``run``, ``sweep`` (None where it is of none), ``status``,
        ``lifecycle_stage`` and ``ended``.
    pruning : Pruning
        Which are meant.
    needed : mapping of str to str
        Runs that stay, each with the reason.
    now : datetime
        From which ages count.

    Returns
    -------
    DataFrame
        The rows of the runs to remove. A sweep is not among them as long as one of its runs stays.
    dict of str to int
        How many of those meant stay, by the reason.

    Examples
    --------
    >>> runs = pd.DataFrame({"run": ["s", "a", "b"], "sweep": [None, "s", "s"], "status": "FAILED",
    ...                      "lifecycle_stage": "active", "ended": 0})
    >>> failed = Pruning(failed=True, deleted=False, older_than=None)
    >>> doomed, kept = choose_runs(runs, failed, {"b": "a registered version"}, datetime.now())
    >>> doomed["run"].tolist(), kept
    (['a'], {'a registered version': 1, 'the sweep of a run that stays': 1})
    >>> choose_runs(runs, Pruning(False, False, older_than=1e9), {}, datetime.now())[0]["run"].size
    0
    """
    meant = runs[pruning.meets(runs, now)]
    is_needed = meant["run"].isin(needed)
    reasons = [needed[run] for run in meant.loc[is_needed, "run"]]
    kept = {reason: reasons.count(reason) for reason in dict.fromkeys(reasons)}
    doomed = meant[~is_needed]
    staying = runs[~runs["run"].isin(doomed["run"])]
    is_parent = doomed["run"].isin(staying["sweep"])
    if is_parent.any():
        kept[SWEEP_OF_ANOTHER] = int(is_parent.sum())
    return doomed[~is_parent], kept
