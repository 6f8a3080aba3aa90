"""A path as people give it (file, folder, glob) to the files behind it."""

from __future__ import annotations

import glob
import hashlib
from pathlib import Path

from tiktok_segments.errors import InputError

SUFFIX_KINDS = {
    ".csv": "table",
    ".tsv": "table",
    ".tab": "table",
    ".txt": "table",
    ".json": "json",
    ".jsonl": "json",
    ".ndjson": "json",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
}
PACKED = {".gz", ".gzip", ".zip"}


def find_files(path: str | Path) -> tuple[list[Path], Path]:
    """List the files that a path stands for.

    Parameters
    ----------
    path : str or Path
        A file, a folder (its files, hidden ones left out) or a glob pattern.

    Returns
    -------
    files : list of Path
        Sorted by name.
    source : Path
        The absolute path, for the record.

    Raises
    ------
    InputError
        If nothing is there, or the folder is empty or mixes kinds of files.
    """
    if not str(path).strip():
        raise InputError("The path is empty.\nGive that of an export: a file, a folder or a glob.")
    given = Path(path).expanduser()
    try:
        if given.is_file():
            return [given.resolve()], given.absolute()
        if given.is_dir():
            entries = [p for p in given.iterdir() if not p.name.startswith(".") and p.is_file()]
            return _one_kind(entries, f"the folder {given}"), given.resolve()
        # A pattern may be absolute, which Path.glob refuses.
        found = glob.glob(str(given)) if glob.has_magic(str(given)) else []  # noqa: PTH207
        matched = [Path(p) for p in found]
        exists = given.exists()
    except (OSError, ValueError) as error:
        raise InputError(f"{path!s} cannot be opened: {error}.\nGive the path of a file.") from None
    if matched:
        files = [p.resolve() for p in matched if p.is_file()]
        return _one_kind(files, f"the pattern {given}"), given.resolve()
    reason = "is not a regular file" if exists else "does not exist"
    raise InputError(f"{given} {reason}.\nGive the path of an export: a file, a folder or a glob.")


def _one_kind(files: list[Path], where: str) -> list[Path]:
    if not files:
        raise InputError(f"{where} holds no file.\nPut exports of one kind in it, or name a file.")
    kinds = sorted({_kind_by_name(file) for file in files})
    if len(kinds) > 1:
        raise InputError(
            f"{where} mixes kinds of files: {', '.join(kinds)}.\n"
            "Keep one kind together, or name one with a pattern such as *.csv."
        )
    return sorted(files)


def _kind_by_name(file: Path) -> str:
    suffixes = [suffix.lower() for suffix in file.suffixes]
    while suffixes and suffixes[-1] in PACKED:
        suffixes.pop()
    return SUFFIX_KINDS.get(suffixes[-1], suffixes[-1]) if suffixes else "table"


def read_bytes(file: Path) -> bytes:
    """Read a whole file.

    Raises
    ------
    InputError
        If the system does not let it be read.
    """
    try:
        return file.read_bytes()
    except OSError as error:
        raise InputError(
            f"{file} cannot be read: {error.strerror or error}.\nCheck the file's permissions."
        ) from None


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
