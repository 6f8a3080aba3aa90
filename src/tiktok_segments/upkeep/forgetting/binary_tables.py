"""Tables that are no texts without an account: Parquet, Excel, and a week's digests of handles."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

from tiktok_segments.accounts.row_sample import account_keys
from tiktok_segments.upkeep.forgetting.words import Name

ACCOUNT = ("account_id", "account")
"""Columns that say whose a row is."""


class UnreadableError(Exception):
    """A file is not what its ending says it is."""


@contextmanager
def readable(*errors: type[Exception]) -> Iterator[None]:
    """Say of what a library cannot read that it is unreadable.

    Raises
    ------
    UnreadableError
        For one of the errors.
    """
    try:
        yield
    except errors as error:
        raise UnreadableError from error


def digests_without(data: bytes, account: Name) -> bytes:
    """Return a week's digests of handles without the account's."""
    with readable(OSError, EOFError, ValueError):
        handles = np.load(io.BytesIO(data), allow_pickle=False)
    own = account_keys(pd.DataFrame({"account_id": [account.handle]}))
    kept = handles[~np.isin(handles, own)]
    if len(kept) == len(handles):
        return data
    written = io.BytesIO()
    np.save(written, kept, allow_pickle=False)
    return written.getvalue()


def parquet_without(data: bytes, account: Name) -> bytes:
    """Return a Parquet file without the account's rows, and without its name elsewhere."""
    with readable(OSError, pa.ArrowInvalid):
        table = pyarrow.parquet.read_table(io.BytesIO(data))
    kept = table
    for column in (name for name in ACCOUNT if name in table.column_names):
        mine = [account.is_it(cell) for cell in kept.column(column).cast(pa.string()).to_pylist()]
        kept = kept.filter(pc.invert(pa.array(mine, type=pa.bool_())))
    for place, column in enumerate(kept.column_names):
        kind = kept.column(column).type
        if pa.types.is_string(kind) or pa.types.is_large_string(kind):
            cells = kept.column(column).to_pylist()
            erased = [None if cell is None else account.erase(cell) for cell in cells]
            if erased != cells:
                kept = kept.set_column(place, column, pa.array(erased, type=kind))
    if kept.equals(table):
        return data
    written = io.BytesIO()
    pyarrow.parquet.write_table(kept, written)
    return written.getvalue()


def workbook_without(data: bytes, account: Name) -> bytes:
    """Return an Excel workbook without the account's rows, and without its name elsewhere."""
    # Of a package that is none of Excel's, openpyxl misses a part by its name.
    with readable(BadZipFile, KeyError, ValueError, ParseError):
        book = openpyxl.load_workbook(io.BytesIO(data))
    changed = False
    for sheet in book.worksheets:
        heads = [cell.value for cell in next(sheet.iter_rows(max_row=1), ())]
        own = [place for place, head in enumerate(heads) if head in ACCOUNT]
        for row in reversed(list(sheet.iter_rows(min_row=2))):
            if any(account.is_it(row[place].value) for place in own):
                sheet.delete_rows(row[0].row)
                changed = True
                continue
            for cell in row:
                if isinstance(cell.value, str) and account.is_in(cell.value):
                    cell.value, changed = account.erase(cell.value), True
    if not changed:
        return data
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()
