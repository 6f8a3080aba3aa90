"""The records of a batch of Spark's: where each is from, and those that are none."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from tiktok_segments.accounts.lake.parts import BROKEN, FILE, LINE, START
from tiktok_segments.containers.records import Records, rejections
from tiktok_segments.containers.side_files import in_order


@dataclass(frozen=True)
class Origins:
    """Where the rows of a batch are from.

    Attributes
    ----------
    files : ndarray of str, shape (n_rows,)
        Their addresses; empty where Spark knows none.
    lines : ndarray of int64, shape (n_rows,)
        As :class:`~tiktok_segments.containers.records.Records` counts them; 0 where Spark knows
        none. In CSV with line ends within cells it is the record that is counted.
    places : ndarray of int64, shape (n_rows, 2)
        What orders the rows of a file.
    """

    files: np.ndarray
    lines: np.ndarray
    places: np.ndarray

    def order(self, rows: np.ndarray) -> list[str]:
        r"""Return texts that order rows as their files do, which :func:`name_files` reads.

        Examples
        --------
        >>> lines, places = np.array([3]), np.array([[0, 2]])
        >>> Origins(np.array(["file:/a.csv"]), lines, places).order(np.array([0]))
        ['file:/a.csv\nfile:/a.csv\n0000000000000000000 0000000000000000002']
        """
        ordered = {file: in_order(unquote(file)) for file in set(self.files[rows]) if file}
        return [
            f"{ordered[self.files[row]]}\n{self.files[row]}\n"
            f"{self.places[row, 0]:019d} {self.places[row, 1]:019d}"
            if self.files[row]
            else ""
            for row in rows
        ]


def name_files(texts: Sequence[str] | np.ndarray) -> np.ndarray:
    r"""Return the names of files, of shape (n_rows,), given by address or in a text that orders.

    Examples
    --------
    >>> name_files(["file:/data/my%20accounts.csv", "s3a://lake/b.csv\ns3a://lake/b.csv\n0"]).tolist()
    ['my accounts.csv', 'b.csv']
    """
    codes, known = pd.factorize(np.asarray(texts, dtype=object))
    addresses = (text.split("\n")[:2][-1] for text in known)
    names = np.array([unquote(one.rsplit("/", 1)[-1]) for one in addresses], dtype=object)
    return names[codes] if len(codes) else np.empty(0, dtype=object)


class RowNumbering:
    """Numbers the rows of a partition, in which those of a file's part stand in their order.

    Parameters
    ----------
    first : int
        Line of the first row of a file; 2 below a header.
    """

    def __init__(self, first: int) -> None:
        self._first = first
        self._seen: dict[tuple[str, int], int] = {}

    def of(self, batch: pa.RecordBatch) -> Origins:
        """Number the rows of the next batch."""
        files = batch.column(FILE).to_numpy(zero_copy_only=False)
        starts = batch.column(START).to_numpy(zero_copy_only=False)
        lines = np.array(batch.column(LINE).to_numpy(zero_copy_only=False), dtype=np.int64)
        places = np.stack([np.maximum(starts, 0), lines], axis=1)
        codes, known = pd.factorize(files)
        for code, file in enumerate(known):
            own = np.flatnonzero(codes == code)
            for start in np.unique(starts[own]):
                self._number(file, int(start), own[starts[own] == start], lines, places)
        return Origins(files, lines, places)

    def _number(
        self, file: str, start: int, own: np.ndarray, lines: np.ndarray, places: np.ndarray
    ) -> None:
        if start < 0:  # Spark knows the lines, or nothing
            return
        seen = self._seen.get((file, start), 0)
        places[own, 1] = np.arange(seen, seen + len(own))
        if start == 0:
            lines[own] = places[own, 1] + self._first
        self._seen[file, start] = seen + len(own)


def take_records(
    batch: pa.RecordBatch, names: list[str], positions: Sequence[int], *, is_csv: bool
) -> Records:
    """Take a batch's records, those that are none as rejected.

    Parameters
    ----------
    batch : RecordBatch
        Of a :class:`~tiktok_segments.accounts.lake.source.LakeSource`.
    names, positions : list of str, sequence of int
        All columns, and those that are read.
    is_csv : bool
        Whether its texts may be guarded against spreadsheets.

    Returns
    -------
    Records
        In place of the line of each its place in the batch, from 0.
    """
    texts = batch.column(BROKEN)
    whole = pc.is_null(texts)
    places = np.arange(batch.num_rows)
    rejected = rejections([], [], "")
    if texts.null_count < len(texts):
        broken = ~whole.to_numpy(zero_copy_only=False)
        rejected = _list_broken(places[broken], texts.drop_null().to_pylist(), is_csv)
        batch, places = batch.filter(whole), places[~broken]
    columns = {position: pa.chunked_array([batch.column(f"c{position}")]) for position in positions}
    return Records(names, columns, places, rejected, guarded=is_csv)


def _list_broken(places: np.ndarray, texts: Sequence[str], is_csv: bool) -> pd.DataFrame:
    """List records that are none as rejected, as a stream does."""
    if not is_csv:
        return rejections(places, texts, "broken JSON")
    found, shown = [], []
    for text in texts:
        told = re.match(r"(\d+)(.)(.*)", text, re.S)
        expected, mark, row = told.groups() if told else ("", ",", text)
        fields = next(csv.reader(io.StringIO(row), delimiter=mark), [])
        found.append(f"{expected} fields expected, found {len(fields)}: ")
        shown.append(row)
    listed = rejections(places, shown, "wrong number of fields")
    return listed.assign(value=pd.Series(found, dtype="str") + listed["value"])
