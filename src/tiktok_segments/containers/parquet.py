"""Parquet to records, at once or in batches."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet

from tiktok_segments.containers.columns.plain import plain_column
from tiktok_segments.containers.records import Place, Records, Select
from tiktok_segments.containers.sources import MAX_BYTES
from tiktok_segments.errors import InputError, reason

_DEPTH = 6
_BUFFER = 2**20
"""Bytes that are read ahead of each column."""


class ParquetRecords:
    """The records of a Parquet file, as :class:`~.records.RecordBatches`.

    Lines are the records' numbers, from 1.

    Parameters
    ----------
    source : Path or bytes
        The file, or its contents.
    name : str
        The file's name, for messages.
    select : callable
        Chooses the columns to read.
    batch_rows : int, optional
        Rows of a batch; all at once by default.

    Raises
    ------
    InputError
        If the file is damaged, or what is in memory at once unpacks beyond what is allowed.
    """

    def __init__(
        self, source: Path | bytes, name: str, select: Select, batch_rows: int | None = None
    ) -> None:
        self.name, self.place = name, Place("its schema", kind="Parquet")
        self._source, self._batch_rows = source, batch_rows
        try:
            with self._open() as file:
                schema = file.schema_arrow
                self.rows: int | None = int(file.metadata.num_rows)
                groups = [file.metadata.row_group(i) for i in range(file.metadata.num_row_groups)]
        except (pa.ArrowException, OSError, ValueError) as error:
            raise self._damaged(error) from None
        sizes = [group.total_byte_size for group in groups]
        size = max(sizes, default=0) if batch_rows else sum(sizes)
        if size > MAX_BYTES:
            raise InputError(
                f"{name} unpacks to {size:,} bytes: refused as unsafe.\n"
                f"At most {MAX_BYTES:,} bytes are read at once; split the file."
            )
        self.names = list(flatten_table(schema.empty_table()).column_names)
        self._positions = select(self.names)
        # Columns within others, and of one name, can be told apart only among all of them.
        structs = any(pa.types.is_struct(field.type) for field in schema)
        by_name = not structs and len(set(schema.names)) == len(schema.names)
        self._columns = [self.names[position] for position in self._positions] if by_name else None

    def _open(self) -> Any:
        if isinstance(self._source, bytes):
            return pa.parquet.ParquetFile(pa.BufferReader(self._source))
        return pa.parquet.ParquetFile(self._source, buffer_size=_BUFFER, pre_buffer=False)

    def batches(self) -> Iterator[Records]:
        """Give the records from the first on.

        Raises
        ------
        InputError
            If the file is damaged.
        """
        start = 1
        try:
            with self._open() as file:
                for table in self._tables(file):
                    table.validate(full=True)
                    yield self._records(table, start)
                    start += table.num_rows
        except (pa.ArrowException, OSError, ValueError) as error:
            raise self._damaged(error) from None

    def _tables(self, file: Any) -> Iterator[pa.Table]:
        if self._batch_rows is None:
            yield file.read(columns=self._columns)
            return
        for batch in file.iter_batches(self._batch_rows, columns=self._columns):
            yield pa.Table.from_batches([batch])

    def _records(self, table: pa.Table, start: int) -> Records:
        flat = flatten_table(table)
        by_position = self._columns is None
        columns = {
            position: flat.column(position if by_position else self.names[position])
            for position in self._positions
        }
        lines = np.arange(start, start + table.num_rows, dtype=np.int64)
        return Records(self.names, columns, lines)

    def _damaged(self, error: Exception) -> InputError:
        return InputError(
            f"{self.name} is not a Parquet file that can be read ({reason(error)}).\n"
            "Export or download it again."
        )


def flatten_table(table: pa.Table) -> pa.Table:
    """Flatten the struct columns of an Arrow table to dotted names of plain columns, no lists."""
    for _ in range(_DEPTH):
        if not any(pa.types.is_struct(field.type) for field in table.schema):
            break
        table = table.flatten()
    keep = [i for i, f in enumerate(table.schema) if not _is_nested(f.type)]
    return pa.Table.from_arrays(
        [plain_column(table.column(i)) for i in keep],
        names=[table.schema.field(i).name for i in keep],
    )


def _is_nested(kind: pa.DataType) -> bool:
    stored = kind.storage_type if isinstance(kind, pa.BaseExtensionType) else kind
    plain = stored.value_type if pa.types.is_dictionary(stored) else stored
    return bool(pa.types.is_nested(plain))
