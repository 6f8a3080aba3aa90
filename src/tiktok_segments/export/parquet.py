"""Parquet to records."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.parquet

from tiktok_segments.errors import InputError
from tiktok_segments.export.compression import MAX_BYTES
from tiktok_segments.export.flatten import flatten_table
from tiktok_segments.export.reasons import reason
from tiktok_segments.export.records import Records, Select


def read_parquet(data: bytes, name: str, select: Select) -> Records:
    """Read a Parquet file.

    Parameters
    ----------
    data : bytes
        The file's contents.
    name : str
        The file's name, for messages.
    select : callable
        Chooses the columns to read.

    Returns
    -------
    Records
        Lines are the records' numbers, from 1.

    Raises
    ------
    InputError
        If the file is damaged, or unpacks beyond what is allowed.
    """
    try:
        file = pa.parquet.ParquetFile(pa.BufferReader(data))
        groups = [file.metadata.row_group(i) for i in range(file.metadata.num_row_groups)]
        size = sum(group.total_byte_size for group in groups)
        if size > MAX_BYTES:
            raise InputError(
                f"{name} unpacks to {size:,} bytes: refused as unsafe.\n"
                f"At most {MAX_BYTES:,} bytes are read; split the file."
            )
        table = flatten_table(file.read())
        table.validate(full=True)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise InputError(
            f"{name} is not a Parquet file that can be read ({reason(error)}).\n"
            "Export or download it again."
        ) from None
    names = list(table.column_names)
    columns = {position: table.column(position) for position in select(names)}
    return Records(names, columns, np.arange(1, table.num_rows + 1, dtype=np.int64))
