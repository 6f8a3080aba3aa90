"""What became of assigned accounts: counts and sums, added up batch by batch, and of an export."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd

from tiktok_segments.accounts.large.account_pass import AccountPass, Sums
from tiktok_segments.accounts.row_sample import Accounts
from tiktok_segments.monitoring.assign import Assigned, assign_accounts
from tiktok_segments.registry.baseline import Columns
from tiktok_segments.tracking.named_model import NamedModel


@dataclass
class AccountSums:
    """Accounts that a model assigned, as small as their number of segments, bins and features.

    Attributes
    ----------
    accounts : int
        Accounts added so far.
    segment_counts : ndarray of shape (n_segments,)
        Accounts of each segment, in the order of the centres.
    bin_counts : dict of str to ndarray of shape (n_bins,)
        Per column that the model reads, accounts in each bin of the baseline.
    feature_sums : ndarray of shape (n_segments, n_features)
        Sums of the scaled features over each segment's accounts.
    out_of_range : int
        Accounts of which a column is beyond what the model saw.
    edges : dict of str to ndarray of shape (n_bins - 1,)
        The baseline's inner edges of the bins.
    """

    accounts: int
    segment_counts: np.ndarray
    bin_counts: dict[str, np.ndarray]
    feature_sums: np.ndarray
    out_of_range: int
    edges: dict[str, np.ndarray]

    @classmethod
    def empty(cls, model: NamedModel) -> Self:
        """Return the sums of no account, with the bins of the model's baseline."""
        edges = {
            name: np.asarray(column["edges"]) for name, column in model.baseline["columns"].items()
        }
        return cls(
            accounts=0,
            segment_counts=np.zeros(len(model.centres), dtype=np.int64),
            bin_counts={name: np.zeros(len(e) + 1, dtype=np.int64) for name, e in edges.items()},
            feature_sums=np.zeros(model.centres.shape),
            out_of_range=0,
            edges=edges,
        )

    def add(
        self, frame: Columns, X: np.ndarray, positions: np.ndarray, out_of_range: np.ndarray
    ) -> None:
        """Add a batch of accounts; all is counted in arrays, nothing per account in Python.

        Parameters
        ----------
        frame : mapping of str to ndarray of shape (n_accounts,), or DataFrame
            The columns that the model reads, none of them missing.
        X : ndarray of shape (n_accounts, n_features)
            Their scaled features.
        positions : ndarray of shape (n_accounts,)
            Position of each account's segment.
        out_of_range : ndarray of bool of shape (n_accounts,)
            As :func:`~tiktok_segments.registry.baseline.out_of_range` returns it.
        """
        n_segments = len(self.segment_counts)
        self.accounts += len(positions)
        self.segment_counts += np.bincount(positions, minlength=n_segments)
        for name, edges in self.edges.items():
            self.bin_counts[name] += _count_bins(np.asarray(frame[name], dtype=float), edges)
        for feature in range(X.shape[1]):
            self.feature_sums[:, feature] += np.bincount(
                positions, weights=X[:, feature], minlength=n_segments
            )
        self.out_of_range += int(np.count_nonzero(out_of_range))


def _count_bins(values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Count values by bin; one equal to an edge counts below it.

    A comparison with each of the few edges is several times as fast as a search for each value.
    """
    above = [np.count_nonzero(values > edge) for edge in edges]
    return -np.diff(np.array([len(values), *above, 0]))


class AssignedSums(AccountPass):
    """Assigns accounts and adds them up, wherever they are.

    Parameters
    ----------
    model : NamedModel
        Whose segments.
    """

    def __init__(self, model: NamedModel) -> None:
        self.columns: Sequence[str] = model.columns
        self.sums = AccountSums.empty(model)
        self._model = model

    def prepare(self, block: pd.DataFrame) -> tuple[pd.DataFrame, Assigned]:
        """Assign some accounts."""
        return block, assign_accounts(self._model, block)

    def add(self, prepared: tuple[pd.DataFrame, Assigned]) -> None:
        """Add assigned accounts."""
        block, assigned = prepared
        self.sums.add(block, assigned.X, assigned.positions, assigned.out_of_range)

    def found(self) -> Sums:
        """Return the sums so far."""
        sums = self.sums
        return {
            "accounts": np.array(sums.accounts),
            "segment_counts": sums.segment_counts,
            "feature_sums": sums.feature_sums,
            "out_of_range": np.array(sums.out_of_range),
            **{f"bins {name}": counts for name, counts in sums.bin_counts.items()},
        }

    def join(self, found: Sums) -> None:
        """Add those of other accounts."""
        sums = self.sums
        sums.accounts += int(found["accounts"])
        sums.segment_counts += found["segment_counts"]
        sums.feature_sums += found["feature_sums"]
        sums.out_of_range += int(found["out_of_range"])
        for name, counts in sums.bin_counts.items():
            counts += found[f"bins {name}"]


def sum_accounts(model: NamedModel, accounts: Accounts) -> AccountSums:
    """Return the sums of accounts that are all there, in memory, on disk or with Spark.

    Parameters
    ----------
    model : NamedModel
        With a baseline.
    accounts : Accounts
        With the columns that the model reads.

    Returns
    -------
    AccountSums
        Of all of them.
    """
    whole = AssignedSums(model)
    accounts.go_through(whole, lambda done: None)
    return whole.sums


@dataclass(frozen=True)
class Assignment:
    """What became of an export.

    Attributes
    ----------
    source, sha256 : str
        Absolute path of the export, and the SHA-256 of its bytes.
    output, rejected_file : Path
        What was written; of tables their names.
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
    pseudonymous : bool
        Whether the accounts have pseudonyms.
    in_tables : bool
        Whether tables were written.
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
    pseudonymous: bool = False
    in_tables: bool = False

    @property
    def places(self) -> tuple[str, str]:
        """Where the accounts and the rejected rows are: files in full, or tables."""
        output, rejected = self.output, self.rejected_file
        if not self.in_tables:
            output, rejected = output.absolute(), rejected.absolute()
        return str(output), str(rejected)

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
