"""Tables for people: CSV and Excel files that open as they should and compute nothing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import IO, BinaryIO

import openpyxl
import pandas as pd
from openpyxl.cell import WriteOnlyCell

from tiktok_segments.csv_guard import is_unsafe
from tiktok_segments.errors import InputError
from tiktok_segments.files import whole_file

_MAX_CELL = 32_767
_MAX_ROWS = 1_048_575
# What XML cannot hold or would change, and what looks like Excel's own escape for it.
_ESCAPED = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


def write_table(frame: pd.DataFrame, path: str | Path) -> Path:
    """Write a table for a spreadsheet; the file appears whole or not at all.

    CSV is UTF-8 with a byte order mark. In a text cell that a spreadsheet would compute or
    rewrite (``=``, ``+``, ``-``, ``@``, tab or carriage return first; identifiers of 16 digits or
    more, with a leading zero or like ``1e5``) an apostrophe goes in front; ``read_export`` takes
    it away again. Numbers stay numbers. In a workbook texts are text cells and stay as they are.

    Parameters
    ----------
    frame : DataFrame
        Written without its index.
    path : str or Path
        A workbook if it ends in ``.xlsx``, else CSV. The folder is made if need be.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InputError
        If the file cannot be written there, or a workbook cannot hold so many rows.

    References
    ----------
    OWASP, CSV injection: https://owasp.org/www-community/attacks/CSV_Injection
    """
    path = Path(path)
    try:
        with whole_file(path) as file:
            if path.suffix.lower() == ".xlsx":
                _write_workbook(frame, file)
            else:
                append_rows(frame, file, first=True)
    except OSError as error:
        raise InputError(
            f"{path} cannot be written: {error.strerror or error}.\n"
            "Give another output, or close it in other programs if it is open there."
        ) from None
    return path


def append_rows(frame: pd.DataFrame, file: IO[bytes], *, first: bool) -> None:
    """Write rows of CSV as :func:`write_table` does.

    Parameters
    ----------
    frame : DataFrame
        Written without its index.
    file : binary file
        Where to.
    first : bool
        Whether byte order mark and header come before them.
    """
    _guarded(frame).to_csv(
        file,
        index=False,
        header=first,
        encoding="utf-8-sig" if first else "utf-8",
        # RFC 4180's line ends; with them a lone carriage return is quoted as well.
        lineterminator="\r\n",
    )


def _is_text(column: pd.Series) -> bool:
    return isinstance(column.dtype, pd.StringDtype) or column.dtype == object


def _guarded(frame: pd.DataFrame) -> pd.DataFrame:
    guarded = frame.copy()
    for position in range(frame.shape[1]):
        column = frame.iloc[:, position]
        if _is_text(column):
            texts = column
            if column.dtype == object:  # a number there stays a number
                texts = column.where(column.map(lambda cell: isinstance(cell, str)), "")
            unsafe = is_unsafe(texts)
            if unsafe.any():
                safe = column.where(~unsafe, "'" + column.astype(str))
                guarded.isetitem(position, safe.array)
    names = pd.Series(frame.columns.astype(str))
    guarded.columns = list(names.where(~is_unsafe(names), "'" + names))
    return guarded


def _write_workbook(frame: pd.DataFrame, file: BinaryIO) -> None:
    if len(frame) > _MAX_ROWS:
        raise InputError(f"A sheet holds {_MAX_ROWS:,} rows, not {len(frame):,}.\nWrite CSV.")
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("data")
    plain = frame.astype(object).where(frame.notna(), None)
    for row in [list(frame.columns), *plain.itertuples(index=False, name=None)]:
        sheet.append([_text_cell(sheet, v) if isinstance(v, str) else v for v in row])
    book.save(file)


def _text_cell(sheet: object, text: str) -> WriteOnlyCell:
    """A cell that is text whatever it begins with; control characters as Excel spells them."""
    cell = WriteOnlyCell(sheet)
    cell.value = _ESCAPED.sub(lambda found: f"_x{ord(found.group()):04X}_", text)[:_MAX_CELL]
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell
