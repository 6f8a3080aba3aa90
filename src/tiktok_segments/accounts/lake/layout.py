"""The rows that our functions give Spark: accounts, and what is told beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa

from tiktok_segments.accounts.large.ranks import draw_ranks
from tiktok_segments.accounts.outcome import KEY
from tiktok_segments.accounts.row_sample import account_keys
from tiktok_segments.schema import COLUMNS

NUMBERS, WHOLE, ASIDE, LOST, REJECTED, FOUND = range(6)
"""Kinds of rows: a block of clean accounts' numbers; one of accounts with their texts; a row of an
account that comes twice, not resolved yet; a block of hashes of those that were filtered out or
rejected; a rejected row; what a partition tells."""

BLOCK = "block"
"""A column of blocks: many accounts in one value, which Spark keeps and moves without looking in.

To Spark a row costs as much as dozens of numbers to numpy; a block is a stream of Arrow's."""

ALL = 2**64 - 1
"""A rank that no account is beyond."""

_SPARK = {"int64": "bigint", "float64": "double", "bool": "boolean", "str": "string"}
_ARROW = {"int64": pa.int64(), "float64": pa.float64(), "bool": pa.bool_(), "str": pa.string()}
_TIME = pa.timestamp("us", tz="UTC")

SCHEMA = pa.schema(
    [
        ("kind", pa.int8()), (BLOCK, pa.binary()), (KEY, pa.int64()), ("line", pa.int64()),
        ("note", pa.string()),
        *((name, _ARROW.get(column.dtype, _TIME)) for name, column in COLUMNS.items()),
    ]
)  # fmt: skip
"""Hashes are unsigned numbers, of which Spark has none: outside of blocks they are moved."""

SPARK_SCHEMA = ", ".join(
    [
        "kind tinyint", f"{BLOCK} binary", f"{KEY} bigint", "line bigint", "note string",
        *(f"{name} {_SPARK.get(column.dtype, 'timestamp')}" for name, column in COLUMNS.items()),
    ]
)  # fmt: skip


def declare_columns(names: Sequence[str]) -> tuple[str, pa.Schema]:
    """Return canonical columns as they are written for others, for Spark and for Arrow.

    A time has no zone there, as in what a stream writes.

    Examples
    --------
    >>> declare_columns(["followers", "collected_at"])[0]
    'followers bigint, collected_at timestamp_ntz'
    """
    dtypes = {name: COLUMNS[name].dtype for name in names}
    spark = [f"{name} {_SPARK.get(dtype, 'timestamp_ntz')}" for name, dtype in dtypes.items()]
    arrow = [(name, _ARROW.get(dtype, pa.timestamp("us"))) for name, dtype in dtypes.items()]
    return ", ".join(spark), pa.schema(arrow)


_MIDDLE = np.uint64(1 << 63)


def as_signed(numbers: np.ndarray) -> np.ndarray:
    """Move unsigned 64-bit integers to signed ones of the same order.

    Examples
    --------
    >>> as_signed(np.array([0, 2**64 - 1], dtype="uint64")).tolist() == [-(2**63), 2**63 - 1]
    True
    """
    moved: np.ndarray = (numbers ^ _MIDDLE).view(np.int64)
    return moved


def aside_rows(frame: pd.DataFrame, notes: Sequence[str]) -> pa.RecordBatch:
    """Lay out rows that are set aside: canonical columns, ``line``, and what is told of each."""
    given = {KEY: pa.array(as_signed(account_keys(frame))), "note": pa.array(notes, pa.string())}
    for name in ("line", *COLUMNS):
        if name in frame:
            given[name] = pa.array(frame[name], from_pandas=True)
    return _rows(ASIDE, given, len(frame))


def aside_frame(table: pa.Table, columns: tuple[str, ...]) -> tuple[pd.DataFrame, np.ndarray]:
    """Return rows that were set aside, in the order of their files, and the texts that say it.

    Where Spark knows no file, their numbers order them: never the partitions.
    """
    names = [*columns, "line", "source_rows"]
    frame = table.select([*columns, "line", "note"]).to_pandas().assign(source_rows=1)
    for name in columns:
        if frame[name].dtype.kind in "iub" or (
            frame[name].dtype == object and name == "is_verified"
        ):
            frame[name] = frame[name].astype("float64")
    frame = frame.sort_values(["note", "line", *columns], kind="stable", ignore_index=True)
    return frame[names], frame["note"].to_numpy(dtype=object)


def account_blocks(
    frame: pd.DataFrame, bound: int, size: int
) -> tuple[int, Iterator[pa.RecordBatch]]:
    """Lay out clean accounts.

    Parameters
    ----------
    frame : DataFrame of shape (n_accounts, n_columns)
        Canonical columns, and ``line``.
    bound : int
        Rank up to which an account is among those with texts; where it is :data:`ALL`, all are, and
        no numbers are beside them.
    size : int
        Accounts of a block, at most.

    Returns
    -------
    int
        Accounts with texts.
    iterator of RecordBatch
        The rows.
    """
    keys = account_keys(frame)
    ranks = draw_ranks(keys, 0)
    given = {KEY: pa.array(keys), "rank": pa.array(ranks)}
    for name in ("line", *COLUMNS):
        if name in frame:
            given[name] = _typed(pa.array(frame[name], from_pandas=True), SCHEMA.field(name).type)
    whole = pa.table(given)
    kinds = {WHOLE: whole}
    if bound < ALL:
        numbers = [name for name in whole.column_names if name == KEY or is_number(name)]
        kinds = {NUMBERS: whole.select(numbers), WHOLE: whole.filter(ranks <= np.uint64(bound))}
    return kinds[WHOLE].num_rows, (
        _rows(kind, {BLOCK: pa.array([write_block(part)], pa.binary())}, 1)
        for kind, table in kinds.items()
        for part in (table.slice(start, size) for start in range(0, table.num_rows, size))
    )


def is_number(name: str) -> bool:
    """Say whether a canonical column is one of numbers or flags."""
    return name in COLUMNS and COLUMNS[name].dtype in ("int64", "float64", "bool")


def lost_block(keys: np.ndarray) -> pa.RecordBatch:
    """Lay out the hashes of accounts that are lost."""
    block = write_block(pa.table({KEY: pa.array(keys.astype(np.uint64))}))
    return _rows(LOST, {BLOCK: pa.array([block], pa.binary())}, 1)


def write_block(table: pa.Table) -> bytes:
    """Write accounts as a block."""
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    with pa.ipc.new_stream(sink, table.schema, options=options) as stream:
        stream.write_table(table)
    written: bytes = sink.getvalue().to_pybytes()
    return written


def read_blocks(batch: pa.RecordBatch | pa.Table, names: Sequence[str]) -> Iterator[pa.Table]:
    """Read columns of the blocks of a batch; one that a block lacks is empty there.

    Examples
    --------
    >>> accounts = pd.DataFrame({"account_id": ["ada"], "line": 2, "followers": [7]})
    >>> drawn, rows = account_blocks(accounts, ALL, size=10)
    >>> [table.to_pydict() for row in rows for table in read_blocks(row, ["followers", "videos"])]
    [{'followers': [7], 'videos': [None]}]
    """
    for block in batch.column(BLOCK):
        buffer = block.as_buffer()
        there = pa.ipc.open_stream(buffer).schema
        own = [name for name in dict.fromkeys(names) if name in there.names]
        chosen = pa.ipc.IpcReadOptions(included_fields=[there.get_field_index(one) for one in own])
        table = pa.ipc.open_stream(buffer, options=chosen).read_all()
        yield pa.table(
            {
                name: table.column(name)
                if name in own
                else pa.nulls(table.num_rows, SCHEMA.field(name).type)
                for name in dict.fromkeys(names)
            }
        )


def note_rows(kind: int, notes: Sequence[str]) -> pa.RecordBatch:
    """Lay out what is told beside the accounts."""
    return _rows(kind, {"note": pa.array(notes, pa.string())}, len(notes))


def _rows(kind: int, given: Mapping[str, pa.Array], rows: int) -> pa.RecordBatch:
    columns = [pa.array(np.full(rows, kind, dtype=np.int8))]
    for column in list(SCHEMA)[1:]:
        array = given.get(column.name)
        columns.append(pa.nulls(rows, column.type) if array is None else _typed(array, column.type))
    return pa.RecordBatch.from_arrays(columns, schema=SCHEMA)


def _typed(array: pa.Array, dtype: pa.DataType) -> pa.Array:
    """Give a column the type that the layout has for it; times are in UTC."""
    if pa.types.is_timestamp(dtype) and array.type.tz is None:
        array = array.cast(pa.timestamp("us")).cast(pa.int64())
    return array.cast(dtype)


def plain_frame(table: pa.Table, names: Sequence[str]) -> pd.DataFrame:
    """Return accounts as cleaning left them: canonical columns in their dtypes."""
    frame = table.select(list(names)).to_pandas(integer_object_nulls=True)
    columns = {}
    for name in names:
        dtype = COLUMNS[name].dtype
        values = frame[name]
        if dtype.startswith("datetime"):
            columns[name] = values.dt.tz_localize(None).astype(dtype)
            continue
        if dtype in ("int64", "bool") and values.isna().any():
            dtype = {"int64": "Int64", "bool": "boolean"}[dtype]
        columns[name] = values.astype(dtype)
    return pd.DataFrame(columns)
