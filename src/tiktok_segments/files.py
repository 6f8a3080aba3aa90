"""Writing files so that they appear whole or not at all, and telling them apart by content."""

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO

from tiktok_segments.errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet

TABLE_ENDINGS = (".csv", ".xlsx", ".parquet")
"""Of the files that a table is written to."""


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file for writing that takes its name only once it is complete.

    The content goes to a temporary file in the same folder, so that no reader sees half of it and
    an error leaves what was there before.

    Parameters
    ----------
    path : Path
        File to write; its folder is made where it is missing.

    Yields
    ------
    BinaryIO
        Where to write.

    Raises
    ------
    InputError
        If the file cannot be written, or what the block writes to it does not fit on the disk.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                yield file
            Path(temporary).chmod(0o666 & ~_umask())
            Path(temporary).replace(path)
        finally:
            Path(temporary).unlink(missing_ok=True)
    except OSError as error:
        raise InputError(
            f"{path} cannot be written: {error.strerror or error}.\n"
            "Give another output, or close it in other programs if it is open there."
        ) from None


def output_folder(given: object) -> Path:
    """Return the folder that a setting names, before work is done whose results go there.

    Parameters
    ----------
    given : object
        The value of ``output``; ~ stands for the user's folder.

    Raises
    ------
    InputError
        If it is empty, or a file is in its place or in that of a folder above it.

    Examples
    --------
    >>> output_folder("outputs/2026")
    PosixPath('outputs/2026')
    """
    if not str(given).strip():
        raise InputError("output is empty; give a folder.")
    folder = Path(str(given)).expanduser()
    for path in (folder, *folder.parents):
        if path.exists() and not path.is_dir():
            raise InputError(f"output is {folder}, but {path} is a file; give a folder.")
    return folder


def tables_of_before(written: Iterable[Path]) -> list[Path]:
    """Return the tables that were there before, under a written one's name with another ending.

    Whoever opens one of them takes it for what was just written. They may be the user's own and
    are left as they are.

    Parameters
    ----------
    written : iterable of Path
        What a command wrote.

    Returns
    -------
    list of Path
        By name.
    """
    tables = {file for file in written if file.suffix in TABLE_ENDINGS}
    beside = {table.with_suffix(ending) for table in tables for ending in TABLE_ENDINGS} - tables
    return sorted(table for table in beside if table.is_file())


def write_whole(path: Path, content: str | bytes) -> Path:
    """Write a file so that it appears whole or not at all.

    Parameters
    ----------
    path : Path
        File to write; its folder is made where it is missing.
    content : str or bytes
        Text is encoded as UTF-8.

    Returns
    -------
    Path
        The path written.

    Raises
    ------
    InputError
        If the file cannot be written; the one that was there before is then unchanged.
    """
    with whole_file(path) as file:
        file.write(content.encode() if isinstance(content, str) else content)
    return path


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a whole file as 64 hexadecimal digits.

    Parameters
    ----------
    path : Path
        An existing file.

    Returns
    -------
    str
        The digest, as ``sha256sum`` prints it.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest(contents: list[str]) -> str:
    """Hash of one file, or over several files' hashes.

    Parameters
    ----------
    contents : list of str
        SHA-256 of each file, in the order of the sorted files.

    Returns
    -------
    str
        The hash itself for one file; for several the SHA-256 of the hashes, each on a line.
    """
    if len(contents) == 1:
        return contents[0]
    return hashlib.sha256("".join(f"{one}\n" for one in contents).encode()).hexdigest()


def _umask() -> int:
    """Return the process's mask for new files, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def parquet_writer(file: Path | IO[bytes], schema: "pa.Schema") -> "pa.parquet.ParquetWriter":
    """Open a Parquet file for accounts that come part by part.

    Texts that repeat, as names of segments do, are written as numbers of a dictionary. For numbers
    of people, and their ids, which repeat little, it costs two thirds of the time of writing.

    Parameters
    ----------
    file : Path or file
        Where to write.
    schema : pyarrow.Schema
        Of every part.

    Returns
    -------
    pyarrow.parquet.ParquetWriter
        To be closed after the last part.
    """
    import pyarrow as pa
    import pyarrow.parquet

    repeating = [
        field.name
        for field in schema
        if pa.types.is_dictionary(field.type)
        or (
            (pa.types.is_string(field.type) or pa.types.is_large_string(field.type))
            and field.name != "account_id"
        )
    ]
    numbers = [field.name for field in schema if pa.types.is_primitive(field.type)]
    return pa.parquet.ParquetWriter(
        file,
        schema,
        use_dictionary=repeating,
        write_statistics=numbers,  # the smallest and largest of texts in no order tell no reader
    )
