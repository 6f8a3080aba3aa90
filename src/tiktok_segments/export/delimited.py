"""CSV and TSV to records, with the physical line of every row."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv

from tiktok_segments.errors import InputError
from tiktok_segments.export.lines import block_sizes, record_lines
from tiktok_segments.export.reasons import reason
from tiktok_segments.export.records import Records, Select, rejections

DELIMITERS = (",", "\t", ";", "|")
_HEAD = 2**20
_SEPARATOR_LINE = re.compile(rb"sep=(.)\r?\n", re.IGNORECASE)


def read_delimited(data: bytes, name: str, select: Select) -> Records:
    """Read delimited text whose delimiter is found out from the header.

    Parameters
    ----------
    data : bytes
        UTF-8 text.
    name : str
        The file's name, for messages.
    select : callable
        Chooses the columns to read; the delimiter under which it finds most wins.

    Returns
    -------
    Records
        Rows with another number of fields than the header are among the rejected.

    Raises
    ------
    InputError
        If there is no header, or a quote is opened and never closed.
    """
    text, skipped, delimiter = without_separator_line(data.rstrip(b"\r\n"))
    if delimiter is None:
        delimiter = find_delimiter(text, name, select)
    names = read_header(text, name, delimiter)
    positions = sorted(select(names))
    if not positions:
        return Records(names, {}, np.empty(0, dtype=np.int64))
    table, broken = _parse(text, name, delimiter, len(names), positions)
    lines = record_lines(text, delimiter, len(names), table, broken)
    _check_last_quote(text, int(lines.last), name, skipped)
    keep = pa.array(~lines.blank)
    columns = {position: table.column(i).filter(keep) for i, position in enumerate(positions)}
    starts = lines.starts[~lines.blank] + skipped
    return Records(
        names,
        {position: column.slice(1) for position, column in columns.items()},
        starts[1:],
        rejected=list_ragged(broken, lines.broken + skipped),
        may_hold_nul=b"\0" in text,
        guarded=True,
    )


def without_separator_line(data: bytes) -> tuple[bytes, int, str | None]:
    """Excel's own first line ``sep=;`` names the delimiter."""
    found = _SEPARATOR_LINE.match(data)
    if found is None:
        return data, 0, None
    return data[found.end() :], 1, found.group(1).decode("latin-1")


def find_delimiter(text: bytes, name: str, select: Select) -> str:
    """Return the delimiter under which the header has most columns to read, then most columns."""
    headers = [read_header(text, name, delimiter) for delimiter in DELIMITERS]
    scores = [(len(select(names)), len(names)) for names in headers]
    return DELIMITERS[scores.index(max(scores))]


def read_header(text: bytes, name: str, delimiter: str) -> list[str]:
    """Return the columns' names in the first line.

    Raises
    ------
    InputError
        If there is none, or no name in it.
    """
    head = text[:_HEAD].decode("utf-8", errors="ignore")
    try:
        names = next(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter), [])
    except csv.Error as error:
        raise InputError(
            f"{name}, line 1: the header cannot be read ({reason(error)}).\n"
            "The first line must name the columns; export the file again as CSV."
        ) from None
    if not any(cell.strip() for cell in names):
        raise InputError(f"{name}, line 1: no header there.\nThe first line must name the columns.")
    return [cell.strip() for cell in names]


def _parse(
    text: bytes, name: str, delimiter: str, n_columns: int, positions: Sequence[int]
) -> tuple[pa.Table, list[pa.csv.InvalidRow]]:
    """Parse in threads; only a file with ragged rows is read again in one, to number them."""
    ragged: list[pa.csv.InvalidRow] = []
    table = _read(text, name, delimiter, n_columns, positions, ragged, threads=True)
    if ragged:
        ragged = []
        table = _read(text, name, delimiter, n_columns, positions, ragged, threads=False)
    return table, ragged


def _read(
    text: bytes,
    name: str,
    delimiter: str,
    n_columns: int,
    positions: Sequence[int],
    ragged: list[pa.csv.InvalidRow],
    *,
    threads: bool,
) -> pa.Table:
    def note(row: pa.csv.InvalidRow) -> str:
        ragged.append(row)
        return "skip"

    for block in block_sizes(text):
        ragged.clear()
        names = [str(position) for position in range(n_columns)]
        try:
            return pa.csv.read_csv(
                pa.BufferReader(text),
                read_options=pa.csv.ReadOptions(
                    column_names=names, use_threads=threads, block_size=block
                ),
                parse_options=pa.csv.ParseOptions(
                    delimiter=delimiter,
                    newlines_in_values=True,
                    ignore_empty_lines=False,
                    invalid_row_handler=note,
                ),
                convert_options=pa.csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()),
                    include_columns=[str(position) for position in positions],
                    check_utf8=False,
                ),
            )
        except pa.ArrowInvalid as error:
            why = reason(error)
    raise InputError(
        f"{name} cannot be read as delimited text: {why}.\n"
        "A quote that is never closed is the usual cause; export the file again."
    )


def _check_last_quote(text: bytes, last: int, name: str, skipped: int) -> None:
    """A quote open at the end swallows rows in silence: the parser itself lets it pass."""
    if text.count(b'"') % 2 == 0:
        return
    lines = text.splitlines() if b"\n" not in text else text.split(b"\n")
    record = b"\n".join(lines[last - 1 :])
    bare = re.sub(rb'"(?:[^"]|"")*+"', b"", record)
    if re.search(rb'(?:^|[,;\t|])"', bare):
        raise InputError(
            f"{name}, line {last + skipped:,}: a quote opened in this row is never closed.\n"
            "The file was cut off or a quote is missing; mend that row or export again."
        )


def list_ragged(broken: Sequence[pa.csv.InvalidRow], lines: np.ndarray) -> pd.DataFrame:
    """List rows of another number of fields than the header, as rejected."""
    if not broken:
        return rejections([], [], "")
    counts = pd.Series([row.actual_columns for row in broken], dtype="int64")
    frame = rejections(lines, [row.text for row in broken], "wrong number of fields")
    expected = broken[0].expected_columns
    frame["value"] = f"{expected} fields expected, found " + counts.astype(str) + ": " + frame.value
    return frame
