"""gzip and zip, opened within bounds."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib

from tiktok_segments.errors import InputError, reason

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
                check_size(out.tell(), len(data), name)
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
            check_size(sum(info.file_size for info in infos), len(data), name)
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
