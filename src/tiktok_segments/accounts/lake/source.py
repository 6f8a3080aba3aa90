"""What Spark reads of an export, before our own functions see it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from tiktok_segments.accounts.settings import DataSettings, Naming
from tiktok_segments.containers.records import Place, Records
from tiktok_segments.containers.sources import find_files
from tiktok_segments.errors import InputError
from tiktok_segments.export.settling import HEAD
from tiktok_segments.files import digest, sha256_of

FORMATS = ("parquet", "csv", "json", "delta", "orc")
FILE, LINE, START = "_file", "_line", "_start"
"""Columns beside the export's own: the file, the row's number in it, where its split begins."""

_ENDINGS = {"parquet": "parquet", "csv": "csv", "tsv": "csv", "json": "json", "jsonl": "json",
            "ndjson": "json", "orc": "orc"}  # fmt: skip
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
    files : tuple of Path
        Those on this machine; none where Spark alone knows them.
    """

    name: str
    frame: Any
    names: list[str]
    positions: list[int]
    kind: str
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
            frame, kind, name = session.read.table(data.table), "table", data.table
        else:
            files, paths = _paths(str(data.address))
            kind = data.format or _guess_format(paths[0])
            reader = session.read.format(kind).options(**_options(kind, paths[0], data))
            frame = reader.load(paths if kind != "delta" else paths[0])
            name = str(Path(str(data.address)).absolute()) if files else str(data.address)
        if naming.pseudonyms:
            name = naming.pseudonyms.label
        leaves = list(_leaves(frame.schema, ()))
        names = [".".join(path) for path, _ in leaves]
        positions = naming.select(names)
        chosen = _select(frame, [leaves[position] for position in positions], positions)
        return cls(name, _with_lines(frame, chosen, kind), names, positions, kind, files)

    def head(self) -> HeadRecords:
        """Return its first records.

        Raises
        ------
        InputError
            If there is none.
        """
        table = self.frame.limit(HEAD).toArrow()
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


def _guess_format(path: str) -> str:
    """Return the format that a path's ending says; Parquet where it says none."""
    endings = path.lower().rstrip("/").removesuffix(".gz").rsplit(".", 1)
    if Path(path.removeprefix("file://"), "_delta_log").is_dir():
        return "delta"
    return _ENDINGS.get(endings[-1], "parquet")


def _options(kind: str, path: str, data: DataSettings) -> dict[str, str]:
    if kind not in FORMATS:
        raise InputError(f"data.format is {kind}; valid are {', '.join(FORMATS)}.")
    encoding = {"encoding": data.hints.encoding} if data.hints.encoding else {}
    if kind == "csv":
        mark = "\t" if path.removesuffix(".gz").endswith(".tsv") else ","
        return {"header": "true", "multiLine": "true", "escape": '"', "sep": mark, **encoding}
    return {"primitivesAsString": "true", **encoding} if kind == "json" else {}


def _leaves(schema: Any, within: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Give the columns of plain values, also those within others; lists are left out."""
    for field in schema.fields:
        path, kind = (*within, field.name), field.dataType.typeName()
        if kind == "struct":
            yield from _leaves(field.dataType, path)
        elif kind not in ("array", "map", "variant"):
            yield path, field.dataType


def _select(
    frame: Any, leaves: list[tuple[tuple[str, ...], Any]], positions: list[int]
) -> list[Any]:
    from pyspark.sql import functions as f

    chosen = []
    for (path, kind), position in zip(leaves, positions, strict=True):
        column = f.col(".".join(f"`{name}`" for name in path))
        if kind.typeName().startswith("decimal"):
            column = column.cast("double")
        chosen.append(column.alias(f"c{position}"))
    return chosen


def _with_lines(frame: Any, chosen: list[Any], kind: str) -> Any:
    """Select columns, and where each row is from as far as Spark knows it."""
    from pyspark.sql import functions as f

    nothing = {
        FILE: f.lit("").alias(FILE), LINE: f.lit(0).cast("long").alias(LINE),
        START: f.lit(-1).cast("long").alias(START),
    }  # fmt: skip
    if kind in ("parquet", "csv", "json"):
        nothing[FILE] = f.col("_metadata.file_name").alias(FILE)
        if kind == "parquet":
            nothing[LINE] = (f.col("_metadata.row_index") + 1).alias(LINE)
        else:
            nothing[START] = f.col("_metadata.file_block_start").alias(START)
    return frame.select(*chosen, *nothing.values())
