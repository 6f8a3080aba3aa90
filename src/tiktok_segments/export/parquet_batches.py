"""Parquet in batches."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet

from tiktok_segments.export.errors import NotStreamableError
from tiktok_segments.export.flatten import flatten_table
from tiktok_segments.export.records import Records, Select

BUFFER = 2**20
"""Bytes that are read ahead of each column."""
LARGEST_GROUP = 2**33
"""Bytes of one group of rows beyond which the whole-file reader decides."""


class ParquetBatches:
    """The records of a Parquet file; see :class:`~tiktok_segments.export.batches.RecordBatches`.

    Parameters
    ----------
    path : Path
        The file.
    select : callable
        Chooses the columns to read.
    batch_rows : int
        Rows of a batch.

    Raises
    ------
    NotStreamableError
        If the file is damaged or holds columns of one name twice.
    """

    def __init__(self, path: Path, select: Select, batch_rows: int) -> None:
        self.path = path
        self.name = path.name
        self.batch_rows = batch_rows
        try:
            with pa.parquet.ParquetFile(path) as file:
                schema = file.schema_arrow
                self.rows: int | None = int(file.metadata.num_rows)
                groups = [file.metadata.row_group(i) for i in range(file.metadata.num_row_groups)]
        except (pa.ArrowException, OSError, ValueError) as error:
            raise NotStreamableError(str(error)) from error
        flat = flatten_table(schema.empty_table())
        self.names = list(flat.column_names)
        self.positions = select(self.names)
        if len(set(schema.names)) < len(schema.names) or not groups:
            raise NotStreamableError("a name stands twice, or there is no row")
        if max(group.total_byte_size for group in groups) > LARGEST_GROUP:
            raise NotStreamableError("a group of rows is too large")
        structs = any(pa.types.is_struct(field.type) for field in schema)
        self._columns = None if structs else [self.names[position] for position in self.positions]

    def batches(self) -> Iterator[Records]:
        """Give the records from the first on.

        Raises
        ------
        NotStreamableError
            If the file is damaged.
        """
        start = 1
        try:
            with pa.parquet.ParquetFile(self.path, buffer_size=BUFFER, pre_buffer=False) as file:
                for batch in file.iter_batches(self.batch_rows, columns=self._columns):
                    batch.validate(full=True)
                    yield self._records(pa.Table.from_batches([batch]), start)
                    start += batch.num_rows
        except (pa.ArrowException, OSError, ValueError) as error:
            raise NotStreamableError(str(error)) from error

    def _records(self, table: pa.Table, start: int) -> Records:
        flat = flatten_table(table)
        if self._columns is None:
            columns = {position: flat.column(position) for position in self.positions}
        else:
            columns = {position: flat.column(self.names[position]) for position in self.positions}
        lines = np.arange(start, start + table.num_rows, dtype=np.int64)
        return Records(self.names, columns, lines)
