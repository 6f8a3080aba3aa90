"""The sheet of an Excel workbook that holds the accounts, to records."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any
from xml.etree.ElementTree import ParseError

import numpy as np
import openpyxl
import pandas as pd
from openpyxl.utils.escape import unescape
from openpyxl.utils.exceptions import InvalidFileException

from tiktok_segments.containers.columns.plain import as_arrow
from tiktok_segments.containers.excel.plain_rows import PlainRows, make_plain
from tiktok_segments.containers.excel.sheet_parts import read_parts
from tiktok_segments.containers.header import LEAST_KNOWN, LOOKED_AT, Header, find_header, is_read
from tiktok_segments.containers.records import OneBatch, Place, Records, Select
from tiktok_segments.containers.second_table import find_second_table
from tiktok_segments.containers.side_files import list_names
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


@dataclass(frozen=True)
class _Sheet:
    """A sheet's title and first rows, if it is shown, its header, and if that names accounts."""

    title: str
    visible: bool
    rows: list[tuple[Any, ...]]
    header: Header | None
    has_accounts: bool

    @property
    def rank(self) -> tuple[bool, bool, int, bool]:
        """What the sheet is chosen by: accounts in sight, rows of them, known columns, its sight.

        What nobody sees is older, or half done: it is taken where no other sheet has accounts.
        """
        known = self.header.known if self.header else 0
        if self.header is None or known < LEAST_KNOWN:
            return False, False, 0, self.visible
        filled = any(map(_is_filled, self.rows[self.header.row :]))
        return self.visible and filled and self.has_accounts, filled, known, self.visible


def read_workbook(
    data: bytes, name: str, select: Select, sheet: str | None = None, header: int | None = None
) -> OneBatch:
    """Read the sheet that has most of the columns, or the named one.

    Of two sheets with equally many none is taken, be their columns the same: they may be two months
    of the same accounts, or a list and its best ten, which put together would be wrong.

    Parameters
    ----------
    data : bytes
        An ``.xlsx`` file. A formula counts as its stored result.
    name : str
        The file's name, for messages.
    select : callable
        Chooses the columns to read.
    sheet : str, optional
        The sheet's name.
    header : int, optional
        The header's row, from 1; looked for among the first rows by default.

    Returns
    -------
    OneBatch
        Lines are the sheet's rows. Wholly empty rows are no records. Other sheets that are not
        empty are named in a warning.

    Raises
    ------
    InputError
        If the workbook is damaged, or lacks the sheet or a header, or two sheets have the columns.
    """
    with _readable(name):
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        pages = {page.title: page for page in book.worksheets}
        titles = list(pages)
    if sheet is not None and sheet not in pages:
        raise _no_such_sheet(name, sheet, titles, book.sheetnames)
    least = max(LOOKED_AT, (header or 0) + 1)
    sheets = []
    for title in titles if sheet is None else [sheet]:
        with _readable(name):
            visible = pages[title].sheet_state == "visible"
            pages[title].reset_dimensions()
            head = _pad(list(islice(pages[title].iter_rows(values_only=True), least)))
        found = _find_header(head, select, header)
        has_accounts = found is not None and is_read(found.names, select)
        sheets.append(_Sheet(title, visible, head, found, has_accounts))
    chosen = _choose(sheets, name, header)
    with _readable(name):
        rows = _pad(list(pages[chosen.title].iter_rows(values_only=True)))
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = read_parts(archive, chosen.title)
    names = chosen.header.names if chosen.header else []
    row = chosen.header.row if chosen.header else 1
    notes = _notes(name, chosen, sheets, header)
    end = find_second_table(rows, row, select, name, said=header is not None)
    if end is not None:
        rows = rows[:end]
        notes.append(f"{name}: another table begins below row {end:,}; its rows are not read")
    plain = make_plain(names, rows, row, parts, select, name)
    notes += [f"{name}: {one}" for one in plain.notes]
    records = _records(plain, select, chosen, notes)
    among = f" of {list_names(titles)}" if len(titles) > 1 else ""
    where = f"sheet {chosen.title!r}{among}, row {row:,}"
    above = "\n".join(str(cell) for cells in rows[: row - 1] for cell in cells if cell is not None)
    place = Place(where, "data.sheet=NAME, data.header=N", "an Excel workbook", above)
    return OneBatch(name, records, place)


@contextmanager
def _readable(name: str) -> Iterator[None]:
    """Say that a workbook is damaged, whatever openpyxl finds wrong with it."""
    try:
        with warnings.catch_warnings():
            # Styles and extensions that openpyxl does not know carry no values.
            warnings.simplefilter("ignore", UserWarning)
            yield
    except _DAMAGE as error:
        raise InputError(
            f"{name} is not a workbook that can be read ({reason(error)}).\n"
            "Save it again as .xlsx, or export it as CSV."
        ) from None


def _find_header(rows: list[tuple[Any, ...]], select: Select, header: int | None) -> Header | None:
    texts = [[_text(cell) for cell in row] for row in rows]
    return find_header(texts, select, header) if (header or 0) <= len(rows) else None


def _pad(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Give all rows one width: the file leaves out cells behind a row's last."""
    width = max(map(len, rows), default=0)
    return [(*row, *[None] * (width - len(row))) for row in rows]


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell).strip()


def _is_filled(row: Sequence[Any]) -> bool:
    return any(cell is not None for cell in row)


def _choose(sheets: Sequence[_Sheet], name: str, header: int | None) -> _Sheet:
    """Return the sheet that names most columns; where none names enough, the first with a text."""
    titles = ", ".join(one.title for one in sheets)
    with_header = [one for one in sheets if one.header]
    if not with_header:
        lack = "is empty" if header is None else f"has no names in row {header:,} (data.header)"
        which = f"the sheet {titles!r} {lack}" if len(sheets) == 1 else f"every sheet {lack}"
        raise InputError(
            f"{name}: {which}.\nIts sheets: {titles}. "
            "Name the sheet with data.sheet=NAME and its header's row with data.header=N."
        )
    best = max(with_header, key=lambda one: one.rank)
    alike = [one.title for one in with_header if one.rank == best.rank]
    if best.rank[2] and len(alike) > 1:
        raise InputError(
            f"{name}: {len(alike)} sheets have the columns of accounts equally: "
            f"{', '.join(alike)}.\nSay which one to read: data.sheet=NAME"
        )
    return best


def _no_such_sheet(
    name: str, sheet: str, readable: Sequence[str], titles: Sequence[str]
) -> InputError:
    why = f"{sheet!r} holds a chart and no cells" if sheet in titles else f"no sheet {sheet!r}"
    lead = f"{name}: {why}" if sheet in titles else f"{name} has {why}"
    return InputError(f"{lead}.\nIts sheets: {', '.join(readable)}.")


def _notes(name: str, chosen: _Sheet, sheets: Sequence[_Sheet], header: int | None) -> list[str]:
    notes = []
    if header is None and chosen.header and chosen.header.row > 1:
        row = chosen.header.row
        notes.append(f"{name}: header found in row {row:,} of the sheet {chosen.title!r}")
    others = [one.title for one in sheets if one is not chosen and any(map(_is_filled, one.rows))]
    if others:
        notes.append(
            f"{name}: the sheet {chosen.title!r} was read; sheets not read: {', '.join(others)} "
            "(data.sheet=NAME reads another)"
        )
    return notes


def _records(plain: PlainRows, select: Select, sheet: _Sheet, notes: list[str]) -> Records:
    row, names = sheet.header.row if sheet.header else 1, [*plain.names]
    frame = pd.DataFrame(plain.rows[row:], dtype=object)
    filled = frame.notna().any(axis=1).to_numpy(dtype=bool)
    lines = np.flatnonzero(filled).astype(np.int64) + row + 1
    body = frame.loc[filled]
    names += [""] * (body.shape[1] - len(names))
    columns = {
        p: as_arrow(_plain(body.iloc[:, p] if p < body.shape[1] else _empty(len(body))))
        for p in select(names)
    }
    return Records(names, columns, lines, warnings=notes)


def _empty(n_rows: int) -> pd.Series:
    return pd.Series([None] * n_rows, dtype=object)


def _plain(column: pd.Series) -> pd.Series:
    """Cells as a CSV would spell them: 5.0 is 5, and Excel's escapes are undone."""
    texts = column.map(lambda cell: isinstance(cell, str))
    escaped = texts & column.where(texts, "").str.contains(r"_x[0-9A-Fa-f]{4}_", regex=True)
    if escaped.any():
        column = column.copy()
        column[escaped] = column[escaped].map(unescape)
    return column
