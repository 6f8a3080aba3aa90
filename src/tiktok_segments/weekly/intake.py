"""What an export is like, in a few numbers and a digest of each handle, to judge the next by."""

import io
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from tiktok_segments.accounts.dataset import Dataset


@dataclass(frozen=True)
class Intake:
    """An export as it came in.

    Attributes
    ----------
    source, sha256 : str
        Where it was, and the SHA-256 of its bytes.
    rows, accounts, rejected : int
        Rows of the file, accounts that are clean and wanted, rows that were rejected.
    columns : tuple of str
        Canonical columns that it has.
    unmatched : tuple of str
        The file's columns that serve nothing.
    units : mapping of str to str
        Column of numbers to its unit in the file, and what says so.
    medians : mapping of str to float
        Median of each column of numbers; of the accounts drawn, where not all are in memory.
    collected : tuple of (str, str) or None
        First and last day of collection, likewise; None where the export does not tell.
    handles : ndarray of uint64 of shape (n_accounts,)
        A digest of each account's handle, sorted.
    """

    source: str
    sha256: str
    rows: int
    accounts: int
    rejected: int
    columns: tuple[str, ...]
    unmatched: tuple[str, ...]
    units: Mapping[str, str]
    medians: Mapping[str, float]
    collected: tuple[str, str] | None
    handles: np.ndarray

    @property
    def rejected_share(self) -> float:
        """Share of the rows that were rejected."""
        return self.rejected / max(self.rows, 1)

    def as_document(self) -> dict[str, Any]:
        """Return everything but the handles, as plain data."""
        document = asdict(self)
        del document["handles"]
        return document

    @classmethod
    def of_document(cls, document: Mapping[str, Any], handles: np.ndarray) -> Self:
        """Return what :meth:`as_document` was made of."""
        days = document["collected"]
        return cls(
            **{
                **document,
                "columns": tuple(document["columns"]),
                "unmatched": tuple(document["unmatched"]),
                "collected": tuple(days) if days else None,
                "handles": handles,
            }
        )


def measure_intake(dataset: Dataset) -> Intake:
    """Measure an export that was read.

    Parameters
    ----------
    dataset : Dataset
        With the outliers.

    Returns
    -------
    Intake
        Of its clean accounts, and of the rows that were rejected.
    """
    frame, summary = dataset.frame, dataset.cleaning
    rules = summary["rule"].str.partition(":")[0]
    rows = {rule: int(summary.loc[rules == rule, "rows"].sum()) for rule in ("input", "rejected")}
    numbers = [
        str(name)
        for name, column in frame.items()
        if is_numeric_dtype(column) and not is_bool_dtype(column)
    ]
    accounts = dataset.accounts
    return Intake(
        source=dataset.source,
        sha256=dataset.sha256,
        rows=rows["input"],
        accounts=accounts.n_accounts,
        rejected=rows["rejected"],
        columns=tuple(map(str, frame.columns)),
        unmatched=tuple(" ".join(name.split()) for name in dataset.matches.unmatched),
        units=dict(dataset.matches.units),
        medians={
            name: float(middle)
            for name in numbers
            if pd.notna(middle := frame[name].astype("float64").median())
        },
        collected=_days(frame),
        handles=np.unique(accounts.every_key()),
    )


def _days(frame: pd.DataFrame) -> tuple[str, str] | None:
    if "collected_at" not in frame or not frame["collected_at"].notna().any():
        return None
    days = frame["collected_at"].dropna().astype("str").str[:10]
    return str(days.min()), str(days.max())


def pack_handles(handles: np.ndarray) -> bytes:
    """Return digests of handles as the bytes of a file that NumPy reads without pickle."""
    file = io.BytesIO()
    np.save(file, handles, allow_pickle=False)
    return file.getvalue()


def unpack_handles(content: bytes) -> np.ndarray:
    """Return the digests that :func:`pack_handles` packed.

    Examples
    --------
    >>> unpack_handles(pack_handles(np.array([3, 5], dtype=np.uint64))).tolist()
    [3, 5]
    """
    return np.asarray(np.load(io.BytesIO(content), allow_pickle=False))
