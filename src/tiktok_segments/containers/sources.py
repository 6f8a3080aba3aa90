"""Files behind a path as people give it (file, folder, glob), and their contents unpacked."""

from __future__ import annotations

import glob
import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from tiktok_segments.errors import InputError, reason

SUFFIX_KINDS = (
    dict.fromkeys((".csv", ".tsv", ".tab", ".txt"), "table")
    | dict.fromkeys((".json", ".jsonl", ".ndjson"), "json")
    | dict.fromkeys((".parquet", ".pq"), "parquet")
    | dict.fromkeys((".xlsx", ".xlsm"), "xlsx")
)
PACKED = {".gz", ".gzip", ".zip"}

MAX_BYTES = 8 * 2**30
"""No export of profiles is larger; it would not fit in memory either."""
MAX_RATIO = 300
"""Profile exports pack 3 to 40 times; deflate itself ends at 1,032 (zlib's technical notes)."""
RATIO_FLOOR = 64 * 2**20
"""Below this size a high ratio is harmless (a column of zeros) and allowed."""
_CHUNK = 2**20
GZIP = b"\x1f\x8b"
ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"


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
    lack = "is not a regular file" if exists else "does not exist"
    raise InputError(f"{given} {lack}.\nGive the path of an export: a file, a folder or a glob.")


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


def is_gzip(file: Path) -> bool:
    """Whether a file's contents are packed by gzip."""
    with file.open("rb") as opened:
        return opened.read(2) == GZIP


def read_blocks(file: Path, size: int) -> Iterator[bytes]:
    """Read a file block by block, gzip undone.

    Parameters
    ----------
    file : Path
        The file.
    size : int
        Bytes to read at a time.

    Yields
    ------
    bytes
        The next block.

    Raises
    ------
    InputError
        If the data unpack beyond what is safe.
    OSError, EOFError, zlib.error
        If the file cannot be read, or is damaged.
    """
    packed = file.stat().st_size
    with gzip.open(file) if is_gzip(file) else file.open("rb") as opened:
        while block := opened.read(size):
            yield block
            if isinstance(opened, gzip.GzipFile):
                _check_size(opened.tell(), packed, file.name)


def unpack(data: bytes, name: str, depth: int = 0) -> list[tuple[str, bytes]]:
    """Open gzip and zip until plain contents are left.

    Parameters
    ----------
    data : bytes
        A file's contents. An Excel workbook is a zip as well and is handed back as it is.
    name : str
        The file's name, for messages.

    Returns
    -------
    list of (name, bytes)
        One item, or the members of a zip archive in their names' order.

    Raises
    ------
    InputError
        If the data are damaged, locked, empty or unpack beyond the bounds above.
    """
    if depth > 2:
        raise InputError(f"{name} is packed more than three times over.\nUnpack it first.")
    if data.startswith(GZIP):
        return unpack(_gunzip(data, name), name.removesuffix(".gz"), depth + 1)
    if not data.startswith((ZIP, _EMPTY_ZIP)):
        return [(name, data)]
    parts: list[tuple[str, bytes]] = []
    members = _members(data, name)
    if any(member == "[Content_Types].xml" for member, _ in members):
        return [(name, data)]
    for member, contents in members:
        parts += unpack(contents, f"{name}, {member}", depth + 1)
    return parts


def _gunzip(data: bytes, name: str) -> bytes:
    out = io.BytesIO()
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            while chunk := stream.read(_CHUNK):
                out.write(chunk)
                _check_size(out.tell(), len(data), name)
    except EOFError:
        raise InputError(
            f"{name} ends in the middle of its gzip data.\n"
            "It was cut off; download or copy it again."
        ) from None
    except (gzip.BadGzipFile, zlib.error) as error:
        raise InputError(
            f"{name} holds damaged gzip data ({reason(error)}).\nDownload or copy it again."
        ) from None
    return out.getvalue()


def _members(data: bytes, name: str) -> list[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = [info for info in archive.infolist() if _is_data(info)]
            _check_size(sum(info.file_size for info in infos), len(data), name)
            if any(info.filename == "[Content_Types].xml" for info in infos):
                return [("[Content_Types].xml", b"")]
            if not infos:
                raise InputError(f"{name} is a zip archive without a file in it.")
            infos.sort(key=lambda info: info.filename)
            return [(info.filename, _extract(archive, info)) for info in infos]
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        raise InputError(
            f"{name} is a damaged zip archive ({reason(error)}).\nDownload or copy it again."
        ) from None
    except (RuntimeError, NotImplementedError) as error:
        raise InputError(f"{name} cannot be unpacked: {reason(error)}.\nUnpack it first.") from None


def _extract(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    # The size in the archive's index can lie: read no further than it says.
    with archive.open(info) as member:
        return member.read(info.file_size + 1)


def _is_data(info: zipfile.ZipInfo) -> bool:
    parts = info.filename.split("/")
    return not info.is_dir() and not any(p.startswith((".", "__MACOSX")) for p in parts)


def _check_size(size: int, packed: int, name: str) -> None:
    """Refuse what unpacks beyond the bounds above.

    Raises
    ------
    InputError
        With both sizes.
    """
    if size > MAX_BYTES or (size > RATIO_FLOOR and size > MAX_RATIO * packed):
        raise InputError(
            f"{name} unpacks to {size:,} bytes or more from {packed:,}: refused as unsafe.\n"
            f"At most {MAX_BYTES:,} bytes and {MAX_RATIO} times the packed size are unpacked; "
            "unpack it yourself if you trust it."
        )
