"""Tables that are no texts without an account: Parquet, Excel, and a week's digests of handles."""

from __future__ import annotations

import io
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from functools import reduce
from pathlib import Path
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

from tiktok_segments.accounts.row_sample import account_keys
from tiktok_segments.cells.texts import is_text
from tiktok_segments.upkeep.forgetting.words import Name

ACCOUNT = ("account_id", "account")
"""Columns that say whose a row is."""


_ROWS = 2**18
"""Rows of a Parquet file that are in memory at once."""


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


def parquet_parts(
    file: Path, accounts: Sequence[Name]
) -> Generator[tuple[pa.RecordBatch, pa.RecordBatch]]:
    """Give the parts of a Parquet file as they are, and without accounts.

    Rows of an account are gone; elsewhere its name is. A part without either is the same object.

    Raises
    ------
    UnreadableError
        If it is no Parquet file.
    """
    with readable(OSError, pa.ArrowInvalid), pyarrow.parquet.ParquetFile(file) as source:
        for part in source.iter_batches(_ROWS):
            kept = part
            for account in accounts:
                kept = _part_without(kept, account)
            yield part, kept


def _part_without(part: pa.RecordBatch, account: Name) -> pa.RecordBatch:
    for column in (name for name in ACCOUNT if name in part.schema.names):
        cells = part.column(column).cast(pa.string())
        maybe = _has_letters(cells, account)
        if not pc.any(maybe).as_py():
            continue
        found = zip(maybe.to_pylist(), cells.to_pylist(), strict=True)
        mine = [bool(letters) and account.is_it(cell) for letters, cell in found]
        if any(mine):
            part = part.filter(pc.invert(pa.array(mine, type=pa.bool_())))
    for place, column in enumerate(part.schema.names):
        texts = part.column(column)
        erased = _erased(texts, account)
        if erased is not texts:
            part = part.set_column(place, part.schema.field(place), erased)
    return part


def _erased(texts: pa.Array, account: Name) -> pa.Array:
    """Return texts that do not name an account; the same object where they do not."""
    if isinstance(texts, pa.DictionaryArray):
        words = _erased(texts.dictionary, account)
        if words is texts.dictionary:
            return texts
        return pa.DictionaryArray.from_arrays(texts.indices, words)
    if not is_text(texts.type):
        return texts
    if not pc.any(_has_letters(texts, account)).as_py():
        return texts
    cells = texts.to_pylist()
    erased = [None if cell is None else account.erase(cell) for cell in cells]
    return texts if erased == cells else pa.array(erased, type=texts.type)


def _has_letters(texts: pa.Array, account: Name) -> pa.Array:
    found = [pc.match_substring(texts, form, ignore_case=True) for form in account.forms]
    return reduce(pc.or_kleene, found)


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
