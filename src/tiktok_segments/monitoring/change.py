"""One measured change of the accounts, held against its thresholds and put into words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tiktok_segments.monitoring.thresholds import Band
from tiktok_segments.wording import percent


@dataclass(frozen=True)
class Change:
    """One thing that was measured, held against its thresholds.

    Attributes
    ----------
    measure : {"share", "centre", "psi", "out_of_range"}
        Share of a segment; shift of its centre; stability index of a feature; share of the
        accounts beyond what the model saw.
    subject : str
        Name of the segment or of the feature; empty for ``out_of_range``.
    size : float
        What is held against the thresholds: an absolute change of a share (0.05 is 5 points); a
        shift in parts of the way to the nearest other centre; an index; a share.
    noise : float
        Size that chance exceeds too rarely to matter among so many accounts.
    band : Band
        The thresholds.
    values : mapping of str to float or str
        What people are told besides.
    """

    measure: str
    subject: str
    size: float
    noise: float
    band: Band
    values: Mapping[str, Any]

    @property
    def level(self) -> str:
        """``keep``, ``watch`` or ``retrain``."""
        if self.size <= self.noise or self.size < self.band.watch:
            return "keep"
        return "retrain" if self.size >= self.band.retrain else "watch"

    @property
    def words(self) -> str:
        """The change in a plain sentence, with the threshold that it reached."""
        limit = self.band.watch if self.level == "watch" else self.band.retrain
        said, threshold = _WORDS[self.measure](self)
        return f"{said} ({self.level} from {threshold(limit)})." if self.level != "keep" else said


def signed(points: float) -> str:
    """Write a change with its sign, and none where it rounds to nothing.

    Examples
    --------
    >>> signed(-3.21), signed(-0.01), signed(0.5)
    ('-3.2', '0.0', '+0.5')
    """
    return "0.0" if abs(points) < 0.05 else f"{points:+.1f}"


def write_points(share: float) -> str:
    """Write a difference of shares as points.

    Examples
    --------
    >>> write_points(0.2), write_points(0.025)
    ('20 points', '2.5 points')
    """
    return f"{100 * share:.3g} points"


def _share_words(change: Change) -> tuple[str, Any]:
    then, now = change.values["then"], change.values["now"]
    more = "more" if now >= then else "fewer"
    return (
        f"Segment “{change.subject}” has {percent(now)} of the accounts, "
        f"{write_points(change.size)} {more} than the {percent(then)} before"
    ), write_points


def _centre_words(change: Change) -> tuple[str, Any]:
    return (
        f"The accounts of segment “{change.subject}” have changed: their average has moved by "
        f"{percent(change.size)} of the way to the nearest other segment"
    ), percent


def _psi_words(change: Change) -> tuple[str, Any]:
    how = change.values["direction"]
    went = f"is {how}" if how == "spread differently" else f"is mostly {how}"
    return (
        f"Feature {change.subject.replace('_', ' ')} {went} than before: population stability "
        f"index {change.size:.2f}"
    ), "{:.3g}".format


def _range_words(change: Change) -> tuple[str, Any]:
    then = change.values["then"]
    before = f" ({percent(then)} before)" if then else ""
    return (
        f"{change.values['accounts']:,} accounts, {percent(change.values['now'])}{before}, are "
        "smaller or larger in some feature than any account that the model was fitted on"
    ), percent


_WORDS = {
    "share": _share_words,
    "centre": _centre_words,
    "psi": _psi_words,
    "out_of_range": _range_words,
}
