"""Assigned accounts as CSV, JSON Lines or Parquet, batch by batch."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet

from tiktok_segments.errors import InputError
from tiktok_segments.files import parquet_writer, whole_file
from tiktok_segments.spreadsheet import append_rows, write_workbook

ENDINGS = (".csv", ".csv.gz", ".jsonl", ".jsonl.gz", ".parquet", ".xlsx")

Write = Callable[[pa.Table], None]


def check_output(path: Path, source: Path | None = None) -> None:
    """Refuse an output of an unknown kind, or one that is written over the export.

    Parameters
    ----------
    path : Path
        Where the assigned accounts are to go; the rejected rows go beside them.
    source : Path, optional
        The export.

    Raises
    ------
    InputError
        Naming the endings that are known, or the export.
    """
    if not path.name.endswith(ENDINGS):
        raise InputError(
            f"output={path} does not end in {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}.\n"
            "The ending decides the format."
        )
    if source is None:
        return
    if path.resolve() == source.resolve():
        raise InputError(f"output={path} is the export itself.\nGive another name.")
    if rejected_path(path).resolve() == source.resolve():
        raise InputError(
            f"The rejected rows of output={path} would be written over the export {source}.\n"
            "Give another name."
        )


def rejected_path(output: Path) -> Path:
    """Return where the rejected rows of an output go.

    Examples
    --------
    >>> rejected_path(Path("out/new.csv.gz")).as_posix()
    'out/new.rejected.csv'
    >>> rejected_path(Path("out/folder")).as_posix()
    'out/folder.rejected.csv'
    """
    ending = next((ending for ending in reversed(ENDINGS) if output.name.endswith(ending)), "")
    return output.with_name(f"{output.name.removesuffix(ending)}.rejected.csv")


@contextmanager
def open_outputs(output: Path) -> Iterator[tuple[Write, Callable[[pd.DataFrame], None]]]:
    """Open the file of the assigned accounts and the one of the rejected rows beside it.

    Both appear once all is written, or neither.

    Parameters
    ----------
    output : Path
        Its ending decides the format.

    Yields
    ------
    write_accounts, write_rejected : callable
        Take a batch's table, and a batch's frame.

    Raises
    ------
    InputError
        If a file cannot be written.
    """
    with ExitStack() as stack:
        file = stack.enter_context(whole_file(output))
        rejected = stack.enter_context(whole_file(rejected_path(output)))
        accounts = stack.enter_context(_opened(file, output.name))
        yield accounts, _RejectedRows(rejected).write


@contextmanager
def _opened(file: IO[bytes], name: str) -> Iterator[Write]:
    with ExitStack() as stack:
        if name.endswith(".parquet"):
            parquet = _Parquet(file)
            stack.callback(parquet.close)
            yield parquet.write
            return
        if name.endswith(".xlsx"):
            book = _Workbook(file)
            yield book.write
            book.close()
            return
        if name.endswith(".gz"):
            # No time stamp: the same accounts give the same bytes.
            packed: Any = gzip.GzipFile("", "wb", 6, file, mtime=0)
            file = stack.enter_context(packed)
            name = name.removesuffix(".gz")
        yield _CsvRows(file).write if name.endswith(".csv") else _JsonRows(file).write


class _Parquet:
    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._writer: pa.parquet.ParquetWriter | None = None

    def write(self, table: pa.Table) -> None:
        if self._writer is None:
            self._writer = parquet_writer(self._file, table.schema)
        self._writer.write_table(table)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()


class _Workbook:
    """A sheet is written at once, and holds no more than memory does."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._tables: list[pa.Table] = []

    def write(self, table: pa.Table) -> None:
        self._tables.append(_plain(table))

    def close(self) -> None:
        frames = [_frame(table) for table in self._tables]
        write_workbook(pd.concat(frames, ignore_index=True), self._file)


class _CsvRows:
    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._first = True

    def write(self, table: pa.Table) -> None:
        append_rows(_frame(_plain(table)), self._file, first=self._first)
        self._first = False


class _JsonRows:
    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def write(self, table: pa.Table) -> None:
        lines = [json.dumps(row, ensure_ascii=False, default=_as_text) for row in table.to_pylist()]
        self._file.write("".join(f"{line}\n" for line in lines).encode())


class _RejectedRows:
    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._first = True

    def write(self, frame: pd.DataFrame) -> None:
        if len(frame) or self._first:
            append_rows(frame, self._file, first=self._first)
            self._first = False


def _plain(table: pa.Table) -> pa.Table:
    """A table whose texts are texts, not codes into a list of them."""
    return table.cast(
        pa.schema(
            [
                field.with_type(field.type.value_type)
                if pa.types.is_dictionary(field.type)
                else field
                for field in table.schema
            ]
        )
    )


def _frame(table: pa.Table) -> pd.DataFrame:
    """A table as a frame; counts of which some are missing stay whole numbers."""
    frame: pd.DataFrame = table.to_pandas(integer_object_nulls=True)
    return frame


def _as_text(value: Any) -> str:
    return str(value.isoformat())
