"""Lists and tables that people write beside an export, as text in every cell."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import BadZipFile

import pandas as pd
import pyarrow as pa

from tiktok_segments.containers import read_text
from tiktok_segments.spreadsheet import without_guard


def read_texts(path: Path) -> pd.DataFrame:
    """Read a table whose first row names its columns, every cell as before it was guarded.

    Parameters
    ----------
    path : Path
        A workbook if it ends in ``.xlsx``, else CSV with commas, semicolons or tabs.

    Raises
    ------
    InputError, OSError, ValueError
        If it cannot be read.
    """
    if path.suffix.lower() == ".xlsx":
        with workbook_errors():
            table = pd.read_excel(path, dtype=str, na_filter=False, engine="openpyxl")
    else:
        text, mark = _read_delimited(path)
        table = pd.read_csv(
            io.StringIO(text), sep=mark, dtype=str, na_filter=False, index_col=False
        )
    return table.apply(_unguarded)


def read_rows(path: Path) -> list[list[str]]:
    """Read the cells of a list or a table, row by row, none of them taken for a name.

    Parameters
    ----------
    path : Path
        As :func:`read_texts` takes it; rows may differ in their number of cells.

    Raises
    ------
    InputError, OSError, ValueError
        If it cannot be read.
    """
    if path.suffix.lower() == ".xlsx":
        with workbook_errors():
            table = pd.read_excel(path, header=None, dtype=str, na_filter=False, engine="openpyxl")
        return table.apply(_unguarded).to_numpy().tolist()
    text, mark = _read_delimited(path)
    rows = list(csv.reader(text.splitlines(), delimiter=mark))
    cells = iter(_unguarded(pd.Series([cell for row in rows for cell in row], dtype="str")))
    return [[next(cells) for _ in row] for row in rows]


@contextmanager
def workbook_errors() -> Iterator[None]:
    """Say of a file that it is no workbook, which openpyxl says in several ways.

    Raises
    ------
    ValueError
        If it is none, or damaged.
    """
    try:
        yield
    except (BadZipFile, KeyError) as error:
        raise ValueError("it is no Excel workbook, or damaged") from error


def _read_delimited(path: Path) -> tuple[str, str]:
    """Return a text, and the mark that most often parts its first line."""
    text = read_text(path)
    return text, max(",;\t", key=text.partition("\n")[0].count)


def _unguarded(column: pd.Series) -> pd.Series:
    texts = pa.chunked_array([pa.array(column, type=pa.string())])
    return pd.Series(without_guard(texts).to_pylist(), column.index, dtype="str")
