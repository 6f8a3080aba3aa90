"""An export held against the weeks before it, before any model sees it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce

import numpy as np

from tiktok_segments.weekly.intake import Intake
from tiktok_segments.weekly.limits import Limits
from tiktok_segments.wording import percent, write_value


@dataclass(frozen=True)
class ExportDoubt:
    """One reason why an export may not be what it should.

    Attributes
    ----------
    check : str
        What was looked at: ``digest``, ``accounts``, ``new``, ``gone``, ``rejected``, ``columns``,
        ``level``, ``collected`` or ``recipe``.
    sentence : str
        What was found, beside what was expected.
    """

    check: str
    sentence: str


@dataclass(frozen=True)
class PastIntakes:
    """What an export is judged by.

    Attributes
    ----------
    same : tuple of Intake
        Exports under the same champion, the newest first; in their stead what it was fitted on.
    last : tuple of Intake
        Exports under whichever champion, the newest first.
    usual : mapping of str to tuple of float
        What :func:`measure_change` found in each of them, by measure.
    """

    same: tuple[Intake, ...] = ()
    last: tuple[Intake, ...] = ()
    usual: Mapping[str, tuple[float, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Turnover:
    """Accounts beside those of the weeks before.

    Attributes
    ----------
    new : int
        That no earlier week had.
    gone : int
        Of the last week's, that are not there any more.
    back : int
        That an earlier week had, but not the last.
    """

    new: int
    gone: int
    back: int


def count_turnover(intake: Intake, weeks: Sequence[Intake]) -> Turnover:
    """Count the accounts that are new, gone and back.

    Parameters
    ----------
    intake : Intake
        The export.
    weeks : sequence of Intake
        Those before it, the newest first; one at least.

    Returns
    -------
    Turnover
        Beside the last week, and all of them.
    """
    last = weeks[0].handles
    known = reduce(np.union1d, (week.handles for week in weeks))
    not_last = np.setdiff1d(intake.handles, last, assume_unique=True)
    new = len(np.setdiff1d(not_last, known, assume_unique=True))
    gone = len(np.setdiff1d(last, intake.handles, assume_unique=True))
    return Turnover(new, gone, len(not_last) - new)


def measure_change(intake: Intake, before: PastIntakes) -> dict[str, float]:
    """Measure how unlike those before it an export is.

    Parameters
    ----------
    intake : Intake
        The export.
    before : PastIntakes
        What it is held against.

    Returns
    -------
    dict of str to float
        By measure, as in :data:`~tiktok_segments.weekly.limits.MEASURES`; only those for which
        there is something to hold it against.
    """
    change = {}
    if before.same:
        usual = _middle([week.rejected_share for week in before.same])
        change = {
            "accounts": _apart(intake.accounts, _middle([week.accounts for week in before.same])),
            "rejected": max(0.0, intake.rejected_share - usual),
            "level": max([1.0, *(n for _, n, _ in _levels(intake, before.same) if n < np.inf)]),
        }
    if before.last:
        turnover = count_turnover(intake, before.last)
        change["new"] = turnover.new / max(intake.accounts, 1)
        change["gone"] = turnover.gone / max(len(before.last[0].handles), 1)
    return change


def judge_export(intake: Intake, before: PastIntakes, limits: Limits) -> list[ExportDoubt]:
    """Judge whether an export is what it should be, by those before it.

    Parameters
    ----------
    intake : Intake
        The export.
    before : PastIntakes
        What it is held against; nothing: there is nothing to judge by.
    limits : Limits
        As in ``conf/weekly``.

    Returns
    -------
    list of ExportDoubt
        Empty where it is as usual.
    """
    change = measure_change(intake, before)
    limit = {name: limits.learn(name, before.usual.get(name, ())) for name in limits.of}
    over = {name for name, size in change.items() if size > limit[name]}
    doubts = [*_amount(intake, before.same, change, limit, over)]
    doubts += _turnover(before.last, change, limit, over)
    doubts += _columns(intake, (before.last or before.same)[:1])
    doubts += _level(intake, before.same, limit["level"])
    return [*doubts, *_collected(intake, before.last)]


def _amount(
    intake: Intake,
    weeks: Sequence[Intake],
    change: Mapping[str, float],
    limit: Mapping[str, float],
    over: Collection[str],
) -> Iterator[ExportDoubt]:
    if "accounts" in over:
        before = _middle([week.accounts for week in weeks])
        word = "fewer" if intake.accounts < before else "more"
        yield ExportDoubt(
            "accounts",
            f"{intake.accounts:,} accounts, {word} than the {before:,.0f} before: they differ by "
            f"{percent(change['accounts'])}, of which up to {percent(limit['accounts'])} is usual.",
        )
    if "rejected" in over:
        before = _middle([week.rejected_share for week in weeks])
        yield ExportDoubt(
            "rejected",
            f"{percent(intake.rejected_share)} of the rows were rejected, and {percent(before)} "
            "before.",
        )


def _turnover(
    weeks: Sequence[Intake],
    change: Mapping[str, float],
    limit: Mapping[str, float],
    over: Collection[str],
) -> Iterator[ExportDoubt]:
    if "new" in over:
        yield ExportDoubt(
            "new",
            f"{percent(change['new'])} of the accounts are new; up to {percent(limit['new'])} is "
            "usual.",
        )
    if "gone" in over:
        yield ExportDoubt(
            "gone",
            f"{percent(change['gone'])} of the last week's {len(weeks[0].handles):,} accounts are "
            f"gone; up to {percent(limit['gone'])} is usual.",
        )


def _columns(intake: Intake, last: Sequence[Intake]) -> Iterator[ExportDoubt]:
    for week in last:
        lost = [name for name in week.columns if name not in intake.columns]
        others = [name for name in intake.unmatched if name not in week.unmatched]
        unused = f" Not used: {', '.join(others[:5])}." if others else ""
        if lost:
            yield ExportDoubt(
                "columns",
                f"{', '.join(lost)} came before and {'is' if len(lost) == 1 else 'are'} not "
                f"there.{unused} A new name is said by data.columns.{lost[0]}=COLUMN.",
            )


def _level(intake: Intake, weeks: Sequence[Intake], limit: float) -> Iterator[ExportDoubt]:
    for name, factor, before in _levels(intake, weeks):
        if factor > limit:
            now = intake.medians[name]
            found = f"{factor:.3g} times {'more' if now > before else 'less'}. If it is another "
            found += f"unit, say it by data.units.{name}=..."
            if not now:
                found = "half of them or more are 0, as where a column was not filled."
            yield ExportDoubt(
                "level",
                f"The median of {name} is {write_value(name, now)}, and was "
                f"{write_value(name, before)}: {found}",
            )


def _levels(intake: Intake, weeks: Sequence[Intake]) -> Iterator[tuple[str, float, float]]:
    """Give each column of numbers, how many times apart its medians are, and the earlier one."""
    for name, now in intake.medians.items():
        earlier = [week.medians[name] for week in weeks if name in week.medians]
        before = _middle(earlier) if earlier else 0.0
        if now >= 0 and before > 0:
            yield name, max(now / before, before / now) if now else np.inf, before


def _collected(intake: Intake, weeks: Sequence[Intake]) -> Iterator[ExportDoubt]:
    days = [week.collected[1] for week in weeks if week.collected]
    if intake.collected and days and intake.collected[1] < max(days):
        yield ExportDoubt(
            "collected",
            f"Its accounts were collected until {intake.collected[1]}, those of an earlier week "
            f"until {max(days)}: it is an older export.",
        )


def _apart(now: float, before: float) -> float:
    """Return by which part two numbers differ, alike for fewer and for more: 0 to 1."""
    largest = max(now, before)
    return 1 - min(now, before) / largest if largest else 0.0


def _middle(values: Sequence[float]) -> float:
    return float(np.median(values))
