"""Changes of the accounts against their thresholds, and the verdict on drift they add up to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from tiktok_segments.monitoring.thresholds import LEVELS, Band


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


@dataclass(frozen=True)
class Drift:
    """What became of the accounts since the model, or since another export.

    Attributes
    ----------
    accounts_then, accounts_now : int
        Accounts in each set.
    segment_ids : mapping of str to str
        Name of each segment to its id, in the order of the centres.
    changes : tuple of Change
        Everything that was looked at.
    """

    accounts_then: int
    accounts_now: int
    segment_ids: Mapping[str, str]
    changes: tuple[Change, ...]

    @property
    def verdict(self) -> str:
        """The worst level of all changes: ``keep``, ``watch`` or ``retrain``."""
        return worst([change.level for change in self.changes])

    @property
    def hidden(self) -> float:
        """The largest change of a segment's share that chance could hide among these accounts."""
        return min(1.0, max(change.noise for change in self.of("share")))

    def hides_alarms(self) -> bool:
        """Say whether so few accounts could hide a share that has changed enough to retrain."""
        return self.hidden > self.of("share")[0].band.retrain

    def of(self, measure: str) -> list[Change]:
        """Return the changes of one measure."""
        return [change for change in self.changes if change.measure == measure]

    def alarms(self) -> list[Change]:
        """Return the changes that are not ``keep``, the worst first."""
        found = [change for change in self.changes if change.level != "keep"]
        return sorted(
            found, key=lambda c: (-LEVELS.index(c.level), -c.size / c.band.retrain, c.subject)
        )

    def segments(self) -> pd.DataFrame:
        """Return the segments' shares and shifts.

        Returns
        -------
        DataFrame of shape (n_segments, 8)
            ``segment``, ``segment_id``, ``accounts`` (now), ``share_then`` and ``share_now`` (0 to
            1), ``points`` (their difference times 100), ``centre_shift`` (in parts of the way to
            the nearest other centre; not a number where a set has no account of it) and ``level``.
        """
        centres = {change.subject: change for change in self.of("centre")}
        return pd.DataFrame(
            [
                {
                    "segment": change.subject,
                    "segment_id": self.segment_ids[change.subject],
                    "accounts": change.values["accounts"],
                    "share_then": change.values["then"],
                    "share_now": change.values["now"],
                    "points": 100 * (change.values["now"] - change.values["then"]),
                    "centre_shift": centre.size if centre else float("nan"),
                    "level": worst([change.level, centre.level if centre else "keep"]),
                }
                for change in self.of("share")
                for centre in [centres.get(change.subject)]
            ]
        )

    def as_table(self) -> pd.DataFrame:
        """Return every change with its thresholds, a row each, for ``drift.csv``."""
        return pd.DataFrame(
            [
                {
                    "measure": change.measure,
                    "subject": change.subject or "all accounts",
                    "size": change.size,
                    "noise": change.noise,
                    "watch": change.band.watch,
                    "retrain": change.band.retrain,
                    "level": change.level,
                }
                for change in self.changes
            ]
        )

    def as_document(self) -> dict[str, Any]:
        """Return all of it as plain data, for ``drift.json``."""
        return {
            "verdict": self.verdict,
            "accounts_then": self.accounts_then,
            "accounts_now": self.accounts_now,
            "changes": [
                {**row, "values": dict(change.values)}
                for row, change in zip(
                    self.as_table().to_dict("records"), self.changes, strict=True
                )
            ],
        }


def worst(levels: list[str]) -> str:
    """Return the worst of some levels.

    Examples
    --------
    >>> worst(["keep", "retrain", "watch"])
    'retrain'
    """
    return max(levels, key=LEVELS.index)
