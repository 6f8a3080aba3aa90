"""Files of an export as Spark reads them: their format, and what their first lines tell of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

from tiktok_segments.accounts.settings import DataSettings
from tiktok_segments.containers.json_records import is_json_lines
from tiktok_segments.containers.layout import Layout, find_layout, read_head
from tiktok_segments.containers.records import NotStreamableError, Select
from tiktok_segments.containers.text import Text, TextFile, WholeText
from tiktok_segments.errors import InputError

T = TypeVar("T")

FORMATS = ("parquet", "csv", "json", "delta", "orc")

_ENDINGS = {"parquet": "parquet", "csv": "csv", "tsv": "csv", "json": "json", "jsonl": "json",
            "ndjson": "json", "orc": "orc"}  # fmt: skip
_NOT_READ = ("zip", "xlsx", "xls")
_HEAD_LINES = 200
_HEAD_BYTES = 2**16
AT_ONCE = 8
"""Files at whose first lines is looked at once."""


def choose_format(path: str, said: str | None) -> str:
    """Return the format of files: what the user says, else what the ending does, else Parquet.

    Raises
    ------
    InputError
        If Spark does not read it.

    Examples
    --------
    >>> choose_format("s3a://lake/june.csv.gz", None), choose_format("s3a://lake/june", None)
    ('csv', 'parquet')
    """
    if said is not None:
        if said not in FORMATS:
            raise InputError(f"data.format is {said}; valid are {', '.join(FORMATS)}.")
        return said
    if Path(path.removeprefix("file://"), "_delta_log").is_dir():
        return "delta"
    ending = path.lower().rstrip("/").removesuffix(".gz").rsplit(".", 1)[-1]
    if ending in _NOT_READ:
        raise InputError(
            f"{path} ends in .{ending}, which Spark does not read.\n"
            f"Unpack it or save it as CSV or Parquet, or use engine=memory."
        )
    return _ENDINGS.get(ending, "parquet")


def group_csv(
    session: Any, files: Sequence[str], data: DataSettings, select: Select
) -> Iterator[tuple[list[str], list[str], dict[str, str]]]:
    """Group files of CSV by their header.

    Parameters
    ----------
    session : SparkSession
        Which reads the first lines of what this machine does not see.
    files : sequence of str
        Their addresses.
    data : DataSettings
        What the user says about them.
    select : callable
        Chooses the columns to read, by which a header is known.

    Yields
    ------
    files, names, options
        Files of one header, its names, and how Spark is to read them.

    Raises
    ------
    InputError
        If a header is not in the first line, the only place where Spark leaves one out.
    """
    said, groups = data.hints.encoding, dict[str, list[str]]()
    heads = dict[str, tuple[Layout, str]]()
    for file, (head, encoding) in _look_at(session, files, said, _read_lines):
        first = encoding + head.split(b"\n", 1)[0].decode(errors="replace")
        if first not in heads:
            heads[first] = find_layout(head, _name(file), select, data.hints.header), encoding
            layout = heads[first][0]
            if layout.line != 1:
                raise InputError(
                    f"{_name(file)} has its header in line {layout.line:,}; Spark reads it in the "
                    "first line only.\nTake away what stands above it, or use engine=stream."
                )
        groups.setdefault(first, []).append(file)
    for first, own in groups.items():
        layout, encoding = heads[first]
        yield own, layout.names, _as_spark(encoding) | {"sep": layout.delimiter}


def group_json(
    session: Any, files: Sequence[str], data: DataSettings
) -> Iterator[tuple[list[str], dict[str, str]]]:
    """Group files of JSON by whether each line of theirs is a record.

    Yields
    ------
    files, options
        Files of one kind, and how Spark is to read them.
    """
    groups = dict[tuple[bool, str], list[str]]()
    for file, (in_lines, encoding) in _look_at(session, files, data.hints.encoding, _is_in_lines):
        groups.setdefault((in_lines, encoding), []).append(file)
    for (in_lines, encoding), own in groups.items():
        yield own, _as_spark(encoding) | {"multiLine": "false" if in_lines else "true"}


def _is_in_lines(text: Text) -> bool:
    """Whether each line is a record; an array needs no line end, however long it is."""
    if not text.beginning().lstrip().startswith(b"{"):
        return False
    head = b""
    for chunk in text.chunks():
        head += chunk
        if head.count(b"\n") > 1:
            break
    return is_json_lines(head.decode(errors="replace"))


def _read_lines(text: Text) -> bytes:
    return read_head(text, None)


def _look_at(
    session: Any, files: Sequence[str], said: str | None, find: Callable[[Text], T]
) -> Iterator[tuple[str, tuple[T, str]]]:
    """Give what is found at the beginning of each file, and the file's encoding."""

    def read(file: str) -> tuple[T, str]:
        parts = urlsplit(file)
        local = Path(unquote(parts.path))
        if parts.scheme == "file" and local.is_file():
            text: Text = TextFile(local, _HEAD_BYTES, said)
        else:
            lines = session.read.text(file).limit(_HEAD_LINES).toArrow().column(0).to_pylist()
            text = WholeText("\n".join(lines).encode(), _name(file), said)
        try:
            return find(text), text.encoding
        except NotStreamableError as error:
            raise InputError(
                f"{file} cannot be read: {error}.\n"
                "Write it again as Parquet, or JSON with a record on each line."
            ) from None

    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        yield from zip(files, pool.map(read, files), strict=True)


def _as_spark(encoding: str) -> dict[str, str]:
    """Name an encoding as Java does.

    Examples
    --------
    >>> _as_spark("utf-16-le")
    {'encoding': 'utf-16le'}
    """
    return {"encoding": encoding.replace("-le", "le").replace("-be", "be")}


def _name(file: str) -> str:
    return unquote(file.rsplit("/", 1)[-1])
