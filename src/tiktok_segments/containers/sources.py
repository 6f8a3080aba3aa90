"""Files behind a path as people give it (file, folder, glob), and their contents unpacked."""

from __future__ import annotations

import glob
import gzip
import io
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path

from tiktok_segments.containers.side_files import (
    SUPPORTED,
    in_order,
    is_hidden,
    left_out_note,
    list_names,
    part_exports,
    stem,
)
from tiktok_segments.errors import InputError, reason

MAX_BYTES = 8 * 2**30
"""No export of profiles is larger; it would not fit in memory either."""
MAX_RATIO = 300
"""Profile exports pack 3 to 40 times; deflate itself ends at 1,032 (zlib's technical notes)."""
RATIO_FLOOR = 64 * 2**20
"""Below this size a high ratio is harmless (a column of zeros) and allowed."""
_CHUNK = 2**20
GZIP = b"\x1f\x8b"
_WORKBOOK = "[Content_Types].xml"
ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"


@dataclass(frozen=True)
class Sources:
    """Files behind a path.

    Parameters
    ----------
    files : list of Path
        The exports, sorted by name; week 9 comes before week 10.
    source : Path
        The absolute path, for the record.
    notes : tuple of str
        Names what lies beside them and was left out.
    """

    files: list[Path]
    source: Path
    notes: tuple[str, ...] = ()


def find_files(path: str | Path) -> Sources:
    """List the files that a path stands for.

    Parameters
    ----------
    path : str or Path
        A file; a folder, whose own files are meant, not those of the folders in it; or a glob
        pattern. Of a folder's or a pattern's files, which may be of several kinds, those are left
        out that :func:`~.side_files.part_exports` takes for no exports. A file by its own name is
        taken whatever it is called.

    Returns
    -------
    Sources
        At least one file.

    Raises
    ------
    InputError
        If nothing is there, or no file that may be an export.
    """
    if not str(path).strip():
        raise InputError("The path is empty.\nGive that of an export: a file, a folder or a glob.")
    given = Path(path).expanduser()
    try:
        if given.is_file():
            return Sources([given.resolve()], given.absolute())
        is_folder, exists = given.is_dir(), given.exists()
        # A pattern may be absolute, which Path.glob refuses.
        is_pattern = not exists and glob.has_magic(str(given))
        found = list(map(Path, glob.glob(str(given)))) if is_pattern else []  # noqa: PTH207
        inside = list(given.iterdir()) if is_folder else [one.resolve() for one in found]
    except (OSError, ValueError) as error:
        raise InputError(f"{path!s} cannot be opened: {error}.\nGive the path of a file.") from None
    if is_folder or inside:
        where = f"the {'folder' if is_folder else 'pattern'} {given}"
        return _exports(inside, given.resolve(), where)
    lack = "is not a regular file" if exists else "does not exist"
    raise InputError(f"{given} {lack}.\nGive the path of an export: a file, a folder or a glob.")


def _exports(inside: list[Path], source: Path, where: str) -> Sources:
    files = [one for one in inside if one.is_file()]
    exports, left_out = part_exports([file.name for file in files])
    shown = [name for name in left_out if not is_hidden(name)]
    if not exports:
        what = f"no export, only {list_names(shown)}" if shown else "no file"
        folders = sorted(one.name for one in inside if not (one.is_file() or is_hidden(one.name)))
        deeper = f" Folders in it are not looked into: {list_names(folders)}." if folders else ""
        raise InputError(f"{where} holds {what}.{deeper}\nPut exports in it, or name a file.")
    taken = sorted((f for f in files if f.name in exports), key=lambda file: in_order(str(file)))
    notes = [left_out_note(source.name, shown)] if shown else []
    by_stem: dict[str, list[str]] = {}
    for file in taken:
        by_stem.setdefault(str(file.parent / stem(file.name)), []).append(file.name)
    notes += [
        f"{list_names(names)} have one name: if they are one export in several kinds of files, "
        "name one of them"
        for names in by_stem.values()
        if len(names) > 1
    ]
    return Sources(taken, source, tuple(notes))


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


@dataclass
class Unpacked:
    """The contents of a file, gzip and zip undone.

    Parameters
    ----------
    parts : list of (str, bytes)
        Names and contents: one, or the members of a zip archive in their names' order.
    notes : list of str
        Names what lies beside them in an archive and was left out.
    """

    parts: list[tuple[str, bytes]]
    notes: list[str] = field(default_factory=list)


def unpack(data: bytes, name: str, depth: int = 0) -> Unpacked:
    """Open gzip and zip until plain contents are left.

    Parameters
    ----------
    data : bytes
        A file's contents. An Excel workbook is a zip as well and is handed back as it is.
    name : str
        The file's name, for messages.

    Returns
    -------
    Unpacked
        Without the members of an archive that are no exports by their names.

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
        return Unpacked([(name, data)])
    members, left_out = _members(data, name)
    if any(member == _WORKBOOK for member, _ in members):
        return Unpacked([(name, data)])
    unpacked = Unpacked([], [left_out_note(name, left_out)] if left_out else [])
    for member, contents in members:
        inner = unpack(contents, f"{name}, {member}", depth + 1)
        unpacked.parts += inner.parts
        unpacked.notes += inner.notes
    return unpacked


def _gunzip(data: bytes, name: str) -> bytes:
    out = io.BytesIO()
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            while chunk := stream.read(_CHUNK):
                out.write(chunk)
                check_size(out.tell(), len(data), name)
    except EOFError:
        text = f"{name} ends in the middle of its gzip data.\nIt was cut off; get it again."
        raise InputError(text) from None
    except (gzip.BadGzipFile, zlib.error) as error:
        raise InputError(
            f"{name} holds damaged gzip data ({reason(error)}).\nDownload or copy it again."
        ) from None
    return out.getvalue()


def _members(data: bytes, name: str) -> tuple[list[tuple[str, bytes]], list[str]]:
    """Return the exports in a zip archive, and the names of what else is in it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = {info.filename: info for info in archive.infolist() if not info.is_dir()}
            infos = {path: info for path, info in infos.items() if not is_hidden(path)}
            check_size(sum(info.file_size for info in infos.values()), len(data), name)
            if _WORKBOOK in infos:
                return [(_WORKBOOK, b"")], []
            exports, left_out = part_exports(list(infos))
            if not exports:
                lack = f", only {list_names(left_out)}" if left_out else ""
                raise InputError(f"{name} is a zip archive without an export{lack}.\n{SUPPORTED}")
            return [(member, _extract(archive, infos[member])) for member in exports], left_out
    except InputError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        raise InputError(
            f"{name} is a damaged zip archive ({reason(error)}).\nDownload or copy it again."
        ) from None
    except RuntimeError as error:  # zipfile's word for a password, or a way of packing it lacks
        raise InputError(f"{name} cannot be unpacked: {reason(error)}.\nUnpack it first.") from None


def _extract(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    # The size in the archive's index can lie: read no further than it says.
    with archive.open(info) as member:
        return member.read(info.file_size + 1)


def check_size(size: int, packed: int, name: str) -> None:
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
