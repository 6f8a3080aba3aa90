"""Bytes in whatever encoding people have to UTF-8."""

from __future__ import annotations

import codecs

from tiktok_segments.errors import InputError, reason

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
CHUNK = 2**22
"""Bytes that are looked at at a time."""
_MOJIBAKE = "cp1252 for bytes that are not UTF-8"


def to_utf8(data: bytes, name: str) -> tuple[bytes, list[str]]:
    """Decode by byte order mark, else as UTF-8, else byte by byte as cp1252.

    Parameters
    ----------
    data : bytes
        A text file's contents.
    name : str
        The file's name, for messages.

    Returns
    -------
    text : bytes
        UTF-8 without a byte order mark.
    warnings : list of str
        Names the first byte that was not UTF-8 and its line.

    Raises
    ------
    InputError
        If the data end within a character of UTF-16 or UTF-32.

    Examples
    --------
    >>> to_utf8("naïve".encode("cp1252"), "x.csv")[0].decode()
    'naïve'
    """
    mark, encoding = guess_encoding(data)
    data = data[len(mark) :]
    if encoding != "utf-8":
        return _decode(data, encoding, name), []
    first = first_bad_byte(data)
    if first is None:
        return data, []
    line = data.count(b"\n", 0, first) + 1
    return decode_as_cp1252(data), [describe_bad_byte(name, data[first], first, line)]


def guess_encoding(data: bytes) -> tuple[bytes, str]:
    """Return the byte order mark that data begin with, if any, and their encoding."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return mark, encoding
    return b"", _without_mark(data)


def decode_as_cp1252(data: bytes) -> bytes:
    """Return UTF-8 in which bytes that were none are what they are in cp1252."""
    codecs.register_error(_MOJIBAKE, _as_cp1252)
    return data.decode("utf-8", errors=_MOJIBAKE).encode()


def describe_bad_byte(name: str, byte: int, position: int, line: int) -> str:
    """Say where a file's first byte is that is not UTF-8."""
    return (
        f"{name} is not UTF-8: byte 0x{byte:02X} at position {position:,}, line {line:,}; "
        "such bytes were read as cp1252"
    )


def first_bad_byte(data: bytes) -> int | None:
    """Position of the first byte that is not UTF-8, or None."""
    if data.isascii():
        return None
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, len(data), CHUNK):
        pending = len(decoder.getstate()[0])
        try:
            decoder.decode(data[start : start + CHUNK], final=start + CHUNK >= len(data))
        except UnicodeDecodeError as error:
            return start - pending + error.start
    return None


def _without_mark(data: bytes) -> str:
    """UTF-16 without a mark shows as text with every second byte zero."""
    head = data[:4096]
    half = len(head) // 2
    if half >= 4 and head[1::2].count(0) > 0.7 * half and not head[0::2].count(0):
        return "utf-16-le"
    if half >= 4 and head[0::2].count(0) > 0.7 * half and not head[1::2].count(0):
        return "utf-16-be"
    return "utf-8"


def _decode(data: bytes, encoding: str, name: str) -> bytes:
    try:
        return data.decode(encoding).encode()
    except UnicodeError as error:
        raise InputError(
            f"{name} is damaged as {encoding} text ({reason(error)}).\nExport it again as UTF-8."
        ) from None


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    return bad.decode("cp1252", errors="replace"), error.end
