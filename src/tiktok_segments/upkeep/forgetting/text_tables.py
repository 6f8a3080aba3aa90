"""Rows of tables in text, CSV and JSON Lines, without an account; all others stay as they are."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence

from tiktok_segments.upkeep.forgetting.binary_tables import ACCOUNT
from tiktok_segments.upkeep.forgetting.documents import is_of
from tiktok_segments.upkeep.forgetting.words import Name


def csv_rows(source: Iterable[str], accounts: Sequence[Name]) -> Iterator[tuple[str, str]]:
    r"""Give the rows of CSV as they are, and without accounts.

    Parameters
    ----------
    source : iterable of str
        Lines with their ends.
    accounts : sequence of Name
        Whose rows go; elsewhere their names do.

    Yields
    ------
    row, kept : str
        The same text where it holds none of them; nothing is kept of a row of theirs.

    Raises
    ------
    csv.Error
        If it is no CSV.

    Examples
    --------
    >>> lines = ["account,likes\n", "maya,3\n", '"leo",4\n']
    >>> [kept for _, kept in csv_rows(lines, [Name("maya")])]
    ['account,likes\n', '', '"leo",4\n']
    """
    lines: list[str] = []  # of the row that is being read

    def reading() -> Iterator[str]:
        for line in source:
            lines.append(line)
            yield line

    own: list[int] | None = None
    for cells in csv.reader(reading()):
        row = "".join(lines)
        lines.clear()
        if own is None:  # an account may be called as the column is
            heads = [head.removeprefix("\ufeff") for head in cells]
            own = [place for place, head in enumerate(heads) if head in ACCOUNT]
            yield row, row
        elif any(account.may_be_in(row) for account in accounts):
            yield row, _csv_row_without(row, cells, own, accounts)
        else:
            yield row, row


def _csv_row_without(row: str, cells: list[str], own: list[int], accounts: Sequence[Name]) -> str:
    if any(account.is_it(cells[at]) for account in accounts for at in own if at < len(cells)):
        return ""
    kept = cells
    for account in accounts:
        kept = [account.erase(cell) for cell in kept]
    if kept == cells:
        return row
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator=row[len(row.rstrip("\r\n")) :]).writerow(kept)
    return written.getvalue()


def json_rows(source: Iterable[str], accounts: Sequence[Name]) -> Iterator[tuple[str, str]]:
    """Give the lines of JSON Lines as they are, and without accounts, as :func:`csv_rows` does."""
    for row in source:
        kept = row
        for account in accounts:
            if account.may_be_in(kept):
                kept = _json_row_without(kept, account)
        yield row, kept


def _json_row_without(row: str, account: Name) -> str:
    try:
        entry = json.loads(row)
    except ValueError:  # not JSON after all: as any text
        return account.erase(row)
    return "" if isinstance(entry, dict) and is_of(entry, account) else account.erase(row)
