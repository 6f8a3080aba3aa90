"""What became of an export that a model assigned."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from tiktok_segments.monitoring.account_sums import AccountSums
from tiktok_segments.tracking.named_model import NamedModel


@dataclass(frozen=True)
class Assignment:
    """What became of an export.

    Attributes
    ----------
    source, sha256 : str
        Absolute path of the export, and the SHA-256 of its bytes.
    output, rejected_file : Path
        What was written.
    version : str
        The model's, as written beside each account.
    summary : DataFrame of shape (n_rules, 2)
        ``rule`` and ``rows``: ``input``, ``kept``, ``filtered: ...`` and ``rejected: ...``.
    segments : DataFrame of shape (n_segments, 4)
        ``segment``, ``segment_id``, ``accounts`` and ``share``, in the model's order.
    sums : AccountSums
        What drift is measured from.
    notes : tuple of str
        What was matched, derived and suspected, a line each.
    """

    source: str
    sha256: str
    output: Path
    rejected_file: Path
    version: str
    summary: pd.DataFrame
    segments: pd.DataFrame
    sums: AccountSums
    notes: tuple[str, ...]

    def count(self, kind: str) -> int:
        """Return the rows of the export that are ``input``, ``kept``, ``filtered``, ``rejected``.

        Rows of videos are counted one by one; ``sums.accounts`` counts the accounts.
        """
        rules = self.summary["rule"].str.split(":").str[0]
        return int(self.summary.loc[rules == kind, "rows"].sum())

    @property
    def out_of_range_share(self) -> float:
        """Share of the accounts of which a column is beyond what the model saw."""
        return self.sums.out_of_range / self.sums.accounts


def segment_shares(model: NamedModel, sums: AccountSums) -> pd.DataFrame:
    """Return each segment's accounts and share, as in :class:`Assignment`."""
    counts = sums.segment_counts
    return pd.DataFrame(
        {
            "segment": model.names,
            "segment_id": [segment.segment_id for segment in model.segments],
            "accounts": counts,
            "share": counts / counts.sum(),
        }
    )
