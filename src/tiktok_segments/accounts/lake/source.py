"""What Spark reads of an export, before our own functions see it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from tiktok_segments.accounts.lake.formats import choose_format
from tiktok_segments.accounts.lake.parts import BROKEN, Part, put_together, read_parts
from tiktok_segments.accounts.settings import DataSettings, Naming
from tiktok_segments.containers.records import Place, Records
from tiktok_segments.containers.sources import find_files
from tiktok_segments.errors import InputError
from tiktok_segments.export.settling import HEAD
from tiktok_segments.files import digest, sha256_of

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+:/")


class HeadRecords:
    """The first records of an export, which can be asked for again."""

    def __init__(self, name: str, records: Records, kind: str) -> None:
        self.name, self.names = name, records.names
        self.rows: int | None = None
        self.place = Place("Spark's schema", kind=kind)
        self._records = records

    def batches(self) -> Iterator[Records]:
        """Give the first records."""
        yield self._records


@dataclass(frozen=True)
class LakeSource:
    """An export as Spark reads it.

    Attributes
    ----------
    name : str
        What to call it.
    frame : pyspark.sql.DataFrame
        Its selected columns, by their positions (``c0``, ...), and where each row is from.
    names : list of str
        All its columns; those within others by dotted names.
    positions : list of int
        Of the selected ones.
    kind : str
        Its format.
    several : bool
        Whether it is of several files.
    files : tuple of Path
        Those on this machine; none where Spark alone knows them.
    """

    name: str
    frame: Any
    names: list[str]
    positions: list[int]
    kind: str
    several: bool
    files: tuple[Path, ...]

    @classmethod
    def open(cls, session: Any, data: DataSettings, naming: Naming) -> LakeSource:
        """Open what a configuration names.

        Raises
        ------
        InputError
            If its format is unknown.
        """
        files: tuple[Path, ...] = ()
        if data.table:
            kind, name = "table", data.table
            parts = [Part.of(session.read.table(name), kind)]
        else:
            files, paths = _paths(str(data.address))
            kind = choose_format(paths[0], data.format)
            parts = read_parts(session, kind, paths, data, naming)
            name = str(Path(str(data.address)).absolute()) if files else str(data.address)
        if naming.pseudonyms:
            name = naming.pseudonyms.label
        frame, names, positions = put_together(parts, naming)
        several = kind not in ("table", "delta") and len(frame.inputFiles()) > 1
        return cls(name, frame, names, positions, kind, several, files)

    def head(self) -> HeadRecords:
        """Return its first records.

        Raises
        ------
        InputError
            If there is none.
        """
        table = self.frame.where(f"{BROKEN} is null").limit(HEAD).toArrow()
        if not table.num_rows:
            raise InputError(f"{self.name} has no row.\nExport it again with its data.")
        columns = {
            position: pa.chunked_array(table.column(f"c{position}")) for position in self.positions
        }
        lines = np.arange(1, table.num_rows + 1)
        records = Records(self.names, columns, lines, guarded=self.kind == "csv")
        return HeadRecords(Path(self.name).name, records, self.kind)

    def sha256(self) -> str | None:
        """Return the digest of the files' bytes; None where they are not on this machine."""
        return digest([sha256_of(file) for file in self.files]) if self.files else None


def _paths(address: str) -> tuple[tuple[Path, ...], list[str]]:
    """Return the files of an address that are on this machine, and what to tell Spark."""
    local = Path(address).expanduser()
    if _SCHEME.match(address):
        return (), [address]
    if local.is_dir() and (any(local.glob("*=*")) or (local / "_delta_log").is_dir()):
        files = tuple(sorted(file for file in local.rglob("*.parquet") if file.is_file()))
        return files, [local.resolve().as_uri()]
    files = tuple(find_files(local).files)
    return files, [file.as_uri() for file in files]
