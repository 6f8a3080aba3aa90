"""The files of an export as one table, also where not all of them have the same columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import reduce
from typing import Any

from tiktok_segments.accounts.lake.failures import reasons, spark_errors
from tiktok_segments.accounts.lake.formats import AT_ONCE, group_csv, group_json
from tiktok_segments.accounts.settings import DataSettings, Naming

FILE, LINE, START, BROKEN = "_file", "_line", "_start", "_broken"
"""Columns beside the export's own: the file, the row's number in it, where its split begins, and
the text of a record that is none."""

_WHOLE = ("tinyint", "smallint", "int", "bigint")
_NUMBERS = (*_WHOLE, "float", "double")


@dataclass(frozen=True)
class Part:
    """Files of the same columns.

    Attributes
    ----------
    frame : pyspark.sql.DataFrame
        Their rows.
    names : list of str
        Their columns; those within others by dotted names.
    paths : list of tuple of str
        Where each is in the frame.
    kinds : list of str
        Their types.
    beside : dict of str to Column
        :data:`FILE`, :data:`LINE`, :data:`START` and :data:`BROKEN`, the latter of CSV behind the
        number of fields that its file has and what parts them.
    """

    frame: Any
    names: list[str]
    paths: list[tuple[str, ...]]
    kinds: list[str]
    beside: dict[str, Any]

    @classmethod
    def of(cls, frame: Any, kind: str, header: Sequence[str] = (), mark: str = "") -> Part:
        """Take what Spark reads.

        Parameters
        ----------
        frame : pyspark.sql.DataFrame
            The rows.
        kind : str
            Their format.
        header : sequence of str
            Names of the first columns, where the frame has others.
        mark : str
            What parts the fields of a row.
        """
        leaves = [leaf for leaf in _leaves(frame.schema, ()) if leaf[0] != (BROKEN,)]
        names = [".".join(path) for path, _ in leaves]
        names[: len(header)] = header
        before = f"{len(header)}{mark}" if header else ""
        broken = before if BROKEN in frame.columns else None
        beside = _beside(kind, broken)
        return cls(frame, names, [path for path, _ in leaves], [one for _, one in leaves], beside)


def read_parts(
    session: Any, kind: str, paths: list[str], data: DataSettings, naming: Naming
) -> list[Part]:
    """Have Spark read files.

    Parameters
    ----------
    session : SparkSession
        That reads.
    kind : str
        Their format.
    paths : list of str
        Files, folders and patterns.
    data : DataSettings
        What the user says about them.
    naming : Naming
        Chooses the columns to read.

    Returns
    -------
    list of Part
        One where all files have the same columns.
    """
    if kind == "delta":
        return [Part.of(session.read.format(kind).load(paths[0]), kind)]
    if kind in ("parquet", "orc"):
        return _merged(session, kind, paths)
    files = _files(session, paths)
    if kind == "json":
        groups = list(group_json(session, files, data))
        read = session.read.options(primitivesAsString="true", columnNameOfCorruptRecord=BROKEN)
        return [
            Part.of(read.options(**options).json(_load(own, paths, groups)), kind)
            for own, options in groups
        ]
    headed = list(group_csv(session, files, data, naming.select))
    plain = session.read.options(
        header="true", multiLine="true", escape='"', columnNameOfCorruptRecord=BROKEN
    )
    parts = []
    for own, names, options in headed:
        schema = ", ".join([*(f"c{n} string" for n in range(len(names))), f"{BROKEN} string"])
        frame = plain.options(**options).schema(schema).csv(_load(own, paths, headed))
        parts.append(Part.of(frame, kind, names, options["sep"]))
    return parts


def put_together(parts: Sequence[Part], naming: Naming) -> tuple[Any, list[str], list[int]]:
    """Put files one below the other, by the names of their columns.

    Parameters
    ----------
    parts : sequence of Part
        The files.
    naming : Naming
        Chooses the columns to read.

    Returns
    -------
    frame : pyspark.sql.DataFrame
        The selected columns, by their positions (``c0``, ...), and those beside them. A column of
        numbers of several types is of the widest; one of numbers in some files and texts in others
        is of texts, and read as such.
    names : list of str
        All columns.
    positions : list of int
        Of the selected ones.
    """
    from pyspark.sql import functions as f

    numbered = [_numbered(part.names) for part in parts]
    columns = list(dict.fromkeys(name for names in numbered for name in names))
    names = [name for name, _ in columns]
    positions = naming.select(names)
    frames = []
    for part, own in zip(parts, numbered, strict=True):
        chosen = []
        for position in positions:
            column, kind = columns[position], _common(parts, numbered, columns[position])
            value = f.lit(None)
            if column in own:
                path = part.paths[own.index(column)]
                value = f.col(".".join(f"`{name}`" for name in path))
            chosen.append((value.cast(kind) if kind else value).alias(f"c{position}"))
        beside = [column.alias(name) for name, column in part.beside.items()]
        frames.append(part.frame.select(*chosen, *beside))
    return reduce(lambda one, other: one.unionAll(other), frames), names, positions


def _merged(session: Any, kind: str, paths: list[str]) -> list[Part]:
    """Read files that say their columns' types; each by itself where these do not go together."""
    read = session.read.format(kind).option("mergeSchema", "true")
    try:
        return [Part.of(read.load(paths), kind)]
    except spark_errors() as error:
        if "CANNOT_MERGE" not in reasons(error):
            raise
    groups = dict[str, list[str]]()
    files = _files(session, paths)
    read = session.read.format(kind)
    if len(paths) == 1 and all(file.startswith(f"{paths[0].rstrip('/')}/") for file in files):
        read = read.option("basePath", paths[0])
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        schemas = pool.map(lambda file: read.load(file).schema.json(), files)
        for file, schema in zip(files, schemas, strict=True):
            groups.setdefault(schema, []).append(file)
    return [Part.of(read.load(own), kind) for own in groups.values()]


def _files(session: Any, paths: list[str]) -> list[str]:
    """Return the files behind paths, sorted."""
    return sorted(session.read.format("text").load(paths).inputFiles())


def _load(own: list[str], paths: list[str], groups: Sequence[object]) -> list[str]:
    """Return what to tell Spark: what was given, where all files are alike."""
    return paths if len(groups) == 1 else own


def _numbered(names: Sequence[str]) -> list[tuple[str, int]]:
    """Tell columns of one name apart by their order."""
    seen = Counter[str]()
    numbered = []
    for name in names:
        numbered.append((name, seen[name]))
        seen[name] += 1
    return numbered


def _common(
    parts: Sequence[Part], numbered: Sequence[list[tuple[str, int]]], column: tuple[str, int]
) -> str | None:
    """Return the type to which a column is cast; None where it stays as it is."""
    kinds = {
        part.kinds[own.index(column)]
        for part, own in zip(parts, numbered, strict=True)
        if column in own
    }
    plain = {"double" if kind.startswith("decimal") else kind for kind in kinds - {"void"}}
    plain = plain or {"string"}
    if len(plain) == 1:
        (only,) = plain
        return only if kinds != plain or any(column not in own for own in numbered) else None
    if plain <= {*_WHOLE}:
        return "bigint"
    return "double" if plain <= {*_NUMBERS} else "string"


def _leaves(schema: Any, within: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Give the columns of plain values, also those within others; lists are left out."""
    for field in schema.fields:
        path, kind = (*within, field.name), field.dataType.typeName()
        if kind == "struct":
            yield from _leaves(field.dataType, path)
        elif kind not in ("array", "map", "variant"):
            yield path, field.dataType.simpleString()


def _beside(kind: str, broken: str | None) -> dict[str, Any]:
    """Say where each row is from as far as Spark knows it."""
    from pyspark.sql import functions as f

    beside = {
        FILE: f.lit(""), LINE: f.lit(0).cast("long"), START: f.lit(-1).cast("long"),
        BROKEN: f.lit(None).cast("string"),
    }  # fmt: skip
    if broken is not None:
        beside[BROKEN] = f.concat(f.lit(broken), f.col(BROKEN))
    if kind in ("parquet", "csv", "json", "orc"):
        beside[FILE] = f.col("_metadata.file_path")
        if kind == "parquet":
            beside[LINE] = f.col("_metadata.row_index") + 1
        else:
            beside[START] = f.col("_metadata.file_block_start")
    return beside
