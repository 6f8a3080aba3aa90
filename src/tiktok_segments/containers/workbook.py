"""One sheet of an Excel workbook to records."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
import zlib
from typing import Any
from xml.etree.ElementTree import ParseError

import numpy as np
import openpyxl
import pandas as pd
from openpyxl.utils.escape import unescape
from openpyxl.utils.exceptions import InvalidFileException

from tiktok_segments.containers.flatten import as_arrow
from tiktok_segments.containers.records import Records, Select
from tiktok_segments.errors import InputError, reason

# What openpyxl lets through from zip, XML and its own checks when a workbook is damaged.
_DAMAGE = (
    InvalidFileException,
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    OSError,
    EOFError,
    RuntimeError,
    struct.error,
)


def read_workbook(data: bytes, name: str, select: Select, sheet: str | None) -> Records:
    """Read the first sheet, or the named one.

    Parameters
    ----------
    data : bytes
        An ``.xlsx`` file. A formula counts as its stored result.
    name : str
        The file's name, for messages.
    select : callable
        Chooses the columns to read.
    sheet : str or None
        The sheet's name; its first one by default.

    Returns
    -------
    Records
        Lines are the sheet's rows, the header being row 1. Wholly empty rows are no records.

    Raises
    ------
    InputError
        If the workbook is damaged, or lacks the sheet or a header.
    """
    names_of_sheets, rows = _rows(data, name, sheet)
    if names_of_sheets is not None:
        raise InputError(
            f"{name} has no sheet {sheet!r}.\nIts sheets: {', '.join(names_of_sheets)}."
        )
    frame = pd.DataFrame(rows, dtype=object)
    filled = frame.notna().any(axis=1).to_numpy()
    if not filled.any():
        raise InputError(f"{name}: the sheet is empty.\nName another sheet with data.sheet=NAME.")
    lines = np.flatnonzero(filled) + 1
    header, body = frame.loc[filled].iloc[0], frame.loc[filled].iloc[1:]
    names = ["" if pd.isna(cell) else str(cell).strip() for cell in header]
    columns = {p: as_arrow(_plain(body.iloc[:, p])) for p in select(names)}
    return Records(names, columns, lines[1:].astype(np.int64))


def _rows(data: bytes, name: str, sheet: str | None) -> tuple[list[str] | None, list[Any]]:
    try:
        with warnings.catch_warnings():
            # Styles and extensions that openpyxl does not know carry no values.
            warnings.simplefilter("ignore", UserWarning)
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            if sheet is not None and sheet not in book.sheetnames:
                return list(book.sheetnames), []
            page = book[sheet] if sheet is not None else book.worksheets[0]
            page.reset_dimensions()
            return None, list(page.iter_rows(values_only=True))
    except _DAMAGE as error:
        raise InputError(
            f"{name} is not a workbook that can be read ({reason(error)}).\n"
            "Save it again as .xlsx, or export it as CSV."
        ) from None


def _plain(column: pd.Series) -> pd.Series:
    """Cells as a CSV would spell them: 5.0 is 5, and Excel's escapes are undone."""
    texts = column.map(lambda cell: isinstance(cell, str))
    escaped = texts & column.where(texts, "").str.contains(r"_x[0-9A-Fa-f]{4}_", regex=True)
    if escaped.any():
        column = column.copy()
        column[escaped] = column[escaped].map(unescape)
    return column
