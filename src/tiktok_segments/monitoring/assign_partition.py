"""A partition of accounts assigned where it lies; what Spark's executors import of this room."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa

from tiktok_segments.accounts.lake.layout import declare_columns, plain_frame, read_blocks
from tiktok_segments.monitoring.assign import assign_accounts, assigned_table
from tiktok_segments.tracking.named_model import NamedModel

_OWN = "segment string, segment_id string, confidence double, model_version string, " + (
    "out_of_range boolean"
)
_OWN_ARROW = pa.schema(
    [
        ("segment", pa.string()), ("segment_id", pa.string()), ("confidence", pa.float64()),
        ("model_version", pa.string()), ("out_of_range", pa.bool_()),
    ]
)  # fmt: skip


@dataclass(frozen=True)
class AssigningPartition:
    """Assigns the accounts of a partition; what Spark calls with its batches.

    Parameters
    ----------
    model : NamedModel
        Whose segments.
    version : str
        What to call it.
    names : tuple of str
        Canonical columns of the accounts, ``account_id`` among them.
    digits : int or None
        As for :func:`~tiktok_segments.monitoring.assign.assigned_table`.
    """

    model: NamedModel
    version: str
    names: tuple[str, ...]
    digits: int | None = None

    @property
    def declared(self) -> str:
        """The columns that come out, as Spark declares them."""
        account, others = declare_columns(["account_id"])[0], declare_columns(self._others)[0]
        return ", ".join(part for part in (account, _OWN, others) if part)

    @property
    def _others(self) -> list[str]:
        return [name for name in self.names if name != "account_id"]

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield a batch with segments for each block of accounts."""
        first, others = declare_columns(["account_id"])[1], declare_columns(self._others)[1]
        schema = pa.schema([*first, *_OWN_ARROW, *others])
        for accounts in (block for batch in batches for block in read_blocks(batch, self.names)):
            frame = plain_frame(accounts, self.names)
            table = assigned_table(
                self.model, self.version, frame, assign_accounts(self.model, frame), self.digits
            )
            yield from table.cast(schema).to_batches()
