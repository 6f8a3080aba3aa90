"""Columns of types that few Parquet files have are read, or said to be unreadable."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from creators import BASE, HANDLES, assert_right, read
from tiktok_segments.accounts.reading import read_export
from tiktok_segments.containers.columns.plain import plain_column
from tiktok_segments.errors import InputError

FEW = [5, None, 9] * 4
TEXTS = ["12", None, "x"] * 4
BYTES = [b"abc", b"\xff\xfe\x00", None] * 4
ODD = {
    "half floats": pa.array([np.float16(0.5), None, np.float16(0.25)] * 4, pa.float16()),
    "decimal256": pa.array(FEW, pa.int64()).cast(pa.decimal256(60, 2)),
    "spans": pa.array(FEW, pa.duration("s")),
    "times of day": pa.array(FEW, pa.time64("ns")),
    "seconds of day": pa.array(FEW, pa.time32("s")),
    "years beyond Python's": pa.array([10**12] * 12, pa.timestamp("s", "UTC")),
    "fixed bytes": pa.array(BYTES, pa.binary(3)),
    "bytes": pa.array(BYTES, pa.large_binary()),
    "views": pa.array(TEXTS, pa.string_view()),
    "large texts": pa.array(TEXTS, pa.large_string()),
    "nothing": pa.nulls(12),
    "identifiers": pa.ExtensionArray.from_storage(pa.uuid(), pa.array([b"\xf0" * 16] * 12,
                                                                      pa.binary(16))),
    "lists": pa.array([[1], None, []] * 4, pa.large_list(pa.int32())),
    "tensors": pa.ExtensionArray.from_storage(pa.fixed_shape_tensor(pa.int32(), [2]),
                                              pa.array([[1, 2]] * 12, pa.list_(pa.int32(), 2))),
}  # fmt: skip
PLACES = ["username", "followers", "following", "engagement_rate", "is_verified", "collected_at",
          "bio", "url", "platform", "average_views", "else"]  # fmt: skip


def save(folder: Path, table: dict[str, pa.Array]) -> Path:
    pq.write_table(pa.table(table), folder / "a.parquet")
    return folder / "a.parquet"


@pytest.mark.parametrize("kind", ODD)
def test_no_type_in_any_column_is_an_error_of_the_program(tmp_path: Path, kind: str) -> None:
    for name in PLACES:
        table = {"username": HANDLES, **{n: BASE[n].to_numpy() for n in BASE}, name: ODD[kind]}
        for other in {"url": ["username"], "username": []}.get(name, []):
            del table[other]
        with suppress(InputError):
            read_export(save(tmp_path, table))


@pytest.mark.parametrize("kind", ["halffloat", "decimal256(60, 4)"])
def test_rates_of_odd_types_are_read(tmp_path: Path, kind: str) -> None:
    rates = np.arange(1, 13) / 64
    odd = pa.array(rates, pa.float32()).cast(pa.float16())
    if kind != str(odd.type):
        odd = pa.array([f"{rate:.4f}" for rate in rates]).cast(pa.decimal256(60, 4))
    table = {"username": HANDLES, **BASE, "engagement_rate": odd}
    export = read_export(save(tmp_path, table))
    assert_right(export)
    assert export.frame["engagement_rate"].tolist() == pytest.approx(rates, abs=1e-4)


def test_types_that_no_file_has_are_plain_all_the_same() -> None:
    runs = pa.RunEndEncodedArray.from_arrays(pa.array([2, 3], pa.int32()), ODD["half floats"][:2])
    interval = pa.array([(1, 2, 3)], pa.month_day_nano_interval())
    views = pa.array([b"a", b"\xff"], pa.binary_view())
    kinds = [str(plain_column(pa.chunked_array([one])).type) for one in (runs, interval, views)]
    assert kinds == ["float", "string", "string"]


def test_a_file_without_any_handle_rejects_its_rows(tmp_path: Path) -> None:
    nameless = BASE.set_index(pd.Index([""] * len(BASE), name="username"))
    assert read(tmp_path, nameless).rejected["rule"].tolist() == ["missing account_id"] * 12
