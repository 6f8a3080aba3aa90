"""The rows that our functions give Spark: accounts, and what is told beside them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa

from tiktok_segments.accounts.large.account_pass import KEY
from tiktok_segments.accounts.large.ranks import draw_ranks
from tiktok_segments.accounts.row_sample import account_keys
from tiktok_segments.schema import COLUMNS

ACCOUNT, ASIDE, LOST, REJECTED, FOUND = range(5)
"""Kinds of rows: a clean account; a row of one that comes twice, not resolved yet; the hash of one
that was filtered out or rejected; a rejected row; what a partition tells."""

_SPARK = {"int64": "bigint", "float64": "double", "bool": "boolean", "str": "string"}
_ARROW = {"int64": pa.int64(), "float64": pa.float64(), "bool": pa.bool_(), "str": pa.string()}
_TIME = pa.timestamp("us", tz="UTC")

SCHEMA = pa.schema(
    [
        ("kind", pa.int8()), (KEY, pa.int64()), ("rank", pa.int64()), ("line", pa.int64()),
        ("note", pa.string()),
        *((name, _ARROW.get(column.dtype, _TIME)) for name, column in COLUMNS.items()),
    ]
)  # fmt: skip
"""Hashes and ranks are unsigned numbers, moved so that they order alike as signed ones."""

SPARK_SCHEMA = ", ".join(
    [
        "kind tinyint", f"{KEY} bigint", "rank bigint", "line bigint", "note string",
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
    >>> moved = as_signed(np.array([0, 2**64 - 1], dtype="uint64"))
    >>> moved.tolist() == [-(2**63), 2**63 - 1], as_unsigned(moved).tolist() == [0, 2**64 - 1]
    (True, True)
    """
    moved: np.ndarray = (numbers ^ _MIDDLE).view(np.int64)
    return moved


def as_unsigned(numbers: np.ndarray) -> np.ndarray:
    """Move them back."""
    moved: np.ndarray = np.ascontiguousarray(numbers, dtype=np.int64).view(np.uint64) ^ _MIDDLE
    return moved


def account_rows(
    frame: pd.DataFrame,
    kind: int,
    bound: int | None = None,
    notes: Sequence[str] | None = None,
) -> pa.RecordBatch:
    """Lay out accounts.

    Parameters
    ----------
    frame : DataFrame of shape (n_accounts, n_columns)
        Canonical columns, and ``line`` where they have one.
    kind : int
        What they are.
    bound : int, optional
        Rank from which on an account's texts are left out; a sample needs no more of them.
    notes : sequence of str, optional
        What is told of each.
    """
    keys = account_keys(frame)
    ranks = draw_ranks(keys, 0)
    beyond = None if bound is None else ranks > np.uint64(bound)
    given: dict[str, pa.Array] = {
        "kind": pa.array(np.full(len(frame), kind, dtype=np.int8)),
        KEY: pa.array(as_signed(keys)),
        "rank": pa.array(as_signed(ranks)),
    }
    if "line" in frame:
        given["line"] = pa.array(frame["line"].to_numpy(dtype=np.int64))
    if notes is not None:
        given["note"] = pa.array(notes, pa.string())
    for name, column in COLUMNS.items():
        if name not in frame:
            continue
        if beyond is not None and column.dtype not in ("int64", "float64", "bool"):
            texts = frame[name].mask(beyond)
            given[name] = pa.array(texts, from_pandas=True)
        else:
            given[name] = pa.array(frame[name], from_pandas=True)
    return _batch(given, len(frame))


def note_rows(kind: int, notes: Sequence[str], keys: np.ndarray | None = None) -> pa.RecordBatch:
    """Lay out what is told beside the accounts."""
    given = {
        "kind": pa.array(np.full(len(notes), kind, dtype=np.int8)),
        "note": pa.array(notes, pa.string()),
    }
    if keys is not None:
        given[KEY] = pa.array(as_signed(keys.astype(np.uint64)))
    return _batch(given, len(notes))


def _batch(given: dict[str, pa.Array], rows: int) -> pa.RecordBatch:
    columns = []
    for column in SCHEMA:
        array = given.get(column.name)
        if array is None:
            columns.append(pa.nulls(rows, column.type))
            continue
        if pa.types.is_timestamp(column.type) and array.type.tz is None:
            array = array.cast(pa.timestamp("us")).cast(pa.int64())
        columns.append(array.cast(column.type))
    return pa.RecordBatch.from_arrays(columns, schema=SCHEMA)


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
