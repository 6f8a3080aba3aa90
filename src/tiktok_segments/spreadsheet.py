"""Tables for people: CSV and Excel files that open as they should and compute nothing.

A text cell of CSV that a spreadsheet would take for a formula (``=``, ``+``, ``-``, ``@``, tab or
carriage return first), or whose digits it would round, strip or turn into an exponent, gets an
apostrophe in front as a guard; what reads exports takes it away again.

References
----------
OWASP, CSV injection: https://owasp.org/www-community/attacks/CSV_Injection
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import IO, TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from tiktok_segments.errors import InputError
from tiktok_segments.files import whole_file

if TYPE_CHECKING:
    from openpyxl.cell import WriteOnlyCell

_COMPUTED = r"(?:[=+\-@\t\r]|0\d+$|\d{16,}$|\d+(?:\.\d+)?[eE][+-]?\d+$)"
_UNSAFE = rf"^'*{_COMPUTED}"
_GUARDED = rf"^'('*{_COMPUTED})"
_MAX_CELL = 32_767
_MAX_ROWS = 1_048_575
_MAX_WIDTH, _WIDTH_ROWS = 40, 100
# Columns of fractions, such as engagement_rate, share and verified_share, and their medians.
_SHARE = re.compile(r"(?:^|_)(?:rate|share)(?:_|$)")
# What XML cannot hold or would change, and what looks like Excel's own escape for it.
_ESCAPED = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


def read_table_format(given: object) -> str:
    """Return what tables for people are written as, or say that it is no such format.

    Raises
    ------
    InputError
        If it is neither ``csv`` nor ``xlsx``.
    """
    if given not in ("csv", "xlsx"):
        raise InputError(f"format is {given}; it is csv or xlsx.")
    return str(given)


def write_table(frame: pd.DataFrame, path: str | Path) -> Path:
    """Write a table for a spreadsheet; the file appears whole or not at all.

    CSV is UTF-8 with a byte order mark; in its text cells and header :func:`is_unsafe` says where
    the guard goes. Numbers stay numbers. In a workbook texts are text cells and stay as they are.

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
    """
    path = Path(path)
    with whole_file(path) as file:
        if path.suffix.lower() == ".xlsx":
            write_workbook(frame, file)
        else:
            append_rows(frame, file, first=True)
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


def is_unsafe(texts: pd.Series) -> pd.Series:
    """Tell which texts need the guard.

    Parameters
    ----------
    texts : Series of str, shape (n_texts,)
        Missing ones need none.

    Returns
    -------
    Series of bool, shape (n_texts,)
        A text that begins with apostrophes before something unsafe needs one more, so that taking
        one away gives it back.

    Examples
    --------
    >>> is_unsafe(pd.Series(["=1+1", "maya", "'=1+1", "007"])).tolist()
    [True, False, True, True]
    """
    return texts.astype("str").str.contains(_UNSAFE, regex=True).eq(True)


def without_guard(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """Take the guard away.

    Parameters
    ----------
    texts : pyarrow.ChunkedArray
        Of strings.

    Returns
    -------
    pyarrow.ChunkedArray
        Of strings.

    Examples
    --------
    >>> without_guard(pa.chunked_array([["'=1+1", "'tis", "''=1+1"]])).to_pylist()
    ['=1+1', "'tis", "'=1+1"]
    """
    # A plain look at the first character spares most columns the expression.
    if not pc.any(pc.starts_with(texts, "'")).as_py():
        return texts
    return pc.replace_substring_regex(texts, _GUARDED, r"\1")


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


def write_workbook(frame: pd.DataFrame, file: IO[bytes]) -> None:
    """Write a workbook of one sheet, as :func:`write_table` does.

    Its head stays in sight and has filters; rates and shares show as percentages, numbers with
    their thousands apart and at most three decimals, and columns are as wide as what stands in
    them, up to 40 characters.

    Parameters
    ----------
    frame : DataFrame
        Written without its index.
    file : binary file
        Where to.

    Raises
    ------
    InputError
        If a sheet cannot hold so many rows.
    """
    if len(frame) > _MAX_ROWS:
        raise InputError(f"A sheet holds {_MAX_ROWS:,} rows, not {len(frame):,}.\nWrite CSV.")
    import openpyxl  # takes a tenth of a second, and CSV does not need it
    from openpyxl.utils import get_column_letter

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("data")
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(max(frame.shape[1], 1))}{len(frame) + 1}"
    plain = frame.astype(object).where(frame.notna(), None)
    forms = [_number_form(name, column) for name, column in frame.items()]
    for place, name in enumerate(frame.columns):
        letter = get_column_letter(place + 1)
        sheet.column_dimensions[letter].width = _width(str(name), frame.iloc[:, place])
    for row in [list(frame.columns), *plain.itertuples(index=False, name=None)]:
        sheet.append([_cell(sheet, v, form) for v, form in zip(row, forms, strict=True)])
    book.save(file)


def _number_form(name: object, column: pd.Series) -> str | None:
    """Return how a spreadsheet shows a column's numbers; None: as it likes."""
    if _SHARE.search(str(name)):
        return "0.00%"
    if pd.api.types.is_integer_dtype(column):
        return "#,##0"
    return "#,##0.0##" if pd.api.types.is_float_dtype(column) else None


def _width(name: str, column: pd.Series) -> int:
    """Return the width of a column, in characters, by its head and its first rows."""
    texts = column.head(_WIDTH_ROWS).dropna().astype(str) if _is_text(column) else pd.Series([""])
    longest = max(texts.str.len().max() if len(texts) else 0, len(name) + 3)  # the filter's button
    return int(min(longest + 1, _MAX_WIDTH))


def _cell(sheet: object, value: object, form: str | None) -> object:
    """A cell of a workbook, whose number is shown in a form."""
    if isinstance(value, str):
        return _text_cell(sheet, value)
    if form is None or value is None:
        return value
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, value)
    cell.number_format = form
    return cell


def _text_cell(sheet: object, text: str) -> WriteOnlyCell:
    """A cell that is text whatever it begins with; control characters as Excel spells them."""
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet)
    cell.value = _ESCAPED.sub(lambda found: f"_x{ord(found.group()):04X}_", text)[:_MAX_CELL]
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell
